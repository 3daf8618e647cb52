/** References and unknown values of an action become literals: from what the run created, or by a stand-in. */
import { sha256Hex } from "../../lib/sha256.ts";
import type { Action } from "../../model/action.ts";
import type { Output } from "../../model/executor.ts";
import type { ResourceKey } from "../../model/resource.ts";
import { isReference, isUnknown, type Reference, STRING_MAP_FIELDS, type Unknown } from "../../model/value.ts";

/** What the actions of a run created, by stack id and resource key. Start with `{}`. */
export type Outputs = { readonly [stack: string]: { readonly [resource: ResourceKey]: Output } };

/** `T` with every reference and unknown value replaced by its literal. */
export type Resolved<T> = T extends Reference | Unknown
  ? never
  : T extends readonly (infer E)[]
    ? readonly Resolved<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Resolved<T[K]> }
      : T;

/** Where the value stands: needed for references within the stack and for stand-ins. */
export interface Place {
  readonly stack: string;
  readonly resource: ResourceKey;
}

/** Outputs with one more entry. The argument stays as it is. */
export function withOutput(outputs: Outputs, place: Place, output: Output): Outputs {
  const stack = Object.hasOwn(outputs, place.stack) ? outputs[place.stack] : {};
  return { ...outputs, [place.stack]: { ...stack, [place.resource]: output } };
}

/**
 * Resolves all values within `input`. The second result lists references to things that the run hasn't created.
 *
 * An unknown value gets a deterministic stand-in, so that a plan made from files alone can be applied to a simulated
 * account: a port becomes one of the node port range, a name ends in a hash of stack and resource id. What was
 * made this way is found again by its resource id, not by the value.
 */
export function resolveValues<T>(
  input: T,
  outputs: Outputs,
  place: Place,
): { value: Resolved<T>; missing: Reference[] } {
  const { value, missing } = resolved(input, outputs, place, (unknown, field) => standIn(unknown, field, place));
  return { value: value as Resolved<T>, missing };
}

/**
 * The action with every reference replaced by what the run created; unknown values stay. The second result lists
 * references to things that the run hasn't created.
 */
export function resolveAction<A extends Action>(action: A, outputs: Outputs): { action: A; missing: Reference[] } {
  const { value, missing } = resolved(action.details, outputs, action, (unknown) => unknown);
  return { action: { ...action, details: value as A["details"] }, missing };
}

function resolved(
  input: unknown,
  outputs: Outputs,
  place: Place,
  known: (value: Unknown, field: string) => unknown,
): { value: unknown; missing: Reference[] } {
  const missing: Reference[] = [];

  const walk = (value: unknown, field: string): unknown => {
    if (isReference(value)) return lookUp(value);
    if (isUnknown(value)) return known(value, field);
    if (Array.isArray(value)) return value.map((element) => walk(element, field));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, STRING_MAP_FIELDS.has(key) ? inner : walk(inner, key)]),
    );
  };

  const lookUp = (reference: Reference): string => {
    const stack = reference.stack ?? place.stack;
    const created = Object.hasOwn(outputs, stack) ? outputs[stack] : undefined;
    const output = created !== undefined && Object.hasOwn(created, reference.ref) ? created[reference.ref] : undefined;
    const value = output?.[reference.field];
    if (value === undefined) missing.push(reference);
    return value ?? "";
  };

  return { value: walk(input, ""), missing };
}

const NODE_PORTS = { first: 30000, count: 2768 };

function standIn({ unknown, like }: Unknown, field: string, { stack, resource }: Place): string | number {
  // The same unknown node port is the same number wherever it stands: its text names the Service.
  if (field === "port")
    return NODE_PORTS.first + (Number.parseInt(sha256Hex(unknown).slice(0, 8), 16) % NODE_PORTS.count);
  // A binding bears its target group's name; the two share a resource id.
  const id = resource.slice(resource.indexOf("/") + 1);
  const salt = field === "name" ? "" : unknown;
  return `${like ?? "k8s-unknown-"}${sha256Hex(JSON.stringify([stack, id, salt])).slice(0, 10)}`;
}
