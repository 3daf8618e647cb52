/** The quotas of targets: what goes first, what comes later, what isn't done at all. */
import { describe, expect, it } from "vitest";
import { reaches } from "../../src/check/reaches.ts";
import { simulate } from "../../src/check/simulate.ts";
import { checkPlan } from "../../src/check-plan.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { Quotas } from "../../src/model/quotas.ts";
import { plan } from "../../src/plan.ts";
import { carryOut, NOTHING } from "../fixtures/carry-out.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path } from "../fixtures/graph.ts";

const WEB = "shop/web-web:80";
const API = "shop/web-api:80";

/** A stack of target groups with these targets; the first one serves /0, the next /1 and so on. */
function goal(targets: { readonly [targetGroup: string]: readonly string[] }): DesiredGraph {
  const ids = Object.keys(targets);
  const rules = ids.map((id, index) => ({ conditions: [path(`/${index}`)], actions: [forwardTo(id)] }));
  const targetGroups = Object.fromEntries(ids.map((id) => [id, {}]));
  return graphOf([{ targetGroups, targets, listeners: { 80: { rules } } }]);
}

const names = (count: number, from = 1): readonly string[] =>
  Array.from({ length: count }, (_, index) => `i-${from + index}:80`);
const withQuotas = (account: Account, quotas: Partial<Quotas>): Account =>
  deepFreeze({ ...account, quotas: { ...account.quotas, ...quotas } });
const standing = (targets: Parameters<typeof goal>[0], quotas: Partial<Quotas>): Account =>
  withQuotas(carryOut(goal(targets)).account, quotas);

/** `+2 web`, `-1 web`: calls on targets, in the plan's order. */
function calls(graph: DesiredGraph, account: Account): readonly string[] {
  return plan(graph, account, { warm: false }).actions.flatMap((action) =>
    action.kind === "registerTargets" || action.kind === "deregisterTargets"
      ? [
          `${action.kind === "registerTargets" ? "+" : "-"}${action.details.targets.length} ${action.resource.slice(17, 20)}`,
        ]
      : [],
  );
}

describe("targets that fit only one after another", () => {
  it.each([
    {
      name: "fit side by side",
      before: { [WEB]: names(2) },
      after: { [WEB]: names(2, 3) },
      quotas: { targetsPerTargetGroup: 4 },
      is: ["+2 web", "-2 web"],
    },
    {
      name: "don't fit into their group: as many go first as must",
      before: { [WEB]: names(2) },
      after: { [WEB]: names(2, 3) },
      quotas: { targetsPerTargetGroup: 3 },
      is: ["-1 web", "+2 web", "-1 web"],
    },
    {
      name: "don't fit behind the load balancer: those of another group go first",
      before: { [WEB]: names(3), [API]: names(1) },
      after: { [WEB]: names(1), [API]: names(3) },
      quotas: { targetsPerLoadBalancer: 4 },
      is: ["-2 web", "+2 api"],
    },
    {
      name: "wait for a group that goes",
      before: { [WEB]: names(3) },
      after: { [API]: names(3, 4) },
      quotas: { targetsPerLoadBalancer: 4 },
      is: ["+1 api", "+2 api"],
    },
    {
      name: "are more than the quota already, which proves another one",
      before: { [WEB]: names(3) },
      after: { [WEB]: names(2) },
      quotas: { targetsPerTargetGroup: 1, targetsPerLoadBalancer: 1 },
      is: ["-1 web"],
    },
  ])("$name", ({ before, after, quotas, is }) => {
    const account = standing(before, quotas);
    const graph = deepFreeze(goal(after));
    expect(calls(graph, account)).toEqual(is);
    for (const warm of [false, true]) {
      const made = plan(graph, account, { warm });
      const isTold = is.length > 2 || is[0]?.startsWith("-2") || is[0] === "+1 api";
      expect(made.diagnostics.some(({ code }) => code === "targets.gap")).toBe(isTold);
      expect(simulate(account, made).diagnostics).toEqual([]);
      expect(reaches(graph, simulate(account, made).account)).toEqual([]);
      const { counterexamples } = checkPlan(graph, account, made, { planning: { warm } });
      expect(counterexamples.filter(({ guarantee }) => !isTold || guarantee !== "gapless")).toEqual([]);
      expect(plan(graph, simulate(account, made).account, { warm }).actions).toEqual([]);
    }
  });
});

describe("more targets than the quota", () => {
  it.each([
    { name: "of a target group", quotas: { targetsPerTargetGroup: 2 }, resource: `targetGroup/${WEB}` },
    { name: "of a load balancer", quotas: { targetsPerLoadBalancer: 2 }, resource: undefined },
  ])("$name leave the stack as it is", ({ quotas }) => {
    const account = standing({ [WEB]: names(1) }, quotas);
    const graph = goal({ [WEB]: names(3) });
    const made = plan(graph, account);
    expect(made.actions).toEqual([]);
    expect(made.diagnostics).toMatchObject([{ code: "targets.over-quota", severity: "error", stack: "shop/web" }]);
    expect(checkPlan(graph, account, made).counterexamples).toEqual([]);
  });

  it("are a warning where the quota is AWS's default", () => {
    const { quotas: _, ...inventory } = NOTHING;
    const made = plan(goal({ [WEB]: names(1001) }), inventory);
    const codes = made.diagnostics.map(({ code, severity }) => `${severity} ${code}`);
    expect(codes).toEqual(["warning targets.over-quota", "warning targets.over-quota"]);
    expect(made.actions.filter(({ kind }) => kind === "registerTargets")).toHaveLength(6);
  });

  it("aren't meant when flag max-targets-per-target-group keeps them out", () => {
    const graph = goal({ [WEB]: names(3) });
    const limited = JSON.parse(JSON.stringify(graph), (key, value) =>
      key === "spec" && value.targets !== undefined ? { ...value, limit: 2 } : value,
    ) as DesiredGraph;
    const made = plan(limited, withQuotas(NOTHING, { targetsPerTargetGroup: 2 }));
    expect(made.diagnostics.filter(({ code }) => code.startsWith("targets."))).toEqual([]);
  });
});
