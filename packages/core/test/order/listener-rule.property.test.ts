import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reaches } from "../../src/check/reaches.ts";
import { simulateSteps } from "../../src/check/simulate.ts";
import type { Action } from "../../src/model/action.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import { plan } from "../../src/plan.ts";
import { ownershipTags } from "../../src/resolve/ownership-tags.ts";
import { carryOut } from "../fixtures/carry-out.ts";
import { CLUSTER, graphOf, path, type RuleSketch } from "../fixtures/graph.ts";
import { answers } from "../fixtures/routing.ts";
import { anyAllowedOrder } from "../fixtures/shuffle.ts";

const REQUESTS = ["/a", "/b", "/c", "/d", "/e", "/f"] as const;
const RUNS = 2000;
const TIMEOUT = 120_000;

const says = (text: string): RuleAction => ({
  type: "fixed-response",
  fixedResponseConfig: { statusCode: "200", contentType: "text/plain", messageBody: text },
});

interface Rule {
  readonly paths: readonly string[];
  readonly action: string;
}

const aRule: fc.Arbitrary<Rule> = fc.record({
  paths: fc.oneof(
    { weight: 3, arbitrary: fc.subarray([...REQUESTS], { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant(["/*"]) },
  ),
  action: fc.constantFrom("A", "B", "C"),
});

/** What becomes of one old rule. */
const anEdit = fc.oneof(
  { weight: 45, arbitrary: fc.constant({ kind: "keep" as const }) },
  {
    weight: 20,
    arbitrary: fc.record({ kind: fc.constant("action" as const), action: fc.constantFrom("A", "B", "C") }),
  },
  { weight: 15, arbitrary: fc.record({ kind: fc.constant("paths" as const), rule: aRule }) },
  { weight: 20, arbitrary: fc.constant({ kind: "drop" as const }) },
);

const aPair = fc
  .record({
    edits: fc.array(fc.tuple(aRule, anEdit), { maxLength: 6 }),
    added: fc.array(fc.tuple(fc.nat(6), aRule), { maxLength: 3 }),
    swap: fc.option(fc.tuple(fc.nat(5), fc.nat(5)), { freq: 3 }),
    defaults: fc.constantFrom(["X", "X"] as const, ["X", "X"] as const, ["X", "Y"] as const),
    seed: fc.nat(),
  })
  .map(({ edits, added, swap, defaults, seed }) => {
    const before = edits.map(([rule]) => rule);
    const after = edits.flatMap(([rule, edit]): readonly Rule[] => {
      if (edit.kind === "keep") return [rule];
      if (edit.kind === "action") return [{ ...rule, action: edit.action }];
      return edit.kind === "paths" ? [{ ...rule, paths: edit.rule.paths }] : [];
    });
    for (const [place, rule] of added) after.splice(Math.min(place, after.length), 0, rule);
    const [i, j] = swap ?? [0, 0];
    const [one, other] = [after[i], after[j]];
    if (one !== undefined && other !== undefined) [after[i], after[j]] = [other, one];
    return { before, after, defaults, seed };
  });

const sketch = (rules: readonly Rule[]): readonly RuleSketch[] =>
  rules.map(({ paths, action }) => ({ conditions: [path(...paths)], actions: [says(action)] }));

const graph = (rules: readonly Rule[], last: string) =>
  graphOf([{ listeners: { 80: { defaultActions: [says(last)], rules: sketch(rules) } } }]);

/** Requests that some state on the way serves neither as before nor as after. */
function gaps(before: Account, actions: readonly Action[]): readonly string[] {
  const states = [before, ...[...simulateSteps(before, actions)].map(({ account }) => account)];
  const served = states.map((state) => answers(state, 80, REQUESTS));
  return REQUESTS.filter((_, request) => {
    const allowed = [served[0]?.[request], served.at(-1)?.[request]];
    return served.some((answer) => !allowed.includes(answer[request]));
  });
}

const EMPTY = { X: carryOut(graph([], "X")).account, Y: carryOut(graph([], "Y")).account };

/** An account in which these rules exist. */
function accountWith(rules: readonly Rule[], last: "X" | "Y"): Account {
  const account = EMPTY[last];
  const [listenerArn = ""] = Object.keys(account.listeners);
  const existing = sketch(rules).map(({ conditions, actions }, index) => {
    const tags = ownershipTags(CLUSTER, "shop/web", `80:${index + 1}`);
    // Rules say fixed responses only: no reference is in them.
    const spec = { listenerArn, priority: index + 1, conditions, actions: actions as RuleAction<string>[], tags };
    return [`arn:rule-${index}`, { arn: `arn:rule-${index}`, spec }];
  });
  return { ...account, listenerRules: Object.fromEntries(existing) };
}

/** Two new rules at the tail that are created in another order than they stand in at last. */
const TAIL = {
  before: [
    { paths: ["/e", "/f"], action: "A" },
    { paths: ["/c"], action: "C" },
  ],
  after: [
    { paths: ["/d"], action: "A" },
    { paths: ["/a", "/b"], action: "A" },
    { paths: ["/b"], action: "A" },
    { paths: ["/*"], action: "C" },
    { paths: ["/c", "/e", "/f"], action: "A" },
  ],
  defaults: ["X", "X"] as const,
  seed: 0,
};

describe("rules of a listener", () => {
  it(
    `never serve a request as neither before nor after, in any order that the dependencies allow (${RUNS} pairs)`,
    () => {
      fc.assert(
        fc.property(aPair, ({ before, after, defaults: [first, last], seed }) => {
          const account = accountWith(before, first);
          const goal = graph(after, last);
          const { plan: made, account: reached } = carryOut(goal, account);
          expect(reaches(goal, reached)).toEqual([]);
          expect(plan(goal, reached).actions).toEqual([]);
          expect(gaps(account, made.actions)).toEqual([]);
          expect(gaps(account, anyAllowedOrder(made.actions, seed))).toEqual([]);
        }),
        { numRuns: RUNS, examples: [[TAIL]] },
      );
    },
    TIMEOUT,
  );
});
