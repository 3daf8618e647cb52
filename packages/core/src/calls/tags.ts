import { compareStrings } from "../lib/compare.ts";
import type { StringMap } from "../model/value.ts";

/** Tags as AWS's APIs list them, keys ascending. */
export function tagList(tags: StringMap): readonly { readonly Key: string; readonly Value: string }[] {
  return entries(tags).map(([key, value]) => ({ Key: key, Value: value }));
}

/** Attributes as ELBv2 lists them, keys ascending. */
export function attributeList(attributes: StringMap): readonly { readonly Key: string; readonly Value: string }[] {
  return tagList(attributes);
}

/** A field `Tags`, or nothing when there are none: AWS refuses an empty list. */
export function tagsField(tags: StringMap | undefined): object {
  return tags === undefined || Object.keys(tags).length === 0 ? {} : { Tags: tagList(tags) };
}

function entries(map: StringMap): readonly (readonly [string, string])[] {
  return Object.entries(map).sort(([a], [b]) => compareStrings(a, b));
}
