/** ARNs and ids of what exists are shown under the names that people gave them. */
import type { Change } from "../model/change.ts";
import type { Existing, Inventory } from "../model/inventory.ts";
import type { Plan } from "../model/plan.ts";
import { type ResourceKey, type ResourceKind, resourceKey } from "../model/resource.ts";
import type { Json, StringMap } from "../model/value.ts";

export type KeysByArn = ReadonlyMap<string, ResourceKey>;

/** The tags in which LBC keeps a resource's id. */
const ID_TAGS: readonly string[] = ["ingress.k8s.aws/resource", "elbv2.k8s.aws/resource"];

/** Every resource that the plan or the inventory knows by name, by ARN or id. */
export function keysByArn(plan: Plan, inventory: Inventory | undefined): KeysByArn {
  const keys = new Map<string, ResourceKey>();
  const add = (kind: ResourceKind, existing: { readonly [arn: string]: Tagged } = {}): void => {
    for (const { arn, spec } of Object.values(existing)) {
      const tag = ID_TAGS.find((name) => spec.tags !== undefined && Object.hasOwn(spec.tags, name));
      if (tag !== undefined) keys.set(arn, resourceKey(kind, spec.tags?.[tag] ?? ""));
    }
  };
  add("loadBalancer", inventory?.loadBalancers);
  add("targetGroup", inventory?.targetGroups);
  add("securityGroup", inventory?.securityGroups);
  for (const { arn, resource } of plan.stacks.flatMap(({ changes }) => changes)) {
    if (arn !== undefined) keys.set(arn, resource);
  }
  return keys;
}

type Tagged = Existing<{ readonly tags?: StringMap }>;

/** The change with every known ARN or id in its values replaced by a reference to the resource. */
export function nameArns(change: Change, keys: KeysByArn): Change {
  return {
    ...change,
    fields: change.fields.map(({ before, after, ...field }) => ({
      ...field,
      ...(before === undefined ? {} : { before: named(before, keys) }),
      ...(after === undefined ? {} : { after: named(after, keys) }),
    })),
  };
}

function named(value: Json, keys: KeysByArn): Json {
  if (typeof value === "string") {
    const ref = keys.get(value);
    return ref === undefined ? value : { ref, field: "arn" };
  }
  if (isList(value)) return value.map((item) => named(item, keys));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, keys)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
