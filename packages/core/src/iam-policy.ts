/** The least IAM policy by which a plan can be carried out. */
import { callFor } from "./call-for.ts";
import { iamActionsOf, SERVICE_LINKED_ROLE } from "./check/cost/iam-actions.ts";
import { compareStrings } from "./lib/compare.ts";
import type { Call, Plan } from "./model/plan.ts";

export interface IamPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly IamStatement[];
}

export interface IamStatement {
  readonly Effect: "Allow";
  /** Sorted. */
  readonly Action: readonly string[];
  /** ARNs, sorted; `*` for what doesn't exist yet or can't be named. */
  readonly Resource: "*" | readonly string[];
  readonly Condition?: { readonly StringEquals: { readonly [key: string]: string } };
}

/** Fields of ELBv2 calls that name the resource that IAM is asked about (AWS: Service Authorization Reference). */
const ARN_FIELDS = ["LoadBalancerArn", "ListenerArn", "RuleArn", "TargetGroupArn", "ResourceArns"];

/**
 * What the plan's calls need and nothing else. Changes of existing load balancing resources are allowed on these alone;
 * creations, and what other services do, on any resource. Looking at what exists isn't part of it. Of a plan that has
 * nothing to do the policy has no statements.
 */
export function iamPolicy(plan: Pick<Plan, "actions">): IamPolicy {
  const resources = new Map<string, Set<string>>();
  for (const action of plan.actions) {
    const call = callFor(action);
    for (const name of iamActionsOf(action, call)) {
      const named = resources.get(name) ?? new Set();
      for (const arn of resourcesOf(name, call)) named.add(arn);
      resources.set(name, named);
    }
  }
  const names = [...resources.keys()].filter((name) => name !== SERVICE_LINKED_ROLE).sort(compareStrings);
  const statements = new Map<string, { Action: string[]; Resource: IamStatement["Resource"] }>();
  for (const name of names) {
    const arns = [...(resources.get(name) ?? [])].sort(compareStrings);
    const resource = arns.includes("*") ? "*" : arns;
    const key = JSON.stringify(resource);
    const statement = statements.get(key);
    if (statement === undefined) statements.set(key, { Action: [name], Resource: resource });
    else statement.Action.push(name);
  }
  return {
    Version: "2012-10-17",
    Statement: [
      ...[...statements.values()].map((statement): IamStatement => ({ Effect: "Allow", ...statement })),
      ...(resources.has(SERVICE_LINKED_ROLE) ? [serviceLinkedRole()] : []),
    ],
  };
}

function serviceLinkedRole(): IamStatement {
  return {
    Effect: "Allow",
    Action: [SERVICE_LINKED_ROLE],
    Resource: "*",
    Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
  };
}

/** The ARNs that a permission is needed on; `*` unless all are known. */
function resourcesOf(name: string, call: Call | null): readonly string[] {
  if (call?.service !== "elasticloadbalancingv2" || name !== `elasticloadbalancing:${call.operation}`) return ["*"];
  if (call.operation.startsWith("Create")) return ["*"];
  const priorities = call.input["RulePriorities"];
  const values: readonly unknown[] = [
    ...ARN_FIELDS.flatMap((field) => call.input[field] ?? []),
    ...(Array.isArray(priorities) ? priorities.map((item: { readonly RuleArn?: unknown }) => item.RuleArn) : []),
  ];
  const arns = values.filter((value): value is string => typeof value === "string");
  return arns.length === values.length && arns.length > 0 ? arns : ["*"];
}
