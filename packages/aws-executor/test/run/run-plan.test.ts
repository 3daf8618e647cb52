import {
  type Account,
  type Action,
  type CallError,
  type Executor,
  emptyAccount,
  type Step,
  simulatedExecutor,
} from "@elbplan/core";
import { type Asked, type Fault, faultyExecutor } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { stoppedError } from "../../src/aws-error.ts";
import type { JournalEntry } from "../../src/run/journal.ts";
import type { RunEvent } from "../../src/run/result.ts";
import { type RunOptions, runPlan } from "../../src/run/run-plan.ts";
import { fakeClock } from "../fake-clock.ts";
import { action, listener, loadBalancer, planOf, rule } from "./plan-of.ts";

const PLACE = { region: "eu-central-1", accountId: "123456789012", vpcId: "vpc-1" };
const ALL = [loadBalancer(), listener(), rule(1), rule(2)];

/** Runs actions on an account, with faults by number of the call. */
async function run(
  actions: readonly Action[],
  options: RunOptions & {
    readonly account?: Account;
    readonly fault?: (asked: Asked) => Fault | undefined;
    readonly executor?: (executor: Executor) => Executor;
  } = {},
) {
  const { account = emptyAccount(PLACE), fault = () => undefined, executor = (it) => it, ...rest } = options;
  const clock = fakeClock();
  const simulated = simulatedExecutor(account);
  const events: RunEvent[] = [];
  const journal: JournalEntry[] = [];
  const result = await runPlan(planOf(...actions), faultyExecutor(executor(simulated), { fault }), {
    clock,
    onEvent: (event) => events.push(event),
    journal: async (entry) => void journal.push(entry),
    ...rest,
  });
  const states = Object.fromEntries(result.steps.map(({ action: id, state }) => [id, state]));
  return { result, states, events, journal, account: simulated.account(), seconds: clock.now() / 1000 };
}

/** The fault of one call: of the first that an operation makes, unless a number says which. */
const once = (operation: string, fault: Fault, number = 0): ((asked: Asked) => Fault | undefined) => {
  let seen = 0;
  return (asked) =>
    asked.what === "send" && asked.step.call.operation === operation && seen++ === number ? fault : undefined;
};

const refuse =
  (operation: string, error: Partial<CallError>, times = Number.POSITIVE_INFINITY) =>
  (executor: Executor): Executor => {
    let left = times;
    return {
      ...executor,
      send: async (step) => {
        if (step.call.operation !== operation || left-- <= 0) return executor.send(step);
        throw Object.assign(new Error("no"), { code: "Refused", outcome: "refused", requestId: "r-1", ...error });
      },
    };
  };

describe("running a plan", () => {
  it("makes every call once, after what it depends on, with what was created", async () => {
    const { result, account, journal } = await run(ALL);
    expect(result).toMatchObject({ state: "done", diagnostics: [], waiting: [] });
    expect(result.steps.map(({ calls }) => calls)).toEqual([1, 1, 1, 1]);
    const [listenerArn] = Object.keys(account.listeners);
    expect(Object.values(account.listenerRules).map(({ spec }) => spec.listenerArn)).toEqual([
      listenerArn,
      listenerArn,
    ]);
    expect(result.outputs["shop/web"]?.["listener/80"]).toEqual({ arn: listenerArn, id: listenerArn });
    const entries = journal.map((it) => ("action" in it ? `${it.entry} ${it.action}` : it.entry));
    expect(entries.slice(0, 5)).toEqual([
      "begin",
      "sent createLoadBalancer",
      "answered createLoadBalancer",
      "sent createListener",
      "answered createListener",
    ]);
    expect(entries.at(-1)).toBe("end");
  });

  it("has no more calls under way than it may", async () => {
    let underWay = 0;
    let most = 0;
    const clock = fakeClock();
    const slow = (executor: Executor): Executor => ({
      ...executor,
      send: async (step) => {
        most = Math.max(most, ++underWay);
        await clock.sleep(100);
        underWay -= 1;
        return executor.send(step);
      },
    });
    const rules = Array.from({ length: 20 }, (_, index) => rule(index + 1));
    await run([loadBalancer(), listener(), ...rules], { executor: slow, clock, parallelism: 4 });
    expect(most).toBe(4);
    // The load balancer, the listener, five rounds of rules.
    expect(clock.now()).toBe(700);
  });

  it("stops what depends on an error and lets the rest finish; the error names resource, Ingress and request", async () => {
    const refused = (executor: Executor): Executor => ({
      ...executor,
      send: async (step: Step) => {
        if (step.action.id !== "createRule 1") return executor.send(step);
        throw Object.assign(new Error("the path is too long"), {
          code: "ValidationError",
          outcome: "refused",
          requestId: "r-7",
        });
      },
    });
    const after = action(
      "addTags",
      { resourceArn: { ref: "listenerRule/80:1", field: "arn" }, tags: { a: "b" } },
      { dependsOn: ["createRule 1"] },
    );
    const { result, states } = await run([...ALL, after], { executor: refused });
    expect(states).toMatchObject({ "createRule 1": "refused", "createRule 2": "done", addTags: "skipped" });
    expect(result.state).toBe("failed");
    expect(result.diagnostics).toMatchObject([
      {
        code: "run.refused",
        severity: "error",
        stack: "shop/web",
        resource: "listenerRule/80:1",
        object: { kind: "Ingress", namespace: "shop", name: "web" },
        message:
          "CreateRule for rule 80:1 of shop/web was refused with ValidationError: the path is too long. (request r-7)",
      },
      { code: "account.dependency-failed", severity: "warning" },
    ]);
  });

  it.each([
    ["AccessDenied", "run.forbidden"],
    ["UnauthorizedOperation", "run.forbidden"],
    ["TooManyRules", "run.quota"],
    ["RulesPerSecurityGroupLimitExceeded", "run.quota"],
    ["SecretUnavailable", "run.secret"],
    ["ValueUnknown", "run.value-unknown"],
    ["ValidationError", "run.refused"],
  ])("says of %s that it is %s", async (code, diagnostic) => {
    const { result } = await run([loadBalancer()], { executor: refuse("CreateLoadBalancer", { code }) });
    expect(result.diagnostics.map((it) => it.code)).toEqual([diagnostic]);
  });

  it("counts a rejection that is no error of a call as a call without an answer", async () => {
    const broken = (executor: Executor): Executor => ({
      ...executor,
      send: async () => {
        throw new TypeError("oops");
      },
    });
    const { result, states } = await run([loadBalancer()], { executor: broken });
    expect(states).toEqual({ createLoadBalancer: "unanswered" });
    expect(result.diagnostics).toMatchObject([
      { code: "run.unanswered", message: expect.stringContaining("TypeError, oops") },
    ]);
  });
});

it("tells the message of a rejection that is a plain object", async () => {
  const refusing = (executor: Executor): Executor => ({
    ...executor,
    send: async () => {
      throw { code: "TooManyRules", message: "there are 100 already", outcome: "refused" };
    },
  });
  const { result } = await run([loadBalancer()], { executor: refusing });
  expect(result.diagnostics).toMatchObject([
    { code: "run.quota", message: expect.stringContaining("there are 100 already") },
  ]);
});

describe("refusals that pass", () => {
  it("are tried again: throttling at any call", async () => {
    const { states, seconds, events } = await run(ALL, { fault: once("CreateListener", "throttled") });
    expect(new Set(Object.values(states))).toEqual(new Set(["done"]));
    expect(seconds).toBe(5);
    expect(events.filter(({ type }) => type === "again")).toMatchObject([
      { action: { id: "createListener" }, inMilliseconds: 5000 },
    ]);
  });

  it("are tried again where something new is named, of this run or of one before", async () => {
    const error = { code: "ListenerNotFound" };
    const fresh = await run(ALL, { executor: refuse("CreateRule", error, 4) });
    expect(fresh.states).toMatchObject({ "createRule 1": "done", "createRule 2": "done" });
    expect(fresh.seconds).toBe(4);
    const old = action("modifyListenerAttributes", { listenerArn: "arn:listener", attributes: { a: "b" } });
    const { states, seconds } = await run([old], { executor: refuse("ModifyListenerAttributes", error) });
    expect(states).toEqual({ modifyListenerAttributes: "refused" });
    expect(seconds).toBe(20);
    // A certificate or web ACL that the plan doesn't make is more likely named wrong.
    const add = action("addListenerCertificates", { listenerArn: "arn:listener", certificateArn: "arn:cert" });
    const wrong = await run([add], { executor: refuse("AddListenerCertificates", { code: "CertificateNotFound" }) });
    expect(wrong.result.steps[0]?.calls).toBe(1);
  });

  it("have their time from the first refusal on, and waiting for a turn isn't part of it", async () => {
    const clock = fakeClock();
    const refused = action("deleteTargetGroup", { targetGroupArn: "arn:tg" });
    const busy = Array.from({ length: 8 }, (_, at) => action("deleteRule", { ruleArn: `arn:${at}` }, { id: `b${at}` }));
    const slow = (executor: Executor): Executor => ({
      ...executor,
      send: async (step) => {
        if (step.call.operation === "DeleteRule") await clock.sleep(10_000);
        return executor.send(step);
      },
    });
    const { states, result } = await run([refused, ...busy], {
      executor: (it) => refuse("DeleteTargetGroup", { code: "ResourceInUse" }, 2)(slow(it)),
      parallelism: 1,
      clock,
    });
    // Its second turn comes after 80 seconds, more than it may be refused for.
    expect(clock.now()).toBeGreaterThan(80_000);
    expect(result.steps[0]?.calls).toBe(3);
    expect(states["deleteTargetGroup"]).toBe("done");
  });

  it("have their time each: a refusal of another kind before is no part of it", async () => {
    let throttledFor = 15;
    const throttled = (executor: Executor): Executor => ({
      ...executor,
      send: async (step) => {
        if (throttledFor-- <= 0) return executor.send(step);
        throw Object.assign(new Error("slow down"), { code: "Throttling", outcome: "refused" });
      },
    });
    const gone = action("deleteTargetGroup", { targetGroupArn: "arn:tg" });
    const { states, seconds } = await run([gone], {
      executor: (it) => throttled(refuse("DeleteTargetGroup", { code: "ResourceInUse" }, 20)(it)),
    });
    expect(states).toEqual({ deleteTargetGroup: "done" });
    expect(seconds).toBe(15 * 5 + 20 * 2);
  });

  it("are given up when the time is up", async () => {
    const { states, seconds } = await run(ALL.slice(0, 3), {
      executor: refuse("CreateRule", { code: "ListenerNotFound" }),
    });
    expect(states).toMatchObject({ "createRule 1": "refused" });
    expect(seconds).toBe(20);
  });

  it.each([
    ["deleteTargetGroup", { targetGroupArn: "arn:tg" }, "DeleteTargetGroup", "ResourceInUse", 60],
    ["deleteSecurityGroup", { securityGroupId: "sg-1" }, "DeleteSecurityGroup", "DependencyViolation", 180],
    ["deleteCertificate", { certificateArn: "arn:cert" }, "DeleteCertificate", "ResourceInUse", 60],
    [
      "associateWebAcl",
      { webAclArn: "arn:acl", resourceArn: "arn:lb" },
      "AssociateWebACL",
      "WAFUnavailableEntity",
      180,
    ],
    [
      "registerTargets",
      { targetGroupArn: "arn:tg", targets: [{ id: "arn:lb", port: 80 }] },
      "RegisterTargets",
      "InvalidTarget",
      180,
    ],
    [
      "registerTargets",
      { targetGroupArn: "arn:tg", targets: [{ id: "i-1", port: 80 }] },
      "RegisterTargets",
      "InvalidTarget",
      0,
    ],
    ["modifyRule", { ruleArn: "arn:rule" }, "ModifyRule", "TargetGroupAssociationLimit", 20],
  ] as const)("%s %j: %s refused with %s is tried for %i s", async (kind, details, operation, code, forSeconds) => {
    const { seconds } = await run([action(kind, details as never)], { executor: refuse(operation, { code }) });
    expect(seconds).toBe(forSeconds);
  });
});

describe("calls without an answer", () => {
  it.each(["lost", "unheard"] as const)(
    "a creation that is %s is looked for, and made if it isn't there",
    async (fault) => {
      for (const operation of ["CreateLoadBalancer", "CreateListener", "CreateRule"]) {
        const { result, account } = await run(ALL, { fault: once(operation, fault) });
        expect(result.state).toBe("done");
        expect(result.steps.filter(({ state }) => state === "adopted")).toHaveLength(fault === "unheard" ? 1 : 0);
        expect(Object.keys(account.listenerRules)).toHaveLength(2);
      }
    },
  );

  it("anything else is sent once more", async () => {
    const first = await run(ALL);
    const [ruleArn = ""] = Object.keys(first.account.listenerRules);
    for (const fault of ["lost", "unheard"] as const) {
      const { states, account } = await run([action("deleteRule", { ruleArn })], {
        account: first.account,
        fault: once("DeleteRule", fault),
      });
      expect(states).toEqual({ deleteRule: "done" });
      expect(Object.keys(account.listenerRules)).toHaveLength(1);
    }
  });

  it("are given up after half a minute, not knowing", async () => {
    const { states, result, seconds } = await run(ALL.slice(0, 1), {
      fault: ({ what }) => (what === "send" ? "lost" : undefined),
    });
    expect(states).toEqual({ createLoadBalancer: "unanswered" });
    expect(seconds).toBe(30);
    expect(result.diagnostics).toMatchObject([{ code: "run.unanswered" }]);
  });

  it("permissions: what is there already isn't authorized again, what is gone isn't revoked", async () => {
    const group = action(
      "createSecurityGroup",
      { vpcId: "vpc-1", spec: { name: "web", description: "web", ingress: [] } },
      { resource: "securityGroup/web" },
    );
    const permission = (port: number) => ({
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      source: { cidrIp: "0.0.0.0/0" },
    });
    const authorize = (...ports: readonly number[]) =>
      action(
        "authorizeSecurityGroupIngress",
        { securityGroupId: { ref: "securityGroup/web", field: "id" }, permissions: ports.map(permission) },
        { dependsOn: ["createSecurityGroup"] },
      );
    const first = await run([group, authorize(80, 443)], { fault: once("AuthorizeSecurityGroupIngress", "unheard") });
    expect(first.states).toEqual({ createSecurityGroup: "done", authorizeSecurityGroupIngress: "done" });
    const [id = ""] = Object.keys(first.account.securityGroups);
    const ports = (account: Account) => account.securityGroups[id]?.spec.ingress.map(({ fromPort }) => fromPort);
    expect(ports(first.account)).toEqual([80, 443]);
    const more = action("authorizeSecurityGroupIngress", {
      securityGroupId: id,
      permissions: [80, 8080].map(permission),
    });
    const second = await run([more], { account: first.account });
    expect(ports(second.account)).toEqual([80, 443, 8080]);
    const revoke = action("revokeSecurityGroupIngress", {
      securityGroupId: id,
      permissions: [80, 8443].map(permission),
    });
    const third = await run([revoke], { account: second.account });
    expect(third.states).toEqual({ revokeSecurityGroupIngress: "done" });
    expect(ports(third.account)).toEqual([443, 8080]);
    const none = await run([revoke], { account: third.account });
    expect(none.result.steps[0]).toMatchObject({ state: "done", note: "the permissions were as asked already" });
  });
});

describe("creations that find their place taken", () => {
  it("adopt what is as asked", async () => {
    const { account } = await run(ALL);
    const again = await run(ALL, { account });
    // Load balancer and listener are equal, so that AWS itself gives what exists; a rule is refused and looked for.
    expect(again.states).toEqual({
      createLoadBalancer: "done",
      createListener: "done",
      "createRule 1": "adopted",
      "createRule 2": "adopted",
    });
    expect(again.account).toEqual(account);
  });

  it("name what isn't as asked", async () => {
    const { account } = await run([...ALL.slice(0, 2), rule(1, "/other")]);
    const [arn] = Object.keys(account.listenerRules);
    const { result } = await run(ALL, { account });
    expect(result.diagnostics).toMatchObject([
      {
        code: "run.not-as-asked",
        message: expect.stringContaining(`${arn} is in its place and differs in conditions`),
      },
    ]);
  });

  it("touch nothing of a stranger", async () => {
    const foreign = loadBalancer();
    if (foreign.kind !== "createLoadBalancer") throw new Error();
    const { spec } = foreign.details;
    const other: Action = { ...foreign, details: { spec: { ...spec, tags: { "elbplan/of": "others" } } } };
    const { account } = await run([other]);
    const { result, account: after } = await run(ALL, { account });
    expect(result.diagnostics[0]).toMatchObject({ code: "run.taken" });
    expect(after).toEqual(account);
  });

  it("look again while AWS says that something is there and doesn't show it", async () => {
    const { account } = await run(ALL);
    let looks = 0;
    const { states, seconds } = await run(ALL, {
      account,
      fault: ({ what }) => (what === "find" && looks++ < 6 ? "stale" : undefined),
    });
    expect(states).toMatchObject({ "createRule 1": "adopted", "createRule 2": "adopted" });
    expect(seconds).toBe(6);
  });
});

describe("waits", () => {
  const wait = (onDeadline: "stop" | "continue" = "stop"): Action =>
    action(
      "wait",
      {
        until: "load-balancer-active",
        subject: { ref: "loadBalancer/LoadBalancer", field: "arn" },
        deadlineSeconds: 60,
        onDeadline,
      },
      { dependsOn: ["createLoadBalancer"] },
    );
  const after = action(
    "addTags",
    { resourceArn: { ref: "loadBalancer/LoadBalancer", field: "arn" }, tags: { a: "b" } },
    { dependsOn: ["wait"] },
  );
  const metAfter =
    (looks: number) =>
    (executor: Executor): Executor => ({
      ...executor,
      met: async (it) => (looks-- > 0 ? { state: "unmet", note: "provisioning" } : executor.met(it)),
    });

  it("are looked at until they are met", async () => {
    const { states, seconds, events } = await run([loadBalancer(), wait(), after], { executor: metAfter(3) });
    expect(states).toEqual({ createLoadBalancer: "done", wait: "done", addTags: "done" });
    expect(seconds).toBe(15);
    expect(events.filter(({ type }) => type === "waiting")).toMatchObject([{ note: "provisioning" }]);
  });

  it("stop what depends on them at the deadline, or let it go on", async () => {
    const stopped = await run([loadBalancer(), wait(), after], { executor: metAfter(99) });
    expect(stopped.states).toEqual({ createLoadBalancer: "done", wait: "refused", addTags: "skipped" });
    expect(stopped.seconds).toBe(60);
    expect(stopped.result.diagnostics[0]).toMatchObject({
      code: "run.deadline",
      severity: "error",
      message: expect.stringContaining("(provisioning)"),
    });
    const on = await run([loadBalancer(), wait("continue"), after], { executor: metAfter(99) });
    expect(on.result).toMatchObject({ state: "done", diagnostics: [{ code: "run.deadline", severity: "warning" }] });
  });

  it("end at once when what is waited for has failed", async () => {
    const failed = (executor: Executor): Executor => ({
      ...executor,
      met: async () => ({ state: "failed", note: "its state is failed" }),
    });
    const { result, seconds } = await run([loadBalancer(), wait(), after], { executor: failed });
    expect(seconds).toBe(0);
    expect(result.diagnostics[0]).toMatchObject({ code: "run.hopeless" });
  });

  it("return with a time, and their deadline goes on in a later run", async () => {
    const clock = fakeClock();
    const actions = [loadBalancer(), wait(), after, action("deleteRule", { ruleArn: "arn:gone" })];
    const first = await run(actions, { executor: metAfter(99), waits: "return", clock });
    expect(first.states).toEqual({
      createLoadBalancer: "done",
      wait: "waiting",
      addTags: "waiting",
      deleteRule: "done",
    });
    expect(first.result).toMatchObject({ state: "waiting", diagnostics: [] });
    expect(first.result.waiting).toMatchObject([
      { action: "wait", until: "load-balancer-active", since: 0, againInMilliseconds: 5000 },
    ]);
    await clock.sleep(58_000);
    const options = { account: first.account, executor: metAfter(99), waits: "return", clock } as const;
    const second = await run(actions, { ...options, pending: first.result.waiting });
    expect(second.result.waiting).toMatchObject([{ since: 0, againInMilliseconds: 2000 }]);
    await clock.sleep(2000);
    const third = await run(actions, { ...options, pending: second.result.waiting });
    expect(third.states).toMatchObject({ wait: "refused" });
    // Given up, it is waited for anew.
    const fourth = await run(actions, { ...options, pending: third.result.waiting });
    expect(fourth.result.waiting).toMatchObject([{ since: 60_000, againInMilliseconds: 5000 }]);
  });

  describe("for connections to end", () => {
    const lastRule = action("deleteRule", { ruleArn: "arn:gone" });
    const drained = (dependsOn: readonly string[] = []): Action =>
      action(
        "wait",
        { until: "targets-drained", subject: "arn:group", deadlineSeconds: 300, onDeadline: "continue" },
        { dependsOn },
      );
    const next = action("deleteRule", { ruleArn: "arn:gone" }, { id: "next", dependsOn: ["wait"] });
    const after300 = { executor: metAfter(99) };

    it("last as long as the plan says, and then go on without a word", async () => {
      const { result, states, seconds, events, journal } = await run(
        [lastRule, drained(["deleteRule"]), next],
        after300,
      );
      expect(states).toEqual({ deleteRule: "done", wait: "done", next: "done" });
      expect(result.diagnostics).toEqual([]);
      expect(seconds).toBe(300);
      expect(events.filter(({ type }) => type === "waiting")).toHaveLength(1);
      expect(journal.map(({ entry }) => entry)).toContain("met");
    });

    it("end when nothing is left to wait for", async () => {
      let looks = 0;
      const gone = (executor: Executor): Executor => ({
        ...executor,
        met: async () => ({ state: looks++ === 0 ? "unmet" : "met" }),
      });
      const { states, seconds } = await run([drained(), next], { executor: gone });
      expect(states).toMatchObject({ wait: "done" });
      expect(seconds).toBe(60);
    });

    it("go on in a later run, which needs to know when they began", async () => {
      const clock = fakeClock();
      const actions = [lastRule, drained(["deleteRule"]), next];
      const first = await run(actions, { ...after300, waits: "return", clock });
      expect(first.states).toEqual({ deleteRule: "done", wait: "waiting", next: "waiting" });
      expect(first.result.waiting).toMatchObject([{ since: 0 }]);
      await clock.sleep(290_000);
      // The rule is gone: planned again, nothing comes before the wait.
      const known = { ...after300, waits: "return", clock, pending: first.result.waiting } as const;
      const second = await run([drained(), next], known);
      expect(second.result.waiting).toMatchObject([{ since: 0, againInMilliseconds: 10_000 }]);
      await clock.sleep(10_000);
      const third = await run([drained(), next], { ...known, pending: second.result.waiting });
      expect(third.states).toEqual({ wait: "done", next: "done" });
      const forgotten = await run([drained(), next], { ...known, pending: [] });
      expect(forgotten.result.waiting).toMatchObject([{ since: 300_000 }]);
    });

    it("begin anew when the group got a rule again and loses it now", async () => {
      const clock = fakeClock();
      const first = await run([drained()], { ...after300, waits: "return", clock });
      await clock.sleep(400_000);
      const again = { ...after300, waits: "return", clock, pending: first.result.waiting } as const;
      const second = await run([lastRule, drained(["deleteRule"]), next], again);
      expect(second.result.waiting).toMatchObject([{ since: 400_000 }]);
    });
  });

  it.each([
    ["a moment", 3, "done", 15],
    ["for good", 99, "refused", 20],
  ] as const)("that don't find what was just created go on: %s", async (_, misses, state, time) => {
    let looks = 0;
    const { states, seconds } = await run([loadBalancer(), wait()], {
      executor: (executor) => ({
        ...executor,
        met: async (it) => {
          if (looks++ >= misses) return executor.met(it);
          throw Object.assign(new Error("no such thing"), { code: "LoadBalancerNotFound", outcome: "refused" });
        },
      }),
    });
    expect(states).toMatchObject({ wait: state });
    expect(seconds).toBe(time);
  });

  it("are looked at again after a look without an answer", async () => {
    let looks = 0;
    const { states, seconds } = await run([loadBalancer(), wait()], {
      fault: ({ what }) => (what === "met" && looks++ < 2 ? "lost" : undefined),
    });
    expect(states).toMatchObject({ wait: "done" });
    expect(seconds).toBe(10);
  });
});

describe("stopping", () => {
  it("begins nothing more and waits for what is under way", async () => {
    const stop = new AbortController();
    const stopping = (executor: Executor): Executor => ({
      ...executor,
      send: async (step) => {
        if (step.call.operation === "CreateListener") stop.abort();
        return executor.send(step);
      },
    });
    const { result, states, account, journal } = await run(ALL, { executor: stopping, signal: stop.signal });
    expect(states).toEqual({
      createLoadBalancer: "done",
      createListener: "done",
      "createRule 1": "stopped",
      "createRule 2": "stopped",
    });
    expect(result).toMatchObject({
      state: "stopped",
      diagnostics: [{ code: "run.stopped", message: "The run was stopped; 2 actions were left." }],
    });
    expect(Object.keys(account.listeners)).toHaveLength(1);
    expect(journal.at(-1)).toEqual({ entry: "end", state: "stopped" });
  });

  it("isn't a refusal of what was still waiting for its turn", async () => {
    const stop = new AbortController();
    const held = (executor: Executor): Executor => ({
      ...executor,
      send: async () => {
        stop.abort();
        throw stoppedError("CreateLoadBalancer", stop.signal.reason);
      },
    });
    const { states, journal, result } = await run([loadBalancer()], { executor: held, signal: stop.signal });
    expect(states).toEqual({ createLoadBalancer: "stopped" });
    expect(result.diagnostics.map(({ code }) => code)).toEqual(["run.stopped"]);
    expect(journal.map(({ entry }) => entry)).toEqual(["begin", "sent", "error", "end"]);
  });

  it("ends waits and pauses", async () => {
    const stop = new AbortController();
    const wait = action("wait", {
      until: "load-balancer-active",
      subject: "arn:lb",
      deadlineSeconds: 60,
      onDeadline: "stop",
    });
    const never = (executor: Executor): Executor => ({
      ...executor,
      met: async () => ({ state: "unmet" }),
      send: async () => {
        throw Object.assign(new Error(), { code: "Throttling", outcome: "refused" });
      },
    });
    const { states } = await run([wait, loadBalancer()], {
      executor: never,
      signal: stop.signal,
      onEvent: ({ type }) => void (type === "waiting" && stop.abort()),
    });
    expect(states).toEqual({ wait: "stopped", createLoadBalancer: "stopped" });
  });

  it("a journal that can't be written ends the run before the call", async () => {
    let sends = 0;
    const journal = async (entry: JournalEntry): Promise<void> => {
      if (entry.entry === "sent" && entry.action === "createListener") throw new Error("no space left");
    };
    const counting = (executor: Executor): Executor => ({
      ...executor,
      send: (step) => {
        sends += 1;
        return executor.send(step);
      },
    });
    await expect(run(ALL, { journal, executor: counting })).rejects.toThrow("no space left");
    expect(sends).toBe(1);
  });
});
