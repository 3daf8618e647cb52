/** Target groups: one per Ingress, Service and port reference as written; each with its binding. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Service } from "../model/kubernetes.ts";
import type { TargetGroupSpec } from "../model/target-group.ts";
import { isUnknown, type NumberValue, type Reference, type Value } from "../model/value.ts";
import { ANNOTATIONS } from "../read/annotations.ts";
import { type Member, notAllowed, objectName, paramsOf, readAnnotation, refOf } from "../read/member.ts";
import { findService } from "../resolve/cluster-index.ts";
import { blaming } from "../resolve/context.ts";
import { findServicePort, nodePortOf } from "../resolve/service-port.ts";
import { isDualstack } from "../resolve/subnets.ts";
import { buildHealthCheck } from "./health-check.ts";
import { LOAD_BALANCER_ID } from "./load-balancer.ts";
import { targetGroupName, targetGroupNamePrefix } from "./names.ts";
import { holderOf, readBoth, readChoice, type ServiceBackend } from "./service-backend.ts";
import { addResource, referTo, type StackDraft, traceIngress } from "./stack-draft.ts";
import { tagsField, tagsOfTargetGroup } from "./tags.ts";
import { buildTargetGroupBinding } from "./target-group-binding.ts";

const TARGET_TYPES = ANNOTATIONS["target-type"].allowed;
const PROTOCOL = ANNOTATIONS["backend-protocol"].defaultValue;
const PROTOCOL_VERSION = ANNOTATIONS["backend-protocol-version"].defaultValue;

/** Adds the target group and its binding unless they are there; returns a reference to its ARN, undefined after an error. */
export function buildTargetGroup(
  draft: StackDraft,
  member: Member,
  serviceName: string,
  reference: string | number,
  field: string,
): Reference | undefined {
  const { namespace, name } = member.ingress.metadata;
  const id = `${namespace}/${name}-${serviceName}:${reference}`;
  const arn = referTo("targetGroup", id, "arn");
  if (draft.resources.has(arn.ref)) return arn;
  const service = findService(draft.group.cluster, namespace, serviceName);
  if (service === undefined) return undefined;
  const port = findServicePort(service, reference);
  if (port === undefined) {
    const message = `Ingress ${member.key}: Service ${namespace}/${serviceName} has no port ${reference}`;
    draft.group.report(diagnose("backend.port-missing", message, { object: refOf(member.ingress), field }));
    return undefined;
  }
  const blamed = service.metadata.annotations === undefined ? draft : { ...draft, group: blaming(draft.group, member) };
  const backend: ServiceBackend = {
    member,
    service,
    port,
    reference,
    targetType: resolveTargetType(blamed, member, service),
  };
  const spec = targetGroupSpec(blamed, backend, field);
  if (spec === undefined) return undefined;
  addResource(draft, "targetGroup", id, spec);
  traceIngress(draft, "targetGroup", id, "", member, field);
  traceIngress(draft, "targetGroupBinding", id, "", member, field);
  buildTargetGroupBinding(blamed, id, spec, backend);
  return arn;
}

function resolveTargetType({ group }: StackDraft, member: Member, service: Service): "instance" | "ip" {
  const holder = holderOf({ service, member }, "target-type");
  const fromClass = paramsOf(member).targetType;
  const text = fromClass || (readAnnotation(holder, "target-type", group.report) ?? group.settings.defaultTargetType);
  const type = TARGET_TYPES.find((candidate) => candidate === text);
  const object = fromClass && member.params ? refOf(member.params) : refOf(holder);
  if (type === undefined) {
    const problem = notAllowed(holder, "target-type", text, TARGET_TYPES);
    group.report(fromClass ? { ...problem, object, field: "/spec/targetType" } : problem);
  }
  if (type === "ip" && !group.settings.featureGates.EnableIPTargetType) {
    group.report(
      diagnose(
        "target-group.ip-type-disabled",
        `${objectName(holder)}: target type ip needs the gate EnableIPTargetType`,
        { object },
      ),
    );
  }
  return type ?? "instance";
}

function targetGroupSpec(draft: StackDraft, backend: ServiceBackend, field: string): TargetGroupSpec | undefined {
  const { group } = draft;
  const { member, service, targetType } = backend;
  const port = targetPort(draft, backend, field);
  const protocol = readChoice(draft, backend, "backend-protocol", PROTOCOL);
  const protocolVersion = readChoice(draft, backend, "backend-protocol-version", PROTOCOL_VERSION);
  const healthCheck = buildHealthCheck(draft, backend, protocol, protocolVersion);
  const attributes = readBoth(draft, backend, "target-group-attributes") ?? {};
  const controlPort = targetControlPort(draft, backend);
  const ipAddressType = service.spec?.ipFamilies?.includes("IPv6") === true ? "ipv6" : "ipv4";
  const loadBalancer = draft.resources.get(`loadBalancer/${LOAD_BALANCER_ID}`);
  if (
    ipAddressType === "ipv6" &&
    loadBalancer?.kind === "loadBalancer" &&
    !isDualstack(loadBalancer.spec.ipAddressType)
  ) {
    const message = `Ingress ${member.key}: Service ${service.metadata.namespace}/${service.metadata.name} is IPv6, but the load balancer isn't dualstack`;
    group.report(diagnose("target-group.ipv6-needs-dualstack", message, { object: refOf(member.ingress), field }));
  }
  if (port === undefined) return undefined;
  return {
    name: nameOf(draft, backend, { port, protocol, protocolVersion, controlPort }),
    targetType,
    port,
    protocol,
    protocolVersion,
    ...(controlPort !== undefined && { targetControlPort: controlPort }),
    ipAddressType,
    healthCheck,
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...tagsField(tagsOfTargetGroup(draft, member, service)),
  };
}

/** Instances are reached on the node port; pods on the target port, or nominally on 1 when that is a name. */
function targetPort(
  draft: StackDraft,
  { member, service, port, targetType }: ServiceBackend,
  field: string,
): NumberValue | undefined {
  if (targetType === "ip")
    return typeof port.targetPort === "number" && port.targetPort !== 0
      ? port.targetPort
      : typeof port.targetPort === "string"
        ? 1
        : port.port;
  const nodePort = nodePortOf(service, port);
  if (nodePort === undefined) {
    const message = `Ingress ${member.key}: Service ${service.metadata.namespace}/${service.metadata.name} has no node port; instance targets need a Service of type NodePort or LoadBalancer`;
    draft.group.report(diagnose("target-group.no-node-port", message, { object: refOf(member.ingress), field }));
  }
  return nodePort;
}

function targetControlPort(draft: StackDraft, backend: ServiceBackend): number | undefined {
  const suffix = `${backend.service.metadata.name}.${backend.reference}`;
  const port = readBoth(draft, backend, "target-control-port", suffix);
  if (port !== undefined && backend.targetType === "instance") {
    const holder = holderOf(backend, "target-control-port", suffix);
    const message = `${objectName(holder)}: target-control-port.${suffix} needs ip targets`;
    draft.group.report(diagnose("target-group.control-port-needs-ip", message, { object: refOf(holder) }));
  }
  return port;
}

interface Identity {
  readonly port: NumberValue;
  readonly protocol: string;
  readonly protocolVersion: string;
  readonly controlPort: number | undefined;
}

function nameOf({ group }: StackDraft, backend: ServiceBackend, identity: Identity): Value {
  const { member, service, reference, targetType } = backend;
  const { uid, name: serviceName, namespace: serviceNamespace = "" } = service.metadata;
  const { port, protocol, protocolVersion, controlPort } = identity;
  const like = targetGroupNamePrefix(serviceNamespace, serviceName);
  if (isUnknown(port)) return { unknown: `target group name, made of the ${port.unknown}`, like };
  const name = targetGroupName({
    clusterName: group.settings.clusterName,
    stack: group.stack,
    ingressNamespace: member.ingress.metadata.namespace ?? "",
    ingressName: member.ingress.metadata.name,
    serviceNamespace,
    serviceName,
    serviceUid: uid ?? "",
    portReference: reference,
    port,
    targetType,
    protocol,
    protocolVersion,
    targetControlPort: controlPort,
  });
  if (uid !== undefined) return name;
  return {
    unknown: `target group name, made of the uid of Service ${serviceNamespace}/${serviceName}`,
    lbc: name,
    like,
  };
}
