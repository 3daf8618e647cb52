/** Waits: looked at again and again until they are met, or their deadline has passed. */
import type { ActionOf, CallError, WaitState } from "@elbplan/core";
import { isThrottled } from "../aws-error.ts";
import { type Attempt, attempt, type RunContext, sleep } from "./context.ts";
import { ofWait } from "./diagnostics.ts";
import type { RunStep } from "./result.ts";
import { tryAgainFor } from "./try-again.ts";

type Wait = ActionOf<"wait">;

/** At most so many seconds between two looks. */
export type WaitIntervals = { readonly [U in Wait["details"]["until"]]: number };

/**
 * Health checks come every 5 s at the soonest; a load balancer takes minutes, a certificate up to half an hour. What
 * drains has its time, and is looked at only because it may be gone before.
 */
export const WAIT_INTERVALS: WaitIntervals = {
  "targets-healthy": 5,
  "targets-drained": 60,
  "load-balancer-active": 5,
  "certificate-issued": 10,
};

/**
 * Carries out a wait. The first look is made at once; a look that fails for its connection counts as too early. What
 * drains is done at its deadline: that is the delay of deregistration since its target group lost its last rule.
 */
export async function performWait(context: RunContext, planned: Wait, ready: Wait): Promise<RunStep> {
  const { until, deadlineSeconds, onDeadline } = ready.details;
  const subject = String(ready.details.subject);
  const key = waitKey(planned.id, subject);
  const since = begunBefore(context, planned, key) ?? context.clock.now();
  const deadline = since + deadlineSeconds * 1000;
  const interval = context.intervals[until];
  const ended = (state: RunStep["state"], rest: Pick<RunStep, "diagnostic" | "error" | "note"> = {}): RunStep => ({
    action: planned.id,
    state,
    calls: 0,
    ...rest,
  });
  const began = context.clock.now();
  await context.note({
    entry: "waiting",
    action: planned.id,
    until,
    subject,
    forMilliseconds: Math.round(context.clock.now() - since),
  });
  for (let looks = 1; ; looks++) {
    if (context.signal.aborted) return ended("stopped");
    const look: Attempt<WaitState> = await context.limit(() => attempt(() => context.executor.met(ready)));
    if ("error" in look && !passes(context, planned, look.error, context.clock.now() - began)) {
      return ended("refused", { error: look.error, diagnostic: ofWait(planned, "run.hopeless", look.error.message) });
    }
    const state: WaitState = "value" in look ? look.value : { state: "unmet", note: look.error.message };
    const note = state.note === undefined ? {} : { note: state.note };
    if (state.state === "met") {
      await context.note({ entry: "met", action: planned.id });
      return ended("done", note);
    }
    if (state.state === "failed") return ended("refused", { diagnostic: ofWait(planned, "run.hopeless", state.note) });
    if (context.clock.now() >= deadline) {
      if (until === "targets-drained") {
        await context.note({ entry: "met", action: planned.id });
        return ended("done");
      }
      const diagnostic = ofWait(planned, "run.deadline", state.note, onDeadline);
      return ended(onDeadline === "continue" ? "done" : "refused", { diagnostic });
    }
    if (context.waits === "return") {
      const againInMilliseconds = Math.min(interval * 1000, deadline - context.clock.now());
      context.pending.push({ action: planned.id, until, subject, since, againInMilliseconds });
      return ended("waiting", note);
    }
    if (looks === 1) context.emit({ type: "waiting", action: planned, ...note });
    await sleep(context, Math.min(interval, Math.max(0, deadline - context.clock.now()) / 1000));
  }
}

/** When an earlier run began the wait. A target group that loses its last rule only in this run drains from then on. */
function begunBefore({ waitingSince }: RunContext, { details, dependsOn }: Wait, key: string): number | undefined {
  return details.until === "targets-drained" && dependsOn.length > 0 ? undefined : waitingSince.get(key);
}

/** What a wait is remembered by over several runs. */
export function waitKey(action: string, subject: string): string {
  return JSON.stringify([action, subject]);
}

/** What was created a moment ago may not be seen at once. */
function passes({ tryAgain }: RunContext, planned: Wait, error: CallError, forMilliseconds: number): boolean {
  if (error.outcome === "unknown" || isThrottled(error)) return true;
  const row = tryAgainFor(tryAgain, planned, { operation: planned.details.until }, error);
  return row !== undefined && forMilliseconds < row.forSeconds * 1000;
}
