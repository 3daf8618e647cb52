/** Permissions on the security groups of targets: added when needed, revoked only when the needs of all are known. */
import { compareStrings } from "../lib/compare.ts";
import { stableJson } from "../lib/stable-json.ts";
import { CLUSTER_STACK, type DesiredGraph } from "../model/graph.ts";
import type { ExistingLoadBalancer, ExistingTargetGroup, Inventory } from "../model/inventory.ts";
import type { Permission } from "../model/security-group.ts";
import { type EndpointPermissionsSpec, SHARED_PERMISSION } from "../model/target.ts";
import { isReference, type StringMap } from "../model/value.ts";
import { carriesClusterTag, ownershipOf } from "../resolve/ownership-tags.ts";
import {
  byKind,
  creation,
  type DiffContext,
  deletion,
  desiredOf,
  type Matches,
  resolveReferences,
  updating,
} from "./context.ts";
import type { EndpointPermissionsDifference, StackDiff } from "./difference.ts";
import { diffField } from "./fields.ts";
import { NOTHING_OWNED, type Owned } from "./owned.ts";
import { diffPermissions } from "./security-group.ts";

/**
 * Compares what the graph's load balancers need with what the security groups of targets let in, group by group. On them
 * only permissions described `SHARED_PERMISSION` that let in a security group of this cluster are ours, for every cluster
 * describes them so; one of somebody else that lets in the same is as good. While
 * the needs of all stacks aren't known, a wider permission of ours is as good, too, and only what comes from a security
 * group that goes is revoked. Nothing is done when nobody looked, or when LBC's own controller does it.
 */
export function diffEndpointPermissions(
  desired: DesiredGraph,
  owned: Owned,
  matches: Matches,
  stacks: readonly StackDiff[],
  settled: readonly string[] = [],
): readonly EndpointPermissionsDifference[] {
  const { endpointSecurityGroups } = owned.inventory;
  if (desired.settings.targetRegistration !== "direct" || endpointSecurityGroups === undefined) return [];
  const context: DiffContext = {
    settings: desired.settings,
    isIncomplete: desired.incompleteInput === true,
    stack: CLUSTER_STACK,
    desired: byKind(desired.clusterStack.resources),
    owned,
    mine: NOTHING_OWNED,
    matches,
  };
  const wanted = new Map(desiredOf(context, "endpointPermissions").map(({ id, spec }) => [id, spec]));
  const needs: Needs = {
    isExact: knowsAllNeeds(desired, owned, stacks, settled),
    sources: sourcesOf(desired, owned),
    ...securityGroupsOf(stacks),
  };
  return [...new Set([...wanted.keys(), ...Object.keys(endpointSecurityGroups)])].sort(compareStrings).flatMap((id) => {
    const existing = Object.hasOwn(endpointSecurityGroups, id) ? (endpointSecurityGroups[id] ?? []) : [];
    const resolved = resolveReferences(context, wanted.get(id)?.permissions ?? []);
    const needed = resolved.filter((permission) => sourceIsThere(permission, needs));
    return diffOne(context, { securityGroupId: id, permissions: needed }, existing, needs);
  });
}

interface Needs {
  /** All are known: what isn't needed goes. */
  readonly isExact: boolean;
  /** Ids of security groups that load balancers of this cluster have towards targets. */
  readonly sources: ReadonlySet<string>;
  /** Security groups that the plan makes, as `<stack> <resource key>`. */
  readonly made: ReadonlySet<string>;
  /** Ids of those that it deletes. */
  readonly gone: ReadonlySet<string>;
}

function diffOne(
  context: DiffContext,
  desired: EndpointPermissionsSpec,
  existing: readonly Permission<string>[],
  { isExact, gone, sources }: Needs,
): readonly EndpointPermissionsDifference[] {
  const { securityGroupId: id, permissions } = desired;
  const ours = existing.filter((one) => one.description === SHARED_PERMISSION && comesFrom(one, sources));
  const all = diffPermissions(existing, permissions);
  const extra = isExact ? diffPermissions(ours, permissions).extra : ours.filter((one) => comesFrom(one, gone));
  const missing = isExact ? all.missing : all.missing.filter((one) => !ours.some((other) => covers(other, one)));
  if (missing.length + extra.length === 0) return [];
  const kept = diffPermissions(extra, ours).missing;
  const after = [...kept, ...missing];
  const spec = { securityGroupId: id, permissions: after };
  const found = { arn: id, spec: { securityGroupId: id, permissions: ours } };
  if (ours.length === 0) {
    const change = creation(context, "endpointPermissions", id, spec);
    return [{ change: { ...change, reason: "load balancers reach targets through it" }, desired, missing, extra }];
  }
  if (after.length === 0) {
    const change = deletion(context, "endpointPermissions", id, id, found.spec);
    return [{ change: { ...change, reason: "no load balancer needs them" }, existing: found, missing, extra }];
  }
  const change = updating(context, "endpointPermissions", id, id, diffField("/permissions", ours, after));
  const reason = "what load balancers need changes";
  return [{ change: { ...change, reason }, desired, existing: found, missing, extra }];
}

/** Whether the graph tells of everybody who needs a permission: each stack is planned, each binding is an Ingress's. */
function knowsAllNeeds(
  { endpointPermissions, incompleteInput, settings, vpcId }: DesiredGraph,
  { stacks: existing, bindings, inventory }: Owned,
  stacks: readonly StackDiff[],
  settled: readonly string[],
): boolean {
  if (endpointPermissions !== "complete" || incompleteInput === true) return false;
  const planned = new Set([...stacks.filter(({ status }) => status === "planned").map(({ id }) => id), ...settled]);
  if ([...existing.keys()].some((id) => id !== CLUSTER_STACK && !planned.has(id))) return false;
  if (hasUnboundOthers(inventory, settings.clusterName, vpcId)) return false;
  // The needs of somebody's own binding, or of a Service's, are known to LBC alone.
  return [...bindings.values()].flat().every(({ spec }) => spec.networking === undefined || isOfIngress(spec.labels));
}

/**
 * Whether a Service or Gateway of the cluster has a load balancer or target group in AWS of which no binding is known:
 * then the bindings weren't read, and what they need isn't known.
 */
function hasUnboundOthers(
  { loadBalancers, targetGroups, targetGroupBindings }: Inventory,
  clusterName: string,
  vpc: string,
): boolean {
  const bound = new Set(Object.values(targetGroupBindings).map(({ spec }) => spec.targetGroupArn));
  const groups = Object.values(targetGroups);
  const served = new Set(groups.flatMap(({ arn, loadBalancerArns }) => (bound.has(arn) ? loadBalancerArns : [])));
  const isOther = ({ vpcId, spec: { tags } }: ExistingLoadBalancer | ExistingTargetGroup): boolean =>
    vpcId === vpc && carriesClusterTag(tags, clusterName) && ownershipOf(tags, clusterName) === undefined;
  return (
    groups.some((group) => isOther(group) && !bound.has(group.arn)) ||
    Object.values(loadBalancers).some((balancer) => isOther(balancer) && !served.has(balancer.arn))
  );
}

/** Those that bear the cluster's tags, the one of flag backend-security-group, and those that the graph names. */
function sourcesOf(desired: DesiredGraph, { stacks }: Owned): ReadonlySet<string> {
  const sources = new Set([desired.settings.backendSecurityGroup]);
  for (const { securityGroups } of stacks.values()) {
    for (const list of securityGroups.values()) for (const { arn } of list) sources.add(arn);
  }
  for (const { kind, spec } of Object.values(desired.clusterStack.resources)) {
    if (kind !== "endpointPermissions") continue;
    for (const { source } of spec.permissions) {
      if ("securityGroupId" in source && typeof source.securityGroupId === "string")
        sources.add(source.securityGroupId);
    }
  }
  return sources;
}

/** Whether a binding's labels say that an Ingress made it. */
export function isOfIngress(labels: StringMap): boolean {
  return ["ingress.k8s.aws/stack", "ingress.k8s.aws/stack-name"].some((label) => Object.hasOwn(labels, label));
}

function securityGroupsOf(stacks: readonly StackDiff[]): Pick<Needs, "made" | "gone"> {
  const made = new Set<string>();
  const gone = new Set<string>();
  for (const { id, securityGroups } of stacks) {
    for (const { change, desired, existing } of securityGroups) {
      if (existing === undefined) made.add(`${id} ${change.resource}`);
      else if (desired === undefined) gone.add(existing.arn);
    }
  }
  return { made, gone };
}

/** A stack that is left as it is may lack the group that its load balancer would have. */
function sourceIsThere({ source }: Permission, { made, gone }: Needs): boolean {
  if (!("securityGroupId" in source)) return true;
  const { securityGroupId } = source;
  if (!isReference(securityGroupId)) return typeof securityGroupId !== "string" || !gone.has(securityGroupId);
  const { stack = CLUSTER_STACK, ref } = securityGroupId;
  return made.has(`${stack} ${ref}`);
}

function comesFrom({ source }: Permission<string>, groups: ReadonlySet<string>): boolean {
  return "securityGroupId" in source && groups.has(source.securityGroupId);
}

function covers(wide: Permission, narrow: Permission): boolean {
  return (
    wide.protocol === narrow.protocol &&
    wide.fromPort <= narrow.fromPort &&
    wide.toPort >= narrow.toPort &&
    stableJson(wide.source) === stableJson(narrow.source)
  );
}
