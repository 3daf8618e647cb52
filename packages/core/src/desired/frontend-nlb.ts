/** The network load balancer in front of an ALB, with its listeners and target groups. */

import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import type { LoadBalancerSpec } from "../model/load-balancer.ts";
import type { StringMap, Value } from "../model/value.ts";
import { ANNOTATIONS, type AnnotationName } from "../read/annotations.ts";
import { quote } from "../read/grammar.ts";
import { annotationProblem, notAllowed, readAnnotation, refOf } from "../read/member.ts";
import { agree, conflict, fromAnnotation, type Setting } from "../resolve/agreement.ts";
import type { GroupContext } from "../resolve/context.ts";
import { type FrontendNlbPort, resolveFrontendNlbPorts } from "../resolve/frontend-nlb-ports.ts";
import type { ListenConfig } from "../resolve/listen-config.ts";
import { securityGroupsByNameOrId } from "../resolve/security-groups.ts";
import { discoverSubnets, type PlacementRequest, subnetsByNameOrId } from "../resolve/subnets.ts";
import { traceFrontendNlbPort } from "./frontend-nlb-provenance.ts";
import { LOAD_BALANCER_ID } from "./load-balancer.ts";
import { frontendNlbName, frontendNlbTargetGroupName } from "./names.ts";
import { addResource, referTo, type StackDraft, trace } from "./stack-draft.ts";
import { tagsField } from "./tags.ts";

export const FRONTEND_NLB_ID = "FrontendNlb";
const SCHEMES = ANNOTATIONS["frontend-nlb-scheme"].allowed;
const ROUTING_POLICY = "dns_record.client_routing_policy";
const ROUTING_POLICIES = ["any_availability_zone", "partial_availability_zone_affinity", "availability_zone_affinity"];

/** Adds the network load balancer if the group asks for one. `alb` is the spec of the ALB behind it. */
export function buildFrontendNlb(draft: StackDraft, alb: LoadBalancerSpec, listens: readonly ListenConfig[]): void {
  const { group } = draft;
  const enabled = agree(group, "enable-frontend-nlb", settingsOf(group, "enable-frontend-nlb"), String);
  if (enabled?.value !== true) return;
  const scheme = resolveScheme(group);
  const subnets = resolveSubnets(group, { type: "network", scheme, ipAddressType: alb.ipAddressType });
  const allocations = resolveAllocations(group, scheme, subnets.length);
  const securityGroups = resolveSecurityGroups(group) ?? alb.securityGroups ?? [];
  const attributes = resolveAttributes(group);
  const tags = agree(group, "frontend-nlb-tags", settingsOf(group, "frontend-nlb-tags"), canonicalMap)?.value;
  const spec: LoadBalancerSpec = {
    name: frontendNlbName(alb.name),
    type: "network",
    scheme,
    ipAddressType: alb.ipAddressType,
    subnetMappings: subnets.map((subnetId, index) => ({
      subnetId,
      ...(allocations[index] !== undefined && { allocationId: allocations[index] }),
    })),
    ...(securityGroups.length > 0 && { securityGroups }),
    ...(attributes !== undefined && Object.keys(attributes).length > 0 && { attributes }),
    // As LBC: tags of its own replace those of the ALB, the default tags included.
    ...tagsField(tags ?? alb.tags ?? {}),
  };
  addResource(draft, "loadBalancer", FRONTEND_NLB_ID, spec);
  trace(draft, "loadBalancer", FRONTEND_NLB_ID, "", enabled.source);
  for (const nlbPort of resolveFrontendNlbPorts(group, listens)) buildPort(draft, nlbPort, tags ?? alb.tags ?? {});
}

function buildPort(draft: StackDraft, nlbPort: FrontendNlbPort, tags: StringMap): void {
  const { port, targetPort, healthCheck } = nlbPort;
  const { stack, explicit, settings } = draft.group;
  const id = `FrontendNlb-tg-TCP-${port}`;
  const targetGroupArn = referTo("targetGroup", id, "arn");
  const name = frontendNlbTargetGroupName(
    { clusterName: settings.clusterName, stack, explicit },
    port,
    String(healthCheck.port),
    healthCheck.protocol,
  );
  addResource(draft, "targetGroup", id, {
    name,
    targetType: "alb",
    port,
    protocol: "TCP",
    ipAddressType: "ipv4",
    healthCheck,
    ...tagsField(tags),
  });
  const listener = `FrontendNlb-ls-TCP-${port}`;
  addResource(draft, "listener", listener, {
    loadBalancerArn: referTo("loadBalancer", FRONTEND_NLB_ID, "arn"),
    port,
    protocol: "TCP",
    defaultActions: [{ type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn }] } }],
    ...tagsField(tags),
  });
  const targetArn = referTo("loadBalancer", LOAD_BALANCER_ID, "arn");
  addResource(draft, "frontendNlbTarget", id, { targetGroupName: name, targetGroupArn, port, targetArn, targetPort });
  traceFrontendNlbPort(draft, nlbPort, { targetGroup: id, listener, frontendNlbTarget: id });
}

function settingsOf<N extends AnnotationName>(
  group: GroupContext,
  name: N,
): readonly Setting<NonNullable<ReturnType<typeof readAnnotation<N>>>>[] {
  return group.members.flatMap((member) => {
    const value = readAnnotation(member.ingress, name, group.report);
    return value === undefined ? [] : [fromAnnotation(member, name, value as NonNullable<typeof value>)];
  });
}

function resolveScheme(group: GroupContext): "internal" | "internet-facing" {
  const agreed = agree(group, "frontend-nlb-scheme", settingsOf(group, "frontend-nlb-scheme"), String);
  if (agreed === undefined) return group.settings.defaultLoadBalancerScheme;
  const scheme = SCHEMES.find((candidate) => candidate === agreed.value);
  if (scheme === undefined)
    group.report(notAllowed(agreed.member.ingress, "frontend-nlb-scheme", agreed.value, SCHEMES));
  return scheme ?? "internal";
}

function resolveSubnets(group: GroupContext, request: PlacementRequest): readonly string[] {
  const names = agree(group, "frontend-nlb-subnets", settingsOf(group, "frontend-nlb-subnets"), (value) =>
    [...value].sort(compareStrings).join(","),
  );
  const resolved =
    names === undefined ? discoverSubnets(group, request) : subnetsByNameOrId(group, names.value, request);
  if ("value" in resolved) return resolved.value;
  const [first] = group.members;
  const member = names?.member ?? first;
  if (member !== undefined)
    group.report(
      annotationProblem(
        "subnet.not-usable",
        member.ingress,
        "frontend-nlb-subnets",
        `subnets of the network load balancer: ${resolved.problem}`,
      ),
      names?.member ?? null,
    );
  return [];
}

function resolveAllocations(group: GroupContext, scheme: string, subnets: number): readonly string[] {
  const name = "frontend-nlb-eip-allocations";
  const agreed = agree(group, name, settingsOf(group, name), (value) => [...value].sort(compareStrings).join(","));
  if (agreed === undefined || agreed.value.length === 0) return [];
  const refuse = (message: string): void =>
    group.report(annotationProblem("frontend-nlb.eip-allocations", agreed.member.ingress, name, message));
  if (scheme !== "internet-facing") refuse("elastic IPs need an internet-facing network load balancer");
  else if (agreed.value.length !== subnets)
    refuse(`${agreed.value.length} elastic IPs are given for ${subnets} subnets`);
  return agreed.value;
}

function resolveSecurityGroups(group: GroupContext): readonly Value[] | undefined {
  const agreed = agree(
    group,
    "frontend-nlb-security-groups",
    settingsOf(group, "frontend-nlb-security-groups"),
    (value) => value.join(","),
  );
  if (agreed === undefined || agreed.value.length === 0) return undefined;
  const resolved = securityGroupsByNameOrId(group, agreed.value);
  if ("value" in resolved) return resolved.value;
  group.report(
    diagnose("security-group.not-found", `Ingress ${agreed.member.key}: ${resolved.problem}`, {
      object: refOf(agreed.member.ingress),
      field: agreed.source.field,
    }),
  );
  return [];
}

/** As LBC: once a member sets them, every later member must set the same; a later one's absence is no conflict, a former one's is. */
function resolveAttributes(group: GroupContext): StringMap | undefined {
  const name = "frontend-nlb-attributes";
  let agreed: Setting<StringMap> | undefined;
  for (const member of group.members) {
    const attributes = readAnnotation(member.ingress, name, group.report) ?? {};
    if (group.settings.compat.absentFrontendNlbAttributesAgree && Object.keys(attributes).length === 0) continue;
    const setting = fromAnnotation(member, name, attributes);
    if (agreed !== undefined && canonicalMap(agreed.value) !== canonicalMap(attributes)) {
      group.report(conflict(name, agreed, canonicalMap(agreed.value), setting, canonicalMap(attributes)));
    }
    if (agreed === undefined && Object.keys(attributes).length > 0) agreed = setting;
  }
  const policy =
    agreed !== undefined && Object.hasOwn(agreed.value, ROUTING_POLICY) ? agreed.value[ROUTING_POLICY] : undefined;
  if (agreed !== undefined && policy !== undefined && !ROUTING_POLICIES.includes(policy)) {
    const message = `${ROUTING_POLICY} is ${quote(policy)}, allowed are ${ROUTING_POLICIES.join(", ")}`;
    group.report(annotationProblem("annotation.value-not-allowed", agreed.member.ingress, name, message));
  }
  return agreed?.value;
}

function canonicalMap(map: StringMap): string {
  return JSON.stringify(Object.entries(map).sort(([a], [b]) => compareStrings(a, b)));
}
