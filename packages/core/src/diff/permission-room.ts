/** The quota of permissions on the security groups of targets, counted before anything is called. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DesiredGraph } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import { isKnownQuota, quotasOf } from "../model/quotas.ts";
import { type Permission, permissionCount } from "../model/security-group.ts";
import type { Difference, EndpointPermissionsDifference, StackDiff } from "./difference.ts";
import { diffPermissions, type PermissionDifference } from "./security-group.ts";

export interface OverQuota {
  /** Ids of security groups that can't take what is missing; left as they are. */
  readonly securityGroups: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Permissions of a security group as the quota counts them. */
export interface PermissionCounts {
  readonly before: number;
  /** What is missing side by side with what goes. */
  readonly peak: number;
  readonly goal: number;
}

/** Counts what a security group holds before a change, on the way and after it. */
export function countPermissions(
  existing: readonly Permission[],
  { missing, extra }: PermissionDifference,
): PermissionCounts {
  return {
    before: permissionCount(existing),
    peak: permissionCount([...existing, ...missing]),
    goal: permissionCount([...diffPermissions(extra, existing).missing, ...missing]),
  };
}

/**
 * Whether what goes must go first: only if that helps for sure. Otherwise what is missing comes first and AWS refuses
 * it, for after a revocation in vain targets would be cut off. A group of our own is clear of that: there a guess does,
 * unless what exists shows that it is wrong.
 */
export function mustRevokeFirst(
  inventory: Inventory,
  { before, peak, goal }: PermissionCounts,
  by: "known" | "guess" = "known",
): boolean {
  const { permissionsPerSecurityGroup: most } = quotasOf(inventory);
  const holds = isKnownQuota(inventory, "permissionsPerSecurityGroup") || (by === "guess" && before <= most);
  return holds && peak > most && goal <= most;
}

/**
 * Security groups that would hold more than their quota allows. AWS doesn't tell that quota: while it is guessed, and
 * where a group holds more than it already, that is a warning only.
 */
export function overPermissionQuota(
  inventory: Inventory,
  differences: readonly EndpointPermissionsDifference[],
): OverQuota {
  const { permissionsPerSecurityGroup: most } = quotasOf(inventory);
  const known = isKnownQuota(inventory, "permissionsPerSecurityGroup");
  const over = differences.flatMap(({ change: { stack, resource }, desired, existing, missing, extra }) => {
    const id = desired?.securityGroupId ?? existing?.spec.securityGroupId ?? "";
    const { before, peak, goal } = countPermissions(inventory.endpointSecurityGroups?.[id] ?? [], { missing, extra });
    const count = known ? goal : peak;
    const isFull = known && goal > before;
    return missing.length > 0 && count > most ? [{ id, count, isFull, place: { stack, resource } }] : [];
  });
  return {
    securityGroups: new Set(over.flatMap(({ id, isFull }) => (isFull ? [id] : []))),
    diagnostics: over.map(({ id, count, isFull, place }) => {
      const quota = known ? `the quota is ${most}` : `the quota isn't known, AWS's default is ${most}`;
      const message = `Security group ${id} would hold ${count} permissions; ${quota}.`;
      return diagnose("permissions.over-quota", message, {
        ...place,
        ...(!isFull && { severity: "warning" as const }),
      });
    }),
  };
}

/** Those of the full security groups on which a stack needs more than before: none if its needs stay or shrink. */
export function fullGroupsOf({ stacks }: DesiredGraph, stack: StackDiff, full: ReadonlySet<string>): readonly string[] {
  if (!needsMore(stack)) return [];
  const resources = Object.hasOwn(stacks, stack.id) ? Object.values(stacks[stack.id]?.resources ?? {}) : [];
  const groups = resources.flatMap(({ kind, spec }) => (kind === "targets" ? (spec.securityGroups ?? []) : []));
  return [...new Set(groups)].filter((id) => full.has(id));
}

/** Permissions follow from the load balancer's security groups, the ports of targets and those of health checks. */
function needsMore({ loadBalancers, targetGroups, targets }: StackDiff): boolean {
  const touches = ({ change, desired }: Difference<"loadBalancer" | "targetGroup">, path: string): boolean =>
    desired !== undefined &&
    (change.kind === "create" ||
      change.kind === "replace" ||
      change.fields.some((field) => field.path.startsWith(path)));
  return (
    targets.some(({ added }) => added.length > 0) ||
    loadBalancers.some((difference) => touches(difference, "/securityGroups")) ||
    targetGroups.some((difference) => touches(difference, "/healthCheck"))
  );
}
