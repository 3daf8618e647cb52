/** Builds anew when asked: one build at a time, and one for all that is asked for in a moment. */
import { type Clock, pause } from "@elbplan/k8s-source/cluster";

export interface BuilderOptions {
  readonly build: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Builder {
  /** Asks for a build. */
  readonly request: () => void;
  /** Resolves when the build under way has ended. */
  readonly ended: () => Promise<void>;
}

/** Changes come in bursts: a moment is waited for the rest of them. */
const SETTLE_MS = 10;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

/** Makes a builder. A build that fails is tried again, ever more rarely. */
export function createBuilder({ build, onError, clock, signal }: BuilderOptions): Builder {
  let isWanted = false;
  let running: Promise<void> | undefined;

  const loop = async (): Promise<void> => {
    let failures = 0;
    while (isWanted && !signal.aborted) {
      await pause(clock, SETTLE_MS, signal);
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
    request: () => {
      isWanted = true;
      if (!signal.aborted) running ??= loop();
    },
    ended: async () => running,
  };
}
