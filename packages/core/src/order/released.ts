/** What listeners and rules hold: target groups and certificates can't be deleted before. */
import type { DiffResult } from "../diff/difference.ts";
import { entry } from "../diff/owned.ts";
import type { Existing, Inventory } from "../model/inventory.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { RuleAction } from "../model/rule-action.ts";

/** ARNs of the target groups that actions forward to. */
export function targetGroupsIn(actions: readonly RuleAction[]): readonly string[] {
  return actions.flatMap((action) =>
    action.type === "forward"
      ? action.forwardConfig.targetGroups.flatMap(({ targetGroupArn }) =>
          typeof targetGroupArn === "string" ? [targetGroupArn] : [],
        )
      : [],
  );
}

/** Answers by ARN: the target groups and certificates held by all listeners and rules of it. */
export interface Holdings {
  readonly ofLoadBalancer: (arn: string) => readonly string[];
  readonly ofListener: (arn: string) => readonly string[];
  /** All actions of a listener and its rules. */
  readonly actionsOf: (arn: string) => readonly RuleAction[];
  /** Whether a target group serves a load balancer that isn't the stack's, or won't be. */
  readonly isHeldElsewhere: (stack: string, arn: string) => boolean;
}

/** Prepares the answers; looks at the inventory only when first asked. */
export function createHoldings(inventory: Inventory, { stacks }: DiffResult): Holdings {
  let listeners: Map<string, Existing<ListenerSpec<string>>[]> | undefined;
  let rules: Map<string, RuleAction<string>[]> | undefined;
  const listenerOf = (arn: string): ListenerSpec<string> | undefined =>
    Object.hasOwn(inventory.listeners, arn) ? inventory.listeners[arn]?.spec : undefined;
  const actionsOf = (arn: string): readonly RuleAction[] => {
    if (rules === undefined) {
      rules = new Map();
      for (const { spec } of Object.values(inventory.listenerRules)) {
        entry(rules, spec.listenerArn, () => []).push(...spec.actions);
      }
    }
    return [...(listenerOf(arn)?.defaultActions ?? []), ...(rules.get(arn) ?? [])];
  };
  const ofListener = (arn: string): readonly string[] => [
    ...new Set([...targetGroupsIn(actionsOf(arn)), ...(listenerOf(arn)?.certificates ?? [])]),
  ];
  const stays = new Map(stacks.map(({ id, matches }) => [id, new Set(Object.values(matches))]));
  return {
    ofListener,
    actionsOf,
    isHeldElsewhere: (stack, arn) => {
      const group = Object.hasOwn(inventory.targetGroups, arn) ? inventory.targetGroups[arn] : undefined;
      return group?.loadBalancerArns.some((loadBalancer) => stays.get(stack)?.has(loadBalancer) !== true) ?? false;
    },
    ofLoadBalancer: (arn) => {
      if (listeners === undefined) {
        listeners = new Map();
        for (const listener of Object.values(inventory.listeners)) {
          entry(listeners, listener.spec.loadBalancerArn, () => []).push(listener);
        }
      }
      return [...new Set((listeners.get(arn) ?? []).flatMap((listener) => ofListener(listener.arn)))];
    },
  };
}
