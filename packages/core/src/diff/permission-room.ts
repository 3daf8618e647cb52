/** The quota of permissions on the security groups of targets, counted before anything is called. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Inventory } from "../model/inventory.ts";
import type { EndpointPermissionsDifference, StackDiff } from "./difference.ts";
import { quotasOf } from "./rule-room.ts";

export interface OverQuota {
  /** Ids of security groups that can't take what is missing; left as they are. */
  readonly securityGroups: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Security groups that would hold more than their quota allows. Where AWS's default is guessed that is a warning only. */
export function overPermissionQuota(
  inventory: Inventory,
  differences: readonly EndpointPermissionsDifference[],
): OverQuota {
  const { quotas, known } = quotasOf(inventory);
  const most = quotas.permissionsPerSecurityGroup;
  const over = differences.flatMap(({ change: { stack, resource }, desired, existing, missing, extra }) => {
    const id = desired?.securityGroupId ?? existing?.spec.securityGroupId ?? "";
    const before = inventory.endpointSecurityGroups?.[id]?.length ?? 0;
    const goal = before + missing.length - extra.length;
    return missing.length > 0 && goal > most && goal > before ? [{ id, goal, place: { stack, resource } }] : [];
  });
  return {
    securityGroups: new Set(known ? over.map(({ id }) => id) : []),
    diagnostics: over.map(({ id, goal, place }) => {
      const message = `Security group ${id} would hold ${goal} permissions; the quota is ${most}.`;
      return diagnose("permissions.over-quota", message, { ...place, ...(!known && { severity: "warning" as const }) });
    }),
  };
}

/** Those of the full security groups behind which a stack would register targets. */
export function fullGroupsOf({ targets }: StackDiff, full: ReadonlySet<string>): readonly string[] {
  const needed = targets.flatMap(({ desired, added }) => (added.length > 0 ? (desired?.securityGroups ?? []) : []));
  return [...new Set(needed)].filter((id) => full.has(id));
}
