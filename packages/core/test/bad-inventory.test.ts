/** What others did to the account: there is a plan that AWS takes, or a diagnostic, and never a wrong deletion. */
import { describe, expect, it } from "vitest";
import { simulate } from "../src/check/simulate.ts";
import { checkPlan } from "../src/check-plan.ts";
import type { DesiredGraph } from "../src/model/graph.ts";
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

/** Beside the load balancer another one: tagged as the same one of the stack, or somebody's. */
function withSecond(place: "before" | "after", isOurs: boolean): Account {
  const [first] = Object.values(WHOLE.loadBalancers);
  if (first === undefined) throw new Error("no load balancer");
  const arn = first.arn.replace(
    /loadbalancer\/app\/[^/]*/,
    `loadbalancer/app/${place === "before" ? "a" : "z"}-second`,
  );
  const { tags: _, ...untagged } = first.spec;
  const spec = { ...(isOurs ? first.spec : untagged), name: `${place === "before" ? "a" : "z"}-second` };
  return { ...WHOLE, loadBalancers: { ...WHOLE.loadBalancers, [arn]: { ...first, arn, spec } } };
}

/** Nothing of ours names the target group, and a load balancer that isn't ours does. */
function attachedElsewhere(): Account {
  const account = withSecond("after", false);
  const [, second] = Object.keys(account.loadBalancers).sort();
  const [group] = Object.values(account.targetGroups);
  const [listener] = Object.values(account.listeners);
  if (second === undefined || group === undefined || listener === undefined) throw new Error("a part is missing");
  const arn = `${listener.arn}-elsewhere`;
  const { tags: _, ...untagged } = listener.spec;
  const forward = { type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn: group.arn }] } } as const;
  return {
    ...account,
    listenerRules: {},
    listeners: {
      ...account.listeners,
      [arn]: { arn, spec: { ...untagged, loadBalancerArn: second, defaultActions: [forward] } },
    },
    targetGroups: { [group.arn]: { ...group, loadBalancerArns: [second] } },
  };
}

/** A target group that no rule names, only a binding: of ours by tags, or somebody's. */
function onlyBound(isOurs: boolean): Account {
  const [group] = Object.values(WHOLE.targetGroups);
  if (group === undefined) throw new Error("no target group");
  const arn = group.arn.replace(/targetgroup\/[^/]*/, "targetgroup/bound-only");
  const { tags = {}, ...untagged } = group.spec;
  const spec = { ...untagged, name: "bound-only", ...(isOurs && { tags: { ...tags, [RESOURCE]: "shop/web-old:80" } }) };
  const binding = {
    ...{ name: "theirs", namespace: "shop", labels: {}, targetGroupArn: arn, targetType: "instance" as const },
    ...{
      serviceRef: { name: "old", port: 80 },
      ipAddressType: "ipv4" as const,
      vpcId: group.vpcId,
      targetGroupProtocol: "HTTP",
    },
  };
  return {
    ...WHOLE,
    targetGroups: { ...WHOLE.targetGroups, [arn]: { ...group, arn, loadBalancerArns: [], spec } },
    targetGroupBindings: { ...WHOLE.targetGroupBindings, "shop/theirs": { arn: "shop/theirs", spec: binding } },
  };
}

interface Case {
  readonly name: string;
  readonly account: Account;
  /** The goal, if it isn't the shop's. */
  readonly goal?: DesiredGraph;
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
  {
    name: "a twin of the load balancer, first by ARN",
    account: withSecond("before", true),
    actions: [],
    codes: ["resource.twins"],
  },
  {
    name: "a twin of the load balancer, last by ARN and without the target groups",
    account: withSecond("after", true),
    actions: [],
    codes: ["resource.twins", "resource.attached-elsewhere"],
  },
  {
    name: "the target group attached to somebody's load balancer",
    account: attachedElsewhere(),
    actions: [],
    codes: ["resource.attached-elsewhere"],
  },
  {
    name: "a target group that isn't needed attached to somebody's load balancer",
    account: attachedElsewhere(),
    goal: graphOf([{ permissions: [tcp(80)], listeners: { 80: {} } }]),
    actions: [],
    codes: ["resource.attached-elsewhere"],
  },
  {
    name: "a target group of somebody's that only a binding names",
    account: onlyBound(false),
    actions: [],
    codes: [],
  },
  {
    name: "a target group tagged as ours that only somebody's binding names",
    account: onlyBound(true),
    actions: [],
    codes: ["resource.bound-elsewhere"],
  },
];

describe("an account in which somebody", () => {
  it.each(CASES)("left $name", ({ account, goal = GOAL, actions, codes }) => {
    deepFreeze(account);
    const made = plan(goal, account);
    expect(made.actions.map(({ kind }) => kind)).toEqual(actions);
    expect(made.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(simulate(account, made).diagnostics).toEqual([]);
    const { guarantees, counterexamples } = checkPlan(goal, account, made);
    expect(counterexamples).toEqual([]);
    expect(Object.values(guarantees).every((verdict) => ["proven", "off"].includes(verdict))).toBe(true);
  });
});
