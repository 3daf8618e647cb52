/** What holds for every desired graph, whatever it was built from; for tests of code that makes or changes graphs. */
import type { DesiredGraph } from "@elbplan/core";

/** Freezes a value and everything in it, so that code which writes into its input fails loudly; returns it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** Paths to fields that are there and undefined, keys joined by `/`; empty for plain JSON. */
export function undefinedPlaces(value: unknown, at = ""): readonly string[] {
  if (value === undefined) return [at];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => undefinedPlaces(inner, `${at}/${key}`));
}

/** References that name no resource of their stack, or of the stack they name, as `stack: resource key`; empty if all lead somewhere. */
export function danglingReferences(graph: DesiredGraph): readonly string[] {
  const all = [...Object.values(graph.stacks), graph.clusterStack];
  const resources = new Map(all.map((stack) => [stack.id, new Set(Object.keys(stack.resources))]));
  return all.flatMap((stack) =>
    references(stack.resources)
      .filter(({ ref, stack: other = stack.id }) => resources.get(other)?.has(ref) !== true)
      .map(({ ref }) => `${stack.id}: ${ref}`),
  );
}

function references(value: unknown): readonly { readonly ref: string; readonly stack?: string }[] {
  if (typeof value !== "object" || value === null) return [];
  if ("ref" in value && typeof value.ref === "string") {
    const stack = "stack" in value && typeof value.stack === "string" ? { stack: value.stack } : {};
    return [{ ref: value.ref, ...stack }];
  }
  return Object.values(value).flatMap(references);
}

/** Puts a list into another order, always the same one for the same seed. */
export function shuffled(seed: string): <T>(items: readonly T[]) => readonly T[] {
  let state = [...seed].reduce((hash, char) => (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0, 7);
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return (items) => {
    const left = [...items];
    const order: (typeof left)[number][] = [];
    while (left.length > 0) order.push(...left.splice(next(left.length), 1));
    return order;
  };
}
