/** Condition (b) of modifying rules in place: the conditions change, and all around is kept (see `pairRules`). */
import { rulesOverlap } from "./rule-overlap.ts";
import type { Lists, Pairs } from "./rule-pairs-lists.ts";

/** How many desired rules are tried for one existing rule. */
const TRIES = 32;

/** A rule that isn't paired yet. */
interface Free {
  readonly index: number;
  /** Rules of either list that it overlaps and that aren't kept. */
  readonly conflicts: readonly Free[];
  /** Indexes of the kept rules that it overlaps, as the goal has them. */
  readonly around: ReadonlySet<number>;
}

/** Pairs of existing and desired rules; each is tried with the one of its own number first. */
export function pairChangedConditions(
  lists: Lists,
  kept: ReadonlyMap<number, number>,
  partners: Pairs,
): readonly (readonly [number, number])[] {
  const { existing, desired } = lists;
  const olds = existing.flatMap((_, index) => (partners.byExisting.has(index) ? [] : [index]));
  const nexts = desired.flatMap((_, index) => (partners.byDesired.has(index) ? [] : [index]));
  if (olds.length === 0 || nexts.length === 0) return [];

  const { freeOlds, freeNexts } = findConflicts(lists, kept, partners, olds, nexts);
  const oldOf = new Map([...kept].map(([old, next]) => [next, old]));
  const taken = new Set<Free>();
  const pairs: (readonly [number, number])[] = [];
  for (const old of freeOlds) {
    const [conflict, ...others] = old.conflicts;
    if (others.length > 0) continue;
    const open = (conflict === undefined ? freeNexts : freeNexts.filter((next) => next === conflict)).filter(
      (next) => !taken.has(next) && next.conflicts.every((other) => other === old),
    );
    const samePriority = open.find((next) => desired[next.index]?.priority === existing[old.index]?.priority);
    const tried = samePriority === undefined ? open : [samePriority, ...open];
    const next = tried.slice(0, TRIES).find((candidate) => keepsPlace(old, candidate, oldOf));
    if (next === undefined) continue;
    taken.add(next);
    pairs.push([old.index, next.index]);
  }
  return pairs;
}

interface Draft extends Free {
  readonly conflicts: Draft[];
  readonly around: Set<number>;
}

/** Looks at each pair of rules of which one is free, once. */
function findConflicts(
  { existing, oldShape, newShape }: Lists,
  kept: ReadonlyMap<number, number>,
  partners: Pairs,
  olds: readonly number[],
  nexts: readonly number[],
): { readonly freeOlds: readonly Free[]; readonly freeNexts: readonly Free[] } {
  const draft = (index: number): Draft => ({ index, conflicts: [], around: new Set() });
  const freeOlds = olds.map(draft);
  const freeNexts = nexts.map(draft);
  // Rules that are modified under (a) are in the way of any, and no partner of any.
  const modified = draft(-1);
  const free = [
    ...freeOlds.map((rule) => ({ rule, shape: oldShape(rule.index) })),
    ...freeNexts.map((rule) => ({ rule, shape: newShape(rule.index) })),
  ];
  for (const [place, one] of free.entries()) {
    for (const other of free.slice(place + 1)) {
      if (!rulesOverlap(one.shape, other.shape)) continue;
      one.rule.conflicts.push(other.rule);
      other.rule.conflicts.push(one.rule);
    }
    for (const [old] of existing.entries()) {
      const partner = partners.byExisting.get(old);
      // Kept and modified rules have the same conditions before and after.
      if (partner === undefined || !rulesOverlap(one.shape, oldShape(old))) continue;
      if (kept.has(old)) one.rule.around.add(partner);
      else one.rule.conflicts.push(modified);
    }
  }
  return { freeOlds, freeNexts };
}

/** All kept rules around the two are in the same order before and after, and on the same side. */
function keepsPlace(old: Free, next: Free, oldOf: ReadonlyMap<number, number>): boolean {
  const around = [...new Set([...old.around, ...next.around])].sort((a, b) => a - b);
  const before = around.map((index) => oldOf.get(index) ?? -1);
  return around.every((index, place) => {
    const was = before[place] ?? -1;
    return (place === 0 || (before[place - 1] ?? -1) < was) && was < old.index === index < next.index;
  });
}
