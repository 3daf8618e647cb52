/** Time as a parameter, so that tests decide how it passes. */

export interface Clock {
  /** Milliseconds since some moment; never jumps, whatever is done to the machine's date. */
  readonly now: () => number;
  /** The date, for what is written into objects. */
  readonly date: () => Date;
  /** Calls back once when that many milliseconds have passed; what it returns cancels. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Resolves when the time has passed or the signal is aborted, whichever is first; never rejects. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/**
 * A signal that is aborted when `signal` is, or after that time with `reason`. `done` takes back what waits for either.
 */
export function deadline(
  clock: Clock,
  milliseconds: number,
  reason: () => unknown,
  signal?: AbortSignal,
): { readonly signal: AbortSignal; readonly done: () => void } {
  const controller = new AbortController();
  const forward = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) forward();
  const cancel = clock.after(milliseconds, () => controller.abort(reason()));
  signal?.addEventListener("abort", forward, { once: true });
  return {
    signal: controller.signal,
    done: () => {
      cancel();
      signal?.removeEventListener("abort", forward);
    },
  };
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
