/** IP targets: the pods behind a Service's port, by EndpointSlices or Endpoints. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import { addressText, parseAddress, parseRange, rangeHolds } from "../../lib/address-range.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Facts } from "../../model/facts.ts";
import type { Settings } from "../../model/settings.ts";
import type { ObjectRef } from "../../model/snapshot.ts";
import { enumerate, quote } from "../../read/grammar.ts";
import type { ClusterEndpoints } from "./cluster-endpoints.ts";
import { conditionStatus } from "./condition-status.ts";
import { type ServiceAddress, serviceAddresses } from "./service-addresses.ts";
import { type BoundPort, distinct, type Endpointed, maybeMore, type TargetEndpoint } from "./target-endpoint.ts";

/** `untold`: it depends on objects that the input doesn't hold and may only lack. */
type Readiness = "ready" | "unknown" | "no" | "untold";

/**
 * The pods that a binding of type ip registers. Ports are those named like the Service's port; a Service port without a
 * name takes every port. An address is a target if it is a Pod's and ready, or lacks nothing but its readiness gates on
 * a ready node and isn't terminating; when none is, and gate EndpointsFailOpen is on, also those with ready containers
 * on a node of unknown state. As LBC does, except that other address families are left out of Endpoints too, and that
 * whatever the objects contradict one another about (a Service without a slice, an address of a Pod that isn't listed:
 * one of them is older than the other) is no reason to deregister.
 */
export function podEndpoints(index: ClusterEndpoints, bound: BoundPort, facts: Facts, settings: Settings): Endpointed {
  const { stack, resource, binding, port } = bound;
  const about = { stack, resource };
  const told = serviceAddresses(index, binding, settings);
  if (told === undefined) {
    const message = "The input holds no EndpointSlices; ip targets are left alone.";
    return { unresolved: [diagnose("targets.not-given", message)] };
  }
  const family = binding.ipAddressType === "ipv6" ? 16 : 4;
  const zoneOf = zoneFinder(facts);
  const found: Record<Readiness, TargetEndpoint[]> = { ready: [], unknown: [], no: [], untold: [] };
  const strangers = new Set<string>();
  const broken: Diagnostic[] = [];
  for (const candidate of told.addresses) {
    const pod = podOf(candidate);
    if (pod === undefined) continue;
    if (index.pods?.has(`${pod.namespace}/${pod.name}`) === false) {
      strangers.add(pod.name);
      continue;
    }
    const bytes = parseAddress(candidate.address);
    if (bytes === undefined) {
      const message = `${candidate.object.kind} ${candidate.object.namespace}/${candidate.object.name} has the address ${quote(candidate.address)}, which is no IP address.`;
      broken.push(diagnose("targets.address-invalid", message, { object: candidate.object }));
      continue;
    }
    if (bytes.length !== family) continue;
    const zone = zoneOf(bytes);
    for (const { name = "", port: number } of candidate.ports) {
      if (number === undefined || (port.name !== undefined && port.name !== "" && port.name !== name)) continue;
      const target = { id: addressText(bytes), port: number, ...(zone !== undefined && { availabilityZone: zone }) };
      found[readinessOf(index, candidate, pod)].push({ target, object: pod });
    }
  }
  if (broken.length > 0) return { unresolved: broken };
  const diagnostics: Diagnostic[] = [];
  const isWhole = index.whole.has(told.kind);
  if (!isWhole) diagnostics.push(maybeMore(told.kind));
  if (told.untold) {
    const message = `The input holds no ${told.kind} of Service ${binding.namespace}/${binding.serviceRef.name}; no target of it is deregistered.`;
    diagnostics.push(diagnose("targets.service-untold", message, about));
  }
  if (found.untold.length > 0) {
    const message = `Whether ${found.untold.length} endpoints for ${resource} are ready is told by Pods and Nodes that the input doesn't hold.`;
    diagnostics.push(diagnose("targets.readiness-untold", message, about));
  }
  if (strangers.size > 0) {
    const message = `${strangers.size} endpoints of Service ${binding.namespace}/${binding.serviceRef.name} belong to Pods that the input doesn't hold: ${enumerate([...strangers].sort())}.`;
    diagnostics.push(diagnose("targets.pod-unknown", message, about));
  }
  const open = found.ready.length === 0 && settings.featureGates.EndpointsFailOpen;
  const chosen = distinct(open ? found.unknown : found.ready);
  if (open && chosen.length > 0) {
    const message = `No endpoint for ${resource} is ready; the ${chosen.length} on nodes of unknown state are registered.`;
    diagnostics.push(diagnose("targets.fail-open", message, about));
  }
  const partial = !isWhole || told.untold || found.untold.length > 0 || strangers.size > 0;
  return { endpoints: chosen, diagnostics, partial };
}

function podOf({ pod, object }: ServiceAddress): ObjectRef | undefined {
  if (pod?.kind !== "Pod" || pod.name === undefined) return undefined;
  return { kind: "Pod", namespace: pod.namespace ?? object.namespace ?? "", name: pod.name };
}

function readinessOf(
  { pods, nodes, whole }: ClusterEndpoints,
  candidate: ServiceAddress,
  { namespace, name }: ObjectRef,
): Readiness {
  if (candidate.ready) return "ready";
  const pod = pods?.get(`${namespace}/${name}`);
  if (pod === undefined) return "untold";
  if (conditionStatus(pod, "ContainersReady") !== "True") return "no";
  const node = nodes?.get(pod.spec?.nodeName ?? candidate.nodeName ?? "");
  const state = node && conditionStatus(node, "Ready");
  if (node === undefined && !whole.has("Node")) return "untold";
  const terminating = candidate.terminating ?? pod.metadata.deletionTimestamp !== undefined;
  if (state === "True") return terminating ? "no" : "ready";
  return state === "Unknown" ? "unknown" : "no";
}

/** `all` for addresses that no block of the VPC holds (ELB API Reference: TargetDescription). */
function zoneFinder({ vpc }: Facts): (address: readonly number[]) => string | undefined {
  const ranges = [...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks].flatMap((cidr) => parseRange(cidr) ?? []);
  // A VPC always has a block: without one nothing is known of it.
  if (ranges.length === 0) return () => undefined;
  return (address) => (ranges.some((range) => rangeHolds(range, address)) ? undefined : "all");
}
