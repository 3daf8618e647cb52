/** What to do after a call that wasn't answered as asked. */
import { type Action, type ActionKind, type Call, type CallError, isTwinKind } from "@elbplan/core";
import { type TryAgain, type TryAgainLimit, tryAgainFor, UNANSWERED } from "./try-again.ts";

export type Remedy =
  /** What the call would remove is gone already. */
  | { readonly kind: "gone" }
  /** See what is there before anything else. */
  | { readonly kind: "look" }
  | { readonly kind: "again"; readonly limit: TryAgainLimit }
  | { readonly kind: "give-up" };

/** Codes by which AWS says that what an action would remove isn't there. */
const GONE: { readonly [K in ActionKind]?: readonly string[] } = {
  deleteSecurityGroup: ["InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"],
  // With a group its permissions go.
  revokeSecurityGroupIngress: ["InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"],
  deleteTags: ["InvalidGroup.NotFound", "InvalidID"],
  deleteCertificate: ["ResourceNotFound"],
  deleteTargetGroup: ["TargetGroupNotFound"],
  deregisterTargets: ["TargetGroupNotFound"],
  deleteLoadBalancer: ["LoadBalancerNotFound"],
  deleteListener: ["ListenerNotFound", "LoadBalancerNotFound"],
  removeListenerCertificates: ["ListenerNotFound", "CertificateNotFound"],
  deleteRule: ["RuleNotFound", "ListenerNotFound"],
  removeTags: ["LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound", "RuleNotFound"],
  disassociateWebAcl: ["WAFNonexistentItem"],
  disassociateWafRegional: ["WAFNonexistentItem"],
  deleteShieldProtection: ["ResourceNotFound"],
  deleteTargetGroupBinding: ["NotFound"],
};

/** Codes by which AWS says that something is in the way: perhaps what the call itself, or an earlier one, has made. */
const IN_THE_WAY: { readonly [K in ActionKind]?: readonly string[] } = {
  createSecurityGroup: ["InvalidGroup.Duplicate"],
  authorizeSecurityGroupIngress: ["InvalidPermission.Duplicate"],
  revokeSecurityGroupIngress: ["InvalidPermission.NotFound"],
  createTargetGroup: ["DuplicateTargetGroupName"],
  createLoadBalancer: ["DuplicateLoadBalancerName"],
  createListener: ["DuplicateListener"],
  createRule: ["PriorityInUse"],
  createShieldProtection: ["ResourceAlreadyExists"],
  createTargetGroupBinding: ["AlreadyExists"],
};

/** The remedy for an error; `planned` is the action as the plan has it. */
export function remedyFor(planned: Action, call: Call, error: CallError, table: readonly TryAgain[]): Remedy {
  if (error.outcome === "unknown") {
    // Sent twice, everything else does no more than once.
    return isTwinKind(planned.kind) ? { kind: "look" } : { kind: "again", limit: UNANSWERED };
  }
  if (isInTheWay(planned, error)) return { kind: "look" };
  if (GONE[planned.kind]?.includes(error.code) === true) return { kind: "gone" };
  const row = tryAgainFor(table, planned, call, error);
  return row === undefined ? { kind: "give-up" } : { kind: "again", limit: row };
}

/** Whether an error says that something is where the action would put something. */
export function isInTheWay({ kind }: Action, { code, outcome }: CallError): boolean {
  return outcome === "refused" && IN_THE_WAY[kind]?.includes(code) === true;
}
