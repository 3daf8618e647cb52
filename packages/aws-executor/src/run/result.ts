/** What a run tells: while it goes on, and at its end. */
import type { Action, ActionOf, Call, CallError, Diagnostic, Output, Outputs, SentClients } from "@elbplan/core";

/**
 * `adopted`: what the action creates existed already, as asked. `unanswered`: it may or may not have been done.
 * `skipped`: something that it depends on wasn't done. `waiting`: it waits, or depends on something that does.
 * `stopped`: the run was stopped before.
 */
export type StepState = "done" | "adopted" | "refused" | "unanswered" | "skipped" | "waiting" | "stopped";

/** What became of one action. */
export interface RunStep {
  /** The action's id. */
  readonly action: string;
  readonly state: StepState;
  /** How often its call was sent. */
  readonly calls: number;
  readonly output?: Output;
  /** Why it wasn't done, or what is worth telling. */
  readonly diagnostic?: Diagnostic;
  /** The last error, if it wasn't done for it. */
  readonly error?: CallError;
  readonly note?: string;
}

/** A wait whose end hasn't come about. */
export interface PendingWait {
  readonly action: string;
  readonly until: ActionOf<"wait">["details"]["until"];
  readonly subject: string;
  /** When it was first looked for, by the clock of the run. A later run is told, so that the deadline holds over runs. */
  readonly since: number;
  /** When to look again, in milliseconds from the end of this run. */
  readonly againInMilliseconds: number;
}

export interface RunResult {
  /** `done`: everything. `failed`: something wasn't done for an error. Otherwise it goes on with a later run. */
  readonly state: "done" | "failed" | "waiting" | "stopped";
  /** One for each action, in the plan's order. */
  readonly steps: readonly RunStep[];
  readonly outputs: Outputs;
  readonly diagnostics: readonly Diagnostic[];
  readonly waiting: readonly PendingWait[];
  /** OIDC clients that AWS was sent: what a next plan is told as `sentClients`, with those of earlier runs. */
  readonly sentClients: SentClients;
}

/** Progress. Calls hold no references any more, and where a Secret is to be read they still name it. */
export type RunEvent =
  | { readonly type: "sent"; readonly action: Action; readonly call: Call; readonly attempt: number }
  /** It will be sent, or looked for, once more. */
  | {
      readonly type: "again";
      readonly action: Action;
      readonly error: CallError;
      readonly inMilliseconds: number;
    }
  | { readonly type: "waiting"; readonly action: Action; readonly note?: string }
  | { readonly type: "ended"; readonly action: Action; readonly step: RunStep };

/** Tells a step after which those that depend on it may go on. */
export function isDone({ state }: RunStep): boolean {
  return state === "done" || state === "adopted";
}
