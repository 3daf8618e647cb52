/** Things of the contract, as small as AWS takes them. */
import type {
  HealthCheck,
  ListenerRuleSpec,
  ListenerSpec,
  LoadBalancerSpec,
  Permission,
  RuleAction,
  RuleCondition,
  TargetGroupBindingSpec,
  TargetGroupSpec,
} from "@elbplan/core";
import type { Play } from "./world.ts";

export const HEALTH_CHECK: HealthCheck = {
  port: "traffic-port",
  protocol: "HTTP",
  path: "/",
  matcher: { httpCode: "200" },
  intervalSeconds: 15,
  timeoutSeconds: 5,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 2,
};

export const answer = (statusCode: string): RuleAction => ({
  type: "fixed-response",
  fixedResponseConfig: { statusCode, contentType: "text/plain" },
});

export const answerWith = (messageBody: string): RuleAction => ({
  type: "fixed-response",
  fixedResponseConfig: { statusCode: "200", contentType: "text/plain", messageBody },
});

export const forwardTo = (...targetGroupArns: readonly string[]): RuleAction => ({
  type: "forward",
  forwardConfig: { targetGroups: targetGroupArns.map((targetGroupArn) => ({ targetGroupArn, weight: 1 })) },
});

export const path = (...values: readonly string[]): RuleCondition => ({
  field: "path-pattern",
  pathPatternConfig: { values },
});

export const port = (number: number, cidrIp = "10.0.0.0/8"): Permission => ({
  protocol: "tcp",
  fromPort: number,
  toPort: number,
  source: { cidrIp },
});

/** A security group without permissions; its id. */
export function securityGroup({ place, name, tags, create }: Play): Promise<string> {
  const spec = { name: name(), description: "of the contract", ingress: [], tags: tags("ManagedLBSecurityGroup") };
  return create("createSecurityGroup", { vpcId: place.vpcId, spec });
}

export function targetGroupSpec({ name, tags }: Play): TargetGroupSpec {
  const given = name();
  return {
    name: given,
    targetType: "ip",
    protocol: "HTTP",
    protocolVersion: "HTTP1",
    port: 80,
    healthCheck: HEALTH_CHECK,
    tags: tags(`contract/${given}:80`),
  };
}

/** A target group for addresses; its ARN. */
export function targetGroup(play: Play): Promise<string> {
  return play.create("createTargetGroup", { vpcId: play.place.vpcId, spec: targetGroupSpec(play) });
}

export async function bindingSpec(play: Play): Promise<TargetGroupBindingSpec> {
  return {
    namespace: "default",
    name: play.name(),
    labels: {},
    targetGroupArn: await targetGroup(play),
    targetType: "ip",
    serviceRef: { name: "web", port: 80 },
    ipAddressType: "ipv4",
    vpcId: play.place.vpcId,
    targetGroupProtocol: "HTTP",
  };
}

export function loadBalancerSpec({ place, name, tags }: Play, securityGroups: readonly string[]): LoadBalancerSpec {
  return {
    name: name(),
    type: "application",
    scheme: "internal",
    ipAddressType: "ipv4",
    subnetMappings: place.subnetIds.slice(0, 2).map((subnetId) => ({ subnetId })),
    securityGroups,
    tags: tags("LoadBalancer"),
  };
}

/** A load balancer with a security group of its own; both by ARN and id. */
export async function loadBalancer(play: Play): Promise<{ readonly arn: string; readonly group: string }> {
  const group = await securityGroup(play);
  const arn = await play.create("createLoadBalancer", { spec: loadBalancerSpec(play, [group]) });
  return { arn, group };
}

export function listenerSpec({ tags }: Play, loadBalancerArn: string, number = 80): ListenerSpec {
  return { loadBalancerArn, port: number, protocol: "HTTP", defaultActions: [answer("404")], tags: tags(`${number}`) };
}

/** A listener that answers 404, on a load balancer of its own. */
export async function listener(play: Play): Promise<{ readonly arn: string; readonly loadBalancer: string }> {
  const { arn: loadBalancerArn } = await loadBalancer(play);
  const arn = await play.create("createListener", { spec: listenerSpec(play, loadBalancerArn) });
  return { arn, loadBalancer: loadBalancerArn };
}

export function ruleSpec(
  { tags }: Play,
  listenerArn: string,
  priority: number,
  actions: readonly RuleAction[] = [answer("200")],
): ListenerRuleSpec {
  return { listenerArn, priority, conditions: [path(`/${priority}`)], actions, tags: tags(`80:${priority}`) };
}

/** A rule that answers its own path. */
export function rule(play: Play, listenerArn: string, priority: number): Promise<string> {
  return play.create("createRule", { spec: ruleSpec(play, listenerArn, priority) });
}
