/**
 * The port through which plans are carried out. AWS, a simulated account, a recorder are executors; so is anything else
 * that keeps to this. What runs a plan decides the order and what to do after an error, an executor only makes calls.
 */
import type { Action, ActionOf } from "./action.ts";
import type { Existing } from "./inventory.ts";
import type { Call } from "./plan.ts";

/** What a call gives back and later actions of the same run may name. */
export interface Output {
  readonly arn: string;
  /** For a security group and a shield protection their id, otherwise the ARN again. */
  readonly id: string;
  readonly dnsName?: string;
}

/**
 * An action and the call it means. References are resolved in both; what only the API server or AWS would know may be
 * left as an unknown value, and the client of an OIDC action is still `{ secret, key }`.
 */
export interface Step<A extends Action = Action> {
  readonly action: A;
  readonly call: Call;
}

export interface Executor {
  /** Makes the call once, and gives what it created, if anything. Rejects with a `CallError`. */
  readonly send: (step: Step) => Promise<Output | undefined>;
  /**
   * What holds the place that the action asks for: the name, the port, the number, the association of a creation; the
   * security group whose permissions the action changes. undefined if nothing does, or if the action asks for no place.
   * It must look at the thing itself: an index of tags may lag behind. Rejects with a `CallError`.
   */
  readonly find: (step: Step) => Promise<Found | undefined>;
  /** Looks once whether what is waited for has come about. Rejects with a `CallError`. */
  readonly met: (wait: ActionOf<"wait">) => Promise<WaitState>;
}

/** The part of an executor that makes the calls of one service. */
export type Sender = Pick<Executor, "send" | "find">;

/** A record of the inventory. Of a Shield protection `arn` is the id, and `spec` holds its name. */
export interface Found extends Existing<object> {
  readonly vpcId?: string;
  readonly dnsName?: string;
}

export type WaitState =
  | { readonly state: "met" | "unmet"; readonly note?: string }
  /** It will never come about. */
  | { readonly state: "failed"; readonly note: string };

/** How a call ends that wasn't answered as asked. */
export interface CallError {
  /** AWS's error code without the suffix `Exception`, the system's (`ECONNRESET`), or a word of the executor's own. */
  readonly code: string;
  /** Holds no secret. */
  readonly message: string;
  /** `refused`: nothing was done. `unknown`: no answer came; it may or may not have been done. */
  readonly outcome: "refused" | "unknown";
  readonly requestId?: string | undefined;
}
