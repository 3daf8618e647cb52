/** What is created is there, as it was asked for. */
import { twinDifferences } from "@elbplan/core";
import { expect } from "vitest";
import type { ContractTest } from "./test.ts";
import {
  answerWith,
  bindingSpec,
  forwardTo,
  HEALTH_CHECK,
  listener,
  listenerSpec,
  loadBalancer,
  loadBalancerSpec,
  path,
  port,
  ruleSpec,
  securityGroup,
  targetGroup,
  targetGroupSpec,
} from "./things.ts";
import { actionOf } from "./world.ts";

export const creations: readonly ContractTest[] = [
  {
    name: "a security group, without permissions",
    kinds: ["createSecurityGroup"],
    play: async (play) => {
      const spec = { name: play.name(), description: "of the contract", ingress: [port(80)], tags: play.tags("x") };
      const id = await play.create("createSecurityGroup", { vpcId: play.place.vpcId, spec });
      expect((await play.inventory()).securityGroups[id]).toEqual({
        arn: id,
        vpcId: play.place.vpcId,
        spec: { ...spec, ingress: [] },
      });
    },
  },
  {
    name: "a target group, with its health check",
    kinds: ["createTargetGroup"],
    play: async (play) => {
      const spec = targetGroupSpec(play);
      const details = {
        vpcId: play.place.vpcId,
        spec: { ...spec, healthCheck: { ...HEALTH_CHECK, port: 8080, path: "/up" } },
      };
      const arn = await play.create("createTargetGroup", details);
      const found = (await play.inventory()).targetGroups[arn];
      expect(found).toMatchObject({
        arn,
        vpcId: play.place.vpcId,
        loadBalancerArns: [],
        spec: { name: spec.name, targetType: "ip" },
      });
      expect(found?.spec.healthCheck).toMatchObject({ port: "8080", path: "/up", intervalSeconds: 15 });
      expect(found && twinDifferences(actionOf("createTargetGroup", details), found)).toEqual([]);
    },
  },
  {
    name: "a load balancer, with a DNS name",
    kinds: ["createLoadBalancer"],
    play: async (play) => {
      const spec = loadBalancerSpec(play, [await securityGroup(play)]);
      const output = await play.send("createLoadBalancer", { spec });
      expect(output).toMatchObject({ id: output?.arn, dnsName: expect.stringMatching(/\S/) });
      const found = (await play.inventory()).loadBalancers[output?.arn ?? ""];
      expect(found).toMatchObject({ dnsName: output?.dnsName, vpcId: play.place.vpcId });
      expect(found && twinDifferences(actionOf("createLoadBalancer", { spec }), found)).toEqual([]);
    },
  },
  {
    name: "listeners with and without certificates",
    kinds: ["createListener"],
    play: async (play) => {
      const { arn: loadBalancerArn } = await loadBalancer(play);
      const [certificate] = play.place.certificateArns;
      const plain = listenerSpec(play, loadBalancerArn);
      const secure = {
        ...listenerSpec(play, loadBalancerArn, 443),
        protocol: "HTTPS" as const,
        certificates: [certificate],
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      };
      for (const spec of [plain, secure]) {
        const arn = await play.create("createListener", { spec });
        const found = (await play.inventory()).listeners[arn];
        expect(found?.spec.tags).toEqual(spec.tags);
        expect(found && twinDifferences(actionOf("createListener", { spec }), found)).toEqual([]);
      }
    },
  },
  {
    name: "rules, with every kind of condition, weights and stickiness",
    kinds: ["createRule"],
    play: async (play) => {
      const { arn } = await listener(play);
      const [one, two] = [await targetGroup(play), await targetGroup(play)];
      const sticky = {
        type: "forward" as const,
        forwardConfig: {
          targetGroups: [
            { targetGroupArn: one, weight: 3 },
            { targetGroupArn: two, weight: 7 },
          ],
          targetGroupStickinessConfig: { enabled: true, durationSeconds: 60 },
        },
      };
      const specs = [
        {
          ...ruleSpec(play, arn, 1, [forwardTo(one)]),
          conditions: [
            path("/a", "/b/*"),
            { field: "host-header", hostHeaderConfig: { values: ["*.example.com"] } },
          ] as const,
        },
        {
          ...ruleSpec(play, arn, 2, [sticky]),
          conditions: [
            { field: "http-header", httpHeaderConfig: { httpHeaderName: "X-Beta", values: ["1"] } },
            { field: "http-request-method", httpRequestMethodConfig: { values: ["GET"] } },
          ] as const,
        },
        {
          ...ruleSpec(play, arn, 3, [
            { type: "redirect", redirectConfig: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
          ]),
          conditions: [
            { field: "query-string", queryStringConfig: { values: [{ key: "a", value: "b" }, { value: "c" }] } },
            { field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8"] } },
          ] as const,
        },
      ];
      for (const spec of specs) {
        const ruleArn = await play.create("createRule", { spec });
        const found = (await play.inventory()).listenerRules[ruleArn];
        expect(found?.spec).toMatchObject({ listenerArn: arn, priority: spec.priority, tags: spec.tags });
        expect(found && twinDifferences(actionOf("createRule", { spec }), found)).toEqual([]);
      }
      const { targetGroups, listenerRules } = await play.inventory();
      expect(Object.values(listenerRules).filter(({ spec }) => spec.listenerArn === arn)).toHaveLength(3);
      expect([one, two].map((group) => targetGroups[group]?.loadBalancerArns.length)).toEqual([1, 1]);
    },
  },
  {
    name: "a certificate, requested; asked for twice it is the same",
    kinds: ["requestCertificate"],
    play: async (play) => {
      const domainName = `${play.name()}.example.com`;
      const spec = {
        type: "AMAZON_ISSUED",
        domainName,
        subjectAlternativeNames: [domainName],
        validationMethod: "DNS",
        tags: play.tags("x"),
      } as const;
      const details = { spec, idempotencyToken: domainName.replaceAll(/\W/g, "").slice(0, 32) };
      const arn = await play.create("requestCertificate", details);
      expect(await play.create("requestCertificate", details)).toBe(arn);
      expect((await play.inventory()).certificates[arn]?.spec).toMatchObject({ domainName, tags: spec.tags });
    },
  },
  {
    name: "the validation records of a certificate, twice without harm; then it is issued",
    kinds: ["requestCertificate", "upsertValidationRecord"],
    play: async (play) => {
      const domainName = `${play.name()}.example.com`;
      const spec = {
        type: "AMAZON_ISSUED",
        domainName,
        subjectAlternativeNames: [domainName, `*.${domainName}`, `www.${domainName}`],
        validationMethod: "DNS",
        tags: play.tags("x"),
      } as const;
      const token = domainName.replaceAll(/\W/g, "").slice(0, 32);
      const certificateArn = await play.create("requestCertificate", { spec, idempotencyToken: token });
      for (const name of [domainName, `www.${domainName}`, domainName]) {
        await play.send("upsertValidationRecord", { certificateArn, domainName: name });
      }
      const wait = {
        until: "certificate-issued",
        subject: certificateArn,
        deadlineSeconds: 60,
        onDeadline: "stop",
      } as const;
      let state = await play.met(wait);
      for (let looks = 0; state.state === "unmet" && looks < 10; looks++) state = await play.met(wait);
      expect(state.state).toBe("met");
    },
  },
  {
    name: "a Shield protection, once",
    kinds: ["createShieldProtection"],
    play: async (play) => {
      const { arn } = await loadBalancer(play);
      const details = { name: "managed by the contract", resourceArn: arn };
      const id = await play.create("createShieldProtection", details);
      expect((await play.inventory()).shieldProtections[arn]).toEqual({ id, name: details.name });
      expect(await play.refused("createShieldProtection", details)).toMatchObject({
        code: "ResourceAlreadyExists",
        outcome: "refused",
      });
      expect(await play.find("createShieldProtection", details)).toMatchObject({ arn: id });
    },
  },
  {
    name: "a TargetGroupBinding",
    kinds: ["createTargetGroupBinding"],
    play: async (play) => {
      const spec = await bindingSpec(play);
      await play.send("createTargetGroupBinding", { spec });
      const found = (await play.inventory()).targetGroupBindings[`default/${spec.name}`];
      expect(found && twinDifferences(actionOf("createTargetGroupBinding", { spec }), found)).toEqual([]);
      expect(await play.refused("createTargetGroupBinding", { spec })).toMatchObject({ code: "AlreadyExists" });
    },
  },
  {
    name: "texts and tags that a shell or a query would take for something else",
    kinds: ["createRule"],
    play: async (play) => {
      const { arn } = await listener(play);
      const tags = { ...play.tags("80:1"), "a.b/c:d": "=@_- +ü" };
      const values = ["/a&b", "/f'g\"h", "/$x~@:+"];
      const text = answerWith('it\'s 50 % & more than $HOME, `x` $(y) "z" <b>\\n</b> ü');
      const spec = { ...ruleSpec(play, arn, 1, [text]), conditions: [path(...values)], tags };
      const ruleArn = await play.create("createRule", { spec });
      const found = (await play.inventory()).listenerRules[ruleArn]?.spec;
      expect(found).toMatchObject({ tags, conditions: [path(...values)], actions: [text] });
    },
  },
];
