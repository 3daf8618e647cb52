/** What follows when a group's plan was carried out as far as it could be. */
import type { ActionDetails } from "../model/action.ts";

/** The part of a run's result that decides. */
export interface EndedRun {
  readonly state: "done" | "failed" | "waiting" | "stopped";
  readonly waiting: readonly {
    readonly until: ActionDetails["wait"]["until"];
    readonly againInMilliseconds: number;
  }[];
}

export interface AfterRun {
  /** How the group's turn ended. */
  readonly outcome: "done" | "waiting" | "failed";
  /** Ingresses learn the load balancer's name. */
  readonly writeStatus: boolean;
  /** Ingresses that left lose the group's finalizer, and members are told of success. */
  readonly release: boolean;
  /** When to look again at what takes its time. */
  readonly againInMilliseconds?: number;
}

/**
 * Ingresses are released only when everything is done (behaviour.md §5.1), but draining target groups hold nobody up
 * (design: drained). While a load balancer's targets warm up its name is known already, and told.
 */
export function afterRun({ state, waiting }: EndedRun): AfterRun {
  if (state === "failed" || state === "stopped") return { outcome: "failed", writeStatus: false, release: false };
  if (state === "done") return { outcome: "done", writeStatus: true, release: true };
  const again = Math.min(...waiting.map(({ againInMilliseconds }) => againInMilliseconds));
  const drains = waiting.length > 0 && waiting.every(({ until }) => until === "targets-drained");
  return {
    outcome: drains ? "done" : "waiting",
    writeStatus: true,
    release: drains,
    ...(Number.isFinite(again) && { againInMilliseconds: again }),
  };
}
