/** How many calls a reading of the inventory makes, from what there is. */

export interface InventoryCounts {
  /** In the account, ours or not. */
  readonly loadBalancers: number;
  readonly targetGroups: number;
  /** Ours. */
  readonly ownLoadBalancers: number;
  /** The number of rules of each listener of ours, its default rule not counted. */
  readonly rulesByListener: readonly number[];
  /** Listeners of ours with an SSL policy. */
  readonly tlsListeners: number;
  /** Target groups of ours whose targets are compared. */
  readonly withTargets: number;
  /** Load balancers, listeners and target groups of ours whose attributes are compared, and other parts asked one by one. */
  readonly parts: number;
  /** Whether tags of listeners and rules are compared. */
  readonly listenerTags: boolean;
  /** Whether permissions on the security groups of targets are compared. */
  readonly endpointPermissions: boolean;
}

const PAGE = 400;
const TAGGED = 20;

/**
 * The calls of a reading that knows nothing yet, where everything of the account is in the cluster's VPC and security
 * groups fit on a page: one DescribeListeners a load balancer, one DescribeRules for each 400 rules of a listener (the
 * default rule is one of them), one DescribeListenerCertificates a listener with TLS, one DescribeTargetHealth a target
 * group, one for each part asked by itself; the listings by pages of 400, tags for 20 things at a time. Tags that are
 * known make no calls.
 */
export function inventoryCalls(counts: InventoryCounts): number {
  const { rulesByListener, listenerTags } = counts;
  const rules = rulesByListener.reduce((sum, count) => sum + count, 0);
  const listeners = rulesByListener.length;
  return (
    pages(counts.loadBalancers) +
    pages(counts.targetGroups) +
    Math.ceil((counts.loadBalancers + counts.targetGroups) / TAGGED) +
    counts.ownLoadBalancers +
    rulesByListener.reduce((sum, count) => sum + pages(count + 1), 0) +
    counts.tlsListeners +
    (listenerTags ? Math.ceil((listeners + rules) / TAGGED) : 0) +
    counts.withTargets +
    counts.parts +
    (counts.endpointPermissions ? 2 : 1)
  );
}

/** An empty listing is a page too. */
function pages(count: number): number {
  return Math.max(1, Math.ceil(count / PAGE));
}
