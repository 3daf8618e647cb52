/** The security groups of an ALB: managed or given, and the one shared towards the targets. */

import { diagnose } from "../diagnostics/diagnose.ts";
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Permission, SecurityGroupSpec } from "../model/security-group.ts";
import type { Value } from "../model/value.ts";
import { annotationProblem, readAnnotation, refOf } from "../read/member.ts";
import { agree, fromAnnotation } from "../resolve/agreement.ts";
import type { BuildContext, GroupContext } from "../resolve/context.ts";
import type { ListenConfig } from "../resolve/listen-config.ts";
import { securityGroupsByNameOrId } from "../resolve/security-groups.ts";
import { backendSecurityGroupName, managedSecurityGroupName } from "./names.ts";
import { addResource, referTo, type StackDraft, traceIngress } from "./stack-draft.ts";
import { tagsField, tagsOfMembers } from "./tags.ts";

export const MANAGED_ID = "ManagedLBSecurityGroup";
/** Resource id of the shared backend security group, as LBC tags it. */
export const BACKEND_ID = "backend-sg";

/** Adds the managed security group if none are given; returns the ALB's list. Sets where targets admit traffic from. */
export function buildSecurityGroups(
  draft: StackDraft,
  listens: readonly ListenConfig[],
  dualstack: boolean,
): readonly Value[] {
  const { group } = draft;
  const listed = group.members.flatMap((member) => {
    const names = readAnnotation(member.ingress, "security-groups", group.report);
    return names === undefined ? [] : [fromAnnotation(member, "security-groups", names)];
  });
  const given = agree(group, "security-groups", listed, (names) => names.join(","));
  const standing = group.standing?.securityGroups;
  if (given === undefined && standing !== undefined)
    return managesBackendRules(group) ? [...standing, useBackendGroup(draft)] : standing;
  if (given === undefined || given.value.length === 0) return managed(draft, listens, dualstack);
  const resolved = securityGroupsByNameOrId(group, given.value);
  if ("problem" in resolved) {
    group.report(
      diagnose("security-group.not-found", `Ingress ${given.member.key}: ${resolved.problem}`, {
        object: refOf(given.member.ingress),
        field: given.source.field,
      }),
    );
    return [];
  }
  if (!managesBackendRules(group)) return resolved.value;
  if (!group.settings.enableBackendSecurityGroup) {
    const message =
      "manage-backend-security-group-rules needs the shared backend security group, which flag enable-backend-security-group switches off";
    group.report(
      annotationProblem(
        "security-group.backend-disabled",
        given.member.ingress,
        "manage-backend-security-group-rules",
        message,
      ),
    );
    return resolved.value;
  }
  return [...resolved.value, useBackendGroup(draft)];
}

function managed(draft: StackDraft, listens: readonly ListenConfig[], dualstack: boolean): readonly Value[] {
  const { group } = draft;
  const { stack, explicit, settings } = group;
  const spec: SecurityGroupSpec = {
    name: managedSecurityGroupName({ clusterName: settings.clusterName, stack, explicit }),
    description: "[k8s] Managed SecurityGroup for LoadBalancer",
    ingress: listens.flatMap((listen) => permissions(listen, dualstack)),
    ...tagsField(tagsOfMembers(draft, group.members)),
  };
  const [first] = group.members;
  addResource(draft, "securityGroup", MANAGED_ID, spec);
  traceIngress(draft, "securityGroup", MANAGED_ID, "", first, "");
  const id = referTo("securityGroup", MANAGED_ID, "id");
  if (settings.enableBackendSecurityGroup) return [id, useBackendGroup(draft)];
  draft.backendSecurityGroup = id;
  return [id];
}

function permissions({ port, cidrs, prefixLists }: ListenConfig, dualstack: boolean): readonly Permission[] {
  const open = { protocol: "tcp", fromPort: port, toPort: port };
  const v4 = cidrs.filter((cidr) => !cidr.includes(":")).map((cidrIp) => ({ ...open, source: { cidrIp } }));
  const v6 = dualstack
    ? cidrs.filter((cidr) => cidr.includes(":")).map((cidrIpv6) => ({ ...open, source: { cidrIpv6 } }))
    : [];
  return [...v4, ...v6, ...prefixLists.map((prefixListId) => ({ ...open, source: { prefixListId } }))];
}

function managesBackendRules(group: GroupContext): boolean {
  const settings = group.members.flatMap((member) => {
    const manage = readAnnotation(member.ingress, "manage-backend-security-group-rules", group.report);
    return manage === undefined ? [] : [fromAnnotation(member, "manage-backend-security-group-rules", manage)];
  });
  const agreed = agree(group, "manage-backend-security-group-rules", settings, String);
  return agreed?.value ?? group.standing?.managesBackendRules ?? group.settings.enableManageBackendSecurityGroupRules;
}

function useBackendGroup(draft: StackDraft): Value {
  draft.usesBackendSecurityGroup = true;
  const id = backendSecurityGroup(draft.group);
  draft.backendSecurityGroup = id;
  return id;
}

/**
 * The shared backend security group: given by flag, or one that the cluster stack makes and keeps. Without an inventory to
 * keep it in, one that the facts know of is taken as it is.
 */
export function backendSecurityGroup({ settings, facts, ownsBackendSecurityGroup }: BuildContext): Value {
  const own: Value = { ...referTo("securityGroup", BACKEND_ID, "id"), stack: CLUSTER_STACK };
  if (settings.backendSecurityGroup !== "") return settings.backendSecurityGroup;
  if (ownsBackendSecurityGroup) return own;
  const existing = facts.securityGroups.find(
    ({ tags, vpcId }) =>
      (vpcId === undefined || vpcId === facts.vpc.id) &&
      tags["elbv2.k8s.aws/cluster"] === settings.clusterName &&
      tags["elbv2.k8s.aws/resource"] === BACKEND_ID,
  );
  return existing?.id ?? own;
}

/** Spec of the shared backend security group when we make it; its tags are the default tags and those of ownership. */
export function backendSecurityGroupSpec({ settings }: BuildContext): SecurityGroupSpec {
  return {
    name: backendSecurityGroupName(settings.clusterName),
    description: "[k8s] Shared Backend SecurityGroup for LoadBalancer",
    ingress: [],
    ...tagsField(settings.defaultTags),
  };
}
