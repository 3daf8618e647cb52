/** Instance targets: which nodes take traffic on a Service's node port. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { LabelSelector } from "../../model/kubernetes.ts";
import type { Node } from "../../model/kubernetes-workloads.ts";
import type { Settings } from "../../model/settings.ts";
import { isUnknown, type StringMap } from "../../model/value.ts";
import { quote } from "../../read/grammar.ts";
import { refOf } from "../../read/member.ts";
import { findService } from "../../resolve/cluster-index.ts";
import { selectorMatches } from "../../resolve/label-selector.ts";
import { nodePortOf } from "../../resolve/service-port.ts";
import { type ClusterEndpoints, conditionStatus } from "./cluster-endpoints.ts";
import { type BoundPort, distinct, type Endpointed, maybeMore, type TargetEndpoint } from "./target-endpoint.ts";

/** Nodes that Kubernetes and EKS keep out of load balancers, as LBC selects them. */
const ELIGIBLE: LabelSelector = {
  matchExpressions: [
    { key: "node-role.kubernetes.io/master", operator: "DoesNotExist" },
    { key: "node.kubernetes.io/exclude-from-external-load-balancers", operator: "DoesNotExist" },
    { key: "alpha.service-controller.kubernetes.io/exclude-balancer", operator: "DoesNotExist" },
    { key: "eks.amazonaws.com/compute-type", operator: "NotIn", values: ["fargate"] },
  ],
};

/** Taints of nodes that are about to go; without an effect, any counts. */
const LEAVING: readonly { readonly key: string; readonly effect?: string }[] = [
  { key: "ToBeDeletedByClusterAutoscaler" },
  { key: "karpenter.sh/disrupted", effect: "NoSchedule" },
];

/**
 * The nodes that a binding of type instance registers, each with the Service's node port: eligible by labels, taints
 * and the binding's selector, and ready; if none is ready and gate EndpointsFailOpen is on, those whose readiness is
 * unknown. As for LBC one node among them whose instance id can't be told makes the whole unresolved.
 */
export function nodeEndpoints(index: ClusterEndpoints, bound: BoundPort, settings: Settings): Endpointed {
  const { stack, resource, binding } = bound;
  const about = { stack, resource };
  const port = nodePort(index, bound);
  if (typeof port !== "number") return { unresolved: [{ ...port, ...about }] };
  if (index.nodes === undefined) {
    return {
      unresolved: [diagnose("targets.not-given", "The input holds no Nodes; instance targets are left alone.")],
    };
  }
  const eligible = [...index.nodes.values()].filter((node) => isEligible(node, binding.nodeSelector?.matchLabels));
  const ready = eligible.filter((node) => conditionStatus(node, "Ready") === "True");
  const open = ready.length === 0 && settings.featureGates.EndpointsFailOpen;
  const chosen = open ? eligible.filter((node) => conditionStatus(node, "Ready") === "Unknown") : ready;
  const diagnostics: Diagnostic[] = [];
  if (open && chosen.length > 0) {
    const message = `None of the ${eligible.length} nodes for ${resource} is ready; the ${chosen.length} of unknown state are registered.`;
    diagnostics.push(diagnose("targets.fail-open", message, about));
  }
  const broken: Diagnostic[] = [];
  const endpoints = chosen.flatMap((node): readonly TargetEndpoint[] => {
    const instance = instanceOf(node);
    if ("id" in instance) return [{ target: { id: instance.id, port }, object: refOf(node) }];
    (instance.problem.severity === "error" ? broken : diagnostics).push(instance.problem);
    return [];
  });
  if (broken.length > 0) return { unresolved: broken };
  const partial = !index.whole.has("Node");
  if (partial) diagnostics.push(maybeMore("Node"));
  return { endpoints: distinct(endpoints), diagnostics, partial };
}

function nodePort(index: ClusterEndpoints, { binding, port }: BoundPort): number | Diagnostic {
  const { namespace, serviceRef } = binding;
  const service = findService(index.cluster, namespace, serviceRef.name);
  const type = service?.spec?.type;
  const exposed = type === "NodePort" || type === "LoadBalancer";
  const number = service !== undefined && exposed ? nodePortOf(service, port) : undefined;
  if (typeof number === "number") return number;
  const object = { kind: "Service", namespace, name: serviceRef.name };
  const name = `Service ${namespace}/${serviceRef.name}`;
  return isUnknown(number)
    ? diagnose("targets.port-unknown", `${name} has no node port yet for port ${port.port}.`, { object })
    : diagnose(
        "targets.no-node-port",
        `${name} of type ${type ?? "ClusterIP"} has no node port for port ${port.port}.`,
        {
          object,
          field: exposed ? "/spec/ports" : "/spec/type",
        },
      );
}

function isEligible(node: Node, selector: StringMap = {}): boolean {
  const labels = node.metadata.labels ?? {};
  const taints = node.spec?.taints ?? [];
  const leaves = taints.some((taint) =>
    LEAVING.some(({ key, effect }) => taint.key === key && (effect === undefined || taint.effect === effect)),
  );
  return (
    !leaves && selectorMatches(ELIGIBLE, labels) === true && selectorMatches({ matchLabels: selector }, labels) === true
  );
}

/** The last segment of a provider id is the instance's id, as for LBC; a hybrid node's names a managed instance. */
function instanceOf(node: Node): { readonly id: string } | { readonly problem: Diagnostic } {
  const providerId = node.spec?.providerID ?? "";
  const id = providerId.slice(providerId.lastIndexOf("/") + 1);
  const rest = { object: refOf(node), field: "/spec/providerID" };
  const name = `Node ${node.metadata.name}`;
  if (/^i-[^/]*$/.test(id)) return { id };
  if (providerId.startsWith("eks-hybrid://") || /^(hybrid-)?mi-/.test(id)) {
    return { problem: diagnose("targets.hybrid-node", `${name} (${quote(providerId)}) is no EC2 instance.`, rest) };
  }
  const what =
    providerId === "" ? "has no providerID" : `has the providerID ${quote(providerId)}, which ends in no instance id`;
  return { problem: diagnose("targets.provider-id-invalid", `${name} ${what}.`, rest) };
}
