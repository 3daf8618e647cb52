/** Whatever calls are made: what the account accepts leaves it sound, what it refuses leaves it as it was. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import { accountFromJson, accountToJson } from "../../../src/check/account/json.ts";
import type { Outputs } from "../../../src/check/account/outputs.ts";
import { simulate } from "../../../src/check/simulate.ts";
import type { Account } from "../../../src/model/inventory.ts";
import { plan } from "../../../src/plan.ts";
import { call } from "../../arbitraries/call.ts";
import { desiredGraph } from "../../arbitraries/graph.ts";
import { EMPTY } from "./call.ts";

/** What must hold of every account. */
function unsound(account: Account): readonly string[] {
  const problems: string[] = [];
  const claim = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  const serves = new Map<string, Set<string>>();
  const use = (actions: Account["listenerRules"][string]["spec"]["actions"], loadBalancer: string): void => {
    for (const it of actions) {
      if (it.type !== "forward") continue;
      for (const { targetGroupArn } of it.forwardConfig.targetGroups) {
        claim(account.targetGroups[targetGroupArn] !== undefined, `${targetGroupArn} is named but doesn't exist`);
        serves.set(targetGroupArn, (serves.get(targetGroupArn) ?? new Set()).add(loadBalancer));
      }
    }
  };
  const ports = new Set<string>();
  for (const { arn, spec } of Object.values(account.listeners)) {
    claim(account.loadBalancers[spec.loadBalancerArn] !== undefined, `${arn} has no load balancer`);
    claim(!ports.has(`${spec.loadBalancerArn} ${spec.port}`), `${arn} has a port of another`);
    ports.add(`${spec.loadBalancerArn} ${spec.port}`);
    use(spec.defaultActions, spec.loadBalancerArn);
  }
  const numbers = new Set<string>();
  for (const { arn, spec } of Object.values(account.listenerRules)) {
    const listener = account.listeners[spec.listenerArn];
    claim(listener !== undefined, `${arn} has no listener`);
    claim(!numbers.has(`${spec.listenerArn} ${spec.priority}`), `${arn} has a number of another`);
    numbers.add(`${spec.listenerArn} ${spec.priority}`);
    use(spec.actions, listener?.spec.loadBalancerArn ?? "");
  }
  for (const { arn, loadBalancerArns } of Object.values(account.targetGroups)) {
    const expected = [...(serves.get(arn) ?? [])];
    claim(expected.length <= 1, `${arn} serves several load balancers`);
    claim(loadBalancerArns.join() === expected.join(), `${arn} serves ${loadBalancerArns}, not ${expected}`);
    for (const { state } of account.targets[arn] ?? []) {
      claim((state === "unused") === (expected.length === 0), `a target of ${arn} is ${state}`);
    }
  }
  claim(
    Object.keys(account.targets).every((arn) => account.targetGroups[arn] !== undefined),
    "targets without a group",
  );
  return problems;
}

describe("the simulated account", () => {
  test.prop([fc.array(call, { maxLength: 40 })], { numRuns: 200 })("stays sound under any calls", (calls) => {
    let account = EMPTY;
    let outputs: Outputs = {};
    for (const make of calls) {
      const before = JSON.stringify(account);
      const applied = applyAction(account, make(account), outputs, { foreign: new Set(["sg-1"]) });
      expect(JSON.stringify(account)).toBe(before);
      if ("refused" in applied) continue;
      account = applied.account;
      outputs = applied.outputs;
      expect(unsound(account)).toEqual([]);
    }
  });

  test.prop([desiredGraph], { numRuns: 50 })("stays sound under plans, and comes back from JSON", (graph) => {
    const { account } = simulate(EMPTY, plan(graph, EMPTY));
    expect(unsound(account)).toEqual([]);
    expect(accountFromJson(accountToJson(account))).toEqual({ account });
  });
});
