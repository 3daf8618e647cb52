/** What exists of a stack, record by record, in the fields that planning compares. */
import { compareStrings } from "../lib/compare.ts";
import { stableJson } from "../lib/stable-json.ts";
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Existing, Inventory } from "../model/inventory.ts";
import { SHARED_PERMISSION } from "../model/target.ts";
import type { StringMap } from "../model/value.ts";
import { type ById, everyOwned, NOTHING_OWNED, type Owned, type OwnedStack } from "./owned.ts";

/** A record of the inventory without what changes by itself: states, health, DNS names. */
export interface StackRecord {
  /** ARN or id. */
  readonly arn: string;
  /** For people, for instance `rule 80:3`. */
  readonly name: string;
  /** Fields that are absent in the inventory are absent here. Each attribute is a field, `attributes/<key>`. */
  readonly fields: { readonly [field: string]: unknown };
}

/** Everything that a stack owns, ascending by ARN: what is inside its load balancers and attached to them belongs to it. */
export function stackRecords(owned: Owned, stack: string): readonly StackRecord[] {
  const mine = owned.stacks.get(stack) ?? NOTHING_OWNED;
  const records = [
    ...loadBalancers(owned, mine),
    ...targetGroups(owned, mine),
    ...items(mine.securityGroups).map((item) => record(item, `security group ${item.spec.name}`)),
    ...items(mine.certificates).map((item) => record(item, `certificate for ${item.spec.domainName}`)),
    ...(stack === CLUSTER_STACK ? endpointPermissions(owned.inventory) : []),
  ];
  return records.sort((a, b) => compareStrings(a.arn, b.arn));
}

function loadBalancers({ inventory, listeners, rules }: Owned, mine: OwnedStack): readonly StackRecord[] {
  return items(mine.loadBalancers).flatMap((item) => [
    record(item, `load balancer ${item.spec.name}`, {
      webAcl: inventory.webAclAssociations[item.arn],
      wafRegional: inventory.wafRegionalAssociations[item.arn],
      shieldProtection: inventory.shieldProtections[item.arn],
    }),
    ...(listeners.get(item.arn) ?? []).flatMap((listener) => [
      record(listener, `listener ${listener.spec.port}`),
      ...(rules.get(listener.arn) ?? []).map((rule) =>
        record(rule, `rule ${listener.spec.port}:${rule.spec.priority}`),
      ),
    ]),
  ]);
}

function targetGroups({ inventory, bindings }: Owned, mine: OwnedStack): readonly StackRecord[] {
  return items(mine.targetGroups).flatMap((item) => [
    record(item, `target group ${String(item.spec.name)}`, { targets: registered(inventory, item.arn) }),
    ...(bindings.get(item.arn) ?? []).map((binding) => record(binding, `TargetGroupBinding ${binding.arn}`)),
  ]);
}

/** Those that drain are going whatever the plan does. */
function registered({ targets }: Inventory, targetGroupArn: string): readonly string[] | undefined {
  if (!Object.hasOwn(targets, targetGroupArn)) return undefined;
  return (targets[targetGroupArn] ?? [])
    .filter(({ state }) => state !== "draining")
    .map(({ id, port }) => `${id} ${port}`)
    .sort();
}

/** What others do with a security group that isn't ours is their business. */
function endpointPermissions({ endpointSecurityGroups = {} }: Inventory): readonly StackRecord[] {
  return Object.entries(endpointSecurityGroups).flatMap(([id, list]) => {
    const permissions = list.filter(({ description }) => description === SHARED_PERMISSION);
    if (permissions.length === 0) return [];
    return [{ arn: id, name: `permissions on ${id}`, fields: fieldsOf({ permissions }) }];
  });
}

function record(item: Existing<object>, name: string, more: { readonly [field: string]: unknown } = {}): StackRecord {
  return { arn: item.arn, name, fields: fieldsOf({ ...item.spec, ...more }) };
}

function fieldsOf(spec: { readonly [field: string]: unknown }): StackRecord["fields"] {
  const entries = Object.entries(spec).flatMap(([field, value]): readonly (readonly [string, unknown])[] => {
    if (value === undefined) return [];
    if (PLACES.has(field)) return [];
    if (field === "attributes") {
      return Object.entries(value as StringMap).map(([key, text]) => [`attributes/${key}`, text]);
    }
    return [[field, field === "tags" ? ownTags(value as StringMap) : inOrder(field, value)]];
  });
  return Object.fromEntries(entries);
}

/** The ARN tells these too. */
const PLACES: ReadonlySet<string> = new Set(["loadBalancerArn", "listenerArn"]);

/** Tags of AWS itself come and go without anybody's doing. */
function ownTags(tags: StringMap): StringMap {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:")));
}

const SETS: ReadonlySet<string> = new Set(["ingress", "permissions", "securityGroups", "subnetMappings"]);

/** AWS tells lists whose order means nothing in any order. The first certificate is the default one. */
function inOrder(field: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const texts = value.map((item: unknown) => stableJson(item));
  if (field === "certificates") return [...texts.slice(0, 1), ...texts.slice(1).sort()];
  return SETS.has(field) ? texts.sort() : value;
}

function items<T>(lists: ById<T>): readonly T[] {
  return everyOwned(lists).map(({ item }) => item);
}
