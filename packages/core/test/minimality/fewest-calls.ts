/**
 * The fewest calls that lead from one listing to another without a gap, found by looking at all sequences of calls.
 * Shares nothing with the planner.
 *
 * The calls: CreateRule at any free number, DeleteRule, ModifyRule, SetRulePriorities with any rules to any numbers,
 * ModifyListener for the default. What a call writes is a rule of either list: nobody's rule that neither list holds
 * shall be found on a listener where a plan stopped. Old rules have the numbers 1 to m, new ones must get 1 to n.
 *
 * It deepens: first whether as many calls suffice as a bound says which ignores gaps, then one more, and so on.
 */
import { type AbstractRule, answers, type Listing, sameRule, type Task } from "./listing.ts";

/** Numbers that matter one by one, and rules behind them in any distance from one another. */
interface State {
  readonly numbered: readonly (AbstractRule | null)[];
  readonly behind: readonly AbstractRule[];
  readonly fallback: number;
}

/** The fewest calls, if they are fewer than `limit`; else `limit`. */
export function fewestCalls({ before, after }: Task, requests: number, limit: number): number {
  const goal = after.rules;
  const numbers = Math.max(before.rules.length, goal.length);
  const [old, next] = [answers(before, requests), answers(after, requests)];
  const contents = [...before.rules, ...goal].filter(
    (rule, index, all) => all.findIndex((other) => sameRule(other, rule)) === index,
  );

  const isSafe = (state: State): boolean =>
    answers(listingOf(state), requests).every((answer, request) => answer === old[request] || answer === next[request]);

  /** No plan needs fewer calls, with gaps or without. */
  const bound = ({ numbered, behind, fallback }: State): number => {
    const all = [...numbered.flatMap((rule) => rule ?? []), ...behind];
    const staying = numbered.reduce(
      (count, rule, index) => count + (isEqual(rule, goal[index]) ? 0 : 1),
      behind.length,
    );
    const renumbered = 1 + Math.max(all.length, goal.length) - common(all, goal);
    return Math.min(staying, renumbered) + (fallback === after.fallback ? 0 : 1);
  };

  let seen = new Map<string, number>();
  const reaches = (state: State, calls: number): boolean => {
    const left = bound(state);
    if (left === 0 || left > calls) return left === 0;
    const key = keyOf(state);
    if ((seen.get(key) ?? -1) >= calls) return false;
    seen.set(key, calls);
    for (const following of successors(state, contents, [before.fallback, after.fallback])) {
      if (bound(following) < calls && isSafe(following) && reaches(following, calls - 1)) return true;
    }
    return false;
  };

  const start: State = {
    numbered: Array.from({ length: numbers }, (_, index) => before.rules[index] ?? null),
    behind: [],
    fallback: before.fallback,
  };
  for (let calls = bound(start); calls < limit; calls++) {
    seen = new Map();
    if (reaches(start, calls)) return calls;
  }
  return limit;
}

function listingOf({ numbered, behind, fallback }: State): Listing {
  return { rules: [...numbered.flatMap((rule) => rule ?? []), ...behind], fallback };
}

function* successors(
  { numbered, behind, fallback }: State,
  contents: readonly AbstractRule[],
  fallbacks: readonly number[],
): Generator<State> {
  for (const other of fallbacks) if (other !== fallback) yield { numbered, behind, fallback: other };
  for (const [index, rule] of numbered.entries()) {
    if (rule !== null) yield { numbered: numbered.with(index, null), behind, fallback };
    for (const content of contents) yield { numbered: numbered.with(index, content), behind, fallback };
  }
  for (let index = 0; index <= behind.length; index++) {
    if (index < behind.length) yield { numbered, behind: behind.toSpliced(index, 1), fallback };
    for (const content of contents) {
      if (index < behind.length) yield { numbered, behind: behind.with(index, content), fallback };
      yield { numbered, behind: behind.toSpliced(index, 0, content), fallback };
    }
  }
  const all = [...numbered.flatMap((rule) => rule ?? []), ...behind];
  yield* arrangements(all, numbered.length, fallback);
}

/** SetRulePriorities: any rules at the numbers, the others behind in any order. */
function* arrangements(rules: readonly AbstractRule[], numbers: number, fallback: number): Generator<State> {
  if (numbers === 0) {
    for (const behind of orders(rules)) yield { numbered: [], behind, fallback };
    return;
  }
  const choices = [null, ...distinct(rules)];
  for (const choice of choices) {
    const rest = choice === null ? rules : rules.toSpliced(rules.indexOf(choice), 1);
    for (const { numbered, behind } of arrangements(rest, numbers - 1, fallback)) {
      yield { numbered: [choice, ...numbered], behind, fallback };
    }
  }
}

function* orders(rules: readonly AbstractRule[]): Generator<readonly AbstractRule[]> {
  if (rules.length === 0) yield [];
  for (const rule of distinct(rules)) {
    for (const rest of orders(rules.toSpliced(rules.indexOf(rule), 1))) yield [rule, ...rest];
  }
}

function distinct(rules: readonly AbstractRule[]): readonly AbstractRule[] {
  return rules.filter((rule, index) => rules.findIndex((other) => sameRule(other, rule)) === index);
}

function isEqual(a: AbstractRule | null | undefined, b: AbstractRule | undefined): boolean {
  return a === null || a === undefined ? b === undefined : b !== undefined && sameRule(a, b);
}

/** How many rules the lists have in common, equal ones counted one by one. */
function common(a: readonly AbstractRule[], b: readonly AbstractRule[]): number {
  const left = [...b];
  return a.filter((rule) => {
    const found = left.findIndex((other) => sameRule(other, rule));
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  }).length;
}

function keyOf({ numbered, behind, fallback }: State): string {
  const code = (rule: AbstractRule | null): number => (rule === null ? -1 : rule.requests * 64 + rule.answer);
  return `${numbered.map(code).join()}|${behind.map(code).join()}|${fallback}`;
}
