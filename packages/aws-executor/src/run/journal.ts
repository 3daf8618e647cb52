/** The journal of a run: what was sent, noted before, and what came back, noted after. */
import { type Action, type Call, type CallError, clientsOf, type Output, type SentClients } from "@elbplan/core";
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
  const arn = arnOf(action, output);
  const clients = clientsOf(action);
  return arn === undefined || clients.length === 0 ? {} : { clients: { [arn]: clients } };
}

/** Of the listener or rule that an action makes or changes. */
function arnOf(action: Action, output: Output | undefined): string | undefined {
  switch (action.kind) {
    case "modifyListener":
      return text(action.details.listenerArn);
    case "modifyRule":
      return text(action.details.ruleArn);
    default:
      return output?.arn;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
