/**
 * Actions on the security groups of targets: one call adds all that is missing before anything needs it, and one takes
 * away all that nobody needs when the last user let go.
 */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { StackDiff } from "../diff/difference.ts";
import { countPermissions, mustRevokeFirst } from "../diff/permission-room.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { Permission } from "../model/security-group.ts";
import { isReference } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";

/** The authorizations of a plan, and what revocations wait for. */
export interface PermissionActions {
  /** Ids of actions by security group. */
  readonly authorized: ReadonlyMap<string, string>;
  /** Security groups without room for both: what goes must go first. */
  readonly withoutRoom: ReadonlySet<string>;
  /** Ids of actions that let go of targets or of the ports they were reached on; filled in by those who add them. */
  readonly letGo: string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Adds what is missing. Where there is no room for that beside what goes, and that is known, that goes first. */
export function authorizeEndpoints(
  list: ActionList,
  { endpointPermissions }: StackDiff,
  inventory: Inventory,
): PermissionActions {
  const authorized = new Map<string, string>();
  const withoutRoom = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const { change, missing, extra } of endpointPermissions) {
    if (missing.length === 0) continue;
    const { stack, resource, reason } = change;
    const securityGroupId = securityGroupOf(resource);
    const id = list.add({
      kind: "authorizeSecurityGroupIngress",
      stack,
      resource,
      details: { securityGroupId, permissions: missing },
      reason,
      field: "/permissions",
      disruption: "opens-access",
    });
    authorized.set(securityGroupId, id);
    for (const permission of missing) prepareSource(list, permission, id);
    const present = inventory.endpointSecurityGroups?.[securityGroupId] ?? [];
    if (!mustRevokeFirst(inventory, countPermissions(present, { missing, extra }))) continue;
    withoutRoom.add(securityGroupId);
    const message = `Security group ${securityGroupId} has no room for ${missing.length} more permissions beside those that go.`;
    diagnostics.push(diagnose("permissions.gap", message, { stack, resource }));
  }
  return { authorized, withoutRoom, letGo: [], diagnostics };
}

/** Takes away what nobody needs: when targets, target groups and load balancers that were reached by it are let go of. */
export function revokeEndpoints(
  list: ActionList,
  { endpointPermissions }: StackDiff,
  stacks: readonly StackDiff[],
  { authorized, withoutRoom, letGo }: PermissionActions,
): void {
  const going = stacks.flatMap(({ targetGroups }) =>
    targetGroups.flatMap(({ change, existing }) =>
      existing !== undefined && (change.kind === "delete" || change.kind === "replace") ? [existing.arn] : [],
    ),
  );
  for (const { change, extra } of endpointPermissions) {
    if (extra.length === 0) continue;
    const { stack, resource, reason } = change;
    const securityGroupId = securityGroupOf(resource);
    const sources = extra.flatMap(({ source }) =>
      "securityGroupId" in source && typeof source.securityGroupId === "string" ? [source.securityGroupId] : [],
    );
    const isFirst = withoutRoom.has(securityGroupId);
    const authorize = authorized.get(securityGroupId);
    const before = authorize === undefined ? [] : [authorize];
    const id = list.add({
      kind: "revokeSecurityGroupIngress",
      stack,
      resource,
      details: { securityGroupId, permissions: extra },
      reason,
      field: "/permissions",
      disruption: "closes-access",
      after: isFirst ? [] : [...letGo, ...before],
      afterRelease: isFirst ? [] : [...going, ...sources.map(attachmentOf)],
    });
    if (isFirst && authorize !== undefined) list.wait(authorize, [id]);
    for (const source of sources) list.release(source, id);
  }
}

/** The id of the security group whose permissions these are. */
function securityGroupOf(permissions: ResourceKey): string {
  return permissions.slice("endpointPermissions/".length);
}

/** Stands for the load balancers that have a security group among what can be let go of. */
export function attachmentOf(securityGroupId: string): string {
  return `load balancers with ${securityGroupId}`;
}

/** A load balancer takes on a security group only when the targets let that in. */
function prepareSource(list: ActionList, { source }: Permission, id: string): void {
  if (!("securityGroupId" in source)) return;
  const { securityGroupId } = source;
  if (typeof securityGroupId === "string") list.prepareExisting(securityGroupId, id);
  else if (isReference(securityGroupId)) list.prepare(securityGroupId.stack ?? CLUSTER_STACK, securityGroupId.ref, id);
}
