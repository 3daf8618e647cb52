/**
 * Tells drift from intent: what the last goal would need just as well, nobody asked for now. It was changed by others
 * since, or the last plan wasn't carried out to its end.
 */
import { stableJson } from "../lib/stable-json.ts";
import type { Change, FieldChange } from "../model/change.ts";
import type { DesiredGraph } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import { changesOf, diff } from "./diff.ts";

/** What a change is known by, and its fields by what they are known by. */
interface Known {
  readonly key: string;
  readonly fields: readonly string[];
}

/**
 * Marks what of a change is drift from the last goal: the change as a whole if the last goal would need it too, otherwise
 * its fields of which that is true.
 */
export function driftMarker(lastGoal: DesiredGraph, inventory: Inventory): (change: Change) => Change {
  const needed = new Map<string, Set<string>>();
  const { stacks } = diff(lastGoal, inventory, { allowReplace: true, allowDelete: true });
  for (const change of stacks.flatMap(changesOf)) {
    const { key, fields } = known(change);
    const found = needed.get(key);
    if (found === undefined) needed.set(key, new Set(fields));
    else for (const field of fields) found.add(field);
  }
  return (change) => {
    const { key, fields } = known(change);
    const found = needed.get(key);
    if (found === undefined) return change;
    const isWhole = change.kind === "create" || change.kind === "delete" || fields.every((field) => found.has(field));
    return {
      ...change,
      fields: change.fields.map(
        (field, index): FieldChange => (isWhole || !found.has(fields[index] ?? "") ? field : { ...field, drift: true }),
      ),
      ...(isWhole && { drift: true }),
    };
  };
}

/**
 * What exists is known by its ARN. What doesn't is known by what it would be; a rule's number and resource id say only
 * where it stands among the others.
 */
function known({ kind, stack, type, resource, arn, fields }: Change): Known {
  const texts = fields.map(({ path, before, after }) => stableJson([path, before ?? null, after ?? null]));
  if (kind !== "create") return { key: stableJson([kind, stack, type, arn ?? resource]), fields: texts };
  const content = texts.filter((_, index) => fields[index]?.path !== "/priority").sort();
  return { key: stableJson([kind, stack, type === "listenerRule" ? type : resource, content]), fields: texts };
}
