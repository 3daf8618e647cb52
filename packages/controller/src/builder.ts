/** Builds anew when asked: one build at a time, and one for all that is asked for in a moment. */
import { type Clock, pause } from "@elbplan/k8s-source/cluster";

export interface BuilderOptions {
  readonly build: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Builder {
  /** Asks for a build: soon, for the objects changed, or in its time, for what else it depends on did. */
  readonly request: (when: "soon" | "in-time") => void;
  /** Nothing is asked for that hasn't been built. */
  readonly isIdle: () => boolean;
  /** Resolves when the build under way has ended. */
  readonly ended: () => Promise<void>;
}

/** Changes come in bursts: a moment is waited for the rest of them. */
const SETTLE_MS = { soon: 10, "in-time": 1000 };
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

/** Makes a builder. A build that fails is tried again, ever more rarely. */
export function createBuilder({ build, onError, clock, signal }: BuilderOptions): Builder {
  let isWanted = false;
  let running: Promise<void> | undefined;
  /** Ends the wait for more changes before its time. */
  let hurry = new AbortController();

  const loop = async (): Promise<void> => {
    let failures = 0;
    while (isWanted && !signal.aborted) {
      await pause(clock, SETTLE_MS["in-time"], AbortSignal.any([signal, hurry.signal]));
      if (hurry.signal.aborted) await pause(clock, SETTLE_MS.soon, signal);
      hurry = new AbortController();
      isWanted = false;
      try {
        await build();
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        onError(error);
        isWanted = true;
        await pause(clock, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++), signal);
      }
    }
    running = undefined;
  };
  return {
    request: (when) => {
      isWanted = true;
      if (when === "soon") hurry.abort();
      if (!signal.aborted) running ??= loop();
    },
    isIdle: () => running === undefined,
    ended: async () => running,
  };
}
