/** What of an inventory a plan depends on. */
import type { Inventory } from "./model/inventory.ts";

/** The inventory without what changes by itself and no plan compares: states, health, DNS names, quotas, counters. */
export function inventoryForDigest(inventory: Inventory): object {
  const { formatVersion, region, accountId, vpcId, listeners, listenerRules, targetGroupBindings } = inventory;
  const { webAclAssociations, wafRegionalAssociations, shieldProtections, securityGroups, targetGroups } = inventory;
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
    certificates: each(inventory.certificates, ({ arn, spec }) => ({ arn, spec })),
    webAclAssociations,
    wafRegionalAssociations,
    shieldProtections,
    targetGroupBindings,
  };
}
