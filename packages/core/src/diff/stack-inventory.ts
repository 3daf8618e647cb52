/** The part of an inventory that some stacks own, and the inventory with that part exchanged. */
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Settings } from "../model/settings.ts";
import type { StringMap } from "../model/value.ts";
import { ownershipOf } from "../resolve/ownership-tags.ts";

/** Maps of an inventory whose records belong to a stack. */
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

type OwnedKeys = { readonly [M in (typeof MAPS)[number]]: readonly string[] };

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
  const parts = MAPS.map((map) => [map, pick<unknown>(inventory[map], owned[map])]);
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
  const merged = MAPS.map((map) => [map, exchanged<unknown>(inventory[map], before[map], after[map])]);
  const { endpointSecurityGroups } = after;
  return { ...inventory, ...Object.fromEntries(merged), ...(endpointSecurityGroups && { endpointSecurityGroups }) };
}

type Records<T> = { readonly [key: string]: T };
type Tagged = Records<{ readonly vpcId?: string; readonly spec: { readonly tags?: StringMap } }>;

/** Keys of what the stacks own. One pass over each map. */
function ownedBy(inventory: Inventory, clusterName: string, stacks: readonly string[]): OwnedKeys {
  const wanted = new Set(stacks);
  const tagged = (records: Tagged): readonly string[] =>
    keysOf(records, ({ vpcId = inventory.vpcId, spec }) => {
      const owner = vpcId === inventory.vpcId ? ownershipOf(spec.tags, clusterName) : undefined;
      return owner !== undefined && wanted.has(owner.stack);
    });
  const loadBalancers = tagged(inventory.loadBalancers);
  const targetGroups = tagged(inventory.targetGroups);
  const balancers = new Set(loadBalancers);
  const listeners = keysOf(inventory.listeners, ({ spec }) => balancers.has(spec.loadBalancerArn));
  const listening = new Set(listeners);
  const groups = new Set(targetGroups);
  return {
    loadBalancers,
    listeners,
    listenerRules: keysOf(inventory.listenerRules, ({ spec }) => listening.has(spec.listenerArn)),
    targetGroups,
    targets: targetGroups,
    securityGroups: tagged(inventory.securityGroups),
    certificates: tagged(inventory.certificates),
    webAclAssociations: loadBalancers,
    wafRegionalAssociations: loadBalancers,
    shieldProtections: loadBalancers,
    targetGroupBindings: keysOf(inventory.targetGroupBindings, ({ spec }) => groups.has(spec.targetGroupArn)),
  };
}

function keysOf<T>(records: Records<T>, isWanted: (record: T) => boolean): readonly string[] {
  return Object.keys(records).filter((key) => isWanted(records[key] as T));
}

function pick<T>(records: Records<T>, keys: readonly string[]): Records<T> {
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(records, key) ? [[key, records[key] as T]] : [])));
}

function exchanged<T>(records: Records<T>, before: readonly string[], after: Records<T>): Records<T> {
  const kept = { ...records };
  for (const key of before) delete kept[key];
  return Object.assign(kept, after);
}
