/** Picks from a change what a call must send: only the fields that differ. */
import type { Change } from "../model/change.ts";
import type { StringMap } from "../model/value.ts";

/** Whether a field differs; the path names a field of the spec. */
export function changes({ fields }: Change, path: string): boolean {
  return fields.some((field) => field.path === path);
}

/** The fields of a part of the spec that differ, with their desired values. */
export function changedFields<T extends object>({ fields }: Change, prefix: string, desired: T): Partial<T> {
  const names = new Set(
    fields.flatMap(({ path }) => (path.startsWith(`/${prefix}/`) ? [path.slice(prefix.length + 2)] : [])),
  );
  return Object.fromEntries(Object.entries(desired).filter(([name]) => names.has(name))) as Partial<T>;
}

/** The attributes that differ, with their desired values. */
export function changedAttributes({ fields }: Change): StringMap {
  const prefix = "/attributes/";
  return Object.fromEntries(
    fields.flatMap(({ path, after }) =>
      path.startsWith(prefix) && typeof after === "string"
        ? [[path.slice(prefix.length).replaceAll("~1", "/").replaceAll("~0", "~"), after]]
        : [],
    ),
  );
}
