/**
 * Where every field of a built stack came from. Runs only when provenance is asked for; the annotation table says
 * which annotation, class params field or default stands behind a value, so that no builder has to.
 */
import type { KeyValue } from "../model/ingress-class-params.ts";
import type { Resource, ResourceOf } from "../model/resource.ts";
import type { Source } from "../model/source.ts";
import { annotationText, escapePointer, type Member, paramsOf } from "../read/member.ts";
import type { ListenConfig } from "../resolve/listen-config.ts";
import {
  annotationSource,
  defaultOf,
  EXISTING,
  type Fields,
  GENERATED,
  paramsSource,
  sourceOf,
  traceAll,
  traceFields,
  traceTags,
} from "./field-source.ts";
import { type StackDraft, trace } from "./stack-draft.ts";
import { type Backend, backendsByTargetGroup, traceBinding, traceTargetGroup } from "./target-group-provenance.ts";

const LOAD_BALANCER_FIELDS: Fields = {
  "/name": "load-balancer-name",
  "/scheme": "scheme",
  "/customerOwnedIpv4Pool": "customer-owned-ipv4-pool",
};

const FRONTEND_NLB_FIELDS: Fields = {
  "/type": "enable-frontend-nlb",
  "/name": "load-balancer-name",
  "/scheme": "frontend-nlb-scheme",
  "/subnetMappings": "frontend-nlb-subnets",
};

/** Takes down the sources of all fields of a stack's resources that its builders didn't take down themselves. */
export function traceStack(draft: StackDraft, listens: readonly ListenConfig[]): void {
  if (draft.group.trace === undefined) return;
  const backends = backendsByTargetGroup(draft);
  for (const resource of draft.resources.values()) traceResource(draft, resource, listens, backends);
}

function traceResource(
  draft: StackDraft,
  resource: Resource,
  listens: readonly ListenConfig[],
  backends: ReadonlyMap<string, Backend>,
): void {
  const backend = backends.get(resource.id);
  switch (resource.kind) {
    case "loadBalancer":
      if (resource.spec.type === "network") traceFrontendNlb(draft, resource);
      else traceLoadBalancer(draft, resource);
      return;
    case "securityGroup":
      traceSecurityGroup(draft, resource, listens);
      return;
    case "listener":
      traceListener(draft, resource, listens);
      return;
    case "targetGroup":
      if (backend !== undefined) traceTargetGroup(draft, resource, backend);
      return;
    case "targetGroupBinding":
      if (backend !== undefined) traceBinding(draft, resource, backend);
      return;
    default:
      traceAll(draft, resource, ["/resourceArn"], GENERATED);
  }
}

function traceLoadBalancer(draft: StackDraft, resource: ResourceOf<"loadBalancer">): void {
  const { members } = draft.group;
  const first = members.slice(0, 1);
  traceAll(draft, resource, ["/type"], { field: "default: application" });
  traceFields(draft, resource, LOAD_BALANCER_FIELDS, members, undefined);
  traceAll(draft, resource, ["/ipAddressType"], ipAddressTypeSource(draft));
  traceSecurityGroups(draft, resource);
  const pool = first.map((member) => paramsSource(member, "ipamConfiguration/ipv4IPAMPoolId"))[0];
  const units = first.map((member) => paramsSource(member, "minimumLoadBalancerCapacity"))[0];
  const annotated = annotationSource("ipam-ipv4-pool-id", members, (value) => value !== "");
  const reserved = annotationSource("minimum-load-balancer-capacity", members, (map) =>
    Object.hasOwn(map, "CapacityUnits"),
  );
  traceAll(draft, resource, ["/ipv4IpamPoolId"], pool ?? annotated ?? defaultOf("ipam-ipv4-pool-id"));
  traceAll(
    draft,
    resource,
    ["/minimumCapacityUnits"],
    units ?? reserved ?? defaultOf("minimum-load-balancer-capacity"),
  );
  const decided = (members[0] && paramsOf(members[0]).loadBalancerAttributes) ?? [];
  traceAttributes(draft, resource, "load-balancer-attributes", members, {
    list: decided,
    at: "loadBalancerAttributes",
  });
  traceTags(draft, resource, members, undefined);
}

function traceFrontendNlb(draft: StackDraft, resource: ResourceOf<"loadBalancer">): void {
  const { members } = draft.group;
  const { kind, id, spec } = resource;
  traceFields(draft, resource, FRONTEND_NLB_FIELDS, members, undefined);
  traceAll(draft, resource, ["/ipAddressType"], ipAddressTypeSource(draft));
  for (const [index, { allocationId }] of spec.subnetMappings.entries()) {
    if (allocationId !== undefined)
      trace(
        draft,
        kind,
        id,
        `/subnetMappings/${index}/allocationId`,
        sourceOf("frontend-nlb-eip-allocations", members, undefined),
      );
  }
  const attributes = annotationSource("frontend-nlb-attributes", members, (map) => Object.keys(map).length > 0);
  traceAll(draft, resource, ["/attributes"], attributes ?? defaultOf("frontend-nlb-attributes"));
  const given = annotationSource("frontend-nlb-security-groups", members, (names) => names.length > 0);
  if (given === undefined) traceSecurityGroups(draft, resource);
  else traceAll(draft, resource, ["/securityGroups"], given);
  traceFrontendNlbTags(draft, resource);
}

/** Tags of its own replace those of the ALB. */
export function traceFrontendNlbTags(draft: StackDraft, resource: Resource): void {
  const { members } = draft.group;
  const own = annotationSource("frontend-nlb-tags", members, () => true);
  if (own === undefined) traceTags(draft, resource, members, undefined);
  else traceAll(draft, resource, ["/tags"], own);
}

function ipAddressTypeSource({ group }: StackDraft): Source {
  return orExisting(sourceOf("ip-address-type", group.members, undefined), group.standing?.ipAddressType);
}

function orExisting(source: Source, standing: unknown): Source {
  return source.object === undefined && standing !== undefined ? EXISTING : source;
}

/** Those of the ALB; the last one is the shared group towards the targets, if that is used. */
function traceSecurityGroups(draft: StackDraft, resource: ResourceOf<"loadBalancer">): void {
  const { members, settings, standing } = draft.group;
  const { kind, id, spec } = resource;
  const groups = spec.securityGroups ?? [];
  if (groups.length === 0) return;
  const given = annotationSource("security-groups", members, (names) => names.length > 0);
  const own = given ?? orExisting(defaultOf("security-groups"), standing?.securityGroups);
  trace(draft, kind, id, "/securityGroups", own);
  if (!draft.usesBackendSecurityGroup) return;
  const managed = given === undefined && standing?.securityGroups === undefined;
  const asked = sourceOf("manage-backend-security-group-rules", members, undefined);
  const shared = managed
    ? {
        field: `flag ${settings.backendSecurityGroup === "" ? "enable-backend-security-group" : "backend-security-group"}`,
      }
    : orExisting(asked, standing?.managesBackendRules);
  trace(draft, kind, id, `/securityGroups/${groups.length - 1}`, shared);
}

function traceSecurityGroup(
  draft: StackDraft,
  resource: ResourceOf<"securityGroup">,
  listens: readonly ListenConfig[],
): void {
  const { members } = draft.group;
  const { kind, id, spec } = resource;
  traceAll(draft, resource, ["/name", "/description"], GENERATED);
  traceFields(draft, resource, { "/ingress": "inbound-cidrs" }, members, undefined);
  for (const [index, { fromPort, source }] of spec.ingress.entries()) {
    const listen = listens.find(({ port }) => port === fromPort);
    if (listen === undefined) continue;
    const name = "prefixListId" in source ? "security-group-prefix-lists" : "inbound-cidrs";
    const standing = draft.group.standing?.listeners.get(fromPort)?.access;
    trace(draft, kind, id, `/ingress/${index}`, orExisting(accessSource(listen.members, name), standing));
  }
  traceTags(draft, resource, members, undefined);
}

/** An empty list counts as absent. */
function accessSource(members: readonly Member[], name: "inbound-cidrs" | "security-group-prefix-lists"): Source {
  const fields = name === "inbound-cidrs" ? ["inboundCIDRs"] : ["prefixListsIDs", "PrefixListsIDs"];
  for (const member of members) {
    const fromClass = fields.map((field) => paramsSource(member, field)).find((source) => source !== undefined);
    const source = fromClass ?? annotationSource(name, [member], (list) => list.length > 0);
    if (source !== undefined) return source;
  }
  return defaultOf(name);
}

function traceListener(draft: StackDraft, resource: ResourceOf<"listener">, listens: readonly ListenConfig[]): void {
  const listen = listens.find(({ port }) => String(port) === resource.id);
  if (listen === undefined) return;
  const { members, protocol, port } = listen;
  const standing = draft.group.standing?.listeners.get(port);
  traceAll(draft, resource, ["/loadBalancerArn"], GENERATED);
  traceAll(draft, resource, ["/port", "/protocol"], portSource(members));
  const policy = sourceOf("ssl-policy", members, undefined);
  traceAll(draft, resource, ["/sslPolicy"], orExisting(policy, standing?.sslPolicy));
  const mutual =
    annotationSource("mutual-authentication", members, (entries) => entries.some((entry) => entry.port === port)) ??
    defaultOf("mutual-authentication");
  traceAll(draft, resource, ["/mutualAuthentication"], orExisting(mutual, standing?.mutualAuthentication));
  const listeners = (members[0] && paramsOf(members[0]).listeners) ?? [];
  const index = listeners.findIndex((one) => one.protocol === protocol && one.port === port);
  const list = listeners[index]?.listenerAttributes ?? [];
  const at = `listeners/${index}/listenerAttributes`;
  traceAttributes(draft, resource, "listener-attributes", members, { list, at }, `${protocol}-${port}`);
  traceTags(draft, resource, members, undefined);
}

/** What makes members listen on a port: the first one's annotation, or else its default. */
export function portSource(members: readonly Member[]): Source {
  const [first] = members;
  const named = first !== undefined && annotationText(first.ingress, "listen-ports") !== undefined;
  return sourceOf("listen-ports", named ? [first] : [], undefined);
}

interface Decided {
  readonly list: readonly KeyValue[];
  /** Where the list stands in the first member's class params. */
  readonly at: string;
}

/** Attributes by key: the first member's class params decide, otherwise the first member that sets the key. */
function traceAttributes(
  draft: StackDraft,
  { kind, id, spec }: ResourceOf<"loadBalancer"> | ResourceOf<"listener">,
  name: "load-balancer-attributes" | "listener-attributes",
  members: readonly Member[],
  { list, at }: Decided,
  suffix?: string,
): void {
  const [first] = members;
  for (const key of Object.keys(spec.attributes ?? {})) {
    const index = list.findLastIndex((entry) => entry.key === key);
    const source =
      index >= 0 && first !== undefined
        ? paramsSource(first, `${at}/${index}`)
        : annotationSource(name, members, (map) => Object.hasOwn(map, key), suffix);
    trace(draft, kind, id, `/attributes/${escapePointer(key)}`, source);
  }
}
