/**
 * What holds the place that an action asks for, found by name, port, number or association. Tags are asked of the thing
 * itself: the index of tags lags behind what was just created.
 */
import type { Action, Found, StringMap } from "@elbplan/core";
import type { AwsApi } from "../aws-api.ts";
import { isAwsError } from "../aws-error.ts";
import { everyPage } from "../every-page.ts";
import { listenerRecord } from "../records/listener.ts";
import { listenerRuleRecord } from "../records/listener-rule.ts";
import { loadBalancerRecord } from "../records/load-balancer.ts";
import { securityGroupRecord } from "../records/security-group.ts";
import { tagsOf } from "../records/tags.ts";
import { targetGroupRecord } from "../records/target-group.ts";
import { callAws } from "../typed-call.ts";

const ELB = "elasticloadbalancingv2";

/** undefined if nothing holds the place, or if the action asks for none; rejects with an `AwsError`. */
export async function findTwin(api: AwsApi, action: Action): Promise<Found | undefined> {
  switch (action.kind) {
    case "createSecurityGroup": {
      const { vpcId, spec } = action.details;
      const { SecurityGroups = [] } = await callAws(api, "ec2", "DescribeSecurityGroups", {
        Filters: [
          { Name: "group-name", Values: [spec.name] },
          { Name: "vpc-id", Values: [vpcId] },
        ],
      });
      // A star or question mark in a filter stands for anything.
      return SecurityGroups.map(securityGroupRecord).find((group) => group.spec.name === spec.name);
    }
    case "authorizeSecurityGroupIngress":
    case "revokeSecurityGroupIngress": {
      const GroupIds = [String(action.details.securityGroupId)];
      const { SecurityGroups = [] } = await callAws(api, "ec2", "DescribeSecurityGroups", { GroupIds });
      return SecurityGroups.map(securityGroupRecord)[0];
    }
    case "createTargetGroup":
      return findTargetGroup(api, String(action.details.spec.name));
    case "createLoadBalancer":
      return findLoadBalancer(api, action.details.spec.name);
    case "createListener":
      return findListener(api, String(action.details.spec.loadBalancerArn), action.details.spec.port);
    case "createRule":
      return findRule(api, String(action.details.spec.listenerArn), action.details.spec.priority);
    case "createShieldProtection": {
      const ResourceArn = String(action.details.resourceArn);
      const found = await unless(callAws(api, "shield", "DescribeProtection", { ResourceArn }), "ResourceNotFound");
      const { Id, Name } = found?.Protection ?? {};
      return Id === undefined ? undefined : { arn: Id, spec: { name: Name ?? "" } };
    }
    default:
      return undefined;
  }
}

async function findTargetGroup(api: AwsApi, name: string): Promise<Found | undefined> {
  const found = await unless(callAws(api, ELB, "DescribeTargetGroups", { Names: [name] }), "TargetGroupNotFound");
  const group = found?.TargetGroups?.[0];
  if (group === undefined) return undefined;
  return targetGroupRecord(group, { tags: await tagsOfResource(api, group.TargetGroupArn) });
}

async function findLoadBalancer(api: AwsApi, name: string): Promise<Found | undefined> {
  const found = await unless(callAws(api, ELB, "DescribeLoadBalancers", { Names: [name] }), "LoadBalancerNotFound");
  const loadBalancer = found?.LoadBalancers?.[0];
  if (loadBalancer === undefined) return undefined;
  return loadBalancerRecord(loadBalancer, { tags: await tagsOfResource(api, loadBalancer.LoadBalancerArn) });
}

async function findListener(api: AwsApi, LoadBalancerArn: string, port: number): Promise<Found | undefined> {
  for await (const { Listeners = [] } of everyPage(api, ELB, "DescribeListeners", { LoadBalancerArn })) {
    const listener = Listeners.find(({ Port }) => Port === port);
    if (listener !== undefined) return listenerRecord(listener);
  }
  return undefined;
}

async function findRule(api: AwsApi, ListenerArn: string, priority: number): Promise<Found | undefined> {
  for await (const { Rules = [] } of everyPage(api, ELB, "DescribeRules", { ListenerArn })) {
    const rule = Rules.find(({ Priority }) => Priority === String(priority));
    if (rule !== undefined) return listenerRuleRecord(rule, ListenerArn);
  }
  return undefined;
}

async function tagsOfResource(api: AwsApi, arn: string | undefined): Promise<StringMap> {
  if (arn === undefined) return {};
  const { TagDescriptions } = await callAws(api, ELB, "DescribeTags", { ResourceArns: [arn] });
  return tagsOf(TagDescriptions?.[0]?.Tags);
}

/** What a call answers, or undefined for the refusal by which AWS says that there is no such thing. */
async function unless<T>(call: Promise<T>, code: string): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    if (isAwsError(thrown, code)) return undefined;
    throw thrown;
  }
}
