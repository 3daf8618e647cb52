/** How a controller is stopped: first it finishes what it began, then it is cut off. */
import { setMaxListeners } from "node:events";
import type { Clock } from "@elbplan/k8s-source/cluster";
import type { Io } from "../io.ts";

/**
 * Plans under way may go on for so long. A call that is under way then takes ten seconds at most, so that all has ended
 * before Kubernetes kills: deploy/base gives sixty.
 */
export const GRACE_SECONDS = 40;

export interface Stopping {
  /** Asked to stop: nothing new is begun. */
  readonly stop: AbortSignal;
  /** Of plans under way nothing more is begun either. */
  readonly cutOff: AbortSignal;
  readonly cutOffNow: (reason: Error) => void;
  /** Hears no more. */
  readonly release: () => void;
}

/** Listens for Ctrl-C and SIGTERM; at the second of them the process leaves at once. */
export function listenForStop(io: Io, clock: Clock, onStop: () => void): Stopping {
  const stop = new AbortController();
  const cutOff = new AbortController();
  // Everything under way listens to them.
  setMaxListeners(0, stop.signal, cutOff.signal);
  let cancel = (): void => {};
  const release = io.onInterrupt(() => {
    if (stop.signal.aborted) return;
    onStop();
    stop.abort(new Error("asked to stop"));
    cancel = clock.after(GRACE_SECONDS * 1000, () => cutOff.abort(new Error("the time to finish is up")));
  });
  return {
    stop: stop.signal,
    cutOff: cutOff.signal,
    cutOffNow: (reason) => cutOff.abort(reason),
    release: () => {
      cancel();
      release();
    },
  };
}
