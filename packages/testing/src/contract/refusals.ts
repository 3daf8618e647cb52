/** What AWS refuses is refused with AWS's code, and nothing has changed then. */
import { expect } from "vitest";
import type { ContractTest } from "./test.ts";
import {
  answer,
  forwardTo,
  listener,
  listenerSpec,
  loadBalancer,
  path,
  rule,
  ruleSpec,
  targetGroup,
} from "./things.ts";

/** ARNs of things that were never there, beside one that is. */
function neverThere(arn: string): string {
  return arn.replace(/[0-9a-f]{8}$/, "00000000");
}

export const refusals: readonly ContractTest[] = [
  {
    name: "changes of what doesn't exist",
    kinds: [
      "modifyRule",
      "modifyListener",
      "modifyTargetGroup",
      "modifyLoadBalancerAttributes",
      "createListener",
      "createRule",
    ],
    play: async (play) => {
      const made = await listener(play);
      const ruleArn = neverThere(await rule(play, made.arn, 1));
      const [listenerArn, loadBalancerArn] = [neverThere(made.arn), neverThere(made.loadBalancer)];
      const targetGroupArn = neverThere(await targetGroup(play));
      const refused = { outcome: "refused" };
      expect(await play.refused("modifyRule", { ruleArn, actions: [answer("200")] })).toMatchObject({
        ...refused,
        code: "RuleNotFound",
      });
      expect(await play.refused("setRulePriorities", { priorities: [{ ruleArn, priority: 9 }] })).toMatchObject({
        ...refused,
        code: "RuleNotFound",
      });
      expect(await play.refused("modifyListener", { listenerArn, defaultActions: [answer("200")] })).toMatchObject({
        ...refused,
        code: "ListenerNotFound",
      });
      expect(await play.refused("createRule", { spec: ruleSpec(play, listenerArn, 1) })).toMatchObject({
        ...refused,
        code: "ListenerNotFound",
      });
      expect(await play.refused("modifyTargetGroup", { targetGroupArn, healthCheck: { path: "/" } })).toMatchObject({
        ...refused,
        code: "TargetGroupNotFound",
      });
      expect(
        await play.refused("registerTargets", { targetGroupArn, targets: [{ id: play.place.addresses[0], port: 80 }] }),
      ).toMatchObject({ ...refused, code: "TargetGroupNotFound" });
      expect(
        await play.refused("modifyLoadBalancerAttributes", {
          loadBalancerArn,
          attributes: { "idle_timeout.timeout_seconds": "60" },
        }),
      ).toMatchObject({ ...refused, code: "LoadBalancerNotFound" });
      expect(await play.refused("createListener", { spec: listenerSpec(play, loadBalancerArn) })).toMatchObject({
        ...refused,
        code: "LoadBalancerNotFound",
      });
    },
  },
  {
    name: "a number that another rule has, with all others of the call",
    kinds: ["setRulePriorities"],
    play: async (play) => {
      const { arn } = await listener(play);
      const [one, two] = [await rule(play, arn, 1), await rule(play, arn, 2)];
      await rule(play, arn, 3);
      const priorities = [
        { ruleArn: one, priority: 9 },
        { ruleArn: two, priority: 3 },
      ];
      expect(await play.refused("setRulePriorities", { priorities })).toMatchObject({
        code: "PriorityInUse",
        outcome: "refused",
      });
      const { listenerRules } = await play.inventory();
      expect([one, two].map((ruleArn) => listenerRules[ruleArn]?.spec.priority)).toEqual([1, 2]);
    },
  },
  {
    name: "a target group that serves another load balancer",
    kinds: ["createRule", "modifyRule"],
    play: async (play) => {
      const [one, two] = [await listener(play), await listener(play)];
      const group = await targetGroup(play);
      const taken = await play.create("createRule", { spec: ruleSpec(play, one.arn, 1, [forwardTo(group)]) });
      const ruleArn = await rule(play, two.arn, 1);
      const code = "TargetGroupAssociationLimit";
      expect(await play.refused("createRule", { spec: ruleSpec(play, two.arn, 2, [forwardTo(group)]) })).toMatchObject({
        code,
      });
      expect(await play.refused("modifyRule", { ruleArn, actions: [forwardTo(group)] })).toMatchObject({ code });
      await play.send("deleteRule", { ruleArn: taken });
      await play.send("modifyRule", { ruleArn, actions: [forwardTo(group)] });
      expect((await play.inventory()).targetGroups[group]?.loadBalancerArns).toEqual([two.loadBalancer]);
    },
  },
  {
    name: "values that AWS doesn't take",
    kinds: ["createRule", "modifyTargetGroup"],
    play: async (play) => {
      const { arn } = await listener(play);
      const before = await play.inventory();
      const specs = [
        { ...ruleSpec(play, arn, 1), conditions: [] },
        { ...ruleSpec(play, arn, 0) },
        { ...ruleSpec(play, arn, 50_001) },
        { ...ruleSpec(play, arn, 1), conditions: [path("/a", "/b", "/c", "/d", "/e", "/f")] },
      ];
      for (const spec of specs)
        expect(await play.refused("createRule", { spec })).toMatchObject({ outcome: "refused" });
      const targetGroupArn = await targetGroup(play);
      const healthCheck = { intervalSeconds: 5, timeoutSeconds: 60 };
      expect(await play.refused("modifyTargetGroup", { targetGroupArn, healthCheck })).toMatchObject({
        outcome: "refused",
      });
      expect((await play.inventory()).listenerRules).toEqual(before.listenerRules);
    },
  },
  {
    name: "a listener with TLS and no certificate",
    kinds: ["createListener"],
    play: async (play) => {
      const { arn } = await loadBalancer(play);
      const spec = { ...listenerSpec(play, arn, 443), protocol: "HTTPS" as const };
      expect(await play.refused("createListener", { spec })).toMatchObject({ outcome: "refused" });
    },
  },
];
