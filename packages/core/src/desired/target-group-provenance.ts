/** Where the fields of target groups and their bindings come from: the Service before the Ingress. */
import type { Service } from "../model/kubernetes.ts";
import type { ResourceOf } from "../model/resource.ts";
import type { Source } from "../model/source.ts";
import { annotationText, type Member } from "../read/member.ts";
import { findService } from "../resolve/cluster-index.ts";
import { findServicePort } from "../resolve/service-port.ts";
import {
  annotationSource,
  type Fields,
  fieldOf,
  GENERATED,
  sourceOf,
  traceAll,
  traceFields,
  traceTags,
} from "./field-source.ts";
import { type StackDraft, trace } from "./stack-draft.ts";

const TARGET_GROUP_FIELDS: Fields = {
  "/targetType": "target-type",
  "/protocol": "backend-protocol",
  "/protocolVersion": "backend-protocol-version",
  "/attributes": "target-group-attributes",
  "/healthCheck/port": "healthcheck-port",
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
};

/** What a target group was made for. */
export interface Backend {
  readonly member: Member;
  readonly service: Service;
  /** As written: a name or a number. */
  readonly reference: string | number;
}

/** Takes down the sources of a target group's fields. */
export function traceTargetGroup(draft: StackDraft, resource: ResourceOf<"targetGroup">, backend: Backend): void {
  const { member, service } = backend;
  traceAll(draft, resource, ["/name"], GENERATED);
  traceAll(draft, resource, ["/port"], portSource(backend, resource.spec.targetType));
  traceAll(draft, resource, ["/ipAddressType"], ipAddressTypeSource(service));
  traceAll(draft, resource, ["/targetControlPort"], controlPortSource(backend));
  traceFields(draft, resource, TARGET_GROUP_FIELDS, [member], service);
  const checked = [service, member.ingress].some((one) => annotationText(one, "healthcheck-protocol") !== undefined);
  const protocol = checked ? "healthcheck-protocol" : "backend-protocol";
  traceFields(draft, resource, { "/healthCheck/protocol": protocol }, [member], service);
  traceTags(draft, resource, [member], service);
}

/** Takes down the sources of a binding's fields. */
export function traceBinding(draft: StackDraft, resource: ResourceOf<"targetGroupBinding">, backend: Backend): void {
  const { member, service } = backend;
  const { kind, id, spec } = resource;
  traceAll(draft, resource, ["/name", "/labels", "/targetGroupArn"], GENERATED);
  traceAll(draft, resource, ["/vpcId"], { field: "discovery" });
  traceAll(draft, resource, ["/namespace"], fieldOf(service, "/metadata/namespace"));
  traceAll(draft, resource, ["/serviceRef"], fieldOf(service, servicePortField(backend)));
  traceAll(draft, resource, ["/serviceRef/name"], fieldOf(service, "/metadata/name"));
  traceAll(draft, resource, ["/ipAddressType"], ipAddressTypeSource(service));
  traceFields(draft, resource, BINDING_FIELDS, [member], service);
  const onIngress = annotationSource("multi-cluster-target-group", [member], (yes) => yes);
  const multiCluster = onIngress ?? sourceOf("multi-cluster-target-group", [member], service);
  traceAll(draft, resource, ["/multiClusterTargetGroup"], multiCluster);
  if (spec.networking === undefined) return;
  if (draft.group.settings.disableRestrictedSgRules) {
    trace(draft, kind, id, "/networking", { field: "flag disable-restricted-sg-rules" });
    return;
  }
  trace(draft, kind, id, "/networking", GENERATED);
  // In the order in which the binding lists them: traffic, health checks if apart, target control.
  const controlPort = annotatedControlPort(backend);
  const last = spec.networking.ingress.length - 1;
  for (const index of spec.networking.ingress.keys()) {
    const source =
      index === 0
        ? portSource(backend, spec.targetType)
        : index === last && controlPort !== undefined
          ? controlPort
          : sourceOf("healthcheck-port", [member], service);
    trace(draft, kind, id, `/networking/ingress/${index}/ports`, source);
  }
}

function servicePortField({ service, reference }: Backend): string {
  const port = findServicePort(service, reference);
  const index = port === undefined ? -1 : (service.spec?.ports ?? []).indexOf(port);
  return index < 0 ? "/spec/ports" : `/spec/ports/${index}`;
}

function portSource(backend: Backend, targetType: string): Source {
  const port = servicePortField(backend);
  return fieldOf(backend.service, `${port}/${targetType === "instance" ? "nodePort" : "targetPort"}`);
}

function ipAddressTypeSource(service: Service): Source {
  return service.spec?.ipFamilies === undefined ? { field: "default: ipv4" } : fieldOf(service, "/spec/ipFamilies");
}

function controlPortSource(backend: Backend): Source {
  return annotatedControlPort(backend) ?? GENERATED;
}

function annotatedControlPort({ member, service, reference }: Backend): Source | undefined {
  const suffix = `${service.metadata.name}.${reference}`;
  const source = sourceOf("target-control-port", [member], service, suffix);
  return source.object && source;
}

/** Member, Service and port of each target group, by resource id `<namespace>/<ingress>-<service>:<port>`. */
export function backendsByTargetGroup(draft: StackDraft): ReadonlyMap<string, Backend> {
  const backends = new Map<string, Backend>();
  const members = new Map(draft.group.members.map((member) => [member.key, member]));
  for (const { kind, id, spec } of draft.resources.values()) {
    if (kind !== "targetGroupBinding") continue;
    const { namespace, serviceRef } = spec;
    const service = findService(draft.group.cluster, namespace, serviceRef.name);
    const ingress = id.slice(0, id.length - `-${serviceRef.name}:${serviceRef.port}`.length);
    const member = members.get(ingress);
    if (service !== undefined && member !== undefined)
      backends.set(id, { member, service, reference: serviceRef.port });
  }
  return backends;
}
