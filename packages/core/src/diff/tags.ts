/** Compares tags: what is missing or different is written, what nobody asked for is removed (LBC's rule). */
import { compareStrings } from "../lib/compare.ts";
import type { FieldChange } from "../model/change.ts";
import type { StringMap } from "../model/value.ts";
import { fieldPath } from "./fields.ts";

/** One field change a tag, keys ascending. Tags of AWS itself (`aws:…`) and ignored keys don't count. */
export function diffTags(
  desired: StringMap,
  existing: StringMap | undefined,
  ignored: ReadonlySet<string>,
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const current = existing ?? {};
  for (const key of Object.keys({ ...current, ...desired }).sort(compareStrings)) {
    if (key.startsWith("aws:") || ignored.has(key)) continue;
    const after = Object.hasOwn(desired, key) ? desired[key] : undefined;
    const before = Object.hasOwn(current, key) ? current[key] : undefined;
    if (before === after) continue;
    changes.push({
      path: fieldPath("tags", key),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
  }
  return changes;
}
