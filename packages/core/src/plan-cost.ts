/** What carrying out a plan costs: calls, time, permissions. Read from the calls that the actions mean. */
import { callFor } from "./call-for.ts";
import { DEFAULT_BUCKETS, takesToken } from "./check/cost/buckets.ts";
import type { CostOptions, PlanCost } from "./check/cost/cost.ts";
import { iamActionsOf } from "./check/cost/iam-actions.ts";
import { callDepth, type ScheduledAction, scheduleSeconds } from "./check/cost/schedule.ts";
import { compareStrings } from "./lib/compare.ts";
import type { Call, Plan } from "./model/plan.ts";

/**
 * Counts the calls of a plan and predicts how long it takes: everything as soon as its dependencies are done and its
 * buckets, full at the start and used by nobody else, give a token.
 */
export function planCost(plan: Pick<Plan, "actions">, options: CostOptions = {}): PlanCost {
  const { buckets = DEFAULT_BUCKETS, latencySeconds = 0.25 } = options;
  const scheduled = plan.actions.map((action): ScheduledAction => ({ action, call: callFor(action) }));
  const calls = scheduled.flatMap(({ call }) => (call === null ? [] : [call]));
  const kubernetesWrites = calls.filter(({ service }) => service === "kubernetes").length;
  const pace = { buckets, latencySeconds };
  return {
    calls: calls.length - kubernetesWrites,
    kubernetesWrites,
    operations: countOperations(calls),
    buckets: buckets.flatMap((bucket) => {
      const taken = calls.filter((call) => takesToken(bucket, call)).length;
      const atLeastSeconds = milliseconds(Math.max(0, taken - bucket.capacity) / bucket.refillPerSecond);
      return taken === 0 ? [] : [{ bucket, calls: taken, atLeastSeconds }];
    }),
    depth: callDepth(scheduled),
    seconds: milliseconds(scheduleSeconds(scheduled, { ...pace, waitSeconds: () => 0 })),
    secondsAtMost: milliseconds(
      scheduleSeconds(scheduled, {
        ...pace,
        waitSeconds: (action) => (action.kind === "wait" ? action.details.deadlineSeconds : 0),
      }),
    ),
    iamActions: [...new Set(scheduled.flatMap(({ action, call }) => iamActionsOf(action, call)))].sort(compareStrings),
  };
}

function countOperations(calls: readonly Call[]): PlanCost["operations"] {
  const counts = new Map<string, { service: Call["service"]; operation: string; calls: number }>();
  for (const { service, operation } of calls) {
    const key = `${service} ${operation}`;
    const count = counts.get(key);
    if (count === undefined) counts.set(key, { service, operation, calls: 1 });
    else count.calls += 1;
  }
  return [...counts].sort(([a], [b]) => compareStrings(a, b)).map(([, count]) => count);
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
