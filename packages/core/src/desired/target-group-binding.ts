/** The binding of a target group to the endpoints of its Service. */

import type { TargetGroupSpec } from "../model/target-group.ts";
import type { NetworkingRule, TargetGroupBindingSpec } from "../model/target-group-binding.ts";
import type { StringMap } from "../model/value.ts";
import { ANNOTATIONS } from "../read/annotations.ts";
import { readAnnotation } from "../read/member.ts";
import type { GroupContext } from "../resolve/context.ts";
import { readBoth, type ServiceBackend } from "./service-backend.ts";
import { addResource, referTo, type StackDraft } from "./stack-draft.ts";

/** Adds the binding of a target group, under the same resource id. */
export function buildTargetGroupBinding(
  draft: StackDraft,
  id: string,
  targetGroup: TargetGroupSpec,
  backend: ServiceBackend,
): void {
  const { service, reference, targetType } = backend;
  const networking = buildNetworking(draft, targetGroup, backend);
  const labels = targetType === "instance" ? readBoth(draft, backend, "target-node-labels") : undefined;
  const spec: TargetGroupBindingSpec = {
    namespace: service.metadata.namespace ?? "",
    name: targetGroup.name,
    labels: stackLabels(draft.group),
    targetGroupArn: referTo("targetGroup", id, "arn"),
    targetType,
    serviceRef: { name: service.metadata.name, port: reference },
    ...(networking !== undefined && { networking: { ingress: networking } }),
    ...(labels !== undefined && Object.keys(labels).length > 0 && { nodeSelector: { matchLabels: labels } }),
    ipAddressType: targetGroup.ipAddressType ?? "ipv4",
    vpcId: draft.group.facts.vpc.id,
    ...(isMultiCluster(draft, backend) && { multiClusterTargetGroup: true }),
    targetGroupProtocol: targetGroup.protocol,
  };
  addResource(draft, "targetGroupBinding", id, spec);
}

/** The Ingress wins when it says true; otherwise the Service decides. */
function isMultiCluster({ group }: StackDraft, { member, service }: ServiceBackend): boolean {
  const absent = ANNOTATIONS["multi-cluster-target-group"].defaultValue;
  const onIngress = readAnnotation(member.ingress, "multi-cluster-target-group", group.report) ?? absent;
  return onIngress || (readAnnotation(service, "multi-cluster-target-group", group.report) ?? absent);
}

function stackLabels({ explicit, stack }: GroupContext): StringMap {
  if (explicit) return { "ingress.k8s.aws/stack": stack };
  const slash = stack.indexOf("/");
  return {
    "ingress.k8s.aws/stack-namespace": stack.slice(0, slash),
    "ingress.k8s.aws/stack-name": stack.slice(slash + 1),
  };
}

/** Who may reach the endpoints: one rule a port, so that each can be aggregated by itself. */
function buildNetworking(
  draft: StackDraft,
  { port, healthCheck, targetControlPort, targetType }: TargetGroupSpec,
  backend: ServiceBackend,
): readonly NetworkingRule[] | undefined {
  const securityGroupId = draft.backendSecurityGroup;
  if (securityGroupId === undefined) return undefined;
  const from = [{ securityGroupId }];
  if (draft.group.settings.disableRestrictedSgRules) return [{ from, ports: [{ protocol: "TCP" }] }];
  const ports = [
    targetType === "instance" ? port : (backend.port.targetPort ?? port),
    ...(healthCheck.port === "traffic-port" ? [] : [healthCheck.port]),
    ...(targetControlPort === undefined ? [] : [targetControlPort]),
  ];
  return ports.map((number) => ({ from, ports: [{ protocol: "TCP" as const, port: number }] }));
}
