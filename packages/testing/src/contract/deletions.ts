/** What is deleted is gone, with what belongs to it and nothing else; what is used can't be. */
import { expect } from "vitest";
import type { ContractTest } from "./test.ts";
import {
  bindingSpec,
  forwardTo,
  listener,
  listenerSpec,
  loadBalancer,
  port,
  rule,
  ruleSpec,
  securityGroup,
  targetGroup,
} from "./things.ts";

/** Gone for good, or AWS says which code it is gone by. */
async function gone(again: Promise<unknown>, code: string): Promise<void> {
  const ended = await again.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (ended !== undefined) expect(ended).toMatchObject({ code, outcome: "refused" });
}

export const deletions: readonly ContractTest[] = [
  {
    name: "a rule, and a rule that is gone",
    kinds: ["deleteRule"],
    play: async (play) => {
      const { arn } = await listener(play);
      const [one, two] = [await rule(play, arn, 1), await rule(play, arn, 2)];
      await play.send("deleteRule", { ruleArn: one });
      const { listenerRules } = await play.inventory();
      expect(listenerRules[one]).toBeUndefined();
      expect(listenerRules[two]?.spec.priority).toBe(2);
      expect(await play.refused("deleteRule", { ruleArn: one })).toMatchObject({
        code: "RuleNotFound",
        outcome: "refused",
      });
    },
  },
  {
    name: "a listener, with its rules",
    kinds: ["deleteListener"],
    play: async (play) => {
      const { arn } = await listener(play);
      const ruleArn = await rule(play, arn, 1);
      await play.send("deleteListener", { listenerArn: arn });
      const { listeners, listenerRules } = await play.inventory();
      expect([listeners[arn], listenerRules[ruleArn]]).toEqual([undefined, undefined]);
      expect(await play.refused("deleteListener", { listenerArn: arn })).toMatchObject({ code: "ListenerNotFound" });
    },
  },
  {
    name: "a load balancer, with its listeners; twice does no harm",
    kinds: ["deleteLoadBalancer"],
    play: async (play) => {
      const made = await listener(play);
      await play.send("deleteLoadBalancer", { loadBalancerArn: made.loadBalancer });
      const { loadBalancers, listeners } = await play.inventory();
      expect([loadBalancers[made.loadBalancer], listeners[made.arn]]).toEqual([undefined, undefined]);
      await gone(play.send("deleteLoadBalancer", { loadBalancerArn: made.loadBalancer }), "LoadBalancerNotFound");
    },
  },
  {
    name: "not a load balancer that is protected",
    kinds: ["deleteLoadBalancer", "modifyLoadBalancerAttributes"],
    play: async (play) => {
      const { arn: loadBalancerArn } = await loadBalancer(play);
      const protect = (value: string) =>
        play.send("modifyLoadBalancerAttributes", {
          loadBalancerArn,
          attributes: { "deletion_protection.enabled": value },
        });
      await protect("true");
      expect(await play.refused("deleteLoadBalancer", { loadBalancerArn })).toMatchObject({
        code: "OperationNotPermitted",
      });
      expect((await play.inventory()).loadBalancers[loadBalancerArn]).toBeDefined();
      await protect("false");
      await play.send("deleteLoadBalancer", { loadBalancerArn });
    },
  },
  {
    name: "a target group that nobody names, with its targets; not one that a rule or listener names",
    kinds: ["deleteTargetGroup"],
    play: async (play) => {
      const { arn, loadBalancer: loadBalancerArn } = await listener(play);
      const [byRule, byListener, free] = [await targetGroup(play), await targetGroup(play), await targetGroup(play)];
      const ruleArn = await play.create("createRule", { spec: ruleSpec(play, arn, 1, [forwardTo(byRule)]) });
      const spec = { ...listenerSpec(play, loadBalancerArn, 81), defaultActions: [forwardTo(byListener)] };
      const listenerArn = await play.create("createListener", { spec });
      for (const targetGroupArn of [byRule, byListener]) {
        expect(await play.refused("deleteTargetGroup", { targetGroupArn })).toMatchObject({
          code: "ResourceInUse",
          outcome: "refused",
        });
      }
      await play.send("registerTargets", {
        targetGroupArn: free,
        targets: [{ id: play.place.addresses[0], port: 80 }],
      });
      await play.send("deleteTargetGroup", { targetGroupArn: free });
      await play.send("deleteRule", { ruleArn });
      await play.send("deleteListener", { listenerArn });
      for (const targetGroupArn of [byRule, byListener]) await play.send("deleteTargetGroup", { targetGroupArn });
      const { targetGroups } = await play.inventory();
      expect([byRule, byListener, free].map((group) => targetGroups[group])).toEqual([undefined, undefined, undefined]);
      await gone(play.send("deleteTargetGroup", { targetGroupArn: free }), "TargetGroupNotFound");
    },
  },
  {
    name: "a security group that nobody names; not one of a load balancer or of another group's permission",
    kinds: ["deleteSecurityGroup"],
    play: async (play) => {
      const { arn: loadBalancerArn, group } = await loadBalancer(play);
      const [named, naming] = [await securityGroup(play), await securityGroup(play)];
      const permissions = [{ ...port(80), source: { securityGroupId: named } }];
      await play.send("authorizeSecurityGroupIngress", { securityGroupId: naming, permissions });
      for (const securityGroupId of [group, named]) {
        expect(await play.refused("deleteSecurityGroup", { securityGroupId })).toMatchObject({
          code: "DependencyViolation",
        });
      }
      await play.send("deleteLoadBalancer", { loadBalancerArn });
      await play.send("revokeSecurityGroupIngress", { securityGroupId: naming, permissions });
      for (const securityGroupId of [group, named, naming]) await play.send("deleteSecurityGroup", { securityGroupId });
      const { securityGroups } = await play.inventory();
      expect([group, named, naming].map((id) => securityGroups[id])).toEqual([undefined, undefined, undefined]);
      expect(await play.refused("deleteSecurityGroup", { securityGroupId: named })).toMatchObject({
        code: "InvalidGroup.NotFound",
      });
    },
  },
  {
    name: "a certificate; not one that a listener uses",
    kinds: ["requestCertificate", "deleteCertificate"],
    play: async (play) => {
      const domainName = `${play.name()}.example.com`;
      const spec = {
        type: "AMAZON_ISSUED",
        domainName,
        subjectAlternativeNames: [domainName],
        validationMethod: "DNS",
        tags: play.tags("x"),
      } as const;
      const certificateArn = await play.create("requestCertificate", {
        spec,
        idempotencyToken: domainName.replaceAll(/\W/g, "").slice(0, 32),
      });
      await play.send("deleteCertificate", { certificateArn });
      expect((await play.inventory()).certificates[certificateArn]).toBeUndefined();
      expect(await play.refused("deleteCertificate", { certificateArn })).toMatchObject({ code: "ResourceNotFound" });
    },
  },
  {
    name: "a Shield protection",
    kinds: ["createShieldProtection", "deleteShieldProtection"],
    play: async (play) => {
      const { arn: resourceArn } = await loadBalancer(play);
      const protectionId = await play.create("createShieldProtection", {
        name: "managed by the contract",
        resourceArn,
      });
      await play.send("deleteShieldProtection", { protectionId, resourceArn });
      expect((await play.inventory()).shieldProtections[resourceArn]).toBeUndefined();
      expect(await play.refused("deleteShieldProtection", { protectionId, resourceArn })).toMatchObject({
        code: "ResourceNotFound",
      });
    },
  },
  {
    name: "a TargetGroupBinding",
    kinds: ["createTargetGroupBinding", "deleteTargetGroupBinding"],
    play: async (play) => {
      const spec = await bindingSpec(play);
      await play.send("createTargetGroupBinding", { spec });
      await play.send("deleteTargetGroupBinding", { namespace: "default", name: spec.name });
      expect((await play.inventory()).targetGroupBindings[`default/${spec.name}`]).toBeUndefined();
      await gone(play.send("deleteTargetGroupBinding", { namespace: "default", name: spec.name }), "NotFound");
    },
  },
];
