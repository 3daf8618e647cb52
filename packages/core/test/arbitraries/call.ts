/** Generated calls on a simulated account. */
import fc from "fast-check";
import type { Action } from "../../src/model/action.ts";
import type { Account } from "../../src/model/inventory.ts";
import { action } from "../check/account/call.ts";
import { forward, loadBalancer, NOT_FOUND, rule, targetGroup } from "../check/account/shop.ts";

type Call = (account: Account) => Action;

const name = fc.constantFrom("a", "b", "c");
const priority = fc.integer({ min: 1, max: 4 });
const port = fc.constantFrom(80, 81);

/** A call on things chosen by number among those that exist, so that most calls make sense. */
export const callOnExisting: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(fc.nat(), port, fc.nat(), fc.boolean()).map(
    ([lb, number, group, fixed]) =>
      (account: Account) =>
        action("createListener", {
          spec: {
            loadBalancerArn: pick(account.loadBalancers, lb),
            port: number,
            protocol: "HTTP",
            defaultActions: [fixed ? NOT_FOUND : forward(pick(account.targetGroups, group))],
          },
        }),
  ),
  fc.tuple(fc.nat(), priority, fc.nat()).map(
    ([listener, number, group]) =>
      (account: Account) =>
        action("createRule", {
          spec: rule(pick(account.listeners, listener), number, {
            actions: [forward(pick(account.targetGroups, group))],
          }),
        }),
  ),
  fc.tuple(fc.nat(), fc.nat()).map(
    ([at, group]) =>
      (account: Account) =>
        action("modifyRule", {
          ruleArn: pick(account.listenerRules, at),
          actions: [forward(pick(account.targetGroups, group))],
        }),
  ),
  fc.tuple(fc.nat(), fc.nat()).map(
    ([at, group]) =>
      (account: Account) =>
        action("modifyListener", {
          listenerArn: pick(account.listeners, at),
          defaultActions: [forward(pick(account.targetGroups, group))],
        }),
  ),
  fc.array(fc.tuple(fc.nat(), priority), { minLength: 1, maxLength: 3 }).map(
    (pairs) => (account: Account) =>
      action("setRulePriorities", {
        priorities: pairs.map(([at, number]) => ({ ruleArn: pick(account.listenerRules, at), priority: number })),
      }),
  ),
  fc.tuple(fc.nat(), fc.constantFrom("10.0.0.1", "10.0.0.2")).map(
    ([at, id]) =>
      (account: Account) =>
        action("registerTargets", { targetGroupArn: pick(account.targetGroups, at), targets: [{ id, port: 80 }] }),
  ),
  fc.tuple(fc.nat(), fc.constantFrom("10.0.0.1", "10.0.0.2")).map(
    ([at, id]) =>
      (account: Account) =>
        action("deregisterTargets", { targetGroupArn: pick(account.targetGroups, at), targets: [{ id, port: 80 }] }),
  ),
  fc.nat().map((at) => (account: Account) => action("deleteRule", { ruleArn: pick(account.listenerRules, at) })),
  fc.nat().map((at) => (account: Account) => action("deleteListener", { listenerArn: pick(account.listeners, at) })),
  fc
    .nat()
    .map(
      (at) => (account: Account) => action("deleteLoadBalancer", { loadBalancerArn: pick(account.loadBalancers, at) }),
    ),
  fc
    .nat()
    .map((at) => (account: Account) => action("deleteTargetGroup", { targetGroupArn: pick(account.targetGroups, at) })),
);

/** The same, and creations of load balancers and target groups. */
export const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 8, arbitrary: callOnExisting },
  {
    weight: 2,
    arbitrary: fc.oneof(
      name.map(
        (it) => () =>
          action("createTargetGroup", { vpcId: "vpc-1", spec: targetGroup(it) }, { resource: `targetGroup/${it}` }),
      ),
      name.map(
        (it) => () =>
          action(
            "createLoadBalancer",
            { spec: loadBalancer(it, { securityGroups: ["sg-1"] }) },
            { resource: `loadBalancer/${it}` },
          ),
      ),
    ),
  },
);

function pick(record: { readonly [arn: string]: unknown }, at: number): string {
  const arns = Object.keys(record);
  return arns[at % Math.max(arns.length, 1)] ?? "arn:none";
}
