/** Actions on security groups: created first, so that their permissions may name one another; authorize before revoke. */

import { diagnose } from "../diagnostics/diagnose.ts";
import type { Difference, StackDiff } from "../diff/difference.ts";
import { countPermissions, mustRevokeFirst } from "../diff/permission-room.ts";
import { diffPermissions } from "../diff/security-group.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import { partsOf } from "./part.ts";
import { addEc2TagActions } from "./tag-actions.ts";

/** The ingress actions of one group, for those who must come before or after them. */
export interface IngressActions {
  readonly authorize?: string;
  /** Ports that become reachable. */
  readonly ports: readonly { readonly from: number; readonly to: number }[];
}

/** Creates and updates; returns what opens existing groups. */
export function addSecurityGroups(
  list: ActionList,
  { securityGroups }: StackDiff,
  vpcId: string,
  inventory: Inventory,
): { readonly opened: readonly IngressActions[]; readonly diagnostics: readonly Diagnostic[] } {
  const opened: IngressActions[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { change, desired, existing } of securityGroups) {
    if (desired === undefined) continue;
    if (existing === undefined) {
      const { stack, resource, reason } = change;
      const spec = { ...desired, ingress: [] };
      list.add({ kind: "createSecurityGroup", stack, resource, details: { vpcId, spec }, reason });
    } else {
      addEc2TagActions(list, change, existing.arn);
    }
  }
  for (const difference of securityGroups) {
    const { desired, existing } = difference;
    if (desired === undefined) continue;
    const { missing, extra } = diffPermissions(existing?.spec.ingress ?? [], desired.ingress);
    const counts = countPermissions(existing?.spec.ingress ?? [], { missing, extra });
    const revokesFirst = extra.length > 0 && mustRevokeFirst(inventory, counts, "guess");
    const { stack, resource } = difference.change;
    if (revokesFirst && missing.length > 0) {
      const message = `Security group ${existing?.spec.name} of stack ${stack} has no room for ${missing.length} more permissions.`;
      diagnostics.push(diagnose("permissions.gap", message, { stack, resource }));
    }
    const authorize = addIngress(list, difference, "authorizeSecurityGroupIngress", missing);
    const revoke = addIngress(list, difference, "revokeSecurityGroupIngress", extra);
    if (authorize !== undefined && revoke !== undefined) {
      list.wait(revokesFirst ? authorize : revoke, [revokesFirst ? revoke : authorize]);
    }
    if (authorize !== undefined) {
      if (existing === undefined) list.prepare(stack, resource, authorize);
      else {
        // An earlier run may have created the group and stopped before a load balancer got it.
        list.prepareExisting(existing.arn, authorize);
        opened.push({ authorize, ports: missing.map(({ fromPort, toPort }) => ({ from: fromPort, to: toPort })) });
      }
    }
    for (const { source } of extra) {
      if (revoke !== undefined && "securityGroupId" in source && typeof source.securityGroupId === "string") {
        list.release(source.securityGroupId, revoke);
      }
    }
  }
  return { opened, diagnostics };
}

function addIngress(
  list: ActionList,
  { change, existing }: Difference<"securityGroup">,
  kind: "authorizeSecurityGroupIngress" | "revokeSecurityGroupIngress",
  permissions: ReturnType<typeof diffPermissions>["missing"],
): string | undefined {
  if (permissions.length === 0) return undefined;
  const { stack, resource } = change;
  const securityGroupId: Value = existing?.arn ?? { ref: resource, field: "id" };
  const opens = kind === "authorizeSecurityGroupIngress";
  return list.add({
    kind,
    stack,
    resource,
    details: { securityGroupId, permissions },
    reason: opens ? "permissions are missing" : "nobody asks for these permissions",
    field: "/ingress",
    disruption: opens ? "opens-access" : "closes-access",
  });
}

/** Deletes, once nothing holds the group any more. */
export function deleteSecurityGroups(list: ActionList, { securityGroups }: StackDiff): void {
  const partOf = partsOf(securityGroups);
  for (const { change, desired, existing } of securityGroups) {
    if (desired !== undefined || existing === undefined) continue;
    list.add({
      kind: "deleteSecurityGroup",
      stack: change.stack,
      resource: change.resource,
      details: { securityGroupId: existing.arn },
      reason: change.reason,
      afterRelease: [existing.arn],
      ...partOf(change),
    });
  }
}
