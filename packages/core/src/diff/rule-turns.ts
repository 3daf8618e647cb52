/**
 * Looks for an order of calls that is shorter than the one that always works (`order/rule-steps.ts`) and as safe.
 *
 * What makes a plan short is modifying in place: one call for a deletion and a creation. So all ways to pair rules that go
 * with rules that come are tried, those with the fewest calls first: each number by itself, or, with a call that sets all
 * numbers at once, any with any. For each the calls are put in some order such that after every one of them each class
 * of requests is served as before or as after. The first that succeeds is taken. The search is bounded: it is meant for
 * edits of a few rules that overlap.
 */
import { sameRule } from "../desired/rule-key.ts";
import { LAST_PRIORITY } from "../model/listener-rule.ts";
import { entry } from "./owned.ts";
import { type ClassifiedRule, requestClasses } from "./request-classes.ts";
import { rulesOverlap } from "./rule-overlap.ts";
import { type Lists, Pairs } from "./rule-pairs-lists.ts";

/** One call. Rules by their index in the old and in the new list. */
export type RuleTurn =
  | { readonly kind: "modify"; readonly old: number; readonly next: number }
  | { readonly kind: "create"; readonly next: number }
  | { readonly kind: "renumber" }
  | { readonly kind: "default" }
  | { readonly kind: "delete"; readonly old: number };

/** What becomes of a request that no rule serves. */
export interface DefaultOutcomes {
  readonly before: string;
  readonly after: string;
}

/** One way to get from the old rules to the new ones. */
export interface Way {
  /** By index of the old rule: the new one that is equal. */
  readonly kept: ReadonlyMap<number, number>;
  /** The calls. */
  readonly turns: readonly RuleTurn[];
}

/** States that are looked at, over all ways to pair. */
const MOST_STATES = 2000;
/** What was done is kept as the bits of one number. */
const MOST_TURNS = 24;

/** An order of fewer than `calls` calls. */
export function findTurns(
  lists: Lists,
  kept: ReadonlyMap<number, number>,
  defaults: DefaultOutcomes,
  calls: number,
): Way | undefined {
  const last = Math.max(0, ...lists.existing.map(({ priority }) => priority));
  // Making room behind the last rule would be one more call.
  if (last + lists.desired.length > LAST_PRIORITY) return undefined;
  const budget = { states: MOST_STATES };
  const classes = new Map<ReadonlyMap<number, number>, Classes | undefined>();
  for (const way of waysToPair(lists, kept, defaults, calls)) {
    if (!classes.has(way.kept)) classes.set(way.kept, requestClasses(concerned(lists, way.kept)));
    const known = classes.get(way.kept);
    if (known === undefined && way.kept === kept) return undefined;
    const turns = known && inSafeOrder(way, placesOf(lists, way), known, defaults, budget);
    if (turns !== undefined) return { kept: way.kept, turns };
    if (budget.states <= 0) return undefined;
  }
  return undefined;
}

type Classes = NonNullable<ReturnType<typeof requestClasses>>;

/** Those with the fewest calls first. */
function* waysToPair(
  lists: Lists,
  kept: ReadonlyMap<number, number>,
  defaults: DefaultOutcomes,
  calls: number,
): Generator<Way> {
  const ending: readonly RuleTurn[] = defaults.before === defaults.after ? [] : [{ kind: "default" }];
  const inPlace = numberByNumber(lists, ending);
  const { olds, nexts } = unpaired(lists, kept);
  const most = olds.length + nexts.length + 1 + ending.length;
  let isInPlaceTried = inPlace.turns.length >= Math.min(calls, MOST_TURNS);
  for (let pairs = Math.min(olds.length, nexts.length); most - pairs < calls; pairs--) {
    if (!isInPlaceTried && inPlace.turns.length <= most - pairs) {
      isInPlaceTried = true;
      yield inPlace;
    }
    if (pairs < 0) break;
    if (most - pairs > MOST_TURNS) continue;
    for (const modified of pairings(olds, nexts, pairs)) {
      yield { kept, turns: [...turnsOf(olds, nexts, modified), { kind: "renumber" }, ...ending] };
    }
  }
  if (!isInPlaceTried) yield inPlace;
}

/** No rule changes its number. */
function numberByNumber({ existing, desired }: Lists, ending: readonly RuleTurn[]): Way {
  const oldOf = new Map(existing.map(({ priority }, index) => [priority, index]));
  const kept = new Map<number, number>();
  const modified = new Map<number, number>();
  for (const [next, { priority, keys }] of desired.entries()) {
    const old = oldOf.get(priority);
    if (old === undefined) continue;
    const current = existing[old]?.keys;
    (current !== undefined && sameRule(keys, current) ? kept : modified).set(old, next);
  }
  const { olds, nexts } = unpaired({ existing, desired }, kept);
  return { kept, turns: [...turnsOf(olds, nexts, modified), ...ending] };
}

function unpaired(
  { existing, desired }: Pick<Lists, "existing" | "desired">,
  kept: ReadonlyMap<number, number>,
): { readonly olds: readonly number[]; readonly nexts: readonly number[] } {
  const taken = new Set(kept.values());
  return {
    olds: [...existing.keys()].filter((old) => !kept.has(old)),
    nexts: [...desired.keys()].filter((next) => !taken.has(next)),
  };
}

/** In the order in which they are tried. */
function turnsOf(
  olds: readonly number[],
  nexts: readonly number[],
  modified: ReadonlyMap<number, number>,
): readonly RuleTurn[] {
  const pairs = new Pairs(modified);
  return [
    ...[...modified].map(([old, next]): RuleTurn => ({ kind: "modify", old, next })),
    ...nexts.flatMap((next): RuleTurn[] => (pairs.byDesired.has(next) ? [] : [{ kind: "create", next }])),
    ...olds.toReversed().flatMap((old): RuleTurn[] => (pairs.byExisting.has(old) ? [] : [{ kind: "delete", old }])),
  ];
}

/** All ways to pair that many. */
function* pairings(
  olds: readonly number[],
  nexts: readonly number[],
  count: number,
): Generator<ReadonlyMap<number, number>> {
  const [old, ...others] = olds;
  if (count === 0) yield new Map();
  if (count === 0 || old === undefined || olds.length < count) return;
  for (const next of nexts) {
    const left = nexts.filter((other) => other !== next);
    for (const rest of pairings(others, left, count - 1)) yield new Map([[old, next], ...rest]);
  }
  yield* pairings(others, nexts, count);
}

/** A rule from its first to its last content, and its places before and after the numbers are set. */
interface Place {
  readonly before?: Content;
  readonly after?: Content;
  /** Which turn changes it. */
  readonly turn?: number;
  readonly early: number;
  readonly late: number;
}

interface Content {
  readonly key: string;
  readonly outcome: string;
}

/** The turns in an order that no class of requests notices; undefined if there is none, or too much to look at. */
function inSafeOrder(
  { turns }: Way,
  places: readonly Place[],
  { classes, keys: concerned }: Classes,
  defaults: DefaultOutcomes,
  budget: { states: number },
): readonly RuleTurn[] | undefined {
  const visible = places.filter(
    ({ before, after }) => concerned.has(before?.key ?? "") || concerned.has(after?.key ?? ""),
  );
  const early = visible.toSorted((a, b) => a.early - b.early);
  const late = visible.toSorted((a, b) => a.late - b.late);
  const renumber = turns.findIndex(({ kind }) => kind === "renumber");
  const ending = turns.findIndex(({ kind }) => kind === "default");

  const served = (done: number): readonly string[] => {
    const isDone = (turn: number): boolean => ((done >> turn) & 1) === 1;
    const inForce = (renumber >= 0 && isDone(renumber) ? late : early).flatMap(
      ({ before, after, turn }) => (turn === undefined || isDone(turn) ? after : before) ?? [],
    );
    const fallback = ending >= 0 && isDone(ending) ? defaults.after : defaults.before;
    return classes.map((keys) => inForce.find(({ key }) => keys.has(key))?.outcome ?? fallback);
  };
  const all = 2 ** turns.length - 1;
  const first = served(0);
  const last = served(all);
  const isSafe = (done: number): boolean =>
    served(done).every((outcome, index) => outcome === first[index] || outcome === last[index]);

  const dead = new Set<number>();
  const continued = (done: number): readonly RuleTurn[] | undefined => {
    if (done === all) return [];
    for (const [index, turn] of turns.entries()) {
      const next = done | (1 << index);
      if (next === done || dead.has(next)) continue;
      if (budget.states-- <= 0) return undefined;
      const rest = isSafe(next) ? continued(next) : undefined;
      if (rest !== undefined) return [turn, ...rest];
      dead.add(next);
    }
    return undefined;
  };
  return continued(0);
}

/** New rules come behind all old ones at first, and what goes stands behind all new ones at last. */
function placesOf({ existing, desired }: Lists, { kept, turns }: Way): readonly Place[] {
  const renumbers = turns.some(({ kind }) => kind === "renumber");
  const behind = renumbers ? Math.max(0, ...existing.map(({ priority }) => priority)) : 0;
  const beyond = renumbers ? Math.max(0, ...desired.map(({ priority }) => priority)) : 0;
  const old = (index: number): Content => contentOf(existing[index]);
  const next = (index: number): Content => contentOf(desired[index]);
  const numberOf = (index: number): number => existing[index]?.priority ?? 0;
  const goalOf = (index: number): number => desired[index]?.priority ?? 0;
  return [
    ...[...kept].map(([from, to]): Place => ({ after: old(from), early: numberOf(from), late: goalOf(to) })),
    ...turns.flatMap((turn, index): Place[] => {
      switch (turn.kind) {
        case "modify":
          return [
            {
              before: old(turn.old),
              after: next(turn.next),
              turn: index,
              early: numberOf(turn.old),
              late: goalOf(turn.next),
            },
          ];
        case "create":
          return [{ after: next(turn.next), turn: index, early: behind + goalOf(turn.next), late: goalOf(turn.next) }];
        case "delete":
          return [{ before: old(turn.old), turn: index, early: numberOf(turn.old), late: beyond + numberOf(turn.old) }];
        default:
          return [];
      }
    }),
  ];
}

function contentOf(rule: Lists["existing"][number] | undefined): Content {
  return { key: rule?.keys.conditions ?? "", outcome: rule?.keys.outcome ?? "" };
}

/** The rules that change, and those that stay and overlap them, or change their order. */
function concerned(lists: Lists, kept: ReadonlyMap<number, number>): readonly ClassifiedRule[] {
  const found = new Map<string, ClassifiedRule>();
  const add = (rule: Lists["existing"][number] | undefined, shape: ClassifiedRule["shape"]): void => {
    if (rule !== undefined) entry(found, rule.keys.conditions, () => ({ key: rule.keys.conditions, shape }));
  };
  const { olds, nexts } = unpaired(lists, kept);
  for (const old of olds) add(lists.existing[old], lists.oldShape(old));
  for (const next of nexts) add(lists.desired[next], lists.newShape(next));
  const changing = [...found.values()];
  const staying = [...kept].sort(([a], [b]) => a - b);
  const moves = staying.some(([, next], index) => next < (staying[index - 1]?.[1] ?? -1));
  for (const [old] of staying) {
    const shape = lists.oldShape(old);
    if (moves || changing.some((other) => rulesOverlap(other.shape, shape))) add(lists.existing[old], shape);
  }
  return [...found.values()];
}
