/** The quotas of a load balancer's listeners and target groups and of a rule's values. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../src/check/simulate.ts";
import { checkPlan } from "../../src/check-plan.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { KnownQuotas } from "../../src/model/quotas.ts";
import { plan } from "../../src/plan.ts";
import { carryOut } from "../fixtures/carry-out.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path } from "../fixtures/graph.ts";

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `shop/web-${prefix}${index}:80`);

/** One rule for each target group, in this order. */
function goal(ids: readonly string[]): DesiredGraph {
  const rules = ids.map((id, index) => ({ conditions: [path(`/${index}`)], actions: [forwardTo(id)] }));
  const targetGroups = Object.fromEntries(ids.map((id) => [id, {}]));
  return deepFreeze(graphOf([{ targetGroups, listeners: { 80: { rules } } }]));
}

const standing = (graph: DesiredGraph, quotas: KnownQuotas): Account =>
  deepFreeze({ ...carryOut(graph).account, quotas });

const told = (graph: DesiredGraph, account: Account): readonly string[] =>
  plan(graph, account).diagnostics.map(({ code, severity }) => `${severity} ${code}`);

describe("what a load balancer has no room for", () => {
  it.each<{ name: string; from: DesiredGraph; to: DesiredGraph; quotas: KnownQuotas; is: readonly string[] }>([
    {
      name: "more target groups than the quota",
      from: goal(names("a", 2)),
      to: goal(names("a", 5)),
      quotas: { targetGroupsPerLoadBalancer: 3 },
      is: ["error target-groups.over-quota"],
    },
    {
      name: "a new target group beside the old ones",
      from: goal(names("a", 5)),
      to: goal(names("b", 5)),
      quotas: { targetGroupsPerLoadBalancer: 5 },
      is: ["error target-groups.over-quota"],
    },
    {
      name: "more listeners than the quota",
      from: graphOf([{ listeners: { 80: {} } }]),
      to: graphOf([{ listeners: { 80: {}, 81: {}, 82: {} } }]),
      quotas: { listenersPerLoadBalancer: 2 },
      is: ["error listeners.over-quota"],
    },
    {
      name: "more values in a rule than the quota",
      from: goal(names("a", 1)),
      to: graphOf([
        {
          targetGroups: { [names("a", 1)[0] ?? ""]: {} },
          listeners: {
            80: { rules: [{ conditions: [path("/a", "/b", "/c")], actions: [forwardTo(...names("a", 1))] }] },
          },
        },
      ]),
      quotas: { conditionValuesPerRule: 2 },
      is: ["error conditions.over-quota"],
    },
  ])("$name leaves the stack as it is", ({ from, to, quotas, is }) => {
    const account = standing(from, quotas);
    expect(told(to, account)).toEqual(is);
    const made = plan(to, account);
    expect(made.actions).toEqual([]);
    expect(checkPlan(to, account, made).counterexamples).toEqual([]);
  });

  it("is only warned of where the quota is a guess", () => {
    const made = plan(goal(names("a", 101)), standing(goal(names("a", 1)), { rulesPerLoadBalancer: 200 }));
    expect(made.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "warning target-groups.over-quota",
    ]);
  });
});

describe("target groups with room for some of the new ones", () => {
  it("follow one after another, and that is announced", () => {
    const to = goal(names("b", 5));
    let account = standing(goal(names("a", 5)), { targetGroupsPerLoadBalancer: 7 });
    const made = plan(to, account);
    expect(made.diagnostics.map(({ code }) => code)).toEqual(["target-groups.gap"]);
    expect(checkPlan(to, account, made).guarantees.withinQuota).not.toBe("refuted");
    for (let turn = 0; turn < 5; turn++) account = simulate(account, plan(to, account)).account;
    expect(plan(to, account).actions).toEqual([]);
  });

  it("are as before where all fit", () => {
    const account = standing(goal(names("a", 5)), { targetGroupsPerLoadBalancer: 10 });
    expect(told(goal(names("b", 5)), account)).toEqual([]);
  });
});
