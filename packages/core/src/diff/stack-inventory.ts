/** The part of an inventory that some stacks own, and the inventory with that part exchanged. */
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Settings } from "../model/settings.ts";
import { everyOwned, NOTHING_OWNED, sortByOwner } from "./owned.ts";

/** Maps of an inventory whose records belong to a stack. */
type Owned = { readonly [M in (typeof MAPS)[number]]: ReadonlySet<string> };

const MAPS = [
  "loadBalancers",
  "listeners",
  "listenerRules",
  "targetGroups",
  "targets",
  "securityGroups",
  "certificates",
  "webAclAssociations",
  "wafRegionalAssociations",
  "shieldProtections",
  "targetGroupBindings",
] as const;

/**
 * Leaves only what these stacks own: what carries their tags, what is inside their load balancers and attached to them,
 * and their target groups' targets and bindings. To the cluster stack belong the permissions towards targets, too.
 */
export function inventoryOfStacks<I extends Inventory>(
  inventory: I,
  { clusterName }: Pick<Settings, "clusterName">,
  stacks: readonly string[],
): I {
  const owned = ownedBy(inventory, clusterName, stacks);
  const parts = MAPS.map((map) => [map, select<unknown>(inventory[map], (key) => owned[map].has(key))]);
  const { endpointSecurityGroups, ...rest } = inventory;
  return {
    ...rest,
    ...Object.fromEntries(parts),
    ...(endpointSecurityGroups && stacks.includes(CLUSTER_STACK) && { endpointSecurityGroups }),
  } as I;
}

/** The inventory with what these stacks own in `part`, instead of what they own in `inventory`. */
export function withStacks<I extends Inventory>(
  inventory: I,
  part: Inventory,
  { clusterName }: Pick<Settings, "clusterName">,
  stacks: readonly string[],
): I {
  const before = ownedBy(inventory, clusterName, stacks);
  const after = inventoryOfStacks(part, { clusterName }, stacks);
  const merged = MAPS.map((map) => {
    const others = select<unknown>(inventory[map], (key) => !before[map].has(key));
    return [map, { ...others, ...after[map] }];
  });
  const { endpointSecurityGroups } = after;
  return {
    ...inventory,
    ...(Object.fromEntries(merged) as Pick<Inventory, (typeof MAPS)[number]>),
    ...(endpointSecurityGroups && { endpointSecurityGroups }),
  };
}

function ownedBy(inventory: Inventory, clusterName: string, stacks: readonly string[]): Owned {
  const owned = sortByOwner(inventory, clusterName, inventory.vpcId);
  const mine = stacks.map((id) => owned.stacks.get(id) ?? NOTHING_OWNED);
  const arnsOf = (items: readonly { readonly item: { readonly arn: string } }[]): readonly string[] =>
    items.map(({ item }) => item.arn);
  // What lacks its own tag is no less the stack's.
  const unidentified = mine.flatMap((stack) => stack.unidentified);
  const loadBalancers = new Set([...mine.flatMap((stack) => arnsOf(everyOwned(stack.loadBalancers))), ...unidentified]);
  const targetGroups = new Set([...mine.flatMap((stack) => arnsOf(everyOwned(stack.targetGroups))), ...unidentified]);
  const listeners = new Set([...loadBalancers].flatMap((arn) => (owned.listeners.get(arn) ?? []).map((it) => it.arn)));
  const rules = new Set([...listeners].flatMap((arn) => (owned.rules.get(arn) ?? []).map((it) => it.arn)));
  const bindings = new Set([...targetGroups].flatMap((arn) => (owned.bindings.get(arn) ?? []).map((it) => it.arn)));
  return {
    loadBalancers,
    listeners,
    listenerRules: rules,
    targetGroups,
    targets: targetGroups,
    securityGroups: new Set([...mine.flatMap((stack) => arnsOf(everyOwned(stack.securityGroups))), ...unidentified]),
    certificates: new Set([...mine.flatMap((stack) => arnsOf(everyOwned(stack.certificates))), ...unidentified]),
    webAclAssociations: loadBalancers,
    wafRegionalAssociations: loadBalancers,
    shieldProtections: loadBalancers,
    targetGroupBindings: bindings,
  };
}

function select<T>(records: { readonly [key: string]: T }, wanted: (key: string) => boolean): { [key: string]: T } {
  return Object.fromEntries(Object.entries(records).filter(([key]) => wanted(key)));
}
