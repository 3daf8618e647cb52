/** Instance targets: which nodes take traffic on a Service's node port. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Settings } from "../../model/settings.ts";
import { isUnknown } from "../../model/value.ts";
import { findService } from "../../resolve/cluster-index.ts";
import { nodePortOf } from "../../resolve/service-port.ts";
import type { ClusterEndpoints } from "./cluster-endpoints.ts";
import { selectorKey } from "./node-choice.ts";
import { type BoundPort, distinct, type Endpointed, maybeMore, type TargetEndpoint } from "./target-endpoint.ts";

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
  const choice = index.nodeChoices?.get(selectorKey(binding.nodeSelector?.matchLabels));
  if (choice === undefined) {
    return {
      unresolved: [diagnose("targets.not-given", "The input holds no Nodes; instance targets are left alone.")],
    };
  }
  const open = choice.ready.length === 0 && settings.featureGates.EndpointsFailOpen;
  const chosen = open ? choice.unknown : choice.ready;
  const diagnostics: Diagnostic[] = [];
  if (open && chosen.length > 0) {
    const message = `None of the ${choice.eligible} nodes for ${resource} is ready; the ${chosen.length} of unknown state are registered.`;
    diagnostics.push(diagnose("targets.fail-open", message, about));
  }
  const broken: Diagnostic[] = [];
  const endpoints = chosen.flatMap(({ object, instance }): readonly TargetEndpoint[] => {
    if ("id" in instance) return [{ target: { id: instance.id, port }, object }];
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
