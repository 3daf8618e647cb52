import { setOwn } from "../../manifests/plain-value.ts";

/**
 * The new value, made of the old one's parts wherever they are equal: an equal value is the old value itself, so that
 * who compares by identity sees no change. Both are plain JSON; neither is changed.
 */
export function share<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) {
    const items = after.map((item, index) => share(before[index], item));
    const same = before.length === after.length && items.every((item, index) => item === before[index]);
    return (same ? before : items) as T;
  }
  if (!isMap(before) || !isMap(after)) return after;
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  const shared: Record<string, unknown> = {};
  for (const key of keys) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    const value = share(old, after[key]);
    same &&= value === old && Object.hasOwn(before, key);
    setOwn(shared, key, value);
  }
  return (same ? before : shared) as T;
}

/** The old list if the new one has the very same items in the same order, otherwise the new one. */
export function shareList<T>(before: readonly T[] | undefined, after: readonly T[]): readonly T[] {
  const same = before?.length === after.length && after.every((item, index) => item === before[index]);
  return same ? (before as readonly T[]) : after;
}

/** The old object if the new one has the very same fields, otherwise the new one. */
export function shareFields<T extends object>(before: T, after: T): T {
  const keys = Object.keys(after) as (keyof T)[];
  const same = keys.length === Object.keys(before).length && keys.every((key) => after[key] === before[key]);
  return same ? before : after;
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
