/** Faults between who runs a plan and who carries it out: what the network and AWS do at the worst moment. */
import type { CallError, Executor, Found, Step } from "@elbplan/core";

/**
 * What happens to a call. `throttled`: refused for now. `lost`: it never arrives, and no answer comes. `unheard`: it takes
 * effect, and no answer comes. `stale`: a look finds nothing, though it may be there.
 */
export type Fault = "throttled" | "lost" | "unheard" | "stale";

/** Something that is about to be asked of the executor. */
export type Asked =
  | { readonly what: "send" | "find"; readonly number: number; readonly step: Step }
  | { readonly what: "met"; readonly number: number };

export interface FaultyOptions {
  /** The fault of a call, if it has one. Calls are numbered from 0 in the order in which they are made. */
  readonly fault: (asked: Asked) => Fault | undefined;
  /** Waits before and after each call, so that calls under way overlap in other orders. */
  readonly delay?: (asked: Asked) => Promise<void>;
}

/** The executor with faults. Which call has which fault is the caller's choice, so that a run can be repeated. */
export function faultyExecutor(executor: Executor, { fault, delay = async () => {} }: FaultyOptions): Executor {
  let number = 0;
  return {
    send: async (step) => {
      const asked: Asked = { what: "send", number: number++, step };
      await delay(asked);
      switch (fault(asked)) {
        case "throttled":
          throw callError("Throttling", "Rate exceeded", "refused");
        case "lost":
          throw callError("ETIMEDOUT", "no answer within the time", "unknown");
        case "unheard":
          // Its own refusal is unheard too.
          await executor.send(step).catch(() => {});
          throw callError("ECONNRESET", "the connection was reset", "unknown");
        default: {
          const output = await executor.send(step);
          await delay(asked);
          return output;
        }
      }
    },
    find: async (step): Promise<Found | undefined> => {
      const asked: Asked = { what: "find", number: number++, step };
      await delay(asked);
      const happens = fault(asked);
      if (happens === "stale") return undefined;
      if (happens !== undefined) throw lookError(happens);
      return executor.find(step);
    },
    met: async (wait) => {
      const asked: Asked = { what: "met", number: number++ };
      await delay(asked);
      const happens = fault(asked);
      if (happens !== undefined) throw lookError(happens);
      return executor.met(wait);
    },
  };
}

function lookError(fault: Fault): CallError & Error {
  return fault === "throttled"
    ? callError("Throttling", "Rate exceeded", "refused")
    : callError("InternalFailure", "an error of the service", "unknown");
}

function callError(code: string, message: string, outcome: CallError["outcome"]): CallError & Error {
  return Object.assign(new Error(message), { name: "CallError", code, outcome });
}
