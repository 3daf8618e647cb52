/** Limits of an account that a plan can meet (behaviour.md §8). Each can be raised or lowered by the user. */
export interface Quotas {
  readonly loadBalancersPerRegion: number;
  readonly listenersPerLoadBalancer: number;
  /** Over all listeners of the load balancer, default rules not counted. */
  readonly rulesPerLoadBalancer: number;
  /** Over all listeners, default certificates not counted. */
  readonly certificatesPerLoadBalancer: number;
  readonly targetGroupsPerLoadBalancer: number;
  readonly targetGroupsPerRegion: number;
  readonly targetGroupsPerAction: number;
  readonly targetsPerTargetGroup: number;
  readonly targetsPerLoadBalancer: number;
  readonly conditionValuesPerRule: number;
  readonly conditionWildcardsPerRule: number;
  readonly permissionsPerSecurityGroup: number;
  readonly securityGroupsPerLoadBalancer: number;
  readonly tagsPerResource: number;
}

/** AWS's documented defaults. */
export const DEFAULT_QUOTAS: Quotas = {
  loadBalancersPerRegion: 50,
  listenersPerLoadBalancer: 50,
  rulesPerLoadBalancer: 100,
  certificatesPerLoadBalancer: 25,
  targetGroupsPerLoadBalancer: 100,
  targetGroupsPerRegion: 3000,
  targetGroupsPerAction: 5,
  targetsPerTargetGroup: 1000,
  targetsPerLoadBalancer: 1000,
  conditionValuesPerRule: 5,
  conditionWildcardsPerRule: 5,
  permissionsPerSecurityGroup: 60,
  securityGroupsPerLoadBalancer: 5,
  tagsPerResource: 50,
};

/** Those that somebody told: AWS, the facts or an account file. Whatever isn't among them is a guess. */
export type KnownQuotas = Partial<Quotas>;

/** What is known, and AWS's defaults for the rest. */
export function quotasOf({ quotas = {} }: { readonly quotas?: KnownQuotas }): Quotas {
  return { ...DEFAULT_QUOTAS, ...quotas };
}

/** Whether a quota was told. A guess is no reason to leave anything undone: users may have raised it. */
export function isKnownQuota({ quotas = {} }: { readonly quotas?: KnownQuotas }, name: keyof Quotas): boolean {
  return Object.hasOwn(quotas, name);
}
