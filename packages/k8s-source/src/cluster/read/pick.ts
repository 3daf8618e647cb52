/** Trims objects as they arrive: only the fields that somebody looks at are kept. */
import { setOwn } from "../../manifests/plain-value.ts";

/**
 * What to keep of a value: all of it, what a function makes of it, or the fields named of a map. A list is treated
 * item by item.
 */
export type Shape = true | ((value: unknown) => unknown) | { readonly [field: string]: Shape };

/** A value with only what the shape keeps. A field that is absent or null stays absent. Never changes the input. */
export function pick(value: unknown, shape: Shape): unknown {
  if (shape === true) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, shape));
  if (typeof shape === "function") return shape(value);
  if (typeof value !== "object" || value === null) return value;
  const picked: Record<string, unknown> = {};
  for (const [field, of] of Object.entries(shape)) {
    if (!Object.hasOwn(value, field)) continue;
    const kept = pick((value as { readonly [name: string]: unknown })[field], of);
    if (kept !== undefined && kept !== null) picked[field] = kept;
  }
  return picked;
}

/** Keeps all entries of a map but these; nothing if no entry is left. */
export function without(...keys: readonly string[]): Shape {
  return (value) => filtered(value, (key) => !keys.includes(key));
}

/** Keeps these entries of a map; nothing if it has none of them. */
export function only(...keys: readonly string[]): Shape {
  return (value) => filtered(value, (key) => keys.includes(key));
}

function filtered(value: unknown, keep: (key: string) => boolean): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([key]) => keep(key));
  if (entries.length === 0) return undefined;
  const kept: Record<string, unknown> = {};
  for (const [key, entry] of entries) setOwn(kept, key, entry);
  return kept;
}
