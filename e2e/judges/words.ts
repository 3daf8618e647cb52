/** Short words for calls of the judges' tests. */
import type { Account, Action, ActionDetails, ActionKind, RuleAction, RuleCondition } from "@elbplan/core";

/** Makes an action on things that the account holds. */
export type MakeAction = (account: Account) => Action;

/** An action by itself, of no plan. */
export function action<K extends ActionKind>(kind: K, details: ActionDetails[K]): Action {
  const base = { id: kind, stack: "judges", resource: `${kind}/x`, dependsOn: [], reason: "", disruption: "none" };
  return { ...base, kind, details } as unknown as Action;
}

const NOTHING = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/none/0000000000000000";

/** One of what the account holds, by number; something that doesn't exist where it holds none. */
export function pick(record: { readonly [arn: string]: unknown }, at: number): string {
  const arns = Object.keys(record);
  return arns[at % Math.max(arns.length, 1)] ?? NOTHING;
}

export function httpsListeners({ listeners }: Account): { readonly [arn: string]: unknown } {
  return Object.fromEntries(Object.entries(listeners).filter(([, { spec }]) => spec.protocol === "HTTPS"));
}

export function pickGroup(account: Account, at: number): string {
  const ids = Object.keys(account.securityGroups);
  return ids[at % Math.max(ids.length, 1)] ?? "sg-00000000000000000";
}

export const fixed = (statusCode: string): RuleAction => ({
  type: "fixed-response",
  fixedResponseConfig: { statusCode },
});

export const patterns = (...values: readonly string[]): RuleCondition => ({
  field: "path-pattern",
  pathPatternConfig: { values },
});
