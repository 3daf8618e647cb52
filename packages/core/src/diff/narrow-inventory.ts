/** An inventory without what isn't needed: what a reader of AWS that asks for no more would have brought. */
import type { Existing, Inventory } from "../model/inventory.ts";
import type { InventoryNeeded } from "../model/inventory-needed.ts";
import type { Permission } from "../model/security-group.ts";
import { SHARED_PERMISSION } from "../model/target.ts";
import type { StringMap } from "../model/value.ts";
import { carriesClusterTag, ownershipOf } from "../resolve/ownership-tags.ts";
import { loadBalancerParts, targetGroupParts } from "./inventory-parts.ts";

/**
 * Leaves out what isn't the cluster's, in another VPC, or not compared. Load balancers and target groups that carry the
 * cluster's tag stay although they are a Service's or a Gateway's, and so do target groups that a binding names: they may
 * use what groups share.
 */
export function narrowInventory(inventory: Inventory, needed: InventoryNeeded): Inventory {
  const { clusterName, vpcId } = needed;
  const inVpc = (item: { readonly vpcId: string }): boolean => item.vpcId === vpcId;
  const ofCluster = (item: Tagged): boolean => carriesClusterTag(item.spec.tags, clusterName);
  const ours = (item: Tagged): boolean => ownershipOf(item.spec.tags, clusterName) !== undefined;
  const loadBalancers = select(inventory.loadBalancers, (item) => inVpc(item) && ofCluster(item));
  const bound = new Set(Object.values(inventory.targetGroupBindings).map(({ spec }) => spec.targetGroupArn));
  const targetGroups = select(
    inventory.targetGroups,
    (item) => inVpc(item) && (ofCluster(item) || bound.has(item.arn)),
  );
  const securityGroups = select(inventory.securityGroups, (item) => inVpc(item) && ours(item));
  const partsOf = new Map(
    Object.values(loadBalancers).map((item) => [item.arn, loadBalancerParts(needed, item)] as const),
  );
  const hasPart = (arn: string, part: "listeners" | "webAcl" | "wafRegional" | "shield"): boolean =>
    partsOf.get(arn)?.[part] === true;

  const listeners = select(inventory.listeners, ({ spec }) => hasPart(spec.loadBalancerArn, "listeners"));
  const rules = select(inventory.listenerRules, ({ spec }) => Object.hasOwn(listeners, spec.listenerArn));
  const tagged = <T extends Existing<{ readonly tags?: StringMap }>>(item: T): T =>
    needed.listenerTags ? item : without(item, "tags");
  return {
    formatVersion: inventory.formatVersion,
    region: inventory.region,
    accountId: inventory.accountId,
    vpcId: inventory.vpcId,
    loadBalancers: each(loadBalancers, (item) => {
      const parts = partsOf.get(item.arn);
      const counted = parts?.capacity === true ? item : without(item, "minimumCapacityUnits");
      return parts?.attributes === true ? counted : without(counted, "attributes");
    }),
    listeners: each(listeners, (item) => {
      const ports = partsOf.get(item.spec.loadBalancerArn)?.listenerAttributes ?? [];
      const compared = ports === "all" || ports.includes(item.spec.port);
      return tagged(compared ? item : without(item, "attributes"));
    }),
    listenerRules: each(rules, tagged),
    targetGroups: each(targetGroups, (item) =>
      targetGroupParts(needed, item).attributes ? item : without(item, "attributes"),
    ),
    targets: select(inventory.targets, (_, arn) => {
      const group = Object.hasOwn(targetGroups, arn) ? targetGroups[arn] : undefined;
      return group !== undefined && targetGroupParts(needed, group).targets;
    }),
    securityGroups,
    ...endpointSecurityGroups(inventory, needed),
    certificates: needed.certificates ? select(inventory.certificates, ours) : {},
    webAclAssociations: select(inventory.webAclAssociations, (_, arn) => hasPart(arn, "webAcl")),
    wafRegionalAssociations: select(inventory.wafRegionalAssociations, (_, arn) => hasPart(arn, "wafRegional")),
    shieldProtections: select(inventory.shieldProtections, (_, arn) => hasPart(arn, "shield")),
    ...(inventory.shieldSubscription !== undefined &&
      asksForShield(needed) && { shieldSubscription: inventory.shieldSubscription }),
    targetGroupBindings: inventory.targetGroupBindings,
  };
}

/** Whether some load balancer is to be protected by Shield, or not to be. */
export function asksForShield({ stacks }: InventoryNeeded): boolean {
  return Object.values(stacks).some(({ loadBalancers }) => Object.values(loadBalancers).some(({ shield }) => shield));
}

type Tagged = { readonly spec: { readonly tags?: StringMap } };

function endpointSecurityGroups(
  { endpointSecurityGroups: groups, securityGroups }: Inventory,
  { endpointPermissions, vpcId, clusterName }: InventoryNeeded,
): Pick<Inventory, "endpointSecurityGroups"> {
  if (groups === undefined || endpointPermissions === undefined) return {};
  const sources = new Set(endpointPermissions.sources);
  for (const group of Object.values(securityGroups)) {
    if (group.vpcId === vpcId && ownershipOf(group.spec.tags, clusterName) !== undefined) sources.add(group.arn);
  }
  const named = new Set(endpointPermissions.securityGroups);
  return {
    endpointSecurityGroups: select(groups, (list, id) => named.has(id) || letsIn(list, sources)),
  };
}

/** Whether a security group lets in what ours or a given one is the source of, by a permission that is ours. */
export function letsIn(permissions: readonly Permission<string>[], sources: ReadonlySet<string>): boolean {
  return permissions.some(
    ({ source, description }) =>
      description === SHARED_PERMISSION && "securityGroupId" in source && sources.has(source.securityGroupId),
  );
}

function select<T>(
  records: { readonly [key: string]: T },
  wanted: (record: T, key: string) => boolean,
): { readonly [key: string]: T } {
  return Object.fromEntries(Object.entries(records).filter(([key, record]) => wanted(record, key)));
}

function each<T>(records: { readonly [key: string]: T }, map: (record: T) => T): { readonly [key: string]: T } {
  return Object.fromEntries(Object.entries(records).map(([key, record]) => [key, map(record)]));
}

function without<T extends Existing<object>>(item: T, field: string): T {
  if (!Object.hasOwn(item.spec, field)) return item;
  const spec = Object.fromEntries(Object.entries(item.spec).filter(([name]) => name !== field));
  return { ...item, spec };
}
