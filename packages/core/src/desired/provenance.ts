/**
 * Where every field of a built stack came from. Runs only when provenance is asked for; the annotation table says
 * which annotation, class params field or default stands behind a value, so that no builder has to.
 */
import type { Service } from "../model/kubernetes.ts";
import type { Resource, ResourceOf } from "../model/resource.ts";
import type { Source } from "../model/source.ts";
import type { StringMap } from "../model/value.ts";
import type { AnnotationRow } from "../read/annotation-row.ts";
import { ANNOTATIONS, type AnnotationName } from "../read/annotations.ts";
import {
  type Annotated,
  annotationField,
  annotationText,
  escapePointer,
  type Member,
  paramsOf,
  readAnnotation,
  refOf,
} from "../read/member.ts";
import { findService } from "../resolve/cluster-index.ts";
import type { ListenConfig } from "../resolve/listen-config.ts";
import { type StackDraft, trace } from "./stack-draft.ts";

const LOAD_BALANCER_FIELDS: Fields = {
  "/name": "load-balancer-name",
  "/scheme": "scheme",
  "/ipAddressType": "ip-address-type",
  "/subnetMappings": "subnets",
  "/securityGroups": "security-groups",
  "/customerOwnedIpv4Pool": "customer-owned-ipv4-pool",
  "/ipv4IpamPoolId": "ipam-ipv4-pool-id",
  "/minimumCapacityUnits": "minimum-load-balancer-capacity",
};

const FRONTEND_NLB_FIELDS: Fields = {
  "/name": "load-balancer-name",
  "/scheme": "frontend-nlb-scheme",
  "/ipAddressType": "ip-address-type",
  "/subnetMappings": "frontend-nlb-subnets",
  "/securityGroups": "frontend-nlb-security-groups",
  "/attributes": "frontend-nlb-attributes",
  "/tags": "frontend-nlb-tags",
};

const FRONTEND_NLB_TARGET_GROUP_FIELDS: Fields = {
  "/port": "frontend-nlb-listener-port-mapping",
  "/tags": "frontend-nlb-tags",
  "/healthCheck/port": "frontend-nlb-healthcheck-port",
  "/healthCheck/protocol": "frontend-nlb-healthcheck-protocol",
  "/healthCheck/path": "frontend-nlb-healthcheck-path",
  "/healthCheck/matcher": "frontend-nlb-healthcheck-success-codes",
  "/healthCheck/intervalSeconds": "frontend-nlb-healthcheck-interval-seconds",
  "/healthCheck/timeoutSeconds": "frontend-nlb-healthcheck-timeout-seconds",
  "/healthCheck/healthyThresholdCount": "frontend-nlb-healthcheck-healthy-threshold-count",
  "/healthCheck/unhealthyThresholdCount": "frontend-nlb-healthcheck-unhealthy-threshold-count",
};

const LISTENER_FIELDS: Fields = {
  "/port": "listen-ports",
  "/protocol": "listen-ports",
  "/sslPolicy": "ssl-policy",
  "/mutualAuthentication": "mutual-authentication",
};

const TARGET_GROUP_FIELDS: Fields = {
  "/targetType": "target-type",
  "/protocol": "backend-protocol",
  "/protocolVersion": "backend-protocol-version",
  "/attributes": "target-group-attributes",
  "/healthCheck/port": "healthcheck-port",
  "/healthCheck/protocol": "healthcheck-protocol",
  "/healthCheck/path": "healthcheck-path",
  "/healthCheck/matcher": "success-codes",
  "/healthCheck/intervalSeconds": "healthcheck-interval-seconds",
  "/healthCheck/timeoutSeconds": "healthcheck-timeout-seconds",
  "/healthCheck/healthyThresholdCount": "healthy-threshold-count",
  "/healthCheck/unhealthyThresholdCount": "unhealthy-threshold-count",
};

const BINDING_FIELDS: Fields = {
  "/targetType": "target-type",
  "/targetGroupProtocol": "backend-protocol",
  "/nodeSelector": "target-node-labels",
  "/multiClusterTargetGroup": "multi-cluster-target-group",
};

type Fields = { readonly [pointer: string]: AnnotationName };

/** Takes down the sources of all fields of a stack's resources that its builders didn't take down themselves. */
export function traceStack(draft: StackDraft, listens: readonly ListenConfig[]): void {
  if (draft.group.trace === undefined) return;
  const backends = backendsByTargetGroup(draft);
  for (const resource of draft.resources.values()) traceResource(draft, resource, listens, backends);
}

interface Backend {
  readonly member: Member;
  readonly service: Service;
}

function traceResource(
  draft: StackDraft,
  resource: Resource,
  listens: readonly ListenConfig[],
  backends: ReadonlyMap<string, Backend>,
): void {
  const { members } = draft.group;
  switch (resource.kind) {
    case "loadBalancer": {
      const network = resource.spec.type === "network";
      traceFields(draft, resource, network ? FRONTEND_NLB_FIELDS : LOAD_BALANCER_FIELDS, members, undefined);
      if (!network) traceMap(draft, resource, "attributes", "load-balancer-attributes", members);
      if (!network) traceTags(draft, resource, members, undefined);
      return;
    }
    case "securityGroup":
      traceFields(draft, resource, { "/ingress": "inbound-cidrs" }, members, undefined);
      traceTags(draft, resource, members, undefined);
      return;
    case "listener":
      traceListener(draft, resource, listens);
      return;
    case "targetGroup":
    case "targetGroupBinding":
      traceTargetGroup(draft, resource, backends.get(resource.id));
      return;
    default:
      return;
  }
}

function traceListener(draft: StackDraft, resource: ResourceOf<"listener">, listens: readonly ListenConfig[]): void {
  const listen = listens.find(({ port }) => String(port) === resource.id);
  if (listen === undefined) {
    traceFields(draft, resource, { "/port": "frontend-nlb-listener-port-mapping" }, draft.group.members, undefined);
    return;
  }
  const { members, protocol, port } = listen;
  traceFields(draft, resource, LISTENER_FIELDS, members, undefined);
  traceMap(draft, resource, "attributes", "listener-attributes", members, `${protocol}-${port}`);
  traceTags(draft, resource, members, undefined);
}

function traceTargetGroup(
  draft: StackDraft,
  resource: ResourceOf<"targetGroup"> | ResourceOf<"targetGroupBinding">,
  backend: Backend | undefined,
): void {
  const { kind, id } = resource;
  if (backend === undefined) {
    traceFields(draft, resource, FRONTEND_NLB_TARGET_GROUP_FIELDS, draft.group.members, undefined);
    return;
  }
  const { member, service } = backend;
  traceFields(draft, resource, kind === "targetGroup" ? TARGET_GROUP_FIELDS : BINDING_FIELDS, [member], service);
  const port = kind === "targetGroup" ? "/port" : "/serviceRef";
  trace(draft, kind, id, port, { object: refOf(service), field: "/spec/ports" });
  if (kind === "targetGroup") traceTags(draft, resource, [member], service);
}

/** The source of each field that the spec has. */
function traceFields(
  draft: StackDraft,
  { kind, id, spec }: Resource,
  fields: Fields,
  members: readonly Member[],
  service: Service | undefined,
): void {
  for (const [pointer, name] of Object.entries(fields)) {
    if (valueAt(spec, pointer) !== undefined) trace(draft, kind, id, pointer, sourceOf(name, members, service));
  }
}

function valueAt(spec: object, pointer: string): unknown {
  let value: unknown = spec;
  for (const token of pointer.slice(1).split("/"))
    value = (value as { readonly [key: string]: unknown } | undefined)?.[token];
  return value;
}

/** Class params before the Service before the Ingress, of the first member that says anything; otherwise the default. */
function sourceOf(
  name: AnnotationName,
  members: readonly Member[],
  service: Service | undefined,
  suffix?: string,
): Source {
  const row: AnnotationRow = ANNOTATIONS[name];
  for (const member of members) {
    const fromClass = row.params === undefined ? undefined : paramsSource(member, row.params);
    if (fromClass !== undefined) return fromClass;
    const holders: readonly (Annotated | undefined)[] = [row.on === "ingress" ? undefined : service, member.ingress];
    const holder = holders.find((one) => one !== undefined && annotationText(one, name, suffix) !== undefined);
    if (holder !== undefined) return { object: refOf(holder), field: annotationField(name, suffix) };
  }
  return { field: `default: ${row.default}` };
}

function paramsSource(member: Member, path: string): Source | undefined {
  if (member.params === undefined) return undefined;
  const pointer = `/${path.replaceAll(".", "/")}`;
  if (valueAt(paramsOf(member), pointer) === undefined) return undefined;
  return { object: refOf(member.params), field: `/spec${pointer}` };
}

/** Attributes by key: the class params decide, otherwise the first member that sets the key. */
function traceMap(
  draft: StackDraft,
  { kind, id, spec }: Resource,
  field: "attributes",
  name: AnnotationName & ("load-balancer-attributes" | "listener-attributes"),
  members: readonly Member[],
  suffix?: string,
): void {
  const map = (valueAt(spec, `/${field}`) ?? {}) as StringMap;
  for (const key of Object.keys(map)) {
    const owner = members.find(({ ingress }) =>
      Object.hasOwn(readAnnotation(ingress, name, ignore, suffix) ?? {}, key),
    );
    const source =
      owner === undefined
        ? sourceOf(name, members.slice(0, 1), undefined, suffix)
        : sourceOf(name, [owner], undefined, suffix);
    trace(draft, kind, id, `/${field}/${escapePointer(key)}`, source);
  }
}

/** Tags by key: default tags (unless their gate makes them come last), then class params, Service, Ingress. */
function traceTags(
  draft: StackDraft,
  { kind, id, spec }: Resource,
  members: readonly Member[],
  service: Service | undefined,
): void {
  const { defaultTags, featureGates } = draft.group.settings;
  const tags = (valueAt(spec, "/tags") ?? {}) as StringMap;
  for (const key of Object.keys(tags)) {
    const own = tagSource(key, members, service);
    const byDefault =
      Object.hasOwn(defaultTags, key) && (own === undefined || !featureGates.EnableDefaultTagsLowPriority);
    trace(draft, kind, id, `/tags/${escapePointer(key)}`, byDefault ? { field: "flag default-tags" } : own);
  }
}

function tagSource(key: string, members: readonly Member[], service: Service | undefined): Source | undefined {
  for (const member of members) {
    const index = (paramsOf(member).tags ?? []).findIndex((tag) => tag.key === key);
    if (index >= 0 && member.params !== undefined)
      return { object: refOf(member.params), field: `/spec/tags/${index}` };
    for (const holder of [service, member.ingress]) {
      if (holder !== undefined && Object.hasOwn(readAnnotation(holder, "tags", ignore) ?? {}, key)) {
        return { object: refOf(holder), field: annotationField("tags") };
      }
    }
  }
  return undefined;
}

const ignore = (): void => {};

/** Member and Service of each target group, by resource id `<namespace>/<ingress>-<service>:<port>`. */
function backendsByTargetGroup(draft: StackDraft): ReadonlyMap<string, Backend> {
  const backends = new Map<string, Backend>();
  const members = new Map(draft.group.members.map((member) => [member.key, member]));
  for (const { kind, id, spec } of draft.resources.values()) {
    if (kind !== "targetGroupBinding") continue;
    const { namespace, serviceRef } = spec;
    const service = findService(draft.group.cluster, namespace, serviceRef.name);
    const ingress = id.slice(0, id.length - `-${serviceRef.name}:${serviceRef.port}`.length);
    const member = members.get(ingress);
    if (service !== undefined && member !== undefined) backends.set(id, { member, service });
  }
  return backends;
}
