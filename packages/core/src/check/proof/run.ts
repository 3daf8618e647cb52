/** One order of a plan's actions, carried out on the simulated account. */
import type { Action } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import type { Outputs } from "../account/outputs.ts";
import { type SimulatedStep, simulateSteps } from "../simulate.ts";
import type { NameOf } from "./outcome.ts";

interface Step {
  readonly action: Action;
  /** The account after it. */
  readonly account: Account;
  readonly result: SimulatedStep;
}

export interface Run {
  /** 0 is the order of the plan. */
  readonly interleaving: number;
  readonly start: Account;
  readonly steps: readonly Step[];
  readonly end: Account;
  /** Names what this run created by stack and resource key, for ARNs depend on the order of creation. */
  readonly nameOf: NameOf;
}

/** Carries the actions out; new load balancers, certificates and targets are ready only when they were waited for. */
export function carryOut(start: Account, actions: readonly Action[], interleaving: number): Run {
  const steps: Step[] = [];
  let outputs: Outputs = {};
  let at = 0;
  for (const prefix of simulateSteps(start, actions, { pace: "waits" })) {
    const action = actions[at++];
    outputs = prefix.outputs;
    if (action !== undefined) steps.push({ action, account: prefix.account, result: prefix.step });
  }
  const names = new Map<string, string>();
  for (const [stack, resources] of Object.entries(outputs)) {
    for (const [key, { arn, id }] of Object.entries(resources)) {
      names.set(arn, `${stack} ${key}`);
      names.set(id, `${stack} ${key}`);
    }
  }
  const nameOf: NameOf = (arn) => names.get(arn) ?? arn;
  return { interleaving, start, steps, end: steps.at(-1)?.account ?? start, nameOf };
}
