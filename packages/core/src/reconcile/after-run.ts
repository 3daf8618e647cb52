/** What follows when a group's plan was carried out as far as it could be. */
import type { ActionDetails, ActionKind } from "../model/action.ts";

/** The part of a run's result that decides. */
export interface EndedRun {
  readonly state: "done" | "failed" | "waiting" | "stopped";
  readonly waiting: readonly {
    readonly until: ActionDetails["wait"]["until"];
    readonly againInMilliseconds: number;
  }[];
  /** Kinds of the actions that weren't done. */
  readonly left: readonly ActionKind[];
}

export interface AfterRun {
  /** How the group's turn ended. */
  readonly outcome: "done" | "waiting" | "failed";
  /** Ingresses learn the load balancer's name. */
  readonly writeStatus: boolean;
  /** Ingresses that left lose the group's finalizer. */
  readonly release: boolean;
  /** When to look again at what takes its time. */
  readonly againInMilliseconds?: number;
}

/** Kinds of actions by which something goes that may be there for an Ingress that left. */
const REMOVAL = /^(delete|deregister|disassociate|remove|revoke)/;

/**
 * Ingresses are released only when everything is done (behaviour.md §5.1), but what takes its time holds up nobody whom it
 * doesn't concern: draining target groups (design: drained), and targets that warm up when nothing more is to go. While
 * they do, the load balancer's name is known already, and told.
 */
export function afterRun({ state, waiting, left }: EndedRun): AfterRun {
  if (state === "failed" || state === "stopped") return { outcome: "failed", writeStatus: false, release: false };
  if (state === "done") return { outcome: "done", writeStatus: true, release: true };
  const again = Math.min(...waiting.map(({ againInMilliseconds }) => againInMilliseconds));
  const drains = waiting.length > 0 && waiting.every(({ until }) => until === "targets-drained");
  return {
    outcome: drains ? "done" : "waiting",
    writeStatus: true,
    release: drains || !left.some((kind) => REMOVAL.test(kind)),
    ...(Number.isFinite(again) && { againInMilliseconds: again }),
  };
}
