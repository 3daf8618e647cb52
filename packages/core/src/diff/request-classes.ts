/**
 * The classes of requests that some rules tell apart: sets of rules that one request may match together.
 *
 * A rule with several values falls into parts with one value a field. The parts that one request matches overlap
 * pairwise, and with a part they hold every part that covers it. All sets of parts that are so are listed: the set of
 * each request is among them, and perhaps some that no request has.
 */
import { stableJson } from "../lib/stable-json.ts";
import { partCount, type RuleShape, ruleCovers, rulesOverlap, singleShapes } from "./rule-overlap.ts";

/** Sets are the bits of one number. */
const MOST_PARTS = 30;
const MOST_CLASSES = 256;

/** What the classes are made of. The key stands for the conditions: there is one rule for each key. */
export interface ClassifiedRule {
  readonly key: string;
  readonly shape: RuleShape;
}

export interface RequestClasses {
  /** Keys of all rules. */
  readonly keys: ReadonlySet<string>;
  /** The keys of the rules that a request of each class matches. */
  readonly classes: readonly ReadonlySet<string>[];
}

/** The classes; undefined if there are too many. */
export function requestClasses(rules: readonly ClassifiedRule[]): RequestClasses | undefined {
  const keys = new Set(rules.map(({ key }) => key));
  if (rules.reduce((count, { shape }) => count + partCount(shape), 0) > 2 * MOST_PARTS) return undefined;
  const parts = partsOf(rules);
  if (parts.length > MOST_PARTS) return undefined;
  const sets = compatibleSets(parts);
  if (sets === undefined) return undefined;
  const matching = (set: number): readonly string[] =>
    parts.flatMap((part, index) => ((set >> index) & 1 ? [...part.keys] : []));
  const classes = [...sets].map((set) => new Set(matching(set)));
  return { keys, classes: [...new Map(classes.map((found) => [[...found].sort().join("\n"), found])).values()] };
}

/** Sets of parts that overlap pairwise and hold what covers them, as bits. */
function compatibleSets(parts: readonly Part[]): ReadonlySet<number> | undefined {
  const setOf = (contains: (part: Part) => boolean): number =>
    parts.reduce((set, part, index) => (contains(part) ? set | (1 << index) : set), 0);
  const known = parts.map((one) => ({
    overlapping: setOf((other) => rulesOverlap(one.shape, other.shape)),
    covering: setOf((other) => other === one || ruleCovers(other.shape, one.shape)),
  }));
  const sets = new Set([0]);
  // A set that is added while the loop runs has its turn, too.
  for (const set of sets) {
    for (const [index, { overlapping, covering }] of known.entries()) {
      if ((set & (1 << index)) !== 0 || (overlapping & set) !== set) continue;
      sets.add(set | covering);
      if (sets.size > MOST_CLASSES) return undefined;
    }
  }
  return sets;
}

interface Part {
  readonly shape: RuleShape;
  /** Of the rules that have this part. */
  readonly keys: Set<string>;
}

function partsOf(rules: readonly ClassifiedRule[]): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const { key, shape } of rules) {
    for (const part of singleShapes(shape)) {
      const name = shape.isWhole ? stableJson(part) : key;
      const known = parts.get(name);
      if (known === undefined) parts.set(name, { shape: part, keys: new Set([key]) });
      else known.keys.add(key);
    }
  }
  return [...parts.values()];
}
