/** Short ways to call the simulated account in tests. */
import { emptyAccount } from "../../../src/check/account/account.ts";
import { type Applied, type ApplyOptions, applyAction } from "../../../src/check/account/apply-action.ts";
import type { Outputs } from "../../../src/check/account/outputs.ts";
import type { Action, ActionDetails, ActionKind } from "../../../src/model/action.ts";
import type { Account } from "../../../src/model/inventory.ts";

/** An action; what the account doesn't look at is filled in. */
export function action<K extends ActionKind>(
  kind: K,
  details: ActionDetails[K],
  rest: Partial<Pick<Action, "id" | "stack" | "resource" | "dependsOn">> = {},
): Action {
  const base = { id: kind, stack: "shop", resource: `${kind}/x`, dependsOn: [], reason: "test", disruption: "none" };
  return { ...base, ...rest, kind, details } as Action;
}

export const EMPTY: Account = emptyAccount({ region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" });

/** The refusal's AWS code, or `done`. */
export function outcome(applied: Applied): string {
  return "refused" in applied ? applied.awsCode : "done";
}

export interface Run {
  readonly account: Account;
  readonly outputs: Outputs;
}

/** Applies calls that must all be accepted. */
export function build(start: Account, actions: readonly Action[], options: ApplyOptions = {}): Run {
  let run: Run = { account: start, outputs: {} };
  for (const next of actions) {
    const applied = applyAction(run.account, next, run.outputs, options);
    if ("refused" in applied) throw new Error(applied.refused.message);
    run = applied;
  }
  return run;
}

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
