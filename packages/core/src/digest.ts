/** What of an inventory a plan depends on. */
import type { Inventory } from "./model/inventory.ts";
import type { Permission } from "./model/security-group.ts";
import { SHARED_PERMISSION } from "./model/target.ts";

/** The inventory without what changes by itself and no plan compares: states, health, DNS names, quotas, counters. */
export function inventoryForDigest(inventory: Inventory): object {
  const { formatVersion, region, accountId, vpcId, listeners, listenerRules, targetGroupBindings } = inventory;
  const { webAclAssociations, wafRegionalAssociations, shieldProtections, securityGroups, targetGroups } = inventory;
  const { endpointSecurityGroups } = inventory;
  const each = <T, U>(records: { readonly [arn: string]: T }, map: (record: T) => U): { readonly [arn: string]: U } =>
    Object.fromEntries(Object.entries(records).map(([arn, record]) => [arn, map(record)]));
  return {
    formatVersion,
    region,
    accountId,
    vpcId,
    loadBalancers: each(inventory.loadBalancers, ({ arn, spec, vpcId: vpc }) => ({ arn, spec, vpcId: vpc })),
    listeners,
    listenerRules,
    targetGroups: each(targetGroups, ({ arn, spec, vpcId: vpc }) => ({ arn, spec, vpcId: vpc })),
    targets: each(inventory.targets, (targets) =>
      targets.filter(({ state }) => state !== "draining").map(({ id, port }) => ({ id, port })),
    ),
    securityGroups,
    ...(endpointSecurityGroups && { endpointSecurityGroups: ours(endpointSecurityGroups) }),
    certificates: each(inventory.certificates, ({ arn, spec }) => ({ arn, spec })),
    webAclAssociations,
    wafRegionalAssociations,
    shieldProtections,
    targetGroupBindings,
  };
}

/** What somebody else does with the nodes' security group makes no plan stale. */
function ours(groups: { readonly [id: string]: readonly Permission[] }): { readonly [id: string]: object } {
  const kept = Object.entries(groups).map(
    ([id, list]) => [id, list.filter(({ description }) => description === SHARED_PERMISSION)] as const,
  );
  return Object.fromEntries(kept.filter(([, list]) => list.length > 0));
}
