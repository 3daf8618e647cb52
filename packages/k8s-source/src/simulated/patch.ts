/** The three forms of PATCH that an API server takes, applied to plain JSON. Inputs are never changed. */
import { isPlainObject } from "../manifests/object-schema.ts";
import { setOwn } from "../manifests/plain-value.ts";

type Json = { readonly [key: string]: unknown };

/** A patch that can't be applied: a `test` that failed, a path that leads nowhere. */
export class PatchError extends Error {}

/** RFC 6902, with the operations `add`, `remove`, `replace` and `test`. */
export function jsonPatched(object: Json, operations: unknown): Json {
  if (!Array.isArray(operations)) throw new PatchError("a JSON patch is a list");
  return operations.reduce((patched: Json, operation: unknown) => {
    if (!isPlainObject(operation)) throw new PatchError("an operation is a map");
    const { op, path, value } = operation;
    const steps = String(path).split("/").slice(1).map(unescaped);
    return edited(patched, steps, String(op), value) as Json;
  }, object);
}

function edited(target: unknown, steps: readonly string[], op: string, value: unknown): unknown {
  const [step = "", ...rest] = steps;
  const container = Array.isArray(target) || isPlainObject(target) ? target : undefined;
  if (container === undefined) throw new PatchError(`there is nothing at ${step}`);
  const inside = get(container, step);
  if (rest.length > 0) return set(container, step, edited(inside, rest, op, value));
  switch (op) {
    case "add":
      return Array.isArray(container) ? inserted(container, step, value) : set(container, step, value);
    case "test":
      // An absent member equals null, as in the API server's implementation.
      if (canonical(inside ?? null) !== canonical(value ?? null)) throw new PatchError(`the test of ${step} failed`);
      return container;
    case "replace":
      if (inside === undefined) throw new PatchError(`there is nothing to replace at ${step}`);
      return set(container, step, value);
    case "remove":
      if (inside === undefined) throw new PatchError(`there is nothing to remove at ${step}`);
      return Array.isArray(container) ? container.toSpliced(Number(step), 1) : omitted(container, step);
    default:
      throw new PatchError(`there is no operation ${op}`);
  }
}

/** RFC 7396: maps are merged, null removes, everything else replaces. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isPlainObject(patch)) return patch;
  const merged: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isPlainObject(target) ? target : {})) setOwn(merged, key, value);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else setOwn(merged, key, mergePatched(Object.hasOwn(merged, key) ? merged[key] : undefined, value));
  }
  return merged;
}

/** A merge in which the conditions of a status are matched by their type, as a strategic merge of a Pod does. */
export function strategicallyPatched(target: Json, patch: Json): unknown {
  const status = isPlainObject(patch["status"]) ? patch["status"] : {};
  const wanted = status["conditions"];
  if (!Array.isArray(wanted)) return mergePatched(target, patch);
  const current = isPlainObject(target["status"]) ? target["status"]["conditions"] : undefined;
  const conditions = new Map<unknown, unknown>();
  for (const each of [...(Array.isArray(current) ? current : []), ...wanted] as Json[]) {
    conditions.set(each["type"], mergePatched(conditions.get(each["type"]), each));
  }
  return mergePatched(target, { ...patch, status: { ...status, conditions: [...conditions.values()] } });
}

function get(container: Json | readonly unknown[], step: string): unknown {
  if (Array.isArray(container)) return container[Number(step)];
  return Object.hasOwn(container, step) ? (container as Json)[step] : undefined;
}

function set(container: Json | readonly unknown[], step: string, value: unknown): unknown {
  if (Array.isArray(container)) return container.with(Number(step), value);
  const copy = { ...container } as Record<string, unknown>;
  setOwn(copy, step, value);
  return copy;
}

function inserted(list: readonly unknown[], step: string, value: unknown): unknown {
  return step === "-" ? [...list, value] : list.toSpliced(Number(step), 0, value);
}

function omitted(container: Json, step: string): Json {
  return Object.fromEntries(Object.entries(container).filter(([key]) => key !== step));
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    return isPlainObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  });
}
