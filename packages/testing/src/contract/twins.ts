/** A creation whose place is taken: by what it made itself, or by something else. */
import { isStranger, remainingPermissions, twinDifferences } from "@elbplan/core";
import { expect } from "vitest";
import type { ContractTest } from "./test.ts";
import {
  answer,
  listener,
  listenerSpec,
  loadBalancerSpec,
  port,
  ruleSpec,
  securityGroup,
  targetGroupSpec,
} from "./things.ts";
import { actionOf } from "./world.ts";

export const twins: readonly ContractTest[] = [
  {
    name: "nothing is found where nothing is",
    kinds: ["createSecurityGroup", "createTargetGroup", "createLoadBalancer", "createListener", "createRule"],
    play: async (play) => {
      const { vpcId } = play.place;
      const made = await listener(play);
      const spec = { name: play.name(), description: "d", ingress: [] };
      expect(await play.find("createSecurityGroup", { vpcId, spec })).toBeUndefined();
      expect(await play.find("createTargetGroup", { vpcId, spec: targetGroupSpec(play) })).toBeUndefined();
      expect(await play.find("createLoadBalancer", { spec: loadBalancerSpec(play, []) })).toBeUndefined();
      expect(await play.find("createListener", { spec: listenerSpec(play, made.loadBalancer, 81) })).toBeUndefined();
      expect(await play.find("createRule", { spec: ruleSpec(play, made.arn, 1) })).toBeUndefined();
      expect(await play.find("deleteRule", { ruleArn: made.arn })).toBeUndefined();
    },
  },
  {
    name: "a security group: refused, and found as asked",
    kinds: ["createSecurityGroup"],
    play: async (play) => {
      const details = {
        vpcId: play.place.vpcId,
        spec: { name: play.name(), description: "d", ingress: [], tags: play.tags("x") },
      };
      const arn = await play.create("createSecurityGroup", details);
      expect(await play.refused("createSecurityGroup", details)).toMatchObject({
        code: "InvalidGroup.Duplicate",
        outcome: "refused",
      });
      const found = await play.find("createSecurityGroup", details);
      expect(found?.arn).toBe(arn);
      expect(found && twinDifferences(actionOf("createSecurityGroup", details), found)).toEqual([]);
    },
  },
  {
    name: "a target group, a load balancer and a listener: equal ones are the same, others are refused and found",
    kinds: ["createTargetGroup", "createLoadBalancer", "createListener"],
    play: async (play) => {
      const group = { vpcId: play.place.vpcId, spec: targetGroupSpec(play) };
      const balancer = { spec: loadBalancerSpec(play, [await securityGroup(play)]) };
      const groupArn = await play.create("createTargetGroup", group);
      const balancerArn = await play.create("createLoadBalancer", balancer);
      const listening = { spec: listenerSpec(play, balancerArn) };
      const listenerArn = await play.create("createListener", listening);
      expect(await play.create("createTargetGroup", group)).toBe(groupArn);
      expect(await play.create("createLoadBalancer", balancer)).toBe(balancerArn);
      const others = { "elbv2.k8s.aws/cluster": "another" };
      const strangeGroup = { ...group, spec: { ...group.spec, tags: others } };
      const strangeBalancer = { spec: { ...balancer.spec, tags: others } };
      const otherListener = { spec: { ...listening.spec, defaultActions: [answer("503")] } };
      expect(await play.refused("createTargetGroup", strangeGroup)).toMatchObject({ code: "DuplicateTargetGroupName" });
      expect(await play.refused("createLoadBalancer", strangeBalancer)).toMatchObject({
        code: "DuplicateLoadBalancerName",
      });
      expect(await play.refused("createListener", otherListener)).toMatchObject({ code: "DuplicateListener" });
      const foundGroup = await play.find("createTargetGroup", strangeGroup);
      const foundBalancer = await play.find("createLoadBalancer", strangeBalancer);
      const foundListener = await play.find("createListener", otherListener);
      expect([foundGroup?.arn, foundBalancer?.arn, foundListener?.arn]).toEqual([groupArn, balancerArn, listenerArn]);
      expect(foundBalancer?.dnsName).toMatch(/\S/);
      expect(foundGroup && isStranger(twinDifferences(actionOf("createTargetGroup", strangeGroup), foundGroup))).toBe(
        true,
      );
      expect(
        foundBalancer && isStranger(twinDifferences(actionOf("createLoadBalancer", strangeBalancer), foundBalancer)),
      ).toBe(true);
      const differences = foundListener && twinDifferences(actionOf("createListener", otherListener), foundListener);
      expect(differences?.map((it) => it.path)).toEqual(["/defaultActions"]);
    },
  },
  {
    name: "a rule: its number is refused, and what holds it is found",
    kinds: ["createRule"],
    play: async (play) => {
      const { arn } = await listener(play);
      const details = { spec: ruleSpec(play, arn, 7) };
      const ruleArn = await play.create("createRule", details);
      expect(await play.refused("createRule", details)).toMatchObject({ code: "PriorityInUse", outcome: "refused" });
      const found = await play.find("createRule", details);
      expect(found?.arn).toBe(ruleArn);
      expect(found && twinDifferences(actionOf("createRule", details), found)).toEqual([]);
      const other = { spec: ruleSpec(play, arn, 7, [answer("503")]) };
      const differences = found && twinDifferences(actionOf("createRule", other), found);
      expect(differences?.map((it) => it.path)).toEqual(["/actions"]);
    },
  },
  {
    name: "permissions: one that is there, or isn't, refuses the whole call, and the rest can be told",
    kinds: ["authorizeSecurityGroupIngress", "revokeSecurityGroupIngress"],
    play: async (play) => {
      const securityGroupId = await securityGroup(play);
      const ports = async () =>
        (await play.inventory()).securityGroups[securityGroupId]?.spec.ingress.map(({ toPort }) => toPort);
      await play.send("authorizeSecurityGroupIngress", { securityGroupId, permissions: [port(80)] });
      const more = { securityGroupId, permissions: [port(80), port(443)] };
      expect(await play.refused("authorizeSecurityGroupIngress", more)).toMatchObject({
        code: "InvalidPermission.Duplicate",
        outcome: "refused",
      });
      expect(await play.refused("revokeSecurityGroupIngress", more)).toMatchObject({
        code: "InvalidPermission.NotFound",
        outcome: "refused",
      });
      expect(await ports()).toEqual([80]);
      for (const [kind, left] of [
        ["authorizeSecurityGroupIngress", 443],
        ["revokeSecurityGroupIngress", 80],
      ] as const) {
        const found = await play.find(kind, more);
        const remaining = found && remainingPermissions(actionOf(kind, more), found);
        expect(remaining).toMatchObject({ details: { permissions: [{ toPort: left }] } });
      }
    },
  },
];
