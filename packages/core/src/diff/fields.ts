/** Field changes: one field before and after. */
import equal from "fast-deep-equal";
import { compareStrings } from "../lib/compare.ts";
import type { FieldChange } from "../model/change.ts";
import { isUnknown, type Json, type StringMap } from "../model/value.ts";

/** A JSON pointer (RFC 6901) from unescaped segments. */
export function fieldPath(...segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The difference of one field, as a list of none or one. What isn't known yet is never a difference. */
export function diffField(path: string, before: unknown, after: unknown): readonly FieldChange[] {
  if (isUnknown(after) || equal(before, after)) return [];
  return [
    {
      path,
      ...(before === undefined ? {} : { before: before as Json }),
      ...(after === undefined ? {} : { after: after as Json }),
    },
  ];
}

/** Differences of the fields that the goal specifies; what it doesn't mention is left as it is. An empty prefix is none. */
export function diffSpecified(prefix: string, before: object | undefined, after: object): readonly FieldChange[] {
  const values = (object: object | undefined, key: string): unknown =>
    object !== undefined && Object.hasOwn(object, key)
      ? (object as { readonly [key: string]: unknown })[key]
      : undefined;
  return Object.keys(after)
    .sort(compareStrings)
    .filter((key) => values(after, key) !== undefined)
    .flatMap((key) =>
      diffField(fieldPath(...(prefix === "" ? [] : [prefix]), key), values(before, key), values(after, key)),
    );
}

/** Attributes: only those that the goal specifies count; removing one from the goal never resets it (LBC's rule). */
export function diffAttributes(before: StringMap | undefined, after: StringMap | undefined): readonly FieldChange[] {
  return after === undefined ? [] : diffSpecified("attributes", before, after);
}

/** The difference of two lists in which order and repetition carry no meaning. */
export function diffSet(path: string, before: readonly unknown[], after: readonly unknown[]): readonly FieldChange[] {
  const all = (list: readonly unknown[], other: readonly unknown[]): boolean =>
    list.every((item) => other.some((it) => equal(item, it)));
  if (all(before, after) && all(after, before)) return [];
  return [{ path, before: before as Json, after: after as Json }];
}

/** What says nothing about a resource that goes: its tags, and what AWS tells only when asked further. */
const UNTOLD: ReadonlySet<string> = new Set(["tags", "attributes", "minimumCapacityUnits"]);

/** All fields of a spec as they appear or go; tags are left out, they say nothing about the resource. */
export function wholeSpec(spec: object, side: "before" | "after"): readonly FieldChange[] {
  return Object.entries(spec)
    .filter(([key, value]) => value !== undefined && (side === "after" ? key !== "tags" : !UNTOLD.has(key)))
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([key, value]) =>
      side === "after"
        ? { path: fieldPath(key), after: value as Json }
        : { path: fieldPath(key), before: value as Json },
    );
}
