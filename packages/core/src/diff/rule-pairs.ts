/**
 * Pairs the rules that exist on a listener with those that should.
 *
 * Rules of equal content are kept, whatever their number. Of the others, as many as possible are modified in place
 * instead of deleted and created anew, but only where no request can see a third answer meanwhile:
 *
 * (a) The conditions stay equal, and the rules above it that can match the same requests are the same before and after,
 *     each kept or itself modified under (a).
 * (b) The conditions change; every rule that can match a request of the old or new conditions is kept, in the same
 *     order among themselves and on the same side of it, and the listener's default actions don't change.
 *
 * Weaker conditions look right and aren't: old `/a*`→A, `/*`→B, new `/b*`→A2, `/*`→C would drop `/a1` onto the dying B.
 */

import { type RuleKeys, sameRule } from "../desired/rule-key.ts";
import { LAST_PRIORITY, type RuleCondition } from "../model/listener-rule.ts";
import { entry } from "./owned.ts";
import { rulesOverlap } from "./rule-overlap.ts";
import { pairChangedConditions } from "./rule-pairs-changed.ts";
import { type Lists, Pairs, shapesOf } from "./rule-pairs-lists.ts";
import { type DefaultOutcomes, findTurns, type RuleTurn } from "./rule-turns.ts";

/** One rule of either list, in the order of priorities. */
export interface PairableRule {
  readonly priority: number;
  readonly keys: RuleKeys;
  readonly conditions: readonly RuleCondition[];
}

/** Indexes into the two lists. */
export interface RulePairing {
  /** By index of the existing rule: the desired rule of equal content. */
  readonly kept: ReadonlyMap<number, number>;
  /** By index of the existing rule: the desired rule it turns into, in place. */
  readonly modified: ReadonlyMap<number, number>;
  readonly created: readonly number[];
  readonly deleted: readonly number[];
  /** The calls, where another order than the usual one needs fewer of them. */
  readonly turns?: readonly RuleTurn[];
}

export interface PairingOptions {
  /** The calls must be in the usual order: no other one is looked for. */
  readonly usualOrder?: boolean;
}

/**
 * Linear in the number of rules, but for the overlaps of those that differ. Where rules that differ overlap, another
 * order than the usual one may need fewer calls, and is looked for.
 */
export function pairRules(
  existing: readonly PairableRule[],
  desired: readonly PairableRule[],
  defaults: DefaultOutcomes,
  { usualOrder = false }: PairingOptions = {},
): RulePairing {
  if (existing.length === 0) {
    return { kept: new Map(), modified: new Map(), created: [...desired.keys()], deleted: [] };
  }
  const kept = pairEqual(existing, desired);
  const partners = new Pairs(kept);
  const lists: Lists = { existing, desired, oldShape: shapesOf(existing), newShape: shapesOf(desired) };
  const defaultStays = defaults.before === defaults.after;
  for (const [old, next] of pairSameConditions(lists, partners)) partners.add(old, next);
  if (defaultStays) for (const [old, next] of pairChangedConditions(lists, kept, partners)) partners.add(old, next);
  const usual = pairing(lists, kept, partners);
  const last = existing.at(-1)?.priority ?? 0;
  if (usualOrder || last + usual.created.length > LAST_PRIORITY) return usual;
  const calls = usual.modified.size + usual.created.length + usual.deleted.length;
  const more = (isRenumbered(lists, usual) ? 1 : 0) + (defaultStays ? 0 : 1);
  const found = findTurns(lists, kept, defaults, calls + more);
  if (found === undefined) return usual;
  const modified = found.turns.flatMap((turn) => (turn.kind === "modify" ? [[turn.old, turn.next] as const] : []));
  return { ...pairing(lists, found.kept, new Pairs([...found.kept, ...modified])), turns: found.turns };
}

function pairing({ existing, desired }: Lists, kept: ReadonlyMap<number, number>, partners: Pairs): RulePairing {
  return {
    kept,
    modified: new Map([...partners.byExisting].filter(([old]) => !kept.has(old)).sort(([a], [b]) => a - b)),
    created: [...desired.keys()].filter((index) => !partners.byDesired.has(index)),
    deleted: [...existing.keys()].filter((index) => !partners.byExisting.has(index)),
  };
}

/** Whether a rule that stays changes its number, or a new one needs that of a rule that goes. */
function isRenumbered({ existing, desired }: Lists, { kept, modified, created, deleted }: RulePairing): boolean {
  const taken = new Set(deleted.map((old) => existing[old]?.priority));
  return (
    [...kept, ...modified].some(([old, next]) => existing[old]?.priority !== desired[next]?.priority) ||
    created.some((next) => taken.has(desired[next]?.priority))
  );
}

/** Equal content: first where the number is equal too, then in order. */
function pairEqual(existing: readonly PairableRule[], desired: readonly PairableRule[]): ReadonlyMap<number, number> {
  const pairs = new Pairs([]);
  const byPriority = new Map(existing.map(({ priority }, index) => [priority, index]));
  for (const [next, rule] of desired.entries()) {
    const old = byPriority.get(rule.priority);
    const candidate = old === undefined ? undefined : existing[old];
    if (old !== undefined && candidate !== undefined && sameRule(rule.keys, candidate.keys)) pairs.add(old, next);
  }
  const strict = new Map<string, number[]>();
  const loose = new Map<string, number[]>();
  for (const [old, { keys }] of existing.entries()) {
    if (pairs.byExisting.has(old)) continue;
    entry(strict, keys.content, () => []).push(old);
    entry(loose, keys.loose, () => []).push(old);
  }
  for (const [next, { keys }] of desired.entries()) {
    if (pairs.byDesired.has(next)) continue;
    const candidates = keys.isLoose ? loose.get(keys.loose) : strict.get(keys.content);
    const old = candidates?.find((index) => !pairs.byExisting.has(index));
    if (old !== undefined) pairs.add(old, next);
  }
  return new Map([...pairs.byExisting].sort(([a], [b]) => a - b));
}

/** (a): assumes all candidates, and drops the unsafe ones until nothing changes. */
function pairSameConditions(lists: Lists, partners: Pairs): Iterable<readonly [number, number]> {
  const { existing, desired, oldShape, newShape } = lists;
  const waiting = new Map<string, number[]>();
  for (const [next, { keys }] of desired.entries()) {
    if (!partners.byDesired.has(next)) entry(waiting, keys.conditions, () => []).push(next);
  }
  const candidates = new Map<number, number>();
  for (const [old, { keys }] of existing.entries()) {
    const next = partners.byExisting.has(old) ? undefined : waiting.get(keys.conditions)?.shift();
    if (next !== undefined) candidates.set(old, next);
  }
  const all = new Pairs([...partners.byExisting, ...candidates]);
  if (candidates.size === 0 || keepsOrder(all, existing.length, desired.length)) return candidates;

  const surroundings = [...candidates].map(([old, next]) => {
    const shape = oldShape(old);
    return {
      old,
      next,
      before: indexes(old).filter((index) => rulesOverlap(oldShape(index), shape)),
      after: indexes(next).filter((index) => rulesOverlap(newShape(index), shape)),
    };
  });
  let unsafe = surroundings;
  do {
    unsafe = surroundings.filter(
      ({ old, before, after }) =>
        candidates.has(old) &&
        (before.length !== after.length ||
          before.some((index) => {
            const partner = all.byExisting.get(index);
            return partner === undefined || !after.includes(partner);
          })),
    );
    for (const { old, next } of unsafe) {
      candidates.delete(old);
      all.remove(old, next);
    }
  } while (unsafe.length > 0);
  return candidates;
}

/** Nothing comes, nothing goes, nothing moves: then every rule has the same rules above it. */
function keepsOrder(pairs: Pairs, existing: number, desired: number): boolean {
  if (existing !== desired || pairs.byExisting.size !== existing) return false;
  return [...pairs.byExisting].every(([old, next]) => old === next);
}

/** 0, 1, … up to and without `end`. */
function indexes(end: number): readonly number[] {
  return Array.from({ length: end }, (_, index) => index);
}
