/** Quotas: the call that is too many is refused by its own code, and making room lets it through. */
import { expect } from "vitest";
import type { ContractTest } from "./test.ts";
import { listener, listenerSpec, loadBalancer, rule, ruleSpec } from "./things.ts";

export const quotas: readonly ContractTest[] = [
  {
    name: "rules over all listeners of a load balancer",
    kinds: ["createRule"],
    play: async (play) => {
      const { arn, loadBalancer: loadBalancerArn } = await listener(play);
      const other = await play.create("createListener", { spec: listenerSpec(play, loadBalancerArn, 81) });
      const first = await rule(play, other, 1);
      for (let number = 2; number <= play.quotas.rulesPerLoadBalancer; number++) await rule(play, arn, number);
      const spec = ruleSpec(play, arn, play.quotas.rulesPerLoadBalancer + 1);
      expect(await play.refused("createRule", { spec })).toMatchObject({ code: "TooManyRules", outcome: "refused" });
      await play.send("deleteRule", { ruleArn: first });
      await play.create("createRule", { spec });
    },
  },
  {
    name: "certificates over all listeners of a load balancer, default ones not counted",
    kinds: ["addListenerCertificates"],
    play: async (play, skip) => {
      const [one, two, three] = play.place.certificateArns;
      if (play.quotas.certificatesPerLoadBalancer !== 2) skip("three certificates fill a quota of two");
      const { arn } = await loadBalancer(play);
      const secure = {
        ...listenerSpec(play, arn, 443),
        protocol: "HTTPS" as const,
        certificates: [one],
        sslPolicy: "ELBSecurityPolicy-2016-08",
      };
      const listenerArn = await play.create("createListener", { spec: secure });
      const add = (certificateArn: string) => ({ listenerArn, certificateArn });
      await play.send("addListenerCertificates", add(two));
      await play.send("addListenerCertificates", add(three));
      const other = await play.create("createListener", { spec: { ...secure, port: 444, certificates: [two] } });
      const fourth = { listenerArn: other, certificateArn: three };
      expect(await play.refused("addListenerCertificates", fourth)).toMatchObject({ code: "TooManyCertificates" });
      await play.send("removeListenerCertificates", add(two));
      await play.send("addListenerCertificates", fourth);
    },
  },
  {
    name: "listeners of a load balancer",
    kinds: ["createListener"],
    play: async (play) => {
      const { arn } = await loadBalancer(play);
      const ports = Array.from({ length: play.quotas.listenersPerLoadBalancer }, (_, index) => 1000 + index);
      for (const number of ports) await play.create("createListener", { spec: listenerSpec(play, arn, number) });
      expect(await play.refused("createListener", { spec: listenerSpec(play, arn, 999) })).toMatchObject({
        code: "TooManyListeners",
        outcome: "refused",
      });
    },
  },
];
