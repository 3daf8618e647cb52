/** The simulated account as executor: carries a plan out on an inventory, step by step. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Action } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Account, Inventory } from "../model/inventory.ts";
import { asAccount } from "./account/account.ts";
import { type Applied, type ApplyOptions, applyAction } from "./account/apply-action.ts";
import type { Outputs } from "./account/outputs.ts";

/** What became of one action. */
export interface SimulatedStep {
  /** The action's id. */
  readonly action: string;
  /** `refused`: AWS wouldn't take the call. `skipped`: an action that it depends on wasn't done. */
  readonly state: "done" | "refused" | "skipped";
  /** Why it was refused or skipped. */
  readonly diagnostic?: Diagnostic;
  /** AWS's error code, if refused. */
  readonly awsCode?: string;
  /** Something worth telling of an action that was done: a wait, or that nothing had to be changed. */
  readonly note?: string;
}

export interface Simulation {
  /** The account after all actions. */
  readonly account: Account;
  readonly outputs: Outputs;
  /** One for each action, in the plan's order. */
  readonly steps: readonly SimulatedStep[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The state after one more action. */
export interface SimulatedPrefix {
  readonly account: Account;
  readonly outputs: Outputs;
  readonly step: SimulatedStep;
}

/**
 * Carries actions out one after another and yields the account after each. Accounts share what didn't change, so
 * keeping them all is cheap. After a refusal independent actions go on; dependents are skipped.
 *
 * An id that the actions name and that the account doesn't hold at the start counts as existing outside of it, unless
 * `foreign` says what does; an id that it held and lost on the way doesn't.
 */
export function* simulateSteps(
  inventory: Account | Inventory,
  actions: readonly Action[],
  options: ApplyOptions = {},
): Generator<SimulatedPrefix> {
  let account = asAccount(inventory);
  let outputs: Outputs = {};
  const foreign = options.foreign ?? foreignIds(account, actions);
  const done = new Set<string>();
  for (const action of actions) {
    const unmet = action.dependsOn.find((id) => !done.has(id));
    if (unmet !== undefined) {
      yield { account, outputs, step: skipped(action, unmet) };
      continue;
    }
    const applied = applyAction(account, action, outputs, { ...options, foreign });
    if (!("refused" in applied)) {
      account = applied.account;
      outputs = applied.outputs;
      done.add(action.id);
    }
    yield { account, outputs, step: stepOf(action, applied) };
  }
}

/** Carries out a whole plan. The inventory stays as it is; without quotas it is read with AWS's defaults. */
export function simulate(
  inventory: Account | Inventory,
  plan: { readonly actions: readonly Action[] },
  options: ApplyOptions = {},
): Simulation {
  let account = asAccount(inventory);
  let outputs: Outputs = {};
  const steps: SimulatedStep[] = [];
  for (const prefix of simulateSteps(account, plan.actions, options)) {
    account = prefix.account;
    outputs = prefix.outputs;
    steps.push(prefix.step);
  }
  const diagnostics = steps.flatMap(({ diagnostic }) => (diagnostic === undefined ? [] : [diagnostic]));
  return { account, outputs, steps, diagnostics };
}

function stepOf(action: Action, applied: Applied): SimulatedStep {
  if ("refused" in applied) {
    return { action: action.id, state: "refused", diagnostic: applied.refused, awsCode: applied.awsCode };
  }
  return { action: action.id, state: "done", ...(applied.note === undefined ? {} : { note: applied.note }) };
}

function skipped({ id, stack, resource }: Action, unmet: string): SimulatedStep {
  const message = `${id} is skipped because ${unmet} wasn't done.`;
  return {
    action: id,
    state: "skipped",
    diagnostic: diagnose("account.dependency-failed", message, { stack, resource }),
  };
}

/** Every text in the actions' details that isn't an ARN or id of something in the account. */
function foreignIds(account: Account, actions: readonly Action[]): ReadonlySet<string> {
  const held = new Set(
    [account.loadBalancers, account.targetGroups, account.securityGroups, account.certificates].flatMap(Object.keys),
  );
  const texts = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "string" && !held.has(value)) texts.add(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
  };
  for (const action of actions) collect(action.details);
  return texts;
}
