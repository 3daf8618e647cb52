/** YAML nodes → plain JSON values, as kubectl turns YAML into JSON. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { type DocumentProblem, MAX_DEPTH, tooComplex, tooDeep } from "./yaml-problems.ts";

/** Values that aliases may add to one document; a document of nested aliases grows without bound otherwise. */
const MAX_ALIASED_VALUES = 100_000;

export interface PlainValue {
  /** Undefined if a problem makes the document unreadable. */
  readonly value: unknown;
  readonly problems: readonly DocumentProblem[];
}

interface Walk {
  readonly anchors: Map<string, Node>;
  readonly problems: DocumentProblem[];
  aliasDepth: number;
  aliasedValues: number;
}

/** Stops a walk; caught in `plainValue`, never seen outside. */
class Unreadable {
  readonly problem: DocumentProblem;
  constructor(problem: DocumentProblem) {
    this.problem = problem;
  }
}

/**
 * Turns the contents of a document into plain JSON. Aliases are copied, merge keys (`<<`) merged, keys made strings as
 * kubectl does. Of equal keys the last one holds, with a problem. Keys such as `__proto__` are ordinary own keys.
 */
export function plainValue(contents: Node | null): PlainValue {
  const walk: Walk = { anchors: new Map(), problems: [], aliasDepth: 0, aliasedValues: 0 };
  try {
    return { value: plain(contents, 0, walk), problems: walk.problems };
  } catch (error) {
    if (error instanceof Unreadable) return { value: undefined, problems: [...walk.problems, error.problem] };
    throw error;
  }
}

/** Sets an own property, also for the key `__proto__`, which an assignment would take for the prototype. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

function plain(node: unknown, depth: number, walk: Walk): unknown {
  if (isScalar(node)) {
    if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
    if (walk.aliasDepth > 0) countAliased(walk, node);
    return scalarValue(node.value, offsetOf(node));
  }
  if (depth > MAX_DEPTH) throw new Unreadable(tooDeep(offsetOf(node)));
  if (isMap(node)) {
    if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
    if (walk.aliasDepth > 0) countAliased(walk, node);
    return plainMap(node, depth, walk);
  }
  if (isSeq(node)) {
    if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
    if (walk.aliasDepth > 0) countAliased(walk, node);
    return node.items.map((item) => plain(item, depth + 1, walk));
  }
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source);
    if (target === undefined) throw invalid(node, "an alias names no anchor before it");
    walk.aliasDepth++;
    const value = plain(target, depth + 1, walk);
    walk.aliasDepth--;
    return value;
  }
  return null;
}

function plainMap(map: YAMLMap, depth: number, walk: Walk): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const merged: unknown[] = [];
  for (const pair of map.items) {
    if (isMergeKey(pair.key)) {
      merged.push(...mergeSources(pair, depth, walk));
      continue;
    }
    const key = plainKey(pair.key, depth, walk);
    if (Object.hasOwn(result, key) && walk.aliasDepth === 0) {
      const message = `the key ${JSON.stringify(key)} stands in this map twice; the last value holds, as in kubectl`;
      walk.problems.push({ code: "input.duplicate-key", offset: offsetOf(pair.key), message });
    }
    setOwn(result, key, plain(pair.value, depth + 1, walk));
  }
  for (const source of merged) {
    for (const [key, value] of Object.entries(source as object)) {
      if (!Object.hasOwn(result, key)) setOwn(result, key, value);
    }
  }
  return result;
}

/** Tells whether a key is the merge key `<<`. */
export function isMergeKey(key: unknown): boolean {
  if (!isScalar(key)) return false;
  return typeof key.value === "symbol" || (key.value === "<<" && key.type === "PLAIN");
}

function mergeSources(pair: Pair<unknown, unknown>, depth: number, walk: Walk): readonly unknown[] {
  const value = plain(pair.value, depth + 1, walk);
  const sources = Array.isArray(value) ? value : [value];
  if (sources.every((source) => typeof source === "object" && source !== null && !Array.isArray(source)))
    return sources;
  throw invalid(pair.key, "the merge key << wants a map or a list of maps");
}

function plainKey(key: unknown, depth: number, walk: Walk): string {
  const value = plain(key, depth + 1, walk);
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  // `{{ .Values.x }}` outside quotes is a map whose key is a map.
  const template = isMap(key) && key.flow === true ? "; a template such as {{ … }} must be rendered first" : "";
  throw invalid(key, `a key must be a string${template}`);
}

function scalarValue(value: unknown, offset: number): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw new Unreadable({
        code: "input.yaml-invalid",
        offset,
        message: "JSON, and so Kubernetes, has no NaN or infinity",
      });
    case "bigint":
      return Number(value);
    case "symbol":
      return "<<";
    default:
      return value instanceof Uint8Array ? new TextDecoder().decode(value) : null;
  }
}

function countAliased(walk: Walk, node: unknown): void {
  if (++walk.aliasedValues > MAX_ALIASED_VALUES) {
    throw new Unreadable(tooComplex(offsetOf(node), `its aliases stand for more than ${MAX_ALIASED_VALUES} values`));
  }
}

function invalid(node: unknown, message: string): Unreadable {
  return new Unreadable({ code: "input.yaml-invalid", offset: offsetOf(node), message });
}

function offsetOf(node: unknown): number {
  const range = (node as { readonly range?: readonly number[] | null } | null)?.range;
  return range?.[0] ?? 0;
}
