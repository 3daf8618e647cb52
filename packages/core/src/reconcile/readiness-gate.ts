/** Readiness gates: which Pods wait to hear from which target group, and of which target. */
import type { Stack } from "../model/graph.ts";
import type { Target } from "../model/inventory.ts";
import type { Pod } from "../model/kubernetes-workloads.ts";
import { type ResourceKey, resourceKey } from "../model/resource.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";

/** The beginning of the condition type; the binding's name follows (behaviour.md §4.13). */
export const READINESS_GATE_PREFIX = "target-health.elbv2.k8s.aws/";

/** A Pod that a target group's targets are in, and the condition it waits for. */
export interface GatedPod {
  readonly pod: Pod;
  /** The condition's type. */
  readonly gate: string;
  readonly targetGroup: ResourceKey;
  /** Ids of its targets: addresses of the Pod. */
  readonly addresses: readonly string[];
}

/** The Pods of a group's Services whose readiness depends on this group's target groups. */
export function gatedPods({ resources }: Pick<Stack, "resources">, snapshot: ClusterSnapshot): readonly GatedPod[] {
  const { pods = [], endpointSlices = [] } = snapshot;
  const gated = new Map(pods.flatMap((pod) => (gatesOf(pod).length > 0 ? [[keyOf(pod.metadata), pod] as const] : [])));
  if (gated.size === 0) return [];
  return Object.values(resources).flatMap((resource): readonly GatedPod[] => {
    if (resource.kind !== "targetGroupBinding" || resource.spec.targetType !== "ip") return [];
    const { name, namespace, serviceRef } = resource.spec;
    if (typeof name !== "string") return [];
    const gate = `${READINESS_GATE_PREFIX}${name}`;
    const addresses = new Map<string, Set<string>>();
    for (const { metadata, endpoints = [] } of endpointSlices) {
      if (metadata.namespace !== namespace || metadata.labels?.["kubernetes.io/service-name"] !== serviceRef.name)
        continue;
      for (const { targetRef, addresses: [address] = [] } of endpoints ?? []) {
        if (targetRef?.kind !== "Pod" || address === undefined) continue;
        const key = keyOf({ namespace: targetRef.namespace ?? namespace, name: targetRef.name ?? "" });
        const known = addresses.get(key);
        if (known === undefined) addresses.set(key, new Set([address]));
        else known.add(address);
      }
    }
    return [...addresses].flatMap(([key, ids]): readonly GatedPod[] => {
      const pod = gated.get(key);
      if (pod === undefined || !gatesOf(pod).includes(gate)) return [];
      return [{ pod, gate, targetGroup: resourceKey("targetGroup", resource.id), addresses: [...ids] }];
    });
  });
}

/** What the condition says of a Pod whose targets are in these states. No target: it isn't registered yet. */
export function gateState(states: readonly Target["state"][]): {
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
} {
  const [worst] = states.toSorted((a, b) => RANK.indexOf(a) - RANK.indexOf(b));
  if (worst === undefined) return { status: "Unknown", reason: "NotRegistered" };
  return { status: worst === "healthy" ? "True" : "False", reason: REASONS[worst] };
}

const RANK: readonly Target["state"][] = ["unhealthy", "initial", "draining", "unused", "unavailable", "healthy"];

const REASONS: { readonly [S in Target["state"]]: string } = {
  healthy: "Healthy",
  initial: "InitialHealthChecking",
  unhealthy: "Unhealthy",
  unused: "NotInUse",
  draining: "DeregistrationInProgress",
  unavailable: "HealthCheckDisabled",
};

function gatesOf({ spec }: Pod): readonly string[] {
  const { readinessGates = [] } = (spec ?? {}) as { readinessGates?: readonly { readonly conditionType?: string }[] };
  return readinessGates.flatMap(({ conditionType }) => (conditionType === undefined ? [] : [conditionType]));
}

function keyOf({ namespace = "", name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
