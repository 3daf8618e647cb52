/**
 * LBC's JSON as Go writes it: structs keep the order in which their fields are declared, maps come out sorted, and a
 * field that is absent is left out. A struct is a plain object here (its names are fixed and never look like numbers),
 * a map is a `Map`, so that a tag called `80` or `__proto__` keeps its place.
 */
import type { Json } from "../model/value.ts";

export type LbcValue =
  | string
  | number
  | boolean
  | null
  | readonly LbcValue[]
  | ReadonlyMap<string, LbcValue>
  | LbcStruct;

export interface LbcStruct {
  readonly [field: string]: LbcValue;
}

/** A struct without the fields that are undefined; the order of the fields given is the order written. */
export function struct(fields: { readonly [field: string]: LbcValue | undefined }): LbcStruct {
  const kept = Object.entries(fields).filter((entry): entry is [string, LbcValue] => entry[1] !== undefined);
  return Object.fromEntries(kept);
}

/** A map, or undefined if there is nothing in it: Go's `omitempty`. */
export function mapOrNothing(map: { readonly [key: string]: LbcValue } | undefined): LbcValue | undefined {
  const entries = Object.entries(map ?? {});
  return entries.length === 0 ? undefined : new Map(entries);
}

/** A list, or undefined if there is nothing in it: Go's `omitempty`. */
export function listOrNothing(list: readonly LbcValue[] | undefined): readonly LbcValue[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

/** The same as plain JSON. */
export function toJson(value: LbcValue): Json {
  if (value instanceof Map) {
    const map: ReadonlyMap<string, LbcValue> = value;
    return Object.fromEntries([...map].map(([key, item]) => [key, toJson(item)]));
  }
  if (isList(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, toJson(item)]));
  }
  return value;
}

/** The text that Go's encoding/json writes, without white space. */
export function toGoText(value: LbcValue): string {
  if (value instanceof Map) {
    const map: ReadonlyMap<string, LbcValue> = value;
    return members([...map].sort(([a], [b]) => byteOrder(a, b)));
  }
  if (isList(value)) return `[${value.map(toGoText).join(",")}]`;
  if (typeof value === "object" && value !== null) return members(Object.entries(value));
  return scalar(value);
}

function isList(value: LbcValue): value is readonly LbcValue[] {
  return Array.isArray(value);
}

function members(entries: readonly (readonly [string, LbcValue])[]): string {
  return `{${entries.map(([key, item]) => `${scalar(key)}:${toGoText(item)}`).join(",")}}`;
}

/** Go writes these five as escapes, so that its JSON can stand inside HTML and JavaScript. */
function scalar(value: string | number | boolean | null): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Order of the UTF-8 bytes, which is the order of code points and not that of JavaScript's UTF-16 units. */
function byteOrder(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
