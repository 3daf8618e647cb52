import { describe, expect, it } from "vitest";
import { ignore } from "../../../src/check/policies/ignore.ts";
import { createOnly, POLICY_MODES, policyOfMode, sync, upsertOnly } from "../../../src/check/policies/modes.ts";
import { protect, type ResourceSelector } from "../../../src/check/policies/protect.ts";
import type { Account } from "../../../src/model/inventory.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan.ts";
import { calls, carryOut } from "../../fixtures/carry-out.ts";
import { deepFreeze } from "../../fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path, type StackSketch } from "../../fixtures/graph.ts";

const OLD: StackSketch = {
  targetGroups: { "shop/web-web:80": {}, "shop/web-old:80": {} },
  loadBalancer: { attributes: { "idle_timeout.timeout_seconds": "60" }, tags: { team: "a", stage: "x" } },
  listeners: {
    80: {
      rules: [
        { conditions: [path("/old")], actions: [forwardTo("shop/web-old:80")], tags: { keep: "yes" } },
        { conditions: [path("/*")], actions: [forwardTo("shop/web-web:80")] },
      ],
    },
  },
};

/** `/old` goes, `/new` comes before `/*`, the load balancer changes. */
const NEW: StackSketch = {
  ...OLD,
  targetGroups: { "shop/web-web:80": {}, "shop/web-new:80": {} },
  loadBalancer: { attributes: { "idle_timeout.timeout_seconds": "90" }, tags: { team: "b", stage: "y" } },
  listeners: {
    80: {
      rules: [
        { conditions: [path("/new")], actions: [forwardTo("shop/web-new:80")] },
        { conditions: [path("/*")], actions: [forwardTo("shop/web-web:80")] },
      ],
    },
  },
};

function between(from: StackSketch, to: StackSketch): { readonly made: Plan; readonly account: Account } {
  const { account } = carryOut(graphOf([from]));
  return {
    account,
    made: deepFreeze(plan(graphOf([to]), account, { allowReplace: true, allowDelete: true, warm: false })),
  };
}

const withheld = ({ diagnostics }: Plan): readonly string[] =>
  diagnostics.filter(({ code }) => code === "plan.action-withheld").map(({ message }) => message);

describe("modes", () => {
  it("are named as on the command line", () => {
    expect(POLICY_MODES.map((mode) => policyOfMode(mode))).toEqual([sync, upsertOnly, createOnly]);
  });

  it("upsertOnly leaves what should go", () => {
    const { made } = between(OLD, NEW);
    const left = upsertOnly(made);
    expect(calls(left)).toEqual(calls(made).filter((call) => !call.startsWith("delete")));
    expect(left.summary.delete).toBe(0);
    expect(withheld(left)).toEqual(["Policy upsert-only withholds deleteTargetGroup targetGroup/shop/web-old:80."]);
  });

  it("upsertOnly replaces nothing, and leaves alone what builds on the replacement", () => {
    const { made } = between(OLD, { ...OLD, loadBalancer: { ...OLD.loadBalancer, scheme: "internet-facing" } });
    expect(made.summary.replace).toBe(1);
    const left = upsertOnly(made);
    expect(calls(left)).toEqual([]);
    expect(left.summary).toEqual({ create: 0, update: 0, replace: 0, delete: 0, writes: 0, kubernetesWrites: 0 });
  });

  it("createOnly makes what needs no change of what exists", () => {
    const left = createOnly(between(OLD, NEW).made);
    expect(calls(left)).toEqual(["createTargetGroup targetGroup/shop/web-new:80"]);
    expect(left.summary).toMatchObject({ create: 1, update: 0, delete: 0, writes: 1 });
  });

  it("createOnly adds a rule at the end", () => {
    const [first, last] = OLD.listeners?.[80]?.rules ?? [];
    const more: StackSketch = {
      ...OLD,
      listeners: {
        80: { rules: [first!, last!, { conditions: [path("/more")], actions: [forwardTo("shop/web-web:80")] }] },
      },
    };
    expect(calls(createOnly(between(OLD, more).made))).toEqual(["createRule listenerRule/80:3"]);
  });
});

describe("protect", () => {
  it.each<{ readonly name: string; readonly selector: ResourceSelector; readonly expected: readonly string[] }>([
    {
      name: "a load balancer by key",
      selector: { key: "loadBalancer/LoadBalancer" },
      expected: ["addTags loadBalancer/LoadBalancer", "modifyLoadBalancerAttributes loadBalancer/LoadBalancer"],
    },
    {
      name: "a load balancer by tag",
      selector: { tag: { key: "team", value: "a" } },
      expected: ["addTags loadBalancer/LoadBalancer", "modifyLoadBalancerAttributes loadBalancer/LoadBalancer"],
    },
    { name: "another tag's value", selector: { tag: { key: "team", value: "b" } }, expected: [] },
    { name: "another stack", selector: { stack: "blog/main" }, expected: [] },
    {
      name: "target groups",
      selector: { kind: "targetGroup" },
      expected: ["deleteTargetGroup targetGroup/shop/web-old:80"],
    },
  ])("$name", ({ selector, expected }) => {
    const { made, account } = between(OLD, NEW);
    const left = calls(protect(selector, account)(made));
    expect([...calls(made).filter((call) => !left.includes(call))].sort()).toEqual(expected);
  });

  it("keeps a load balancer for the sake of a protected rule", () => {
    const { account } = carryOut(graphOf([OLD]));
    const going = graphOf([{ members: [], inactiveMembers: ["shop/web"] }]);
    const made = plan(going, account, { allowDelete: true });
    expect(calls(protect({ tag: { key: "keep" } }, account)(made))).toEqual([]);
    expect(calls(protect({ key: "listener/80" }, account)(made))).toEqual([]);
    expect(protect({ tag: { key: "other" } }, account)(made)).toBe(made);
  });

  it("changes the rules of a stack together or not at all", () => {
    const { made, account } = between(OLD, NEW);
    const left = protect({ kind: "listenerRule" }, account)(made);
    expect(calls(left).filter((call) => call.includes("Rule"))).toEqual([]);
  });
});

describe("ignore", () => {
  it("leaves fields as they are and does the rest", () => {
    const { made } = between(OLD, NEW);
    const left = ignore({ loadBalancer: ["/attributes", "/tags/team"] })(made);
    expect(calls(left)).not.toContain("modifyLoadBalancerAttributes loadBalancer/LoadBalancer");
    expect(left.actions.find(({ kind }) => kind === "addTags")?.details).toMatchObject({ tags: { stage: "y" } });
    const change = left.stacks[0]?.changes.find(({ type }) => type === "loadBalancer");
    expect(change?.fields.map((field) => field.path)).toEqual(["/tags/stage"]);
    expect(withheld(left)).toEqual([
      expect.stringMatching(/^Policy ignore withholds .*part of addTags loadBalancer\/LoadBalancer/),
    ]);
  });

  it("replaces nothing for the sake of ignored fields", () => {
    const { made } = between(OLD, { ...OLD, loadBalancer: { ...OLD.loadBalancer, scheme: "internet-facing" } });
    expect(ignore({ loadBalancer: ["/scheme"] })(made).actions).toEqual([]);
    expect(ignore({ loadBalancer: ["/tags"] })(made)).toBe(made);
  });

  it("leaves plans alone that it has nothing to do with", () => {
    const { made } = between(OLD, NEW);
    expect(ignore({ securityGroup: ["/ingress"] })(made)).toBe(made);
    expect(ignore({})(made)).toBe(made);
  });
});
