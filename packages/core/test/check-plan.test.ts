/** Orders that are wrong on purpose: each is caught, with the guarantee that it breaks. */
import { describe, expect, it } from "vitest";
import type { Guarantee } from "../src/check/proof/plan-check.ts";
import { checkPlan } from "../src/check-plan.ts";
import type { Action } from "../src/model/action.ts";
import type { DesiredGraph } from "../src/model/graph.ts";
import type { Account } from "../src/model/inventory.ts";
import type { Plan, PlanOptions } from "../src/model/plan.ts";
import { plan } from "../src/plan.ts";
import { carryOut } from "./fixtures/carry-out.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";
import {
  forwardTo,
  graphOf,
  type ListenerSketch,
  NOT_FOUND,
  path,
  type RuleSketch,
  redirectToPort,
  type StackSketch,
  tcp,
} from "./fixtures/graph.ts";

const GROUPS = { "shop/web-one:80": {}, "shop/web-two:80": {}, "shop/web-three:80": {} };
const one = forwardTo("shop/web-one:80");
const two = forwardTo("shop/web-two:80");
const three = forwardTo("shop/web-three:80");
const to = (pattern: string, action: RuleSketch["actions"][number]): RuleSketch => ({
  conditions: [path(pattern)],
  actions: [action],
});
const CERTIFICATES = ["a", "b", "c"].map((id) => `arn:aws:acm:eu-central-1:111122223333:certificate/${id}`);
const [A = "", B = "", C = ""] = CERTIFICATES;
const https = (...certificates: readonly string[]): ListenerSketch => ({
  protocol: "HTTPS",
  certificates,
  sslPolicy: "ELBSecurityPolicy-2016-08",
});

interface Situation {
  readonly goal: DesiredGraph;
  readonly account: Account;
  readonly made: Plan;
  readonly planning: PlanOptions;
}

function between(
  before: StackSketch,
  after: StackSketch,
  change: (account: Account) => Account = (it) => it,
  planning: PlanOptions = {},
): Situation {
  const { account: start } = carryOut(graphOf([{ targetGroups: GROUPS, ...before }]));
  const goal = graphOf([{ targetGroups: GROUPS, ...after }]);
  const account = deepFreeze(change(start));
  return { goal, account, planning, made: plan(goal, account, planning) };
}

/** A target group with targets loses its last rule. */
function lettingGo(): Situation {
  const before = { listeners: { 80: { rules: [to("/a", one)] } }, targets: { "shop/web-one:80": ["i-1:30080"] } };
  const after = { listeners: { 80: { rules: [to("/a", two)] } }, targetGroups: { "shop/web-two:80": {} } };
  return between(before, after, undefined, { drain: true });
}

const isNoWait = ({ kind }: Action): boolean => kind !== "wait";

const rules = (before: readonly RuleSketch[], after: readonly RuleSketch[]): Situation =>
  between({ listeners: { 80: { rules: before } } }, { listeners: { 80: { rules: after } } });

/** One after another, so that there is no other order. */
function chained(actions: readonly Action[]): readonly Action[] {
  return actions.map((action, index) => ({ ...action, dependsOn: index === 0 ? [] : [actions[index - 1]?.id ?? ""] }));
}

/** The same actions, those of a kind first. */
function first(kind: RegExp): (actions: readonly Action[]) => readonly Action[] {
  return (actions) =>
    chained([...actions.filter((it) => kind.test(it.kind)), ...actions.filter((it) => !kind.test(it.kind))]);
}

/** The same actions, those of a kind last. */
function last(kind: RegExp): (actions: readonly Action[]) => readonly Action[] {
  return (actions) =>
    chained([...actions.filter((it) => !kind.test(it.kind)), ...actions.filter((it) => kind.test(it.kind))]);
}

const without =
  (kind: RegExp) =>
  (actions: readonly Action[]): readonly Action[] =>
    chained(actions.filter((it) => !kind.test(it.kind)));

/** A stack whose rule leads to a group, with what is registered in the groups. */
const reached = (action: RuleSketch["actions"][number], targets: StackSketch["targets"] = {}): StackSketch => ({
  usesBackendSecurityGroup: true,
  listeners: { 80: { rules: [to("/a", action)] } },
  targets,
});
const ONE = "shop/web-one:80";
const TWO = "shop/web-two:80";
const FOREIGN = { ...tcp(22), source: { cidrIp: "10.0.0.0/8" }, description: "ssh" };

interface Planted {
  readonly name: string;
  readonly situation: Situation;
  readonly spoil: (actions: readonly Action[], account: Account) => readonly Action[];
  readonly broken: readonly Guarantee[];
}

const ruleArns = (account: Account): readonly string[] =>
  Object.values(account.listenerRules)
    .sort((a, b) => a.spec.priority - b.spec.priority)
    .map(({ arn }) => arn);
const groupArn = (account: Account, name: string): string =>
  Object.values(account.targetGroups).find(({ spec }) => JSON.stringify(spec.tags).includes(name))?.arn ?? "";

const PLANTED: readonly Planted[] = [
  {
    name: "dying rules are deleted first to last",
    situation: rules([to("/a", one), to("/*", two)], []),
    spoil: (actions) => chained(actions.toReversed()),
    broken: ["gapless"],
  },
  {
    name: "rules are modified in place although they overlap",
    situation: rules([to("/a*", one), to("/*", two)], [to("/b*", three), to("/*", one)]),
    spoil: (_actions, account) => {
      const arns = ruleArns(account);
      const modify = (index: number, pattern: string, group: string): Action => ({
        id: `modify ${index}`,
        kind: "modifyRule",
        stack: "shop/web",
        resource: `listenerRule/80:${index + 1}`,
        details: {
          ruleArn: arns[index] ?? "",
          conditions: [path(pattern)],
          actions: [
            { type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn: groupArn(account, group) }] } },
          ],
        },
        dependsOn: [],
        reason: "",
        disruption: "none",
      });
      return chained([modify(0, "/b*", "three"), modify(1, "/*", "one")]);
    },
    broken: ["gapless"],
  },
  {
    name: "certificates are removed before others are added",
    situation: between({ listeners: { 443: https(A, B) } }, { listeners: { 443: https(A, C) } }),
    spoil: first(/^removeListenerCertificates|^modifyListener$/),
    broken: ["gapless"],
  },
  {
    name: "SetRulePriorities forgets the dying rules",
    situation: rules([to("/a", one), to("/*", two)], [to("/b", two), to("/*", three)]),
    spoil: (actions, account) => {
      const dying = new Set(actions.flatMap((it) => (it.kind === "deleteRule" ? [it.details.ruleArn] : [])));
      expect(ruleArns(account).some((arn) => dying.has(arn))).toBe(true);
      return actions.map((it) =>
        it.kind === "setRulePriorities"
          ? { ...it, details: { priorities: it.details.priorities.filter(({ ruleArn }) => !dying.has(ruleArn)) } }
          : it,
      );
    },
    broken: ["reaches", "idempotent", "withinQuota"],
  },
  {
    name: "a target group is deleted before the last rule let go",
    situation: between({ listeners: { 80: { rules: [to("/a", one)] } } }, { listeners: { 80: {} }, targetGroups: {} }),
    spoil: first(/^deleteTargetGroup/),
    broken: ["reaches", "idempotent", "withinQuota"],
  },
  {
    name: "the default is switched before the rules",
    situation: between(
      { listeners: { 80: { defaultActions: [one] } } },
      { listeners: { 80: { defaultActions: [NOT_FOUND], rules: [to("/a", two)] } } },
    ),
    spoil: first(/^modifyListener/),
    broken: ["gapless"],
  },
  {
    name: "permissions are revoked before others are authorized",
    situation: between(
      { permissions: [tcp(80)], listeners: { 80: {} } },
      { permissions: [tcp(80, { cidrIp: "10.0.0.0/8" })], listeners: { 80: {} } },
    ),
    spoil: last(/^authorize/),
    broken: ["gapless"],
  },
  {
    name: "a rule is switched before targets are registered",
    situation: between(
      reached(one, { [ONE]: ["i-1:30080"] }),
      reached(two, { [ONE]: ["i-1:30080"], [TWO]: ["i-1:30081"] }),
    ),
    spoil: last(/^registerTargets/),
    broken: ["gapless", "warm"],
  },
  {
    name: "targets are deregistered before others are registered",
    situation: between(reached(one, { [ONE]: ["i-1:30080"] }), reached(one, { [ONE]: ["i-2:30080"] })),
    spoil: first(/^deregisterTargets/),
    broken: ["gapless"],
  },
  {
    name: "targets go while their group still serves",
    situation: between(reached(one, { [ONE]: ["i-1:30080"] }), reached(two, { [ONE]: [], [TWO]: ["i-1:30080"] })),
    spoil: first(/^deregisterTargets/),
    broken: ["gapless"],
  },
  {
    name: "permissions towards targets are revoked too early",
    situation: between(
      reached(one, { [ONE]: ["i-1:30080"], [TWO]: ["i-1:30090"] }),
      reached(two, { [ONE]: [], [TWO]: ["i-1:30090"] }),
    ),
    spoil: first(/^revoke/),
    broken: ["gapless"],
  },
  {
    name: "permissions towards targets are revoked before wider ones are there",
    situation: between(
      reached(one, { [ONE]: ["i-1:30080"] }),
      reached(one, { [ONE]: ["i-1:30080"], [TWO]: ["i-1:30090"] }),
    ),
    spoil: last(/^authorize/),
    broken: ["gapless"],
  },
  {
    name: "permissions towards targets come too late",
    situation: between(reached(one, {}), reached(one, { [ONE]: ["i-1:30080"] })),
    spoil: last(/^authorize/),
    broken: ["gapless"],
  },
  {
    name: "somebody else's permission is revoked",
    situation: between(reached(one, {}), reached(one, {}), (account) => ({
      ...account,
      endpointSecurityGroups: { "sg-nodes": [FOREIGN] },
    })),
    spoil: () => [
      {
        id: "revoke",
        kind: "revokeSecurityGroupIngress",
        stack: "(cluster)",
        resource: "endpointPermissions/sg-nodes",
        details: { securityGroupId: "sg-nodes", permissions: [FOREIGN] },
        dependsOn: [],
        reason: "",
        disruption: "none",
      },
    ],
    broken: ["contained"],
  },
  {
    name: "a redirect is switched on before what it points to is there",
    situation: between(
      { listeners: { 80: { rules: [to("/a", one)] } } },
      { listeners: { 80: { defaultActions: [redirectToPort(443)] }, 443: { ...https(A), rules: [to("/a", one)] } } },
    ),
    spoil: last(/^create|^addListenerCertificates/),
    broken: ["gapless"],
  },
  {
    name: "a listener goes before the redirects to it",
    situation: between(
      { listeners: { 80: { defaultActions: [redirectToPort(443)] }, 443: { ...https(A), defaultActions: [one] } } },
      { listeners: { 80: { defaultActions: [one] } } },
    ),
    spoil: first(/^deleteListener/),
    broken: ["gapless"],
  },
  {
    name: "an edge is missing, though the order is right",
    situation: rules([], [to("/a", one), to("/*", two)]),
    spoil: (actions) => actions.map((it) => ({ ...it, dependsOn: [] })),
    broken: ["gapless"],
  },
  {
    name: "new rules are created in front of old ones",
    situation: rules([to("/a", one)], [to("/b", two), to("/*", three)]),
    spoil: (actions) => chained(actions.toReversed()),
    broken: ["reaches", "idempotent", "withinQuota"],
  },
  {
    name: "an action is forgotten",
    situation: rules([to("/a", one)], [to("/a", two)]),
    spoil: without(/^modifyRule/),
    broken: ["reaches", "idempotent"],
  },
  {
    name: "there is no room for what is created first",
    situation: between(
      { listeners: { 80: { rules: [to("/a", one)] } } },
      { listeners: { 80: {}, 8080: { rules: [to("/a", one)] } } },
      (account) => ({ ...account, quotas: { ...account.quotas, rulesPerLoadBalancer: 1 } }),
    ),
    spoil: last(/^delete/),
    broken: ["reaches", "idempotent", "withinQuota"],
  },
  {
    name: "nobody waits for the targets of a new group",
    situation: between(reached(one, { [ONE]: ["i-1:30080"] }), reached(two, { [TWO]: ["i-1:30080"] })),
    spoil: without(/^wait/),
    broken: ["warm"],
  },
  {
    name: "a rule is switched before its new targets are healthy",
    situation: between(reached(one, { [ONE]: ["i-1:30080"] }), reached(two, { [TWO]: ["i-1:30080"] })),
    spoil: last(/^wait/),
    broken: ["warm"],
  },
  {
    name: "a rule takes traffic from a default before its targets are healthy",
    situation: between(
      { listeners: { 80: { defaultActions: [one] } }, targets: { [ONE]: ["i-1:30080"] } },
      {
        listeners: { 80: { defaultActions: [one], rules: [to("/a", two)] } },
        targets: { [ONE]: ["i-1:30080"], [TWO]: ["i-2:30080"] },
      },
    ),
    spoil: (actions) => chained([...actions.filter(isNoWait), ...actions.filter((it) => !isNoWait(it))]),
    broken: ["warm"],
  },
  {
    name: "a redirect leads to a listener whose targets nobody waited for",
    situation: between(
      { listeners: { 80: { rules: [to("/a", one)] } }, targets: { [ONE]: ["i-1:30080"] } },
      {
        listeners: { 80: { rules: [to("/a", redirectToPort(443))] }, 443: { ...https(A), defaultActions: [two] } },
        targets: { [TWO]: ["i-2:30080"] },
      },
    ),
    spoil: without(/^wait/),
    broken: ["warm"],
  },
  {
    name: "a target group goes before its connections had time to end",
    situation: lettingGo(),
    spoil: last(/^wait/),
    broken: ["drained", "withinQuota"],
  },
  {
    name: "nobody waits for the connections of a target group",
    situation: lettingGo(),
    spoil: without(/^wait/),
    broken: ["drained"],
  },
  {
    name: "the wait for connections begins while a rule still leads there",
    situation: lettingGo(),
    spoil: first(/^wait/),
    broken: ["drained"],
  },
  {
    name: "something is touched that belongs to nobody here",
    situation: between({ listeners: { 80: {} } }, { listeners: { 80: {} } }, (account) => {
      const [group] = Object.values(account.targetGroups);
      if (group === undefined) throw new Error("no target group");
      const foreign = { ...group, arn: `${group.arn}-foreign`, spec: { ...group.spec, name: "foreign", tags: {} } };
      return { ...account, targetGroups: { ...account.targetGroups, [foreign.arn]: foreign } };
    }),
    spoil: (_actions, account) => [
      {
        id: "delete foreign",
        kind: "deleteTargetGroup",
        stack: "shop/web",
        resource: "targetGroup/foreign",
        details: { targetGroupArn: Object.keys(account.targetGroups).find((arn) => arn.endsWith("-foreign")) ?? "" },
        dependsOn: [],
        reason: "",
        disruption: "none",
      },
    ],
    broken: ["contained"],
  },
];

const brokenOf = ({ guarantees }: ReturnType<typeof checkPlan>): readonly string[] =>
  Object.entries(guarantees).flatMap(([guarantee, verdict]) =>
    verdict === "proven" || verdict === "off" ? [] : [guarantee],
  );

describe("checkPlan", () => {
  it.each(PLANTED)("catches it when $name", ({ situation: { goal, account, made, planning }, spoil, broken }) => {
    expect(brokenOf(checkPlan(goal, account, made, { planning }))).toEqual([]);
    const spoilt = deepFreeze({ ...made, actions: spoil(made.actions, account) });
    const check = checkPlan(goal, account, spoilt, { planning });
    expect(brokenOf(check)).toEqual(broken);
    for (const guarantee of broken) {
      const found = check.counterexamples.find((it) => it.guarantee === guarantee);
      expect(found?.message).toMatch(/\.$/);
    }
  });

  it("names the request, and what serves it before, now and after", () => {
    const { goal, account, made } = rules([to("/a", one), to("/*", two)], []);
    const check = checkPlan(goal, account, { ...made, actions: chained(made.actions.toReversed()) });
    expect(check.counterexamples[0]).toMatchObject({
      guarantee: "gapless",
      stack: "shop/web",
      step: 1,
      action: "shop/web listenerRule/80:1 deleteRule",
      interleaving: 0,
      request: { scheme: "http", port: 80, path: "/a" },
      before: expect.stringContaining("one"),
      now: expect.stringContaining("two"),
      after: expect.stringContaining("404"),
    });
    expect(check.bounds).toMatchObject({ interleavings: 1, everyInterleaving: true, prefixes: 2 });
    expect(check.bounds.witnesses).toBeGreaterThan(1);
  });

  it("calls a gap announced that the plan warns of", () => {
    const { goal, account, made } = between(
      { listeners: { 80: { rules: [to("/a", one), to("/*", two)] } } },
      { listeners: { 80: { rules: [to("/b", three), to("/*", one)] } } },
      (it) => ({ ...it, quotas: { ...it.quotas, rulesPerLoadBalancer: 2 } }),
    );
    expect(made.diagnostics.map(({ code }) => code)).toContain("rules.gap");
    expect(checkPlan(goal, account, made).guarantees).toEqual({
      reaches: "proven",
      idempotent: "proven",
      gapless: "announced",
      warm: "proven",
      drained: "off",
      contained: "proven",
      withinQuota: "proven",
      resumable: "proven",
    });
  });

  it("leaves out what the plan refuses", () => {
    const { account } = carryOut(graphOf([{ listeners: { 80: {} } }]));
    const goal = graphOf([{ listeners: { 80: {} }, loadBalancer: { scheme: "internet-facing" } }]);
    const made = plan(goal, account);
    expect(made.diagnostics.map(({ code }) => code)).toEqual(["plan.replace-not-allowed"]);
    expect(brokenOf(checkPlan(goal, account, made))).toEqual([]);
    const planning: PlanOptions = { allowReplace: true };
    expect(brokenOf(checkPlan(goal, account, plan(goal, account, planning), { planning }))).toEqual([]);
  });

  it("says the same again", () => {
    const { goal, account, made } = rules([to("/a", one), to("/*", two)], [to("/*", three), to("/b", one)]);
    expect(JSON.stringify(checkPlan(goal, account, made))).toBe(JSON.stringify(checkPlan(goal, account, made)));
  });
});
