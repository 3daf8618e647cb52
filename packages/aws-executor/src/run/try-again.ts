/** AWS's own "try again": refusals that pass by themselves. */
import type { Action, Call, CallError } from "@elbplan/core";
import { THROTTLED } from "../aws-error.ts";
import { RECORD_UNKNOWN } from "../executor/validation-record.ts";

/** How long something is worth trying. */
export interface TryAgainLimit {
  readonly everySeconds: number;
  /** From the first refusal of its kind; what is waited for a turn among other calls doesn't count. */
  readonly forSeconds: number;
}

/** A refusal that passes, and how long it is worth trying. */
export interface TryAgain extends TryAgainLimit {
  /** Operations as AWS names them. */
  readonly operations: readonly string[] | "any";
  /** Error codes without the suffix `Exception`. */
  readonly codes: readonly string[];
  /** Further conditions on the action, as its plan has it, with references. */
  readonly onlyIf?: "names-something-new" | "registers-a-load-balancer";
}

/**
 * The refusals that pass. Intervals are LBC's where it has any; limits are longer where LBC would come back later by
 * itself, for a run of a plan doesn't. The first row that fits decides.
 */
export const TRY_AGAIN: readonly TryAgain[] = [
  // The SDK has tried ten times already when this is seen.
  { operations: "any", codes: [...THROTTLED], everySeconds: 5, forSeconds: 120 },
  // A guard of the lease let it not begin; the next renewal is two seconds away, or the lease is lost and the run ends.
  { operations: "any", codes: ["LeaseTooShort"], everySeconds: 1, forSeconds: 20 },
  // What was created a moment ago isn't known everywhere yet (LBC: CreateRule and AddListenerCertificates, 2 s and 20 s).
  // It may have been an earlier run that created it: then the plan names its ARN.
  {
    operations: "any",
    codes: [
      "LoadBalancerNotFound",
      "ListenerNotFound",
      "TargetGroupNotFound",
      "RuleNotFound",
      "InvalidSecurityGroup",
      "InvalidGroup.NotFound",
      "InvalidSecurityGroupID.NotFound",
    ],
    everySeconds: 2,
    forSeconds: 20,
  },
  // These name what the user chose as well, of which a wrong ARN is likelier.
  {
    operations: "any",
    codes: [
      "CertificateNotFound",
      "UnsupportedCertificate",
      "WAFNonexistentItem",
      "InvalidResource",
      "ResourceNotFound",
    ],
    onlyIf: "names-something-new",
    everySeconds: 2,
    forSeconds: 20,
  },
  // AWS WAF asks to try again: a new load balancer, or a web ACL just changed, takes it up to some minutes.
  {
    operations: ["AssociateWebACL", "DisassociateWebACL"],
    codes: ["WAFUnavailableEntity"],
    everySeconds: 5,
    forSeconds: 180,
  },
  // The listener or rule that named it is gone, and the target group isn't free yet (LBC: 2 s and 20 s, then later again).
  { operations: ["DeleteTargetGroup"], codes: ["ResourceInUse"], everySeconds: 2, forSeconds: 60 },
  {
    operations: ["CreateListener", "ModifyListener", "CreateRule", "ModifyRule"],
    codes: ["TargetGroupAssociationLimit"],
    everySeconds: 2,
    forSeconds: 20,
  },
  // Network interfaces of a load balancer outlive it (LBC: 2 s and 10 s for its own groups, 2 min for the shared one).
  { operations: ["DeleteSecurityGroup"], codes: ["DependencyViolation"], everySeconds: 2, forSeconds: 180 },
  // LBC: 5 s and 30 s.
  { operations: ["DeleteCertificate"], codes: ["ResourceInUse", "Conflict"], everySeconds: 5, forSeconds: 60 },
  // ACM tells the record some seconds after the request (LBC: 5 s and 30 s).
  { operations: ["ChangeResourceRecordSets"], codes: [RECORD_UNKNOWN], everySeconds: 5, forSeconds: 60 },
  // A load balancer becomes a target only when it is active and listens on the port (LBC: after 15 s).
  {
    operations: ["RegisterTargets"],
    codes: ["InvalidTarget"],
    onlyIf: "registers-a-load-balancer",
    everySeconds: 5,
    forSeconds: 180,
  },
  // AWS Shield: somebody else changes the protections of the account at the same time.
  { operations: ["CreateProtection", "DeleteProtection"], codes: ["OptimisticLock"], everySeconds: 1, forSeconds: 10 },
];

/** For calls without an answer, and looks without one: nothing is lost by asking again. */
export const UNANSWERED: TryAgainLimit = { everySeconds: 2, forSeconds: 30 };

/** The row that a refusal falls under. */
export function tryAgainFor(
  table: readonly TryAgain[],
  action: Action,
  { operation }: Pick<Call, "operation">,
  { code }: CallError,
): TryAgain | undefined {
  return table.find(
    ({ operations, codes, onlyIf }) =>
      (operations === "any" || operations.includes(operation)) && codes.includes(code) && applies(onlyIf, action),
  );
}

function applies(condition: TryAgain["onlyIf"], action: Action): boolean {
  switch (condition) {
    case "names-something-new":
      return hasReference(action.details);
    case "registers-a-load-balancer":
      // Instances and addresses that AWS doesn't take, it will not take later either.
      return (
        action.kind === "registerTargets" &&
        action.details.targets.some(({ id }) => typeof id !== "string" || id.startsWith("arn:"))
      );
    case undefined:
      return true;
  }
}

function hasReference(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ("ref" in value && "field" in value) return true;
  return Object.values(value).some(hasReference);
}
