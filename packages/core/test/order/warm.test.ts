/** Traffic moves to new target groups when their targets are healthy; drained groups go after their delay. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../src/check/simulate.ts";
import { checkPlan } from "../../src/check-plan.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import { plan } from "../../src/plan.ts";
import { failing } from "../arbitraries/transition.ts";
import { calls, carryOut } from "../fixtures/carry-out.ts";
import {
  forwardTo,
  graphOf,
  type ListenerSketch,
  NOT_FOUND,
  path,
  redirectToPort,
  ref,
  type StackSketch,
} from "../fixtures/graph.ts";

const ONE = "shop/web-one:80";
const TWO = "shop/web-two:80";
const refTo = (group: string) => ref(`targetGroup/${group}`);
const rule = (pattern: string, action: RuleAction) => ({ conditions: [path(pattern)], actions: [action] });

function stack(listeners: StackSketch["listeners"], groups: readonly string[] = [ONE, TWO]): StackSketch {
  return {
    targetGroups: Object.fromEntries(groups.map((id) => [id, { attributes: {} }])),
    targets: Object.fromEntries(groups.map((id) => [id, ["i-1:30080"]])),
    listeners: listeners ?? {},
  };
}

const serving = (action: RuleAction, ...groups: readonly string[]): StackSketch =>
  stack({ 80: { rules: [rule("/a", action)] } }, groups);

const built = (sketch: StackSketch): Account => carryOut(graphOf([sketch])).account;

describe("warm", () => {
  it("names a group without traffic, waits, and then switches in place", () => {
    const account = built(serving(forwardTo(ONE), ONE));
    const goal = graphOf([serving(forwardTo(TWO), TWO)]);
    const { plan: made } = carryOut(goal, account);
    expect(calls(made)).toEqual([
      `createTargetGroup targetGroup/${TWO}`,
      `registerTargets targets/${TWO}`,
      "modifyRule listenerRule/80:1",
      `wait targetGroup/${TWO}`,
      "modifyRule listenerRule/80:1",
      `deleteTargetGroup targetGroup/${ONE}`,
    ]);
    const [first] = made.actions.filter(({ kind }) => kind === "modifyRule");
    const weights = first?.kind === "modifyRule" ? first.details.actions?.flatMap(weightsOf) : [];
    expect(weights).toEqual([1, 0]);
    const wait = made.actions.find(({ kind }) => kind === "wait");
    // 15 s, three times, 5 s for the last answer, and a minute.
    expect(wait?.details).toMatchObject({ until: "targets-healthy", deadlineSeconds: 110, onDeadline: "stop" });
    expect(made.summary.writes).toBe(5);
    expect(Object.values(checkPlan(goal, account, made).guarantees)).not.toContain("refuted");
    expect(calls(plan(goal, account, { warm: false }))).not.toContain(`wait targetGroup/${TWO}`);
  });

  it("goes on after the wait where a run stopped there", () => {
    const account = built(serving(forwardTo(ONE), ONE));
    const goal = graphOf([serving(forwardTo(TWO), TWO)]);
    const { actions } = plan(goal, account);
    const until = actions.findIndex(({ kind }) => kind === "wait");
    const stopped = carryOutActions(account, actions.slice(0, until));
    expect(calls(plan(goal, stopped))).toEqual([
      `wait targetGroup/${TWO}`,
      "modifyRule listenerRule/80:1",
      `deleteTargetGroup targetGroup/${ONE}`,
    ]);
  });

  it("lets new rules wait behind the old ones", () => {
    const account = built(stack({ 80: { rules: [rule("/*", forwardTo(ONE))] } }, [ONE]));
    const goal = stack({ 80: { rules: [rule("/b", forwardTo(TWO)), rule("/*", forwardTo(ONE))] } });
    const { plan: made } = carryOut(graphOf([goal]), account);
    expect(calls(made).slice(2)).toEqual([
      "createRule listenerRule/80:1",
      `wait targetGroup/${TWO}`,
      "setRulePriorities listener/80",
    ]);
    expect(made.actions.at(-1)?.dependsOn).toContain(made.actions.at(-2)?.id);
  });

  it("lets new rules do what a default does that leads to targets, until theirs are healthy", () => {
    const account = built(stack({ 80: { defaultActions: [forwardTo(ONE)] } }, [ONE]));
    const after = { 80: { defaultActions: [forwardTo(ONE)], rules: [rule("/b", forwardTo(TWO))] } };
    const goal = graphOf([stack(after)]);
    const { plan: made } = carryOut(goal, account);
    expect(calls(made).slice(2)).toEqual([
      "createRule listenerRule/80:1",
      `wait targetGroup/${TWO}`,
      "modifyRule listenerRule/80:1",
    ]);
    const [, , created, , modified] = made.actions;
    expect(created?.kind === "createRule" ? created.details.spec.actions.flatMap(weightsOf) : []).toEqual([1, 0]);
    expect(modified?.kind === "modifyRule" ? modified.details.actions : []).toEqual([
      { ...forwardTo(TWO), forwardConfig: { targetGroups: [{ targetGroupArn: refTo(TWO) }] } },
    ]);
    expect(Object.values(checkPlan(goal, account, made).guarantees)).not.toContain("refuted");
    // Stopped before the wait, the rule is modified when its targets are healthy.
    const stopped = carryOutActions(account, made.actions.slice(0, 3));
    expect(calls(plan(goal, stopped))).toEqual([`wait targetGroup/${TWO}`, "modifyRule listenerRule/80:1"]);
  });

  it("waits again where a run stopped before new rules took their places", () => {
    const account = built(stack({ 80: { rules: [rule("/*", forwardTo(ONE))] } }, [ONE]));
    const goal = graphOf([stack({ 80: { rules: [rule("/b", forwardTo(TWO)), rule("/*", forwardTo(ONE))] } })]);
    const { actions } = plan(goal, account);
    const stopped = carryOutActions(account, actions.slice(0, 3));
    expect(calls(plan(goal, stopped))).toEqual([`wait targetGroup/${TWO}`, "setRulePriorities listener/80"]);
  });

  it("waits again where a run stopped before old rules go", () => {
    const account = built(stack({ 80: { rules: [rule("/*", forwardTo(ONE))] } }, [ONE]));
    const goal = graphOf([stack({ 80: { defaultActions: [forwardTo(TWO)] } }, [TWO])]);
    const { plan: made } = carryOut(goal, account);
    const found = [`wait targetGroup/${TWO}`, "deleteRule listenerRule/80:1", `deleteTargetGroup targetGroup/${ONE}`];
    // The old default answers by itself and can't name a group: the new one does, and the rule stays meanwhile.
    expect(calls(made).slice(2)).toEqual(["modifyListener listener/80", ...found]);
    expect(calls(plan(goal, carryOutActions(account, made.actions.slice(0, 3))))).toEqual(found);
  });

  describe.each(["initial", "unhealthy", "unused"] as const)("at a stop whose new targets are %s", (state) => {
    const started = built(stack({ 80: { rules: [rule("/*", forwardTo(ONE))] } }, [ONE]));
    const secure: ListenerSketch = {
      protocol: "HTTPS",
      certificates: ["arn:aws:acm:eu-central-1:111122223333:certificate/a"],
      sslPolicy: "ELBSecurityPolicy-2016-08",
      rules: [rule("/*", forwardTo(TWO))],
    };
    it.each<{ name: string; listeners: StackSketch["listeners"] }>([
      {
        name: "new rules take their places",
        listeners: { 80: { rules: [rule("/b", forwardTo(TWO)), rule("/*", forwardTo(ONE))] } },
      },
      {
        name: "a redirect leads to a new listener",
        listeners: { 80: { rules: [rule("/*", redirectToPort(443))] }, 443: secure },
      },
      {
        name: "a default redirects to a new listener",
        listeners: { 80: { defaultActions: [redirectToPort(443)] }, 443: secure },
      },
      {
        name: "old rules go",
        listeners: { 80: { defaultActions: [forwardTo(TWO)] } },
      },
      {
        name: "a rule that another one held back in part takes its place",
        listeners: { 80: { rules: [rule("/a/*", forwardTo(TWO)), rule("/*", forwardTo(ONE))] } },
      },
    ])("waits again before $name", ({ listeners }) => {
      const goal = graphOf([stack(listeners)]);
      const { actions } = plan(goal, started);
      const until = actions.findIndex(({ kind }) => kind === "wait");
      const stopped = carryOutActions(started, actions.slice(0, until));
      const account = { ...stopped, targets: failing(stopped.targets, state) };
      const again = plan(goal, account);
      expect(calls(again)).toEqual(calls({ actions: actions.slice(until) }));
      expect(checkPlan(goal, account, again).guarantees).toMatchObject({ gapless: "proven", warm: "proven" });
      // Planned without the wait, it is caught.
      const hasty = again.actions.flatMap((action) => (action.kind === "wait" ? [] : [{ ...action, dependsOn: [] }]));
      expect(checkPlan(goal, account, { ...again, actions: hasty }).guarantees.warm).toBe("refuted");
    });
  });

  it.each<{ name: string; listeners: StackSketch["listeners"] }>([
    {
      name: "another rule before it",
      listeners: {
        80: { rules: [rule("/a", forwardTo(ONE)), rule("/b", forwardTo(TWO)), rule("/b/c", forwardTo(ONE))] },
      },
    },
    {
      name: "a rule behind it, and one that goes elsewhere",
      listeners: { 80: { rules: [rule("/b", forwardTo(TWO)), rule("/x", NOT_FOUND)] } },
    },
    {
      name: "a redirect to where it is led to as before",
      listeners: {
        80: { rules: [rule("/a", redirectToPort(8080)), rule("/b", forwardTo(TWO))] },
        8080: { rules: [rule("/a", forwardTo(ONE)), rule("/b", forwardTo(TWO))] },
      },
    },
  ])("isn't held up by a group that serves already and whose targets fail: $name", ({ listeners }) => {
    const both = [rule("/a", forwardTo(ONE)), rule("/b", forwardTo(TWO))];
    const start = built(stack({ 80: { rules: both }, 8080: { rules: both } }));
    const two = Object.values(start.targetGroups).find(({ spec }) => spec.tags?.["ingress.k8s.aws/resource"] === TWO);
    const failed = failingIn(start, two?.arn ?? "");
    expect(failed).not.toEqual(start);
    const goal = graphOf([stack({ 8080: { rules: both }, ...listeners })]);
    const made = plan(goal, failed);
    expect(made.actions).not.toEqual([]);
    expect(calls(made).filter((call) => call.startsWith("wait"))).toEqual([]);
    expect(checkPlan(goal, failed, made).guarantees.warm).toBe("proven");
  });

  it("takes the usual order where new rules can't wait in the shortest one", () => {
    const account = built(stack({ 80: { rules: [rule("/a", forwardTo(ONE))] } }, [ONE]));
    const goal = graphOf([stack({ 80: { rules: [rule("/*", forwardTo(ONE)), rule("/a", forwardTo(TWO))] } })]);
    expect(calls(plan(goal, account, { warm: false })).slice(2)).toEqual([
      "modifyRule listenerRule/80:1",
      "createRule listenerRule/80:2",
    ]);
    const { plan: made } = carryOut(goal, account);
    expect(calls(made).slice(2)).toEqual([
      "createRule listenerRule/80:1",
      "createRule listenerRule/80:2",
      `wait targetGroup/${TWO}`,
      "setRulePriorities listener/80",
      "deleteRule listenerRule/80:1",
    ]);
    expect(checkPlan(goal, account, made).guarantees).toMatchObject({ gapless: "proven", warm: "proven" });
  });

  it("lets new rules wait also where they had to wait for room", () => {
    const before = { 80: { rules: [rule("/a", forwardTo(ONE))] }, 8080: { defaultActions: [forwardTo(ONE)] } };
    const after = { 80: {}, 8080: { defaultActions: [forwardTo(ONE)], rules: [rule("/b", forwardTo(TWO))] } };
    const full = built(stack(before, [ONE]));
    const account = { ...full, quotas: { ...full.quotas, rulesPerLoadBalancer: 1 } };
    const goal = graphOf([stack(after)]);
    const { plan: made } = carryOut(goal, account);
    expect(calls(made).slice(2)).toEqual([
      "deleteRule listenerRule/80:1",
      "createRule listenerRule/8080:1",
      `wait targetGroup/${TWO}`,
      "modifyRule listenerRule/8080:1",
    ]);
    expect(checkPlan(goal, account, made).guarantees).toMatchObject({ gapless: "proven", warm: "proven" });
  });

  it("says so when nothing can name a group before", () => {
    const account = built(serving(forwardTo(ONE), ONE));
    const after = serving(forwardTo(TWO), TWO);
    const goal = graphOf([{ ...after, targetGroups: { [TWO]: { protocolVersion: "HTTP2", attributes: {} } } }]);
    const { plan: made } = carryOut(goal, account);
    expect(calls(made).slice(2, 3)).toEqual(["modifyRule listenerRule/80:1"]);
    expect(made.diagnostics).toMatchObject([{ code: "targets.cold", resource: "listenerRule/80:1" }]);
    expect(checkPlan(goal, account, made).guarantees.warm).toBe("announced");
  });

  it("names the group of default actions without traffic", () => {
    const account = built(stack({ 80: { defaultActions: [forwardTo(ONE)] } }, [ONE]));
    const { plan: made } = carryOut(graphOf([stack({ 80: { defaultActions: [forwardTo(TWO)] } }, [TWO])]), account);
    expect(calls(made).slice(2, 5)).toEqual([
      "modifyListener listener/80",
      `wait targetGroup/${TWO}`,
      "modifyListener listener/80",
    ]);
  });

  it("waits before a redirect leads to a new listener", () => {
    const account = built(stack({ 80: { rules: [rule("/a", forwardTo(ONE))] } }, [ONE]));
    const goal = stack({
      80: { rules: [rule("/a", redirectToPort(8080))] },
      8080: { defaultActions: [forwardTo(TWO)] },
    });
    const { plan: made } = carryOut(graphOf([goal]), account);
    const switched = made.actions.find(({ kind }) => kind === "modifyRule");
    expect(switched?.dependsOn).toContain(`shop/web targetGroup/${TWO} wait`);
  });

  it.each<{ name: string; before: StackSketch; after: StackSketch }>([
    { name: "on a load balancer of the same plan", before: {}, after: serving(forwardTo(ONE), ONE) },
    {
      name: "for a group that has traffic already",
      before: stack({ 80: { rules: [rule("/a", forwardTo(ONE)), rule("/b", forwardTo(TWO))] } }),
      after: stack({ 80: { rules: [rule("/a", forwardTo(TWO)), rule("/b", forwardTo(TWO))] } }),
    },
    {
      name: "where nothing gives way to the new rule",
      before: stack({ 80: { rules: [rule("/a", forwardTo(ONE))] } }, [ONE]),
      after: stack({ 80: { rules: [rule("/a", forwardTo(ONE)), rule("/b", forwardTo(TWO))] } }),
    },
    {
      name: "where a fixed response can't stand beside a group",
      before: serving(NOT_FOUND),
      after: serving(forwardTo(TWO), TWO),
    },
    {
      name: "for a group of which no targets are known",
      before: serving(forwardTo(ONE), ONE),
      after: { ...serving(forwardTo(TWO), TWO), targets: {} },
    },
  ])("doesn't wait $name", ({ before, after }) => {
    const account = before.listeners === undefined ? undefined : built(before);
    expect(calls(carryOut(graphOf([after]), account).plan).filter((call) => call.startsWith("wait"))).toEqual([]);
  });
});

describe("drain", () => {
  const before = serving(forwardTo(ONE), ONE);
  const goal = graphOf([serving(forwardTo(TWO), TWO)]);

  it("keeps a group that lost its last rule for its delay", () => {
    const { plan: made } = carryOut(goal, built(before), { drain: true, warm: false });
    expect(calls(made).slice(-3)).toEqual([
      "modifyRule listenerRule/80:1",
      `wait targetGroup/${ONE}`,
      `deleteTargetGroup targetGroup/${ONE}`,
    ]);
    expect(made.actions.at(-2)?.details).toMatchObject({
      until: "targets-drained",
      deadlineSeconds: 300,
      onDeadline: "continue",
    });
    expect(made.actions.at(-1)?.dependsOn).toContain(made.actions.at(-2)?.id);
  });

  it.each<{ name: string; after: StackSketch; given: Account }>([
    { name: "the load balancer goes", after: { members: [], inactiveMembers: ["shop/web"] }, given: built(before) },
    { name: "it has no targets", after: serving(NOT_FOUND), given: built({ ...before, targets: {} }) },
  ])("doesn't when $name", ({ after, given }) => {
    const { plan: made } = carryOut(graphOf([after]), given, { drain: true, allowDelete: true });
    expect(calls(made).filter((call) => call.startsWith("wait"))).toEqual([]);
  });
});

function weightsOf(action: RuleAction): readonly unknown[] {
  return action.type === "forward" ? action.forwardConfig.targetGroups.map(({ weight }) => weight) : [];
}

function failingIn(account: Account, targetGroupArn: string): Account {
  const failed = (account.targets[targetGroupArn] ?? []).map((target) => ({ ...target, state: "unhealthy" as const }));
  return { ...account, targets: { ...account.targets, [targetGroupArn]: failed } };
}

/** What is there when a run stops before the wait: new targets are in their first checks. */
function carryOutActions(account: Account, actions: ReturnType<typeof plan>["actions"]): Account {
  return simulate(account, { actions }, { pace: "waits" }).account;
}
