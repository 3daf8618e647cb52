/** What all actions of a run share. */
import type { Action, CallError, Executor, Outputs, SentClients } from "@elbplan/core";
import type { Clock } from "../clock.ts";
import type { JournalEntry } from "./journal.ts";
import type { PendingWait, RunEvent } from "./result.ts";
import type { TryAgain, TryAgainLimit } from "./try-again.ts";
import type { WaitIntervals } from "./wait.ts";

export interface RunContext {
  readonly executor: Executor;
  readonly clock: Clock;
  /** Aborted: nothing more is begun. */
  readonly signal: AbortSignal;
  readonly tryAgain: readonly TryAgain[];
  readonly intervals: WaitIntervals;
  readonly waits: "block" | "return";
  readonly waitingSince: ReadonlyMap<string, number>;
  /** What was created so far; replaced, never changed. */
  outputs: Outputs;
  readonly pending: PendingWait[];
  /** OIDC clients that AWS has been sent, by the ARN of the rule or listener. */
  readonly clients: Map<string, SentClients[string]>;
  /** Runs a call when fewer than the run's parallelism are under way. */
  readonly limit: <T>(call: () => Promise<T>) => Promise<T>;
  readonly emit: (event: RunEvent) => void;
  /** Resolves when the entry is safe. A journal that can't be written ends the run. */
  readonly note: (entry: JournalEntry) => Promise<void>;
}

/** How an attempt ended. */
export type Attempt<T> = { readonly value: T } | { readonly error: CallError };

/** Makes an attempt; a rejection that is no `CallError` counts as one without an answer. */
export async function attempt<T>(call: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await call() };
  } catch (thrown) {
    return { error: callErrorOf(thrown) };
  }
}

/** How long an action has been put off. What it waits for its turn among others doesn't count. */
export interface Patience {
  /** Makes a call in its turn. */
  inTurn<T>(call: () => Promise<T>): Promise<T>;
  /** When it was put off first for what a limit is of, or now; later by all the waiting for turns since. */
  since(limit: TryAgainLimit): number;
}

export function patience({ clock, limit }: Pick<RunContext, "clock" | "limit">): Patience {
  const since = new Map<TryAgainLimit, number>();
  return {
    inTurn: (call) => {
      const asked = clock.now();
      return limit(() => {
        const waited = clock.now() - asked;
        for (const [of, first] of since) since.set(of, first + waited);
        return call();
      });
    },
    since: (limit) => {
      const first = since.get(limit) ?? clock.now();
      since.set(limit, first);
      return first;
    },
  };
}

/** Sleeps, and tells whether the run goes on. */
export async function sleep({ clock, signal }: RunContext, seconds: number): Promise<boolean> {
  try {
    await clock.sleep(seconds * 1000, signal);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
  return !signal.aborted;
}

/** Tells that something is tried again and sleeps until then; false if the run doesn't go on or the time is up. */
export async function pause(
  context: RunContext,
  action: Action,
  error: CallError,
  limit: TryAgainLimit,
  patient: Patience,
): Promise<boolean> {
  const { everySeconds, forSeconds } = limit;
  if (context.clock.now() + everySeconds * 1000 > patient.since(limit) + forSeconds * 1000) return false;
  context.emit({ type: "again", action, error, inMilliseconds: everySeconds * 1000 });
  return sleep(context, everySeconds);
}

function callErrorOf(thrown: unknown): CallError {
  const fields = new Map(typeof thrown === "object" && thrown !== null ? Object.entries(thrown) : []);
  const [code, outcome, requestId, told] = ["code", "outcome", "requestId", "message"].map((name) => fields.get(name));
  return {
    code: typeof code === "string" ? code : thrown instanceof Error ? thrown.name : "Error",
    message: typeof told === "string" ? told : thrown instanceof Error ? thrown.message : String(thrown),
    outcome: outcome === "refused" ? "refused" : "unknown",
    ...(typeof requestId === "string" ? { requestId } : {}),
  };
}
