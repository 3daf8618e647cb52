/** What carrying out a plan costs: calls, time, permissions. Read from the calls that the actions mean. */
import { callFor } from "./call-for.ts";
import { DEFAULT_BUCKETS, type RateBucket, takesToken } from "./check/cost/buckets.ts";
import { iamActionsOf } from "./check/cost/iam-actions.ts";
import { callDepth, type ScheduledAction, scheduleSeconds } from "./check/cost/schedule.ts";
import { compareStrings } from "./lib/compare.ts";
import type { Call, Plan } from "./model/plan.ts";

export interface CostOptions {
  /** AWS's documented buckets by default. */
  readonly buckets?: readonly RateBucket[];
  /** From sending a call to its answer, in seconds; 0.25 by default. */
  readonly latencySeconds?: number;
}

export interface PlanCost {
  /** AWS calls that change something. */
  readonly calls: number;
  readonly kubernetesWrites: number;
  /** Writes to Kubernetes too; sorted by service and operation. */
  readonly operations: readonly {
    readonly service: Call["service"];
    readonly operation: string;
    readonly calls: number;
  }[];
  /** Buckets of which the plan takes tokens, in the order given. */
  readonly buckets: readonly {
    readonly bucket: RateBucket;
    readonly calls: number;
    /** Seconds until the bucket has given all these tokens, if it is full and nobody else takes any. */
    readonly atLeastSeconds: number;
  }[];
  /** Calls that must follow one another. */
  readonly depth: number;
  /** From the first call to the last answer, waits taking no time; rounded to milliseconds. */
  readonly seconds: number;
  /** The same if every wait lasts until its deadline. */
  readonly secondsAtMost: number;
  /** IAM actions needed, sorted, for instance `elasticloadbalancing:CreateRule`. */
  readonly iamActions: readonly string[];
}

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
