/** What exists after a run: the inventory before it, with what the run did. */
import { asAccount } from "../check/account/account.ts";
import { applyAction } from "../check/account/apply-action.ts";
import { type Outputs, withOutput } from "../check/account/outputs.ts";
import { inventoryOfStacks, withStacks } from "../diff/stack-inventory.ts";
import type { Action } from "../model/action.ts";
import type { Output } from "../model/executor.ts";
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Account, Inventory } from "../model/inventory.ts";
import type { Settings } from "../model/settings.ts";

/** What became of an action, as a run tells it. */
export interface DoneStep {
  /** The action's id. */
  readonly action: string;
  readonly state: "done" | "adopted" | "refused" | "unanswered" | "skipped" | "waiting" | "stopped";
  readonly output?: Output;
}

export interface InventoryAfter<I extends Inventory> {
  readonly inventory: I;
  /** Stacks of which nobody knows what exists now; they have to be read again. */
  readonly unsure: readonly string[];
}

/**
 * Does on the inventory what the run did in AWS, with the ARNs and names that AWS gave. A call without an answer, one
 * that AWS refused, and one that wouldn't be possible on what the inventory holds, leave their stack unsure: something
 * isn't as it was known. Of an inventory without quotas AWS's defaults hold.
 */
export function inventoryAfter<I extends Inventory>(
  inventory: I,
  actions: readonly Action[],
  steps: readonly DoneStep[],
  settings: Pick<Settings, "clusterName">,
): InventoryAfter<I> {
  const ended = new Map(steps.map((step) => [step.action, step]));
  const stacks = [...new Set([CLUSTER_STACK, ...actions.map(({ stack }) => stack)])];
  const unsure = new Set<string>();
  let account = asAccount(inventoryOfStacks(inventory, settings, stacks));
  let outputs: Outputs = {};
  for (const action of actions) {
    const step = ended.get(action.id);
    if (step?.state === "refused" || step?.state === "unanswered") unsure.add(action.stack);
    if (step?.state !== "done" && step?.state !== "adopted") continue;
    const applied = applyAction(account, action, outputs, { pace: "waits" });
    if ("refused" in applied) {
      unsure.add(action.stack);
      continue;
    }
    account = applied.account;
    const made = applied.outputs[action.stack]?.[action.resource];
    outputs = applied.outputs;
    if (step.output === undefined || made === undefined) continue;
    account = renamed(account, made, step.output);
    outputs = withOutput(outputs, action, step.output);
  }
  return { inventory: withStacks(inventory, account, settings, stacks), unsure: [...unsure] };
}

/** Maps in which the simulated account puts what it makes under an ARN or id of its own. */
const MADE = [
  "loadBalancers",
  "listeners",
  "listenerRules",
  "targetGroups",
  "targets",
  "securityGroups",
  "certificates",
] as const;

/** The account with the name that AWS gave to what was just made; nothing else refers to it yet. */
function renamed(account: Account, made: Output, real: Output): Account {
  const { shieldProtections } = account;
  const protection = Object.hasOwn(shieldProtections, made.arn) ? shieldProtections[made.arn] : undefined;
  if (protection?.id === made.id) {
    return { ...account, shieldProtections: { ...shieldProtections, [made.arn]: { ...protection, id: real.id } } };
  }
  const names = { arn: real.arn, ...(real.dnsName !== undefined && { dnsName: real.dnsName }) };
  const maps = MADE.flatMap((map) => {
    const records: { readonly [arn: string]: object } = account[map];
    if (!Object.hasOwn(records, made.arn)) return [];
    const { [made.arn]: record, ...others } = records;
    return [[map, { ...others, [real.arn]: Array.isArray(record) ? record : { ...record, ...names } }] as const];
  });
  return { ...account, ...Object.fromEntries(maps) };
}
