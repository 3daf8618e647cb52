/** Ports made of a port: bounded, patient. */
import { type Clock, pause, systemClock } from "../clock.ts";
import type { KubernetesApi } from "./kubernetes-api.ts";
import { KubernetesError } from "./kubernetes-error.ts";

/** A port that has at most that many calls in flight; watches aren't counted. Calls wait in the order they came. */
export function boundedApi(api: KubernetesApi, atOnce: number): KubernetesApi {
  let running = 0;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    running--;
    waiting.shift()?.();
  };
  return {
    watch: api.watch,
    call: async (request, options) => {
      while (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      running++;
      try {
        options?.signal?.throwIfAborted();
        return await api.call(request, options);
      } finally {
        release();
      }
    },
  };
}

export interface PatienceOptions {
  readonly clock?: Clock;
  /** A number from 0 to 1. */
  readonly random?: () => number;
  /** Calls in all; 5 if absent. */
  readonly attempts?: number;
}

/**
 * A port that calls again after a while where that can't do harm: after 429, with which the server says that it did
 * nothing, and for reading also after a lost connection and a 5xx. Waits as long as the server asks for, 10 s at most.
 */
export function patientApi(
  api: KubernetesApi,
  { clock = systemClock, random = Math.random, attempts = 5 }: PatienceOptions = {},
): KubernetesApi {
  return {
    watch: api.watch,
    call: async (request, options) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await api.call(request, options);
        } catch (error) {
          const again = error instanceof KubernetesError && mayRepeat(error, request.method === "GET");
          if (!again || attempt >= attempts) throw error;
          const wait = (error.retryAfterSeconds ?? 0.25 * 2 ** attempt) * 1000;
          await pause(clock, Math.min(10_000, wait) * (1 + random() / 4), options?.signal);
          options?.signal?.throwIfAborted();
        }
      }
    },
  };
}

function mayRepeat({ status, outcome }: KubernetesError, reads: boolean): boolean {
  if (status === 429) return true;
  // After 504 the server has waited long enough already.
  return reads && outcome === "unknown" && status !== 501 && status !== 504;
}
