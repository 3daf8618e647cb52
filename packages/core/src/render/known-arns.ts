/** ARNs of resources that the plan knows are shown under the names that people gave them. */
import type { Change } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { Json } from "../model/value.ts";

export type KeysByArn = ReadonlyMap<string, ResourceKey>;

/** Every resource of the plan that exists, by ARN. */
export function keysByArn(plan: Plan): KeysByArn {
  return new Map(
    plan.stacks.flatMap(({ changes }) =>
      changes.flatMap(({ arn, resource }): readonly (readonly [string, ResourceKey])[] =>
        arn === undefined ? [] : [[arn, resource]],
      ),
    ),
  );
}

/** The change with every known ARN in its values replaced by a reference to the resource. */
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
