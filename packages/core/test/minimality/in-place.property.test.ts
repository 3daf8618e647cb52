/**
 * Brute force: random lists of rules over six requests; in every listing on the way each request must be answered as
 * before or as after. For the usual order with its two conditions of modifying in place (see `pairRules`), and for orders
 * that are looked for.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rulesOverlap } from "../../src/diff/rule-overlap.ts";
import { pairRules } from "../../src/diff/rule-pairs.ts";
import { shapesOf } from "../../src/diff/rule-pairs-lists.ts";
import { drawn, FUZZ_RUNS } from "../fixtures/drawn.ts";
import { type AbstractRule, isGapless, type Listing, listing, show, type Task } from "./listing.ts";
import { ourCalls, type Pairing } from "./our-calls.ts";

const REQUESTS = 6;
const RUNS = FUZZ_RUNS;
const TIMEOUT = 60_000 + RUNS * 10;

/** Narrow conditions and wide ones. */
const requests = fc
  .tuple(fc.array(fc.nat(REQUESTS - 1), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([chosen, isWide]) => {
    const set = chosen.reduce((bits, request) => bits | (1 << request), 0);
    return isWide && chosen.length === 4 ? 2 ** REQUESTS - 1 : set;
  });
const aRule: fc.Arbitrary<AbstractRule> = fc.record({ requests, answer: fc.nat(2) });

/** What becomes of an old rule: none, one, or one changed. */
const anEdit = fc.oneof(
  { weight: 45, arbitrary: fc.constant((rule: AbstractRule) => [rule]) },
  { weight: 20, arbitrary: fc.nat(2).map((answer) => (rule: AbstractRule) => [{ ...rule, answer }]) },
  { weight: 10, arbitrary: requests.map((set) => (rule: AbstractRule) => [{ ...rule, requests: set }]) },
  { weight: 25, arbitrary: fc.constant(() => []) },
);

const aTask: fc.Arbitrary<Task> = fc
  .record({
    rules: fc.array(fc.tuple(aRule, anEdit), { maxLength: 5 }),
    added: fc.array(fc.tuple(fc.nat(5), aRule), { maxLength: 2 }),
    swap: fc.option(fc.tuple(fc.nat(4), fc.nat(4)), { freq: 3 }),
    fallbacks: fc.constantFrom([3, 3] as const, [3, 3] as const, [3, 4] as const, [0, 3] as const),
  })
  .map(({ rules, added, swap, fallbacks }) => {
    const after = rules.flatMap(([rule, edit]): readonly AbstractRule[] => edit(rule));
    for (const [place, rule] of added) after.splice(Math.min(place, after.length), 0, rule);
    const [one, other] = swap ?? [0, 0];
    const [a, b] = [after[one], after[other]];
    if (a !== undefined && b !== undefined) [after[one], after[other]] = [b, a];
    return {
      before: { rules: rules.map(([rule]) => rule), fallback: fallbacks[0] },
      after: { rules: after, fallback: fallbacks[1] },
    };
  });

const gapIn = (task: Task, listings: readonly Listing[]): string | undefined => {
  const gap = listings.find((now) => !isGapless(now, task, REQUESTS));
  return gap === undefined ? undefined : `${show(task.before)} ⇒ ${show(task.after)}: ${show(gap)}`;
};

describe("modifying in place", () => {
  it.each([
    { name: "in the usual order", options: { usualOrder: true } },
    { name: "in the shortest order", options: {} },
  ])("$name leaves no gap and reaches the goal", { timeout: TIMEOUT }, ({ name, options }) => {
    let inPlace = 0;
    fc.assert(
      fc.property(aTask, (task) => {
        const ours = ourCalls(task, options);
        inPlace += ours.inPlace;
        expect(gapIn(task, ours.listings)).toBeUndefined();
        expect(show(ours.listings.at(-1) ?? task.before)).toBe(show(task.after));
      }),
      drawn(`rules ${name}`, RUNS),
    );
    console.log(`rules ${name}: ${inPlace} modified in place`);
    expect(inPlace).toBeGreaterThan(RUNS / 10);
  });

  it("isn't safe where merely no rule that overlaps comes or goes above it", () => {
    const task = { before: listing("a→0 ab→1 | 3"), after: listing("c→2 ab→4 | 3") };
    expect(gapIn(task, ourCalls(task, { pair: weakly }).listings)).toBe("a→0 ab→1 | 3 ⇒ c→2 ab→4 | 3: c→2 ab→1 | 3");
    const gaps = fc
      .sample(aTask, drawn("rules modified too boldly", 2000))
      .filter((some) => gapIn(some, ourCalls(some, { pair: weakly }).listings) !== undefined);
    expect(gaps.length).toBeGreaterThan(0);
  });
});

/** The weaker condition: of the rules above that overlap it before or after, all are kept and above it both times. */
const weakly: Pairing = (existing, desired, defaults) => {
  const { kept } = pairRules(existing, [...desired], defaults, { usualOrder: true });
  const [oldShape, newShape] = [shapesOf(existing), shapesOf(desired)];
  const modified = new Map<number, number>();
  const free = new Set(desired.keys());
  for (const next of kept.values()) free.delete(next);
  for (const old of existing.keys()) {
    if (kept.has(old)) continue;
    const next = [...free].find((candidate) => {
      const meets = (shape: ReturnType<typeof oldShape>): boolean =>
        rulesOverlap(shape, oldShape(old)) || rulesOverlap(shape, newShape(candidate));
      const before = [...existing.keys()].filter((index) => index < old && meets(oldShape(index)));
      const after = [...desired.keys()].filter((index) => index < candidate && meets(newShape(index)));
      return before.length === after.length && before.every((index) => after.includes(kept.get(index) ?? -1));
    });
    if (next === undefined) continue;
    free.delete(next);
    modified.set(old, next);
  }
  return {
    kept,
    modified,
    created: [...free],
    deleted: [...existing.keys()].filter((old) => !kept.has(old) && !modified.has(old)),
  };
};
