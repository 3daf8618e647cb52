/** What is changed is changed, and what isn't named stays. */
import { expect } from "vitest";
import type { ContractTest } from "./test.ts";
import {
  answer,
  forwardTo,
  HEALTH_CHECK,
  listener,
  listenerSpec,
  loadBalancer,
  path,
  port,
  rule,
  ruleSpec,
  securityGroup,
  targetGroup,
} from "./things.ts";
import type { Play } from "./world.ts";

async function secureListener(play: Play, certificate: string): Promise<string> {
  const { arn } = await loadBalancer(play);
  const plain = listenerSpec(play, arn, 443);
  const secure = { protocol: "HTTPS" as const, certificates: [certificate], sslPolicy: "ELBSecurityPolicy-2016-08" };
  return play.create("createListener", { spec: { ...plain, ...secure } });
}

export const changes: readonly ContractTest[] = [
  {
    name: "permissions of a security group come and go",
    kinds: ["authorizeSecurityGroupIngress", "revokeSecurityGroupIngress"],
    play: async (play) => {
      const securityGroupId = await securityGroup(play);
      const other = await securityGroup(play);
      const own = { ...port(9000), source: { securityGroupId: other }, description: "of a group" };
      const permissions = [port(80), port(443), own];
      await play.send("authorizeSecurityGroupIngress", { securityGroupId, permissions });
      const ports = async (): Promise<readonly number[]> =>
        ((await play.inventory()).securityGroups[securityGroupId]?.spec.ingress ?? [])
          .map(({ toPort }) => toPort)
          .sort((a, b) => a - b);
      expect(await ports()).toEqual([80, 443, 9000]);
      await play.send("revokeSecurityGroupIngress", { securityGroupId, permissions: [port(80), own] });
      expect(await ports()).toEqual([443]);
    },
  },
  {
    name: "tags of security groups",
    kinds: ["createTags", "deleteTags"],
    play: async (play) => {
      const resourceId = await securityGroup(play);
      const before = (await play.inventory()).securityGroups[resourceId]?.spec.tags;
      const tags = async () => (await play.inventory()).securityGroups[resourceId]?.spec.tags;
      await play.send("createTags", { resourceId, tags: { team: "a", stage: "b" } });
      await play.send("createTags", { resourceId, tags: { team: "c" } });
      expect(await tags()).toEqual({ ...before, team: "c", stage: "b" });
      await play.send("deleteTags", { resourceId, keys: ["team", "none"] });
      expect(await tags()).toEqual({ ...before, stage: "b" });
    },
  },
  {
    name: "tags of load balancers, target groups, listeners and rules",
    kinds: ["addTags", "removeTags"],
    play: async (play) => {
      const made = await listener(play);
      const arns = [made.loadBalancer, await targetGroup(play), made.arn, await rule(play, made.arn, 1)];
      for (const resourceArn of arns) {
        const tags = async () => {
          const { loadBalancers, targetGroups, listeners, listenerRules } = await play.inventory();
          return { ...loadBalancers, ...targetGroups, ...listeners, ...listenerRules }[resourceArn]?.spec.tags;
        };
        const before = await tags();
        await play.send("addTags", { resourceArn, tags: { team: "a", stage: "b" } });
        expect(await tags()).toEqual({ ...before, team: "a", stage: "b" });
        await play.send("removeTags", { resourceArn, keys: ["team", "none"] });
        expect(await tags()).toEqual({ ...before, stage: "b" });
      }
    },
  },
  {
    name: "health check and attributes of a target group",
    kinds: ["modifyTargetGroup", "modifyTargetGroupAttributes"],
    play: async (play) => {
      const targetGroupArn = await targetGroup(play);
      await play.send("modifyTargetGroup", { targetGroupArn, healthCheck: { path: "/up", intervalSeconds: 20 } });
      await play.send("modifyTargetGroupAttributes", {
        targetGroupArn,
        attributes: { "deregistration_delay.timeout_seconds": "30" },
      });
      const found = (await play.inventory()).targetGroups[targetGroupArn]?.spec;
      expect(found?.healthCheck).toMatchObject({ ...HEALTH_CHECK, path: "/up", intervalSeconds: 20 });
      expect(found?.attributes).toMatchObject({
        "deregistration_delay.timeout_seconds": "30",
        "stickiness.enabled": "false",
      });
    },
  },
  {
    name: "targets come and go; twice does no harm",
    kinds: ["registerTargets", "deregisterTargets"],
    play: async (play) => {
      const targetGroupArn = await targetGroup(play);
      const [one, two] = play.place.addresses;
      const targets = [
        { id: one, port: 80 },
        { id: one, port: 81 },
        { id: two, port: 80 },
      ];
      const there = async (): Promise<readonly string[]> =>
        ((await play.inventory()).targets[targetGroupArn] ?? [])
          .filter(({ state }) => state !== "draining")
          .map(({ id, port: number }) => `${id}:${number}`)
          .sort();
      await play.send("registerTargets", { targetGroupArn, targets });
      await play.send("registerTargets", { targetGroupArn, targets: targets.slice(0, 1) });
      expect(await there()).toEqual([`${one}:80`, `${one}:81`, `${two}:80`].sort());
      await play.send("deregisterTargets", { targetGroupArn, targets: targets.slice(1) });
      await play.send("deregisterTargets", { targetGroupArn, targets: targets.slice(2) });
      expect(await there()).toEqual([`${one}:80`]);
    },
  },
  {
    name: "attributes, security groups, subnets and address type of a load balancer",
    kinds: ["modifyLoadBalancerAttributes", "setSecurityGroups", "setSubnets"],
    play: async (play) => {
      const { arn: loadBalancerArn } = await loadBalancer(play);
      const group = await securityGroup(play);
      await play.send("modifyLoadBalancerAttributes", {
        loadBalancerArn,
        attributes: { "idle_timeout.timeout_seconds": "120" },
      });
      await play.send("setSecurityGroups", { loadBalancerArn, securityGroups: [group] });
      await play.send("setSubnets", {
        loadBalancerArn,
        subnetMappings: play.place.subnetIds.map((subnetId) => ({ subnetId })),
      });
      const found = (await play.inventory()).loadBalancers[loadBalancerArn]?.spec;
      expect(found?.attributes).toMatchObject({
        "idle_timeout.timeout_seconds": "120",
        "deletion_protection.enabled": "false",
      });
      expect(found?.securityGroups).toEqual([group]);
      expect(found?.subnetMappings.map(({ subnetId }) => subnetId).sort()).toEqual([...play.place.subnetIds].sort());
    },
  },
  {
    name: "the address type of a load balancer",
    kinds: ["setIpAddressType"],
    play: async (play) => {
      const { arn: loadBalancerArn } = await loadBalancer(play);
      await play.send("setIpAddressType", { loadBalancerArn, ipAddressType: "dualstack" });
      expect((await play.inventory()).loadBalancers[loadBalancerArn]?.spec.ipAddressType).toBe("dualstack");
    },
  },
  {
    name: "the capacity that is reserved for a load balancer",
    kinds: ["modifyCapacityReservation"],
    play: async (play) => {
      const { arn: loadBalancerArn } = await loadBalancer(play);
      const units = async () => (await play.inventory()).loadBalancers[loadBalancerArn]?.spec.minimumCapacityUnits ?? 0;
      await play.send("modifyCapacityReservation", { loadBalancerArn, capacityUnits: 200 });
      expect(await units()).toBe(200);
      await play.send("modifyCapacityReservation", { loadBalancerArn, capacityUnits: null });
      expect(await units()).toBe(0);
    },
  },
  {
    name: "the address pool of a load balancer",
    kinds: ["modifyIpPools"],
    play: async (play) => {
      const { arn: loadBalancerArn } = await loadBalancer(play);
      const pool = async () => (await play.inventory()).loadBalancers[loadBalancerArn]?.spec.ipv4IpamPoolId;
      await play.send("modifyIpPools", { loadBalancerArn, ipv4IpamPoolId: "ipam-pool-0123456789abcdef0" });
      expect(await pool()).toBe("ipam-pool-0123456789abcdef0");
      await play.send("modifyIpPools", { loadBalancerArn, ipv4IpamPoolId: null });
      expect(await pool()).toBeUndefined();
    },
  },
  {
    name: "a listener: default action alone, then certificate and policy, then protocol",
    kinds: ["modifyListener"],
    play: async (play) => {
      const [one, two] = play.place.certificateArns;
      const listenerArn = await secureListener(play, one);
      const group = await targetGroup(play);
      const found = async () => (await play.inventory()).listeners[listenerArn]?.spec;
      await play.send("modifyListener", { listenerArn, defaultActions: [forwardTo(group)] });
      expect(await found()).toMatchObject({
        protocol: "HTTPS",
        certificates: [one],
        sslPolicy: "ELBSecurityPolicy-2016-08",
      });
      expect((await play.inventory()).targetGroups[group]?.loadBalancerArns).toHaveLength(1);
      await play.send("modifyListener", {
        listenerArn,
        defaultCertificate: two,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      });
      expect(await found()).toMatchObject({ certificates: [two], sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" });
      await play.send("modifyListener", { listenerArn, protocol: "HTTP" });
      expect(await found()).toMatchObject({ protocol: "HTTP", port: 443 });
    },
  },
  {
    name: "certificates of a listener come and go; adding twice does no harm",
    kinds: ["addListenerCertificates", "removeListenerCertificates"],
    play: async (play) => {
      const [one, two, three] = play.place.certificateArns;
      const listenerArn = await secureListener(play, one);
      const others = async () =>
        [...((await play.inventory()).listeners[listenerArn]?.spec.certificates ?? [])].slice(1).sort();
      for (const certificateArn of [two, three, two])
        await play.send("addListenerCertificates", { listenerArn, certificateArn });
      expect(await others()).toEqual([two, three].sort());
      await play.send("removeListenerCertificates", { listenerArn, certificateArn: two });
      expect(await others()).toEqual([three]);
    },
  },
  {
    name: "attributes of a listener",
    kinds: ["modifyListenerAttributes"],
    play: async (play) => {
      const { arn: listenerArn } = await listener(play);
      await play.send("modifyListenerAttributes", {
        listenerArn,
        attributes: { "routing.http.response.server.enabled": "false" },
      });
      expect((await play.inventory()).listeners[listenerArn]?.spec.attributes).toMatchObject({
        "routing.http.response.server.enabled": "false",
      });
    },
  },
  {
    name: "a rule: one part at a time, and without transforms again",
    kinds: ["modifyRule"],
    play: async (play) => {
      const { arn } = await listener(play);
      const ruleArn = await rule(play, arn, 1);
      const found = async () => (await play.inventory()).listenerRules[ruleArn]?.spec;
      await play.send("modifyRule", { ruleArn, actions: [answer("503")] });
      expect(await found()).toMatchObject({
        conditions: [path("/1")],
        actions: [{ fixedResponseConfig: { statusCode: "503" } }],
      });
      await play.send("modifyRule", { ruleArn, conditions: [path("/other")] });
      expect(await found()).toMatchObject({
        priority: 1,
        conditions: [path("/other")],
        actions: [{ fixedResponseConfig: { statusCode: "503" } }],
      });
      const transforms = [
        { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "^/a", replace: "/b" }] } },
      ] as const;
      await play.send("modifyRule", { ruleArn, transforms });
      expect((await found())?.transforms).toEqual(transforms);
      await play.send("modifyRule", { ruleArn, resetTransforms: true });
      expect((await found())?.transforms ?? []).toEqual([]);
    },
  },
  {
    name: "numbers of rules, all at once: they may change places",
    kinds: ["setRulePriorities"],
    play: async (play) => {
      const { arn } = await listener(play);
      const [one, two, three] = [await rule(play, arn, 1), await rule(play, arn, 2), await rule(play, arn, 3)];
      await play.send("setRulePriorities", {
        priorities: [
          { ruleArn: one, priority: 2 },
          { ruleArn: two, priority: 50_000 },
          { ruleArn: three, priority: 1 },
        ],
      });
      const { listenerRules } = await play.inventory();
      expect([one, two, three].map((ruleArn) => listenerRules[ruleArn]?.spec.priority)).toEqual([2, 50_000, 1]);
    },
  },
  {
    name: "web ACLs are attached, exchanged and let go",
    kinds: ["associateWebAcl", "disassociateWebAcl"],
    play: async (play) => {
      const { arn: resourceArn } = await loadBalancer(play);
      const attached = async () => (await play.inventory()).webAclAssociations[resourceArn];
      for (const webAclArn of play.place.webAclArns) {
        await play.send("associateWebAcl", { webAclArn, resourceArn });
        expect(await attached()).toBe(webAclArn);
      }
      await play.send("disassociateWebAcl", { resourceArn });
      expect(await attached()).toBeUndefined();
    },
  },
  {
    name: "web ACLs of WAF Classic likewise",
    kinds: ["associateWafRegional", "disassociateWafRegional"],
    play: async (play) => {
      const { arn: resourceArn } = await loadBalancer(play);
      const attached = async () => (await play.inventory()).wafRegionalAssociations[resourceArn];
      for (const webAclId of play.place.wafRegionalIds) {
        await play.send("associateWafRegional", { webAclId, resourceArn });
        expect(await attached()).toBe(webAclId);
      }
      await play.send("disassociateWafRegional", { resourceArn });
      expect(await attached()).toBeUndefined();
    },
  },
  {
    name: "a TargetGroupBinding, as a whole",
    kinds: ["createTargetGroupBinding", "patchTargetGroupBinding"],
    play: async (play) => {
      const common = {
        namespace: "default",
        name: play.name(),
        targetType: "ip",
        ipAddressType: "ipv4",
        vpcId: play.place.vpcId,
        targetGroupProtocol: "HTTP",
      } as const;
      const targetGroupArn = await targetGroup(play);
      await play.send("createTargetGroupBinding", {
        spec: { ...common, targetGroupArn, labels: { a: "b" }, serviceRef: { name: "web", port: 80 } },
      });
      await play.send("patchTargetGroupBinding", {
        spec: { ...common, targetGroupArn, labels: { c: "d" }, serviceRef: { name: "web", port: "http" } },
      });
      const found = (await play.inventory()).targetGroupBindings[`default/${common.name}`];
      expect(found?.spec).toMatchObject({ labels: { c: "d" }, serviceRef: { name: "web", port: "http" } });
    },
  },
  {
    name: "rules of one listener, made at the same time",
    kinds: ["createRule", "deleteRule"],
    play: async (play) => {
      const { arn } = await listener(play);
      const numbers = Array.from({ length: 8 }, (_, index) => index + 1);
      const made = await Promise.all(
        numbers.map((number) => play.create("createRule", { spec: ruleSpec(play, arn, number) })),
      );
      expect(new Set(made).size).toBe(8);
      await Promise.all(made.slice(4).map((ruleArn) => play.send("deleteRule", { ruleArn })));
      const { listenerRules } = await play.inventory();
      const left = Object.values(listenerRules).filter(({ spec }) => spec.listenerArn === arn);
      expect(left.map(({ spec }) => spec.priority).sort()).toEqual([1, 2, 3, 4]);
    },
  },
];
