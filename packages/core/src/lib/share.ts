/** Structural sharing: equal data is the same data. */

/**
 * The new value, made of the old one's parts wherever they are equal, so that who compares by identity sees exactly what
 * changed. Equal means equal as JSON text: with its keys in the same order. Both are plain JSON; neither is changed.
 */
export function share<T>(before: unknown, after: T): T {
  if (Object.is(before, after) || typeof before !== "object" || before === null) return after;
  if (typeof after !== "object" || after === null || Array.isArray(before) !== Array.isArray(after)) return after;
  return (Array.isArray(after) ? shareList(before as readonly unknown[], after) : shareFields(before, after)) as T;
}

function shareList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const items = after.map((item, index) => share(before[index], item));
  if (items.length === before.length && items.every((item, index) => item === before[index])) return before;
  return items.every((item, index) => item === after[index]) ? after : items;
}

function shareFields(before: object, after: object): object {
  const keys = Object.keys(after);
  const oldKeys = Object.keys(before);
  const old = before as { readonly [key: string]: unknown };
  const fresh = after as { readonly [key: string]: unknown };
  const values = keys.map((key) => share(Object.hasOwn(old, key) ? old[key] : undefined, fresh[key]));
  const same = keys.length === oldKeys.length;
  if (same && keys.every((key, index) => key === oldKeys[index] && values[index] === old[key])) return before;
  // Made of the old one's parts already: another copy would have to be compared again, field by field, every time.
  if (keys.every((key, index) => values[index] === fresh[key])) return after;
  return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
}
