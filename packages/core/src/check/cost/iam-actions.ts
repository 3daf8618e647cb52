/** IAM actions: what somebody who carries out an action must be allowed. */
import type { Action } from "../../model/action.ts";
import type { Call } from "../../model/plan.ts";

/** Prefixes of IAM actions (AWS: Service Authorization Reference); the Kubernetes API asks its own authorization. */
const PREFIXES = {
  elasticloadbalancingv2: "elasticloadbalancing",
  ec2: "ec2",
  acm: "acm",
  wafv2: "wafv2",
  "waf-regional": "waf-regional",
  shield: "shield",
  route53: "route53",
  kubernetes: undefined,
} as const satisfies Record<Call["service"], string | undefined>;

/** What looking for the end of a wait calls. */
const LOOKS = {
  "targets-healthy": "elasticloadbalancing:DescribeTargetHealth",
  "targets-drained": "elasticloadbalancing:DescribeTargetHealth",
  "load-balancer-active": "elasticloadbalancing:DescribeLoadBalancers",
  "certificate-issued": "acm:DescribeCertificate",
} as const;

/** Creates the role by which Elastic Load Balancing works in the account; asked for once in an account's life. */
export const SERVICE_LINKED_ROLE = "iam:CreateServiceLinkedRole";

/**
 * The IAM actions of one action, sorted: that of its call, and what AWS asks for besides. Tags of what is created need
 * the service's action for tags; a web ACL needs SetWebACL of the load balancer (AWS WAF: permissions for
 * AssociateWebACL); an authentication by Cognito reads the client (Elastic Load Balancing: authenticate users); a validation record and its zone
 * are looked up first. For a
 * wait, what looks for its end; for a write to Kubernetes, none.
 */
export function iamActionsOf(action: Action, call: Call | null): readonly string[] {
  if (call === null) return action.kind === "wait" ? [LOOKS[action.details.until]] : [];
  const prefix = PREFIXES[call.service];
  if (prefix === undefined) return [];
  return [...new Set([`${prefix}:${call.operation}`, ...besides(call)])].sort();
}

function besides({ service, operation, input }: Call): readonly string[] {
  switch (service) {
    case "elasticloadbalancingv2":
      return [
        ...(operation.startsWith("Create") && isFilled(input["Tags"]) ? ["elasticloadbalancing:AddTags"] : []),
        ...(operation === "CreateLoadBalancer" ? [SERVICE_LINKED_ROLE] : []),
        ...(usesCognito(input["Actions"]) || usesCognito(input["DefaultActions"])
          ? ["cognito-idp:DescribeUserPoolClient"]
          : []),
      ];
    case "ec2":
      return isFilled(input["TagSpecifications"]) ? ["ec2:CreateTags"] : [];
    case "acm":
      return isFilled(input["Tags"]) ? ["acm:AddTagsToCertificate"] : [];
    case "route53":
      return ["acm:DescribeCertificate", "route53:ListHostedZones"];
    case "wafv2":
    case "waf-regional":
      return ["elasticloadbalancing:SetWebACL"];
    default:
      return [];
  }
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

function usesCognito(actions: unknown): boolean {
  if (!Array.isArray(actions)) return false;
  return actions.some(
    (action: unknown) =>
      typeof action === "object" && action !== null && "Type" in action && action.Type === "authenticate-cognito",
  );
}
