/** Readiness gates: what tells a Pod whether a load balancer sends it traffic. */
import { type Pod, READINESS_GATE_PREFIX } from "@elbplan/core";
import type { CallOptions, KubernetesApi } from "../api/kubernetes-api.ts";
import { pathOfObject } from "./object-path.ts";

/** The state of a target as its Pod's condition has it. */
export interface GateState {
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
}

/** The condition type of a binding's gate. */
export function readinessGate(bindingName: string): string {
  return `${READINESS_GATE_PREFIX}${bindingName}`;
}

/** Whether a Pod waits for the gate. */
export function hasGate({ spec }: Pod, gate: string): boolean {
  const { readinessGates = [] } = (spec ?? {}) as { readinessGates?: readonly { readonly conditionType?: string }[] };
  return readinessGates.some(({ conditionType }) => conditionType === gate);
}

/** The condition to write; undefined if the Pod has no such gate, or the condition is as it should be. */
export function gateCondition(pod: Pod, gate: string, state: GateState, date: Date): object | undefined {
  if (!hasGate(pod, gate)) return undefined;
  const conditions = (pod.status?.conditions ?? []) as readonly (GateState & { readonly type: string })[];
  const current = conditions.find(({ type }) => type === gate);
  const { status, reason = "", message = "" } = state;
  const isSo = current?.status === status && (current.reason ?? "") === reason && (current.message ?? "") === message;
  if (isSo) return undefined;
  // The time is that of the last change of the status, not of its reason.
  const turned = current?.status === status ? {} : { lastTransitionTime: date.toISOString().replace(/\.\d+Z$/, "Z") };
  return { type: gate, status, reason, message, ...turned };
}

/** For how many milliseconds a Pod has waited for the gate; undefined if its condition doesn't tell, or says that it is over. */
export function gateWaited(pod: Pod, gate: string, date: Date): number | undefined {
  const conditions = (pod.status?.conditions ?? []) as readonly (GateState & {
    readonly type: string;
    readonly lastTransitionTime?: unknown;
  })[];
  const current = conditions.find(({ type }) => type === gate);
  if (current?.status === "True" || typeof current?.lastTransitionTime !== "string") return undefined;
  const waited = date.getTime() - Date.parse(current.lastTransitionTime);
  return waited >= 0 ? waited : undefined;
}

/** Writes a gate's condition if it isn't so already, and tells whether it did. Rejects with a KubernetesError. */
export async function writeGate(
  api: KubernetesApi,
  pod: Pod,
  gate: string,
  state: GateState,
  date: Date,
  options?: CallOptions,
): Promise<boolean> {
  const condition = gateCondition(pod, gate, state, date);
  if (condition === undefined) return false;
  const { uid } = pod.metadata;
  await api.call(
    {
      method: "PATCH",
      path: pathOfObject(pod, "status"),
      // Conditions are merged by their type.
      patchType: "application/strategic-merge-patch+json",
      body: { ...(uid !== undefined && { metadata: { uid } }), status: { conditions: [condition] } },
    },
    options,
  );
  return true;
}
