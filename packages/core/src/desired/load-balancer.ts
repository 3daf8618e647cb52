/** The ALB of a group. */

import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import { utf8Length } from "../lib/utf8.ts";
import type { LoadBalancerSpec } from "../model/load-balancer.ts";
import { ANNOTATIONS, type AnnotationName } from "../read/annotations.ts";
import { quote } from "../read/grammar.ts";
import { annotationProblem, notAllowed, paramsOf, readAnnotation, refOf } from "../read/member.ts";
import { agree, fromAnnotation, fromParams, type Setting } from "../resolve/agreement.ts";
import { type GroupContext, reportGroup } from "../resolve/context.ts";
import type { ListenConfig } from "../resolve/listen-config.ts";
import {
  discoverSubnets,
  isDualstack,
  type PlacementRequest,
  type Resolved,
  subnetsByIds,
  subnetsByNameOrId,
  subnetsByTags,
} from "../resolve/subnets.ts";
import { loadBalancerAttributes } from "./attributes.ts";
import { minimumCapacityUnits } from "./capacity.ts";
import { loadBalancerName } from "./names.ts";
import { buildSecurityGroups } from "./security-group.ts";
import { addResource, type StackDraft, trace, traceIngress } from "./stack-draft.ts";
import { tagsField, tagsOfMembers } from "./tags.ts";

const SCHEMES = ANNOTATIONS.scheme.allowed;
const { allowed: IP_ADDRESS_TYPES, defaultValue: IP_ADDRESS_TYPE } = ANNOTATIONS["ip-address-type"];
export const LOAD_BALANCER_ID = "LoadBalancer";

/** Adds the ALB and its security groups; returns its spec. */
export function buildLoadBalancer(draft: StackDraft, listens: readonly ListenConfig[]): LoadBalancerSpec {
  const { group } = draft;
  const scheme = resolveScheme(group);
  const ipAddressType = resolveIpAddressType(group);
  const subnets = resolveSubnets(group, {
    type: "application",
    scheme: scheme.value,
    ipAddressType: ipAddressType.value,
  });
  const securityGroups = buildSecurityGroups(draft, listens, isDualstack(ipAddressType.value));
  const pool = customerOwnedIpv4Pool(group);
  const ipamPool = ipv4IpamPoolId(group);
  const capacity = minimumCapacityUnits(group);
  const attributes = loadBalancerAttributes(group);
  const name = resolveName(group, scheme.value);
  const spec: LoadBalancerSpec = {
    name: name.value,
    type: "application",
    scheme: scheme.value,
    ipAddressType: ipAddressType.value,
    subnetMappings: subnets.value.map((subnetId) => ({ subnetId })),
    ...(securityGroups.length > 0 && { securityGroups }),
    ...(attributes !== undefined && { attributes }),
    ...(pool !== undefined && { customerOwnedIpv4Pool: pool }),
    ...(ipamPool !== undefined && { ipv4IpamPoolId: ipamPool }),
    ...(capacity !== undefined && { minimumCapacityUnits: capacity }),
    ...tagsField(tagsOfMembers(draft, group.members)),
  };
  const [first] = group.members;
  addResource(draft, "loadBalancer", LOAD_BALANCER_ID, spec);
  traceIngress(draft, "loadBalancer", LOAD_BALANCER_ID, "", first, "");
  trace(draft, "loadBalancer", LOAD_BALANCER_ID, "/subnetMappings", subnets.source);
  return spec;
}

type Sourced<T> = Pick<Setting<T>, "value"> & { readonly source: Setting<T>["source"] };

function resolveScheme(group: GroupContext): Sourced<"internal" | "internet-facing"> {
  const settings = perMember(group, "scheme", "scheme");
  const agreed = agree(group, "scheme", settings, String);
  if (agreed === undefined)
    return { value: group.settings.defaultLoadBalancerScheme, source: { field: "flag default-load-balancer-scheme" } };
  const value = SCHEMES.find((scheme) => scheme === agreed.value);
  if (value === undefined) reportNotAllowed(group, "scheme", agreed, SCHEMES);
  return { value: value ?? group.settings.defaultLoadBalancerScheme, source: agreed.source };
}

function resolveIpAddressType(group: GroupContext): Sourced<string> {
  const agreed = agree(group, "ip-address-type", perMember(group, "ip-address-type", "ipAddressType"), String);
  const standing = group.standing?.ipAddressType;
  if (agreed === undefined && standing !== undefined)
    return { value: standing, source: { field: "existing load balancer" } };
  if (agreed === undefined) return { value: IP_ADDRESS_TYPE, source: { field: "default" } };
  if (!IP_ADDRESS_TYPES.some((type) => type === agreed.value))
    reportNotAllowed(group, "ip-address-type", agreed, IP_ADDRESS_TYPES);
  return agreed;
}

/** The values of an annotation or the class params field that replaces it, one a member. */
function perMember(
  group: GroupContext,
  name: "scheme" | "ip-address-type" | "load-balancer-name",
  field: "scheme" | "ipAddressType" | "loadBalancerName",
): readonly Setting<string>[] {
  return group.members.flatMap((member) => {
    const fromClass = paramsOf(member)[field];
    if (fromClass) return [fromParams(member, field, fromClass)];
    const value = readAnnotation(member.ingress, name, group.report);
    return value === undefined ? [] : [fromAnnotation(member, name, value)];
  });
}

function reportNotAllowed(
  group: GroupContext,
  name: AnnotationName,
  { value, member, source }: Setting<string>,
  allowed: readonly string[],
): void {
  group.report({
    ...notAllowed(member.ingress, name, value, allowed),
    ...(source.object && { object: source.object }),
    field: source.field,
  });
}

function resolveName(group: GroupContext, scheme: string): Sourced<string> {
  const agreed = agree(group, "load-balancer-name", perMember(group, "load-balancer-name", "loadBalancerName"), String);
  if (agreed === undefined) {
    const { stack, explicit, settings } = group;
    return {
      value: loadBalancerName({ clusterName: settings.clusterName, stack, explicit }, scheme),
      source: { field: "default" },
    };
  }
  if (utf8Length(agreed.value) > 32) {
    const message = `Ingress ${agreed.member.key}: the load balancer name ${quote(agreed.value)} is longer than 32 characters`;
    group.report(
      diagnose("load-balancer.name-too-long", message, {
        object: agreed.source.object ?? refOf(agreed.member.ingress),
        field: agreed.source.field,
      }),
    );
  }
  return agreed;
}

function resolveSubnets(group: GroupContext, request: PlacementRequest): Sourced<readonly string[]> {
  const fromClass = group.members.flatMap((member) => {
    const subnets = paramsOf(member).subnets;
    return subnets === undefined ? [] : [fromParams(member, "subnets", subnets)];
  });
  const listed = group.members.flatMap((member) => {
    if (paramsOf(member).subnets !== undefined) return [];
    const names = readAnnotation(member.ingress, "subnets", group.report);
    return names === undefined ? [] : [fromAnnotation(member, "subnets", names)];
  });
  const params = agree(group, "subnets", fromClass, canonicalSelector);
  const names = agree(group, "subnets", listed, (value) => [...value].sort(compareStrings).join(","));
  if (params !== undefined && names !== undefined) {
    const message = `subnets can't come from the class params of Ingress ${params.member.key} and the annotation of Ingress ${names.member.key} at once`;
    const later = group.members.indexOf(params.member) > group.members.indexOf(names.member) ? params : names;
    group.report(annotationProblem("group.conflict", names.member.ingress, "subnets", message), later.member);
  }
  if (params !== undefined) {
    const { ids, tags } = params.value;
    return found(
      group,
      params,
      ids !== undefined && ids.length > 0
        ? subnetsByIds(group, ids, request)
        : subnetsByTags(group, tags ?? {}, request),
    );
  }
  if (names !== undefined) return found(group, names, subnetsByNameOrId(group, names.value, request));
  const existing = group.existing.get(group.stack);
  if (existing?.scheme === request.scheme)
    return { value: existing.subnetIds, source: { field: "existing load balancer" } };
  const discovered = discoverSubnets(group, request);
  if ("problem" in discovered) {
    const [first] = group.members;
    reportGroup(
      group,
      "subnet.discovery-failed",
      `subnets can't be discovered: ${discovered.problem}`,
      first ? { object: refOf(first.ingress) } : {},
    );
    return { value: [], source: { field: "discovery" } };
  }
  return { value: discovered.value, source: { field: "discovery" } };
}

function found(
  group: GroupContext,
  setting: Setting<unknown>,
  resolved: Resolved<readonly string[]>,
): Sourced<readonly string[]> {
  if ("value" in resolved) return { value: resolved.value, source: setting.source };
  const message = `Ingress ${setting.member.key}: ${resolved.problem}`;
  group.report(
    diagnose("subnet.not-usable", message, {
      object: setting.source.object ?? refOf(setting.member.ingress),
      field: setting.source.field,
    }),
  );
  return { value: [], source: setting.source };
}

function canonicalSelector({
  ids,
  tags,
}: {
  readonly ids?: readonly string[];
  readonly tags?: { readonly [key: string]: readonly string[] };
}): string {
  const entries = Object.entries(tags ?? {}).sort(([a], [b]) => compareStrings(a, b));
  return JSON.stringify([ids ?? [], entries]);
}

function customerOwnedIpv4Pool(group: GroupContext): string | undefined {
  const settings = group.members.flatMap((member) => {
    const pool = readAnnotation(member.ingress, "customer-owned-ipv4-pool", group.report);
    if (pool === "")
      group.report(
        annotationProblem(
          "annotation.value-not-allowed",
          member.ingress,
          "customer-owned-ipv4-pool",
          "customer-owned-ipv4-pool is empty",
        ),
      );
    return pool === undefined || pool === "" ? [] : [fromAnnotation(member, "customer-owned-ipv4-pool", pool)];
  });
  return agree(group, "customer-owned-ipv4-pool", settings, String)?.value;
}

function ipv4IpamPoolId(group: GroupContext): string | undefined {
  const [first] = group.members;
  const fromClass = first && paramsOf(first).ipamConfiguration?.ipv4IPAMPoolId;
  if (fromClass) return fromClass;
  const settings = group.members.flatMap((member) => {
    const pool = readAnnotation(member.ingress, "ipam-ipv4-pool-id", group.report);
    return pool ? [fromAnnotation(member, "ipam-ipv4-pool-id", pool)] : [];
  });
  return agree(group, "ipam-ipv4-pool-id", settings, String)?.value;
}
