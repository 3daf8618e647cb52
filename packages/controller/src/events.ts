/** What a controller tells while it works: for logs, metrics and whoever else listens. No event holds a secret. */
import type { RunEvent } from "@elbplan/aws-executor";
import type { Diagnostic, EventReason, Plan, PlanSummary } from "@elbplan/core";
import type { Reflected, ReflectorState } from "@elbplan/k8s-source/cluster";

export type ControllerEvent =
  /** A reflector's state is another one. */
  | { readonly type: "reflector"; readonly of: Reflected; readonly state: ReflectorState }
  /** AWS was read: all of it, or one group's part after something went wrong there. */
  | {
      readonly type: "read";
      readonly why: "start" | "resync" | "unsure";
      readonly group?: string;
      readonly milliseconds: number;
    }
  /** The objects changed, and the graph was built anew; `changed` are the ids of the groups that are other than before. */
  | {
      readonly type: "built";
      readonly objects: number;
      readonly changed: readonly string[];
      readonly milliseconds: number;
    }
  /** A group's plan, before it is carried out; in a dry run that is all. Empty plans are told too. */
  | { readonly type: "planned"; readonly group: string; readonly plan: Plan; readonly milliseconds: number }
  /** Progress of a plan. */
  | { readonly type: "run"; readonly group: string; readonly event: RunEvent }
  /** A group's turn is over. */
  | {
      readonly type: "reconciled";
      readonly group: string;
      readonly outcome: Outcome;
      readonly summary?: PlanSummary;
      /** Errors of the group, if there are any. */
      readonly diagnostics: readonly Diagnostic[];
      /** From the start of its turn. */
      readonly milliseconds: number;
      /** When it comes again by itself; absent: when something changes. */
      readonly againInMilliseconds?: number;
    }
  /** An event was written to Kubernetes objects, or in a dry run would have been. */
  | {
      readonly type: "told";
      readonly reason: EventReason;
      readonly message: string;
      readonly ingresses: readonly string[];
    }
  /** A Pod's readiness gate was opened, so long after it began to wait; `name` is the binding's. */
  | {
      readonly type: "gate";
      readonly namespace: string;
      readonly name: string;
      readonly pod: string;
      readonly milliseconds: number;
    }
  /** Something failed that isn't a group's own: a look at AWS, a write of an event. */
  | { readonly type: "failed"; readonly what: string; readonly error: unknown }
  /** Groups that wait for their turn, and groups whose turn it is. */
  | { readonly type: "queue"; readonly waiting: number; readonly active: number };

/**
 * How a group's turn ended. `done`: everything is as it should be. `waiting`: something takes its time. `failed`: it is
 * tried again, ever more rarely. `planned`: a dry run. `gone`: there is nothing of the group any more.
 */
export type Outcome = "done" | "waiting" | "failed" | "planned" | "gone";
