/** Lists and records of what is shared already; what is in them is compared by identity alone. */

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
