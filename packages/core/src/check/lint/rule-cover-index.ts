/** Finds an earlier rule that covers a later one without comparing each with each. */
import { ANY_PATH, type RuleShape, shapeCovers } from "./rule-shape.ts";

/**
 * Rules by their other conditions, then by the literal end of a host, then by the literal beginning of a path. What
 * covers a glob ends and begins as that glob does, so only the lengths that occur need to be looked up.
 */
export interface RuleCoverIndex<R> {
  readonly byOthers: Map<string, HostIndex<R>>;
}

interface HostIndex<R> {
  /** Lengths of the host ends that occur; -1 stands for exact hosts, looked up as a whole. */
  readonly lengths: Set<number>;
  readonly byEnd: Map<string, PathIndex<R>>;
}

interface PathIndex<R> {
  readonly lengths: Set<number>;
  readonly byBeginning: Map<string, { readonly shape: RuleShape; readonly rule: R }[]>;
}

/** A rule with more combinations is left out: AWS takes 5 values in all. */
const MOST_COMBINATIONS = 1000;
const ANY_HOST = "*";

export function newRuleCoverIndex<R>(): RuleCoverIndex<R> {
  return { byOthers: new Map() };
}

/** Adds a rule that later ones may be covered by. */
export function addCover<R>({ byOthers }: RuleCoverIndex<R>, shape: RuleShape, rule: R): void {
  const hosts = shape.hosts ?? [ANY_HOST];
  const paths = shape.paths ?? [""];
  if (hosts.length * paths.length > MOST_COMBINATIONS) return;
  const key = shape.others.join("\n");
  const hostIndex = getOrAdd(byOthers, key, (): HostIndex<R> => ({ lengths: new Set(), byEnd: new Map() }));
  for (const host of new Set(hosts.map(hostKey))) {
    hostIndex.lengths.add(host.startsWith("=") ? -1 : host.length);
    const pathIndex = getOrAdd(
      hostIndex.byEnd,
      host,
      (): PathIndex<R> => ({ lengths: new Set(), byBeginning: new Map() }),
    );
    for (const path of new Set(paths.map(literalBeginning))) {
      pathIndex.lengths.add(path.length);
      getOrAdd(pathIndex.byBeginning, path, () => []).push({ shape, rule });
    }
  }
}

/** A rule added before that answers every request which the given one would. */
export function findCover<R>({ byOthers }: RuleCoverIndex<R>, shape: RuleShape): R | undefined {
  const { others } = shape;
  for (const key of new Set(["", ...others, others.join("\n")])) {
    const hostIndex = byOthers.get(key);
    const found = hostIndex && coverAmongHosts(hostIndex, shape);
    if (found !== undefined) return found;
  }
  return undefined;
}

function coverAmongHosts<R>({ lengths, byEnd }: HostIndex<R>, shape: RuleShape): R | undefined {
  const host = shape.hosts?.[0];
  const end = host === undefined ? "" : literalEnd(host);
  for (const length of lengths) {
    const key = length < 0 ? `=${host}` : length <= end.length ? end.slice(end.length - length) : undefined;
    const pathIndex = key === undefined ? undefined : byEnd.get(key);
    const found = pathIndex && coverAmongPaths(pathIndex, shape);
    if (found !== undefined) return found;
  }
  return undefined;
}

function coverAmongPaths<R>({ lengths, byBeginning }: PathIndex<R>, shape: RuleShape): R | undefined {
  const beginning = literalBeginning((shape.paths ?? ANY_PATH)[0] ?? "");
  for (const length of lengths) {
    if (length > beginning.length) continue;
    const found = byBeginning.get(beginning.slice(0, length))?.find((earlier) => shapeCovers(earlier.shape, shape));
    if (found !== undefined) return found.rule;
  }
  return undefined;
}

/** An exact host as a whole, marked; otherwise what stands behind its last wildcard. */
function hostKey(host: string): string {
  const end = literalEnd(host);
  return end.length === host.length ? `=${host}` : end;
}

function literalEnd(glob: string): string {
  return glob.slice(Math.max(glob.lastIndexOf("*"), glob.lastIndexOf("?")) + 1);
}

function literalBeginning(glob: string): string {
  const wildcard = glob.search(/[*?]/);
  return wildcard < 0 ? glob : glob.slice(0, wildcard);
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let found = map.get(key);
  if (found === undefined) {
    found = make();
    map.set(key, found);
  }
  return found;
}
