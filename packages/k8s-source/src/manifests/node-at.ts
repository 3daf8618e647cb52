/** Finds the YAML node that a JSON pointer leads to. */
import { type Document, isAlias, isMap, isPair, isSeq, type Node, type Pair, visit, type YAMLMap } from "yaml";
import { isMergeKey } from "./plain-value.ts";

export interface NodeAt {
  readonly node: Node | null;
  /** Where to point at: the key of a map entry, the item of a list. */
  readonly offset: number;
  /** Whether the pointer led to a node; otherwise it is the nearest ancestor. */
  readonly exact: boolean;
}

/** Follows an RFC 6901 pointer as far as it goes, through aliases and merge keys. */
export function nodeAt(root: Node | null, pointer: string): NodeAt {
  let node = root;
  let offset = root?.range?.[0] ?? 0;
  for (const raw of pointer.split("/").slice(1)) {
    const step = stepInto(resolved(node, root), raw.replaceAll("~1", "/").replaceAll("~0", "~"), root);
    if (step === undefined) return { node, offset, exact: false };
    node = step.node;
    offset = step.offset ?? offset;
  }
  return { node, offset, exact: true };
}

interface Step {
  readonly node: Node | null;
  readonly offset: number | undefined;
}

function stepInto(node: Node | null, key: string, root: Node | null): Step | undefined {
  if (isMap(node)) return entry(node, key, root, 0);
  if (!isSeq(node) || !/^\d+$/.test(key)) return undefined;
  const item = node.items[Number(key)];
  if (item === undefined) return undefined;
  const found = isPair(item) ? null : (item as Node | null);
  return { node: found, offset: found?.range?.[0] };
}

function entry(map: YAMLMap, key: string, root: Node | null, merges: number): Step | undefined {
  const pairs = map.items as readonly Pair<Node, Node | null>[];
  const pair = pairsByKey(map, root).get(key);
  if (pair !== undefined) return { node: pair.value, offset: pair.key.range?.[0] };
  // A merge that merges itself would go round for ever.
  if (merges > 10) return undefined;
  for (const { value } of pairs.filter((candidate) => isMergeKey(candidate.key))) {
    const source = resolved(value, root);
    for (const map of isSeq(source) ? source.items : [source]) {
      const target = resolved(map as Node | null, root);
      const found = isMap(target) ? entry(target, key, root, merges + 1) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** A map may be asked for each of its keys, so its keys are gathered once. */
const gathered = new WeakMap<YAMLMap, ReadonlyMap<string, Pair<Node, Node | null>>>();

function pairsByKey(map: YAMLMap, root: Node | null): ReadonlyMap<string, Pair<Node, Node | null>> {
  const known = gathered.get(map);
  if (known !== undefined) return known;
  const pairs = new Map<string, Pair<Node, Node | null>>();
  for (const pair of map.items as readonly Pair<Node, Node | null>[]) {
    // Later pairs replace earlier ones: the last of equal keys holds.
    if (!isMergeKey(pair.key)) pairs.set(keyText(pair.key, root), pair);
  }
  gathered.set(map, pairs);
  return pairs;
}

function keyText(key: Node, root: Node | null): string {
  const node = resolved(key, root);
  return String((node as { readonly value?: unknown } | null)?.value ?? "");
}

/** The node an alias stands for: the last one with that anchor before it. */
function resolved(node: Node | null, root: Node | null): Node | null {
  if (!isAlias(node)) return node;
  let target: Node | null = null;
  visit(root as Node | Document, {
    Node: (_key, candidate) => {
      if (candidate === node) return visit.BREAK;
      if ("anchor" in candidate && candidate.anchor === node.source) target = candidate;
      return undefined;
    },
  });
  return target;
}
