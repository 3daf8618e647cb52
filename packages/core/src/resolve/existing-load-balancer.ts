/** What a build must know of load balancers that exist already: an existing one of the same scheme keeps its subnets. */
import type { Facts } from "../model/facts.ts";
import type { Inventory } from "../model/inventory.ts";
import type { StringMap } from "../model/value.ts";

export interface ExistingPlacement {
  readonly scheme: string;
  /** In AWS's order. */
  readonly subnetIds: readonly string[];
}

const CLUSTER_TAG = "elbv2.k8s.aws/cluster";
const LEGACY_CLUSTER_TAG = "ingress.k8s.aws/cluster";
const STACK_TAG = "ingress.k8s.aws/stack";

/**
 * Placements by stack id, from the inventory, or from the facts when there is no inventory. As LBC it takes the first
 * load balancer that carries the stack's tags (its old ones included).
 */
export function existingPlacements(
  facts: Facts,
  inventory: Inventory | undefined,
  clusterName: string,
): ReadonlyMap<string, ExistingPlacement> {
  const placements = new Map<string, ExistingPlacement>();
  const add = (tags: StringMap, placement: ExistingPlacement): void => {
    const stack = tags[STACK_TAG];
    const owned = tags[CLUSTER_TAG] === clusterName || tags[LEGACY_CLUSTER_TAG] === clusterName;
    if (stack !== undefined && owned && !placements.has(stack)) placements.set(stack, placement);
  };
  if (inventory === undefined) {
    for (const { tags, scheme, subnetIds } of facts.loadBalancers ?? []) add(tags, { scheme, subnetIds });
    return placements;
  }
  for (const arn of Object.keys(inventory.loadBalancers).sort()) {
    const spec = inventory.loadBalancers[arn]?.spec;
    if (spec?.type !== "application") continue;
    add(spec.tags ?? {}, { scheme: spec.scheme, subnetIds: spec.subnetMappings.map(({ subnetId }) => subnetId) });
  }
  return placements;
}
