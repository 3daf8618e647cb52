/** Readiness gates: Pods learn whether their load balancer sends them traffic. */
import { type GatedPod, gatedPods, gateState, READINESS_GATE_PREFIX, type Stack, type Target } from "@elbplan/core";
import { gateWaited, isConflict, isNotFound, writeGate } from "@elbplan/k8s-source/cluster";
import { targetGroupArn } from "./knowledge.ts";
import type { ReconcileContext } from "./reconcile-context.ts";

/**
 * Writes the conditions of the Pods of a group that wait for them. Returns after how many milliseconds to look again;
 * undefined when all have what they wait for, or none waits. Rejects with the error of a look or of a write.
 */
export async function writeGates(context: ReconcileContext, stack: Stack): Promise<number | undefined> {
  const known = context.knowledge.known();
  if (known === undefined || context.settings.targetRegistration !== "direct") return undefined;
  const gated = gatedPods(stack, known.snapshot);
  if (gated.length === 0) return undefined;
  const { kubernetes, clock, signal, knowledge } = context;
  const groups = [...new Set(gated.map(({ targetGroup }) => targetGroup))];
  const health = new Map<string, readonly Target[]>();
  await Promise.all(
    groups.map(async (group) => {
      const arn = targetGroupArn(known, stack.id, group);
      if (arn !== undefined) health.set(group, await knowledge.targetHealth(arn));
    }),
  );
  let isWaiting = false;
  await Promise.all(
    gated.map(async ({ pod, gate, targetGroup, addresses }) => {
      const targets = (health.get(targetGroup) ?? []).filter(({ id }) => addresses.includes(id));
      const state = gateState(targets.map((target) => target.state));
      if (state.status !== "True") isWaiting = true;
      const didWrite = await writeGate(kubernetes, pod, gate, state, clock.date(), { signal }).catch(unlessGone);
      if (didWrite && state.status === "True") tellOpened(context, pod, gate);
    }),
  );
  return isWaiting ? context.targetsMs : undefined;
}

/** Pods come and go: one that is no more, or another by now, waits for nothing. */
function unlessGone(error: unknown): false {
  if (isNotFound(error) || isConflict(error)) return false;
  throw error;
}

function tellOpened({ clock, emit }: ReconcileContext, pod: GatedPod["pod"], gate: string): void {
  const milliseconds = gateWaited(pod, gate, clock.date());
  if (milliseconds === undefined) return;
  const name = gate.slice(READINESS_GATE_PREFIX.length);
  emit({ type: "gate", namespace: pod.metadata.namespace ?? "", name, pod: pod.metadata.name, milliseconds });
}
