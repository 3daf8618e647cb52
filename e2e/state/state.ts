/**
 * What an account holds, in a form in which two accounts can be compared: names instead of ARNs and ids, lists in order
 * where order means nothing. Words are those of the core's types.
 */
export interface State {
  /** By name. */
  readonly loadBalancers: { readonly [name: string]: LoadBalancerState };
  readonly targetGroups: { readonly [name: string]: TargetGroupState };
  readonly securityGroups: { readonly [name: string]: SecurityGroupState };
  /** Of security groups that aren't ours, such as that of the nodes; only those that have any. */
  readonly endpointPermissions: { readonly [name: string]: readonly string[] };
}

type Texts = { readonly [key: string]: string };

export interface LoadBalancerState {
  readonly type: string;
  readonly scheme: string;
  readonly ipAddressType: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly attributes: Texts;
  readonly tags: Texts;
  readonly ipamPool: string | null;
  readonly capacityUnits: number | null;
  readonly webAcl: string | null;
  /** By port. */
  readonly listeners: { readonly [port: string]: ListenerState };
}

export interface ListenerState {
  readonly protocol: string;
  readonly sslPolicy: string | null;
  /** The default one first, the others ascending. */
  readonly certificates: readonly string[];
  readonly mutualAuthentication: unknown;
  readonly defaultActions: readonly unknown[];
  readonly attributes: Texts;
  readonly tags: Texts;
  /** By priority. */
  readonly rules: { readonly [priority: string]: RuleState };
}

export interface RuleState {
  readonly conditions: readonly unknown[];
  readonly actions: readonly unknown[];
  readonly transforms: readonly unknown[];
  readonly tags: Texts;
}

export interface TargetGroupState {
  readonly settings: unknown;
  readonly attributes: Texts;
  readonly tags: Texts;
  readonly loadBalancers: readonly string[];
  /** `id:port`, without those that drain. */
  readonly targets: readonly string[];
}

export interface SecurityGroupState {
  readonly description: string;
  readonly tags: Texts;
  readonly ingress: readonly string[];
}

/** A record with its keys in order, so that equal states are equal texts too. */
export function inOrder<T>(record: { readonly [key: string]: T }): { readonly [key: string]: T } {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One line a permission. */
export function permissionText(
  { protocol, fromPort, toPort }: { readonly protocol: string; readonly fromPort: number; readonly toPort: number },
  source: string,
  description: string | undefined,
): string {
  return `${protocol} ${fromPort}-${toPort} from ${source}${description ? `: ${description}` : ""}`;
}

/** Replaces every id in a value by its name, and puts lists of texts in order. */
export function named<T>(value: T, names: ReadonlyMap<string, string>): T {
  if (typeof value === "string") return (names.get(value) ?? value) as T;
  if (Array.isArray(value)) {
    const items = value.map((item) => named(item, names));
    return (items.every((item) => typeof item === "string") ? items.sort() : items) as T;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, names)])) as T;
}

/** Tags that only repeat a rule's position are written when the rule is touched anyway. */
export function withoutPositions(state: State): State {
  return JSON.parse(JSON.stringify(state), (key, value) =>
    key === "ingress.k8s.aws/resource" && /^\d+:\d+$/.test(value) ? undefined : value,
  );
}
