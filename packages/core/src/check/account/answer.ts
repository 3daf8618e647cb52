/** What the simulated account answers to one call: a change of the account, or AWS's refusal. Both are data. */
import type { Draft } from "immer";
import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { Output } from "../../model/executor.ts";
import type { Account } from "../../model/inventory.ts";

export interface Accepted {
  /** Writes the change; it must not fail and must not read what it has just written. */
  readonly change: (draft: Draft<Account>) => void;
  readonly output?: Output;
  /** Something worth telling, for instance that nothing had to be done. */
  readonly note?: string;
}

export interface Refused {
  readonly code: DiagnosticCode;
  /** AWS's error code, without the suffix `Exception`. */
  readonly awsCode: string;
  readonly message: string;
}

export type Answer = Accepted | Refused;

/**
 * How time passes. `instant`: everything is ready at once, as if every wait were met. `waits`: new load balancers,
 * targets and certificates become ready, and draining targets go, only at the `wait` action that names them.
 */
export type Pace = "instant" | "waits";

/** What a handler knows beside the account and the call. */
export interface Surroundings {
  readonly pace: Pace;
  /** Tells whether something that the account doesn't hold exists all the same: a user's own group, a certificate. */
  readonly isForeign: (id: string) => boolean;
}

/** Tells a refusal from an accepted call. */
export function isRefused(answer: Answer | undefined): answer is Refused {
  return answer !== undefined && "awsCode" in answer;
}

/** Makes a refusal. */
export function refuse(code: DiagnosticCode, awsCode: string, message: string): Refused {
  return { code, awsCode, message };
}

/** Nothing to change: the call succeeds because things are as asked. */
export function unchanged(note: string, output?: Output): Accepted {
  return { change: () => {}, note, ...(output === undefined ? {} : { output }) };
}
