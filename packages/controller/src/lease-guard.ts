/**
 * Writes only while the lease outlives them. AWS knows no fencing token, so a leader must see to it by itself that nothing
 * of its doing begins, or is still under way, when somebody else may lead.
 */
import { type AwsApi, AwsError } from "@elbplan/aws-executor";
import { type Clock, type KubernetesApi, KubernetesError, systemClock } from "@elbplan/k8s-source/cluster";

export interface LeaseGuard {
  /** Until when, by the clock, nobody else can lead, and -Infinity when that isn't us: `heldUntil` of a leader election. */
  readonly heldUntil: () => number;
  /** The longest that a write may take. It begins only if it must be over while the lease is held, and is cut off then. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/** A guard that lets no write begin, for who only looks. */
export const NO_WRITES: LeaseGuard = { heldUntil: () => Number.NEGATIVE_INFINITY, timeoutMs: 0 };

/** While a write is under way, the lease is looked at as often: a machine that slept, or a hand that took it, is seen. */
const LOOK_MS = 250;

/**
 * Guards the writes of a port to a cluster; what reads passes. A write that may not begin rejects with a KubernetesError
 * of reason `LeaseTooShort`, outcome `refused`; one that was cut off with `LeaseLost` or `TimedOut`, outcome `unknown`.
 */
export function guardedKubernetes(api: KubernetesApi, guard: LeaseGuard): KubernetesApi {
  return {
    watch: api.watch,
    call: (request, options = {}) => {
      if (request.method === "GET") return api.call(request, options);
      const limitMs = Math.min(options.timeoutMs ?? guard.timeoutMs, guard.timeoutMs);
      return whileHeld({ ...guard, timeoutMs: limitMs }, options.signal, {
        write: (signal) => api.call(request, { ...options, signal, timeoutMs: limitMs }),
        error: (stopped) =>
          new KubernetesError(`${request.method} ${request.path}: ${wordsOf(stopped, guard)}`, {
            reason: stopped,
            outcome: outcomeOf(stopped),
          }),
      });
    },
  };
}

/** The same for AWS, with AwsErrors of these codes. It belongs around what sends, within throttles. */
export function guardedAws(api: AwsApi, guard: LeaseGuard): AwsApi {
  return (call, options = {}) => {
    if (/^(?:Describe|Get|List)/.test(call.operation)) return api(call, options);
    return whileHeld(guard, options.signal, {
      write: (signal, check) => api(call, { ...options, signal, beforeSending: check }),
      error: (stopped) =>
        new AwsError({
          code: stopped,
          message: `${call.operation}: ${wordsOf(stopped, guard)}`,
          operation: call.operation,
          outcome: outcomeOf(stopped),
        }),
    });
  };
}

type Stopped = "LeaseTooShort" | "LeaseLost" | "TimedOut";

function outcomeOf(stopped: Stopped): "refused" | "unknown" {
  return stopped === "LeaseTooShort" ? "refused" : "unknown";
}

function wordsOf(stopped: Stopped, guard: LeaseGuard): string {
  switch (stopped) {
    case "LeaseTooShort":
      if (guard === NO_WRITES) return "not sent, for nothing is to be written";
      return `not sent, for the lease isn't held for another ${guard.timeoutMs / 1000} s`;
    case "LeaseLost":
      return "cut off, for the lease isn't held any more";
    case "TimedOut":
      return "cut off, for no answer came while the lease was sure";
  }
}

interface Write<T> {
  /** `check` throws if it may not be sent any more: what slept may find more than one thing due, and sends first. */
  readonly write: (signal: AbortSignal, check: () => void) => Promise<T>;
  readonly error: (stopped: Stopped) => Error;
}

function whileHeld<T>(
  { heldUntil, timeoutMs, clock = systemClock }: LeaseGuard,
  signal: AbortSignal | undefined,
  { write, error }: Write<T>,
): Promise<T> {
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  const end = clock.now() + timeoutMs;
  if (!(end <= heldUntil())) return Promise.reject(error("LeaseTooShort"));
  const cut = new AbortController();
  return new Promise<T>((resolve, reject) => {
    let cancel = (): void => {};
    const stopped = (): Stopped | undefined => {
      const now = clock.now();
      if (heldUntil() <= now) return "LeaseLost";
      return end <= now ? "TimedOut" : undefined;
    };
    // Who is cut off isn't waited for: what sends may not listen while it waits to try again.
    const look = (): void => {
      const why = stopped();
      if (why === undefined) {
        cancel = clock.after(Math.min(LOOK_MS, end - clock.now()), look);
        return;
      }
      const reason = error(why);
      cut.abort(reason);
      reject(reason);
    };
    const check = (): void => {
      const why = stopped();
      if (why !== undefined) throw error(why);
    };
    look();
    const combined = signal === undefined ? cut.signal : AbortSignal.any([signal, cut.signal]);
    write(combined, check)
      .then(resolve, reject)
      .finally(() => cancel());
  });
}
