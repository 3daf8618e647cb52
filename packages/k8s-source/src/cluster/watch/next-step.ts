/** What a reflector does after a list or a watch has ended. Pure: the reflector does it. */

/** How a list or watch ended. */
export type Ended =
  /** The list was read. */
  | { readonly how: "listed" }
  /** The server closed a watch in its own time. */
  | { readonly how: "closed" }
  /** The resource version is too old, or one that the server has never had. */
  | { readonly how: "expired" }
  /** Not allowed. */
  | { readonly how: "forbidden" }
  /** There is no such kind. */
  | { readonly how: "missing" }
  /** Anything else: no answer, an error, silence, nonsense. */
  | { readonly how: "failed"; readonly retryAfterSeconds?: number };

/** What is remembered between two steps. */
export interface Progress {
  /** Ends in a row that weren't those of a watch in good health. */
  readonly failures: number;
  /** Whether a resource version is known from which a watch can go on. */
  readonly canWatch: boolean;
}

export interface Step {
  readonly next: "list" | "watch";
  readonly waitMs: number;
  readonly progress: Progress;
}

export interface Timing {
  /** The first wait, doubled with each further failure. */
  readonly baseMs: number;
  readonly capMs: number;
  /** A watch that lived as long was in good health, however it ended. */
  readonly healthyMs: number;
  /** Cap of the waits between two looks for a kind that isn't there, or isn't allowed. */
  readonly absentMs: number;
  /** Failures in a row after which the resource version itself is in doubt. */
  readonly doubtAfter: number;
}

export const DEFAULT_TIMING: Timing = {
  baseMs: 500,
  capMs: 30_000,
  healthyMs: 30_000,
  absentMs: 60_000,
  doubtAfter: 5,
};

export const NOTHING_YET: Progress = { failures: 0, canWatch: false };

/**
 * The next step. A watch that was in good health begins again at once; whatever else happens waits, ever longer, by a
 * jitter so that reflectors that failed together don't come back together. A server that closes every watch at once, or
 * answers 410 to every watch, is asked ever more rarely too: nothing but time in good health counts as success. An API
 * server that starts refuses and denies what it will allow and have in a moment, so that is asked for soon at first.
 * `livedMs`: how long the watch delivered; `random`: from 0 to 1.
 */
export function nextStep(
  { failures, canWatch }: Progress,
  ended: Ended,
  livedMs: number,
  random: number,
  timing: Timing = DEFAULT_TIMING,
): Step {
  if (ended.how === "listed") {
    return { next: "watch", waitMs: 0, progress: { failures, canWatch: true } };
  }
  const healthy = livedMs >= timing.healthyMs;
  if (healthy && ended.how === "closed") {
    return { next: "watch", waitMs: 0, progress: { failures: 0, canWatch } };
  }
  const count = (healthy ? 0 : failures) + 1;
  const isAbsent = ended.how === "forbidden" || ended.how === "missing";
  const mayWatch = canWatch && !isAbsent && ended.how !== "expired" && count % timing.doubtAfter !== 0;
  const cap = isAbsent ? timing.absentMs : timing.capMs;
  const wait = spread(Math.min(cap, timing.baseMs * 2 ** Math.min(count - 1, 20)), random);
  const asked = ended.how === "failed" ? (ended.retryAfterSeconds ?? 0) * 1000 : 0;
  return {
    next: mayWatch ? "watch" : "list",
    waitMs: Math.max(wait, Math.min(asked, timing.capMs)),
    progress: { failures: count, canWatch: mayWatch },
  };
}

/** Half of the time is certain, the other half is luck. */
function spread(milliseconds: number, random: number): number {
  return milliseconds * (0.5 + random / 2);
}
