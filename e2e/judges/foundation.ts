import type { ListenerSpec } from "@elbplan/core";
import type { Seed } from "../moto/seed.ts";
import { action, fixed, type MakeAction, patterns, pick, pickGroup } from "./words.ts";

/** Two load balancers with listeners and rules: what generated calls begin with, so that they find something. */
export function foundation(seed: Seed): readonly MakeAction[] {
  const subnetMappings = seed.publicSubnets.map((subnetId) => ({ subnetId }));
  const [certificate = ""] = Object.values(seed.certificates);
  const group =
    (text: string): MakeAction =>
    () =>
      action("createSecurityGroup", { vpcId: seed.vpcId, spec: { name: text, description: text, ingress: [] } });
  const balancer =
    (text: string, number: number): MakeAction =>
    (account) =>
      action("createLoadBalancer", {
        spec: {
          name: text,
          type: "application",
          scheme: "internal",
          ipAddressType: "ipv4",
          subnetMappings,
          securityGroups: [pickGroup(account, number)],
        },
      });
  const listener =
    (number: number, more: Partial<ListenerSpec>): MakeAction =>
    (account) =>
      action("createListener", {
        spec: {
          loadBalancerArn: pick(account.loadBalancers, number),
          port: 80,
          protocol: "HTTP",
          defaultActions: [fixed("404")],
          ...more,
        },
      });
  const rule =
    (number: number, order: number): MakeAction =>
    (account) =>
      action("createRule", {
        spec: {
          listenerArn: pick(account.listeners, number),
          priority: order,
          conditions: [patterns(`/${order}`)],
          actions: [fixed("503")],
        },
      });
  const tls = { port: 443, protocol: "HTTPS" as const, certificates: [certificate] };
  return [
    group("one"),
    group("two"),
    balancer("one", 0),
    balancer("two", 1),
    listener(0, {}),
    listener(0, tls),
    listener(1, {}),
    ...[1, 2, 3].flatMap((order) => [rule(0, order), rule(1, order)]),
    rule(2, 1),
  ];
}
