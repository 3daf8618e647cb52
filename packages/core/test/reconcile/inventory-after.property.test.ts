/** What a controller keeps in mind, against what there is: the inventory after a run, and planning group by group. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { emptyAccount } from "../../src/check/account/account.ts";
import { reaches } from "../../src/check/reaches.ts";
import { simulate } from "../../src/check/simulate.ts";
import { inventoryOfStacks, withStacks } from "../../src/diff/stack-inventory.ts";
import type { Action } from "../../src/model/action.ts";
import { CLUSTER_STACK, type DesiredGraph } from "../../src/model/graph.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { PlanOptions } from "../../src/model/plan.ts";
import { plan } from "../../src/plan.ts";
import { type DoneStep, inventoryAfter } from "../../src/reconcile/inventory-after.ts";
import { desiredGraph } from "../arbitraries/graph.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";

const PLACE = { region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" };
const EMPTY = emptyAccount(PLACE);
/** Another account: what it makes has other ARNs than what is kept in mind would get. */
const ELSEWHERE: Account = { ...EMPTY, sequence: 5000 };
const CONSENT = { allowReplace: true, allowDelete: true, warm: false, drain: false } as const;

/** Carries out and tells of each step what a run would. */
function run(account: Account, actions: readonly Action[]): { readonly account: Account; readonly steps: DoneStep[] } {
  const { account: after, steps, outputs } = simulate(account, { actions }, { pace: "waits" });
  return {
    account: after,
    steps: steps.map(({ action, state }) => {
      const { stack, resource } = actions.find(({ id }) => id === action) as Action;
      const output = outputs[stack]?.[resource];
      return { action, state, ...(output && { output }) };
    }),
  };
}

const content = ({ sequence: _, ...rest }: Account): unknown => rest;

describe("the inventory after a run", () => {
  test.prop([desiredGraph, desiredGraph], { numRuns: 60 })("is what there is", (before, after) => {
    let [there, kept] = [ELSEWHERE, EMPTY];
    for (const graph of [before, after]) {
      const { actions } = plan(graph, deepFreeze(kept), CONSENT);
      const ran = run(there, actions);
      const { inventory, unsure } = inventoryAfter(deepFreeze(kept), actions, ran.steps, graph.settings);
      expect(unsure).toEqual([]);
      [there, kept] = [ran.account, inventory];
      expect(content(kept)).toEqual(content(there));
    }
  });

  test.prop([desiredGraph, fc.nat()], { numRuns: 40 })("is doubted where a call had no answer", (graph, at) => {
    const { actions } = plan(graph, EMPTY, CONSENT);
    fc.pre(actions.length > 0);
    const { steps } = run(EMPTY, actions);
    const index = at % actions.length;
    const unheard = steps.map(
      (step, i): DoneStep =>
        i < index ? step : { action: step.action, state: i === index ? "unanswered" : "skipped" },
    );
    const { unsure } = inventoryAfter(EMPTY, actions, unheard, graph.settings);
    expect(unsure).toEqual([actions[index]?.stack]);
  });
});

describe("the part of some stacks", () => {
  test.prop([desiredGraph, fc.nat()], { numRuns: 40 })("taken out and put back is the whole", (graph, at) => {
    const { account } = simulate(EMPTY, plan(graph, EMPTY, CONSENT));
    const ids = [...Object.keys(graph.stacks), CLUSTER_STACK];
    const some = ids.filter((_, index) => (at >> index) % 2 === 1);
    const rest = ids.filter((id) => !some.includes(id));
    const part = inventoryOfStacks(deepFreeze(account), graph.settings, some);
    const without = withStacks(account, emptyAccount(PLACE), graph.settings, some);
    expect(inventoryOfStacks(without, graph.settings, some).loadBalancers).toEqual({});
    expect(inventoryOfStacks(without, graph.settings, rest)).toEqual(inventoryOfStacks(account, graph.settings, rest));
    expect(withStacks(without, part, graph.settings, some)).toEqual(account);
  });
});

describe("planning stack by stack", () => {
  /** As a controller does it: each stack by itself, those that are done settled, at last what all share. */
  function stackByStack(graph: DesiredGraph, start: Account): { readonly account: Account; readonly writes: number } {
    let account = start;
    let writes = 0;
    const settled: string[] = [];
    const turn = (options: PlanOptions): void => {
      const made = plan(graph, account, { ...CONSENT, prune: true, settled, ...options });
      const { account: after, diagnostics } = simulate(account, made);
      expect(diagnostics).toEqual([]);
      account = after;
      writes += made.summary.writes;
    };
    const gone = new Set(
      Object.values(start.loadBalancers).flatMap(({ spec }) => spec.tags?.["ingress.k8s.aws/stack"] ?? []),
    );
    for (const id of new Set([...Object.keys(graph.stacks), ...gone])) {
      turn({ only: [id] });
      settled.push(id);
    }
    turn({ only: [] });
    return { account, writes };
  }

  test.prop([desiredGraph, desiredGraph], { numRuns: 60 })("reaches what one plan for all reaches", (before, after) => {
    const start = stackByStack(before, EMPTY).account;
    expect(reaches(before, start)).toEqual([]);
    const { account, writes } = stackByStack(after, start);
    expect(reaches(after, account)).toEqual([]);
    expect(plan(after, account, { ...CONSENT, prune: true }).actions).toEqual([]);
    // One for each stack at most: a permission that one plan would narrow once may be changed as each stack lets go.
    const whole = plan(after, start, { ...CONSENT, prune: true }).summary.writes;
    expect(writes).toBeLessThanOrEqual(whole + Object.keys(after.stacks).length + Object.keys(before.stacks).length);
  });

  it("leaves the others alone, and speaks of none of them", () => {
    const [graph] = fc.sample(
      desiredGraph.filter(({ stacks }) => Object.keys(stacks).length > 1),
      { numRuns: 1, seed: 7 },
    ) as [DesiredGraph];
    const [first = ""] = Object.keys(graph.stacks);
    const { actions, stacks, diagnostics } = plan(graph, EMPTY, { ...CONSENT, only: [first] });
    expect(new Set(actions.map(({ stack }) => stack)).size).toBeGreaterThan(0);
    for (const { stack } of actions) expect([first, CLUSTER_STACK]).toContain(stack);
    expect(stacks.map(({ id }) => id).filter((id) => id !== CLUSTER_STACK)).toEqual([first]);
    for (const { stack = first } of diagnostics) expect([first, CLUSTER_STACK]).toContain(stack);
  });
});
