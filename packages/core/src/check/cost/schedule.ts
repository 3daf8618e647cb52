/** When each call of a plan could be made: as soon as what it depends on is done and its buckets give a token. */
import type { Action } from "../../model/action.ts";
import type { Call } from "../../model/plan.ts";
import { type RateBucket, takesToken } from "./buckets.ts";

export interface ScheduledAction {
  readonly action: Action;
  /** null for a wait. */
  readonly call: Call | null;
}

export interface Pacing {
  readonly buckets: readonly RateBucket[];
  /** From sending a call to its answer. */
  readonly latencySeconds: number;
  /** How long a wait takes. */
  readonly waitSeconds: (action: Action) => number;
}

/** A bucket's tokens at a time; below zero when calls have been promised tokens that are still to come. */
interface Level {
  readonly bucket: RateBucket;
  tokens: number;
  at: number;
}

/**
 * Seconds until the last action is done, with as much in parallel as the dependencies allow. Calls that wait for a
 * token get theirs in the order in which they became ready, then in the plan's.
 */
export function scheduleSeconds(actions: readonly ScheduledAction[], pacing: Pacing): number {
  const levels = pacing.buckets.map((bucket): Level => ({ bucket, tokens: bucket.capacity, at: 0 }));
  const dependents = new Map<string, number[]>();
  const unmet = actions.map(({ action }) => action.dependsOn.length);
  const readyAt = actions.map(() => 0);
  for (const [index, { action }] of actions.entries()) {
    for (const id of action.dependsOn) dependents.set(id, [...(dependents.get(id) ?? []), index]);
  }
  const ready = new Set(unmet.flatMap((count, index) => (count === 0 ? [index] : [])));
  let last = 0;
  while (ready.size > 0) {
    const next = earliest(ready, readyAt);
    ready.delete(next);
    const scheduled = actions[next];
    if (scheduled === undefined) continue;
    const done = doneAt(scheduled, readyAt[next] ?? 0, levels, pacing);
    last = Math.max(last, done);
    for (const index of dependents.get(scheduled.action.id) ?? []) {
      readyAt[index] = Math.max(readyAt[index] ?? 0, done);
      unmet[index] = (unmet[index] ?? 0) - 1;
      if (unmet[index] === 0) ready.add(index);
    }
  }
  return last;
}

/** Calls on the longest way through the dependencies: the least number of rounds, however much runs in parallel. */
export function callDepth(actions: readonly ScheduledAction[]): number {
  const depths = new Map<string, number>();
  for (const { action, call } of actions) {
    const before = action.dependsOn.reduce((depth, id) => Math.max(depth, depths.get(id) ?? 0), 0);
    depths.set(action.id, before + (call === null ? 0 : 1));
  }
  return Math.max(0, ...depths.values());
}

function earliest(ready: ReadonlySet<number>, readyAt: readonly number[]): number {
  let best = -1;
  for (const index of ready) {
    const difference = best === -1 ? -1 : (readyAt[index] ?? 0) - (readyAt[best] ?? 0);
    if (difference < 0 || (difference === 0 && index < best)) best = index;
  }
  return best;
}

function doneAt(
  { action, call }: ScheduledAction,
  readyAt: number,
  levels: readonly Level[],
  { latencySeconds, waitSeconds }: Pacing,
): number {
  if (call === null) return readyAt + waitSeconds(action);
  let start = readyAt;
  for (const level of levels) {
    if (!takesToken(level.bucket, call)) continue;
    const { capacity, refillPerSecond } = level.bucket;
    level.tokens = Math.min(capacity, level.tokens + (readyAt - level.at) * refillPerSecond) - 1;
    level.at = readyAt;
    if (level.tokens < 0) start = Math.max(start, readyAt - level.tokens / refillPerSecond);
  }
  return start + latencySeconds;
}
