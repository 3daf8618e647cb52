/** What others did to the account: there is a plan that AWS takes, or a diagnostic, and never a wrong deletion. */
import { describe, expect, it } from "vitest";
import { simulate } from "../src/check/simulate.ts";
import { checkPlan } from "../src/check-plan.ts";
import type { Account } from "../src/model/inventory.ts";
import { plan } from "../src/plan.ts";
import { carryOut } from "./fixtures/carry-out.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path, type StackSketch, tcp } from "./fixtures/graph.ts";

const SHOP: StackSketch = {
  permissions: [tcp(80)],
  targetGroups: { "shop/web-web:80": {} },
  listeners: {
    80: {
      rules: [
        { conditions: [path("/a")], actions: [forwardTo("shop/web-web:80")] },
        { conditions: [path("/b")], actions: [forwardTo("shop/web-web:80")] },
      ],
    },
  },
};
const GOAL = graphOf([SHOP]);
const { account: WHOLE } = carryOut(GOAL);
const RESOURCE = "ingress.k8s.aws/resource";

type Table = "loadBalancers" | "targetGroups" | "listeners" | "listenerRules";

/** The account with the first record of a table changed, or, with another ARN, doubled. */
function withFirst(table: Table, change: (record: never) => { readonly arn: string }): Account {
  const [first] = Object.values(WHOLE[table]).sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const record = change(first as never);
  return { ...WHOLE, [table]: { ...WHOLE[table], [record.arn]: record } };
}

interface Tagged {
  readonly arn: string;
  readonly spec: { readonly tags?: { readonly [key: string]: string } };
}

const withoutTag = ({ arn, spec, ...rest }: Tagged, tag: string): Tagged => {
  const { [tag]: _, ...tags } = spec.tags ?? {};
  return { arn, ...rest, spec: { ...spec, tags } };
};
const atNumber = (priority: number) => (rule: Account["listenerRules"][string]) => ({
  ...rule,
  spec: { ...rule.spec, priority },
});
const byHand = (priority: number) => (rule: Account["listenerRules"][string]) => ({
  arn: `${rule.arn}-by-hand`,
  spec: { listenerArn: rule.spec.listenerArn, priority, conditions: [path("/hand")], actions: rule.spec.actions },
});

interface Case {
  readonly name: string;
  readonly account: Account;
  /** Kinds of the actions, and codes of the diagnostics. */
  readonly actions: readonly string[];
  readonly codes: readonly string[];
}

const CASES: readonly Case[] = [
  { name: "nothing", account: WHOLE, actions: [], codes: [] },
  {
    name: "a load balancer without the tag that names it",
    account: withFirst("loadBalancers", (one: Tagged) => withoutTag(one, RESOURCE)),
    actions: [],
    codes: ["resource.no-id"],
  },
  {
    name: "a load balancer without the tag of its stack",
    account: withFirst("loadBalancers", (one: Tagged) => withoutTag(one, "ingress.k8s.aws/stack")),
    actions: [],
    codes: ["resource.name-taken"],
  },
  {
    name: "a load balancer without any tag of the cluster, so that it wasn't read",
    account: { ...WHOLE, loadBalancers: {}, listeners: {}, listenerRules: {} },
    actions: [],
    codes: ["resource.name-taken"],
  },
  {
    name: "a target group without the tag that names it",
    account: withFirst("targetGroups", (one: Tagged) => withoutTag(one, RESOURCE)),
    actions: [],
    codes: ["resource.no-id"],
  },
  {
    name: "a target group twice",
    account: withFirst("targetGroups", (one: Account["targetGroups"][string]) => ({
      ...one,
      arn: one.arn.replace(/^(.*targetgroup\/)/, "$1a-"),
      loadBalancerArns: [],
      spec: { ...one.spec, name: "a-twin" },
    })),
    actions: [],
    codes: ["resource.twins"],
  },
  {
    name: "a rule made by hand",
    account: withFirst("listenerRules", byHand(7)),
    actions: ["deleteRule"],
    codes: [],
  },
  {
    name: "a rule made by hand at the last number",
    account: withFirst("listenerRules", byHand(50000)),
    actions: ["deleteRule"],
    codes: [],
  },
  {
    name: "a rule moved to the last number",
    account: withFirst("listenerRules", atNumber(50000)),
    actions: ["setRulePriorities"],
    codes: [],
  },
  {
    name: "more rules than the quota",
    account: { ...withFirst("listenerRules", byHand(3)), quotas: { ...WHOLE.quotas, rulesPerLoadBalancer: 2 } },
    actions: ["deleteRule"],
    codes: [],
  },
];

describe("an account in which somebody", () => {
  it.each(CASES)("left $name", ({ account, actions, codes }) => {
    deepFreeze(account);
    const made = plan(GOAL, account);
    expect(made.actions.map(({ kind }) => kind)).toEqual(actions);
    expect(made.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(simulate(account, made).diagnostics).toEqual([]);
    const { guarantees, counterexamples } = checkPlan(GOAL, account, made);
    expect(counterexamples).toEqual([]);
    expect(Object.values(guarantees).every((verdict) => ["proven", "off"].includes(verdict))).toBe(true);
  });
});
