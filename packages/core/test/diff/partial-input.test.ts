/** What the input doesn't speak of is left as it is; load balancers go only with consent. */
import { describe, expect, it } from "vitest";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { PlanOptions } from "../../src/model/plan.ts";
import { plan } from "../../src/plan.ts";
import { calls, carryOut, NOTHING } from "../fixtures/carry-out.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { withSpec, withTwin } from "../fixtures/edit.ts";
import { forwardTo, graphOf, path, type StackSketch } from "../fixtures/graph.ts";

const group = (id: string, members: readonly string[], more: Partial<StackSketch> = {}): StackSketch => ({
  id,
  members,
  usesBackendSecurityGroup: true,
  targetGroups: Object.fromEntries(members.map((member) => [`${member}-api:80`, {}])),
  listeners: {
    80: {
      rules: members.map((member) => ({ conditions: [path(`/${member}`)], actions: [forwardTo(`${member}-api:80`)] })),
    },
  },
  ...more,
});

const TEAMS = group("teams", ["a/web", "b/web-shop", "c/web"]);
const ALONE = group("d/alone", ["d/alone"]);
const account = carryOut(graphOf([TEAMS, ALONE])).account;

const withoutTag = (it: Account): Account =>
  withSpec(it, "loadBalancers", ({ tags = {} }) => {
    const { "ingress.k8s.aws/resource": _, ...rest } = tags;
    return { tags: tags["ingress.k8s.aws/stack"] === "d/alone" ? rest : tags };
  });

interface Case {
  readonly name: string;
  readonly goal: DesiredGraph;
  readonly drift?: (account: Account) => Account;
  readonly options?: PlanOptions;
  readonly codes: readonly string[];
  readonly calls: readonly string[];
}

const goneAlone = graphOf([TEAMS, { id: "d/alone", members: [], inactiveMembers: ["d/alone"] }]);
const deletedAlone = ["deleteLoadBalancer loadBalancer/LoadBalancer", "deleteTargetGroup targetGroup/d/alone-api:80"];

describe("plan", () => {
  it.each<Case>([
    {
      name: "leaves a stack that the input doesn't hold",
      goal: graphOf([TEAMS]),
      codes: ["stack.unclaimed"],
      calls: [],
    },
    {
      name: "deletes it with prune, if load balancers may go",
      goal: graphOf([TEAMS]),
      options: { prune: true, allowDelete: true },
      codes: [],
      calls: deletedAlone,
    },
    {
      name: "doesn't prune a load balancer without consent",
      goal: graphOf([TEAMS]),
      options: { prune: true },
      codes: ["plan.delete-not-allowed"],
      calls: [],
    },
    {
      name: "doesn't prune the stack of an Ingress whose class is broken",
      goal: graphOf([TEAMS], { classErrors: [{ ingress: "d/alone", message: "no such class" }] }),
      options: { prune: true, allowDelete: true },
      codes: ["stack.unclaimed"],
      calls: [],
    },
    {
      name: "leaves a group of which the input holds only a part",
      goal: graphOf([group("teams", ["a/web"]), ALONE]),
      codes: ["group.incomplete"],
      calls: [],
    },
    {
      name: "doesn't take one Ingress for another whose name begins alike",
      goal: graphOf([group("teams", ["a/web", "b/web-sh", "c/web"]), ALONE]),
      codes: ["group.incomplete"],
      calls: [],
    },
    {
      name: "knows Ingresses by names with dashes",
      goal: graphOf([group("teams", ["a/web", "c/web"], { inactiveMembers: ["b/web-shop"] }), ALONE]),
      codes: [],
      calls: [
        "setRulePriorities listener/80",
        "deleteRule listenerRule/80:2",
        "deleteTargetGroup targetGroup/b/web-shop-api:80",
      ],
    },
    {
      name: "lets an Ingress go that is of no concern any more",
      goal: graphOf([group("teams", ["a/web", "b/web-shop"]), ALONE], { unmanaged: ["c/web"] }),
      codes: [],
      calls: ["deleteRule listenerRule/80:3", "deleteTargetGroup targetGroup/c/web-api:80"],
    },
    {
      name: "cuts the group down to the input with prune",
      goal: graphOf([group("teams", ["a/web", "b/web-shop"]), ALONE]),
      options: { prune: true },
      codes: [],
      calls: ["deleteRule listenerRule/80:3", "deleteTargetGroup targetGroup/c/web-api:80"],
    },
    {
      name: "doesn't delete a load balancer without consent",
      goal: goneAlone,
      codes: ["plan.delete-not-allowed"],
      calls: [],
    },
    {
      name: "deletes it with consent",
      goal: goneAlone,
      options: { allowDelete: true },
      codes: [],
      calls: deletedAlone,
    },
    {
      name: "doesn't replace a load balancer without consent",
      goal: graphOf([TEAMS, { ...ALONE, loadBalancer: { scheme: "internet-facing" } }]),
      codes: ["plan.replace-not-allowed"],
      calls: [],
    },
    {
      name: "leaves a stack that failed",
      goal: graphOf([TEAMS, { ...ALONE, status: "failed" }]),
      codes: [],
      calls: [],
    },
    {
      name: "leaves a stack one of whose resources lost its tag",
      goal: goneAlone,
      drift: withoutTag,
      options: { allowDelete: true, prune: true },
      codes: ["resource.no-id"],
      calls: [],
    },
    {
      name: "says that there are twins",
      goal: graphOf([TEAMS, ALONE]),
      drift: (it) => withTwin(it, "targetGroups", "arn:a-twin"),
      codes: ["resource.twins"],
      calls: [],
    },
    {
      name: "sees nothing of another cluster",
      goal: graphOf([]),
      drift: (it) => withSpec(it, "loadBalancers", () => ({ tags: { "elbv2.k8s.aws/cluster": "other" } })),
      codes: ["stack.unclaimed", "stack.unclaimed"],
      calls: [],
    },
  ])("$name", ({ goal, drift, options, codes, calls: expected }) => {
    const made = plan(deepFreeze(goal), deepFreeze(drift?.(account) ?? account), options);
    expect(made.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(calls(made)).toEqual(expected);
  });
});

describe("the shared security group", () => {
  const gone = [TEAMS, ALONE].map(({ id = "", members = [] }) => ({ id, members: [], inactiveMembers: members }));
  const shared = (made: {
    readonly actions: readonly { readonly kind: string; readonly stack: string }[];
  }): readonly string[] => made.actions.filter(({ stack }) => stack === "(cluster)").map(({ kind }) => kind);

  it("is deleted with the last group, at the very end", () => {
    const { plan: made, account: after } = carryOut(graphOf(gone), account, { allowDelete: true });
    expect(shared(made)).toEqual(["deleteSecurityGroup"]);
    expect(made.actions.at(-1)?.dependsOn).toHaveLength(2);
    expect(after.securityGroups).toEqual({});
  });

  it.each([
    { name: "a group stays", sketches: [TEAMS, ...gone.slice(1)], options: { allowDelete: true } },
    { name: "a group isn't in the input", sketches: gone.slice(1), options: { allowDelete: true } },
    { name: "nobody consents", sketches: gone, options: {} },
  ])("stays when $name", ({ sketches, options }) => {
    expect(shared(plan(graphOf(sketches), account, options))).toEqual([]);
  });

  it("isn't made for a group that is left as it is", () => {
    const replaced = graphOf([{ ...ALONE, loadBalancer: { scheme: "internet-facing" } }]);
    const { account: own } = carryOut(graphOf([{ ...ALONE, usesBackendSecurityGroup: false }]));
    expect(plan(replaced, own).actions).toEqual([]);
    expect(shared(plan(replaced, own, { allowReplace: true }))).toEqual(["createSecurityGroup"]);
    expect(plan(graphOf([]), NOTHING).actions).toEqual([]);
  });
});
