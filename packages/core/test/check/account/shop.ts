/** A small application: one load balancer, an HTTP and an HTTPS listener, two rules, three target groups. */
import type { Account } from "../../../src/model/inventory.ts";
import type { ListenerRuleSpec } from "../../../src/model/listener-rule.ts";
import type { LoadBalancerSpec } from "../../../src/model/load-balancer.ts";
import type { RuleAction } from "../../../src/model/rule-action.ts";
import type { TargetGroupSpec } from "../../../src/model/target-group.ts";
import type { Value } from "../../../src/model/value.ts";
import { action, build, deepFreeze, EMPTY } from "./call.ts";

export const CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/aaaa";
export const OTHER_CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/bbbb";

export function targetGroup(name: string, more: Partial<TargetGroupSpec> = {}): TargetGroupSpec {
  return {
    name,
    targetType: "ip",
    port: 8080,
    protocol: "HTTP",
    protocolVersion: "HTTP1",
    healthCheck: {
      port: "traffic-port",
      protocol: "HTTP",
      path: "/",
      matcher: { httpCode: "200" },
      intervalSeconds: 15,
      timeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
    ...more,
  };
}

export function loadBalancer(name: string, more: Partial<LoadBalancerSpec> = {}): LoadBalancerSpec {
  return {
    name,
    type: "application",
    scheme: "internal",
    ipAddressType: "ipv4",
    subnetMappings: [{ subnetId: "subnet-a" }, { subnetId: "subnet-b" }],
    securityGroups: [{ ref: "securityGroup/sg", field: "id" }],
    ...more,
  };
}

export function forward(...arns: readonly Value[]): RuleAction {
  return { type: "forward", forwardConfig: { targetGroups: arns.map((targetGroupArn) => ({ targetGroupArn })) } };
}

export const NOT_FOUND: RuleAction = { type: "fixed-response", fixedResponseConfig: { statusCode: "404" } };

export function rule(listenerArn: Value, priority: number, more: Partial<ListenerRuleSpec> = {}): ListenerRuleSpec {
  return {
    listenerArn,
    priority,
    actions: [NOT_FOUND],
    conditions: [{ field: "path-pattern", pathPatternConfig: { values: [`/${priority}`] } }],
    ...more,
  };
}

const ref = (resource: string, field: "arn" | "id" = "arn") => ({ ref: resource, field }) as const;

const run = build(EMPTY, [
  action(
    "createSecurityGroup",
    { vpcId: "vpc-1", spec: { name: "shop", description: "of the load balancer", ingress: [] } },
    { resource: "securityGroup/sg" },
  ),
  action(
    "createSecurityGroup",
    { vpcId: "vpc-1", spec: { name: "spare", description: "unused", ingress: [] } },
    { resource: "securityGroup/spare" },
  ),
  action("createTargetGroup", { vpcId: "vpc-1", spec: targetGroup("web") }, { resource: "targetGroup/web" }),
  action("createTargetGroup", { vpcId: "vpc-1", spec: targetGroup("cart") }, { resource: "targetGroup/cart" }),
  action("createTargetGroup", { vpcId: "vpc-1", spec: targetGroup("spare") }, { resource: "targetGroup/spare" }),
  action("registerTargets", {
    targetGroupArn: ref("targetGroup/web"),
    targets: [{ id: "10.0.0.1", port: 8080 }],
  }),
  action("createLoadBalancer", { spec: loadBalancer("shop") }, { resource: "loadBalancer/lb" }),
  action("createLoadBalancer", { spec: loadBalancer("other") }, { resource: "loadBalancer/other" }),
  action(
    "createListener",
    {
      spec: {
        loadBalancerArn: ref("loadBalancer/lb"),
        port: 80,
        protocol: "HTTP",
        defaultActions: [forward(ref("targetGroup/web"))],
      },
    },
    { resource: "listener/80" },
  ),
  action(
    "createListener",
    {
      spec: {
        loadBalancerArn: ref("loadBalancer/lb"),
        port: 443,
        protocol: "HTTPS",
        defaultActions: [NOT_FOUND],
        certificates: [CERTIFICATE],
        sslPolicy: "ELBSecurityPolicy-2016-08",
      },
    },
    { resource: "listener/443" },
  ),
  action(
    "createListener",
    {
      spec: { loadBalancerArn: ref("loadBalancer/other"), port: 80, protocol: "HTTP", defaultActions: [NOT_FOUND] },
    },
    { resource: "listener/other" },
  ),
  action(
    "createRule",
    { spec: rule(ref("listener/80"), 1, { actions: [forward(ref("targetGroup/cart"))] }) },
    { resource: "listenerRule/1" },
  ),
  action("createRule", { spec: rule(ref("listener/80"), 2) }, { resource: "listenerRule/2" }),
]);

const arnOf = (resource: string): string => run.outputs["shop"]?.[resource]?.arn ?? "";

/** The account, frozen: nothing may write to it. */
export const SHOP: Account = deepFreeze(run.account);
export const ARN = {
  group: arnOf("securityGroup/sg"),
  spareGroup: arnOf("securityGroup/spare"),
  web: arnOf("targetGroup/web"),
  cart: arnOf("targetGroup/cart"),
  spare: arnOf("targetGroup/spare"),
  loadBalancer: arnOf("loadBalancer/lb"),
  other: arnOf("loadBalancer/other"),
  http: arnOf("listener/80"),
  https: arnOf("listener/443"),
  otherHttp: arnOf("listener/other"),
  rule1: arnOf("listenerRule/1"),
  rule2: arnOf("listenerRule/2"),
};

/** What exists outside of the account. */
export const FOREIGN: ReadonlySet<string> = new Set([CERTIFICATE, OTHER_CERTIFICATE, "sg-nodes", "arn:foreign-group"]);

/** The account with other quotas. */
export function withQuotas(quotas: Partial<Account["quotas"]>, account: Account = SHOP): Account {
  return { ...account, quotas: { ...account.quotas, ...quotas } };
}
