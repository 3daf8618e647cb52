/** The journal of a run: what was sent, noted before, and what came back, noted after. */
import {
  type Action,
  type Call,
  type CallError,
  clientsIn,
  type Output,
  type RuleAction,
  type SentClients,
} from "@elbplan/core";
import type { PendingWait, RunResult } from "./result.ts";

/** One line. None holds a secret: where one is to be read, the call names the place. */
export type JournalEntry =
  | {
      readonly entry: "begin";
      /** Digest of the goal, as the plan has it. */
      readonly desired: string;
      readonly actions: number;
    }
  | { readonly entry: "sent"; readonly action: string; readonly attempt: number; readonly call: Call }
  | {
      readonly entry: "answered";
      readonly action: string;
      readonly attempt: number;
      readonly output?: Output;
      /** OIDC clients that AWS has now, by the ARN of the rule or listener; AWS never tells them again. */
      readonly clients?: SentClients;
    }
  | { readonly entry: "error"; readonly action: string; readonly attempt: number; readonly error: CallError }
  | { readonly entry: "adopted"; readonly action: string; readonly output: Output }
  | {
      readonly entry: "waiting";
      readonly action: string;
      readonly until: PendingWait["until"];
      readonly subject: string;
      /** How long earlier runs have waited for it. */
      readonly forMilliseconds: number;
    }
  | { readonly entry: "met"; readonly action: string }
  | { readonly entry: "end"; readonly state: RunResult["state"] };

/** Keeps entries in the order in which they are given; resolves when the entry would survive a crash. */
export type Journal = (entry: JournalEntry) => Promise<void>;

/** The part of an entry that tells which OIDC clients an action has sent. */
export function sentClients(action: Action, output: Output | undefined): { readonly clients?: SentClients } {
  const { arn, actions } = withActions(action, output);
  const clients = clientsIn(actions);
  return arn === undefined || clients.length === 0 ? {} : { clients: { [arn]: clients } };
}

function withActions(
  action: Action,
  output: Output | undefined,
): { readonly arn: string | undefined; readonly actions: readonly RuleAction[] } {
  switch (action.kind) {
    case "createListener":
      return { arn: output?.arn, actions: action.details.spec.defaultActions };
    case "createRule":
      return { arn: output?.arn, actions: action.details.spec.actions };
    case "modifyListener":
      return { arn: text(action.details.listenerArn), actions: action.details.defaultActions ?? [] };
    case "modifyRule":
      return { arn: text(action.details.ruleArn), actions: action.details.actions ?? [] };
    default:
      return { arn: undefined, actions: [] };
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
