/** Which load balancer a target group serves: whoever names it in a rule or a default action. */
import type { Draft } from "immer";
import type { Account, Inventory, Target } from "../../model/inventory.ts";
import type { RuleAction } from "../../model/rule-action.ts";
import type { Pace } from "./answer.ts";

type Actions = readonly RuleAction<string>[];

/** ARNs of the target groups that the actions forward to, each once. */
export function targetGroupsOf(actions: Actions): readonly string[] {
  const [only, ...more] = actions;
  // What nearly all actions are, looked at for every rule of the account again and again.
  if (more.length === 0 && only?.type === "forward" && only.forwardConfig.targetGroups.length === 1) {
    return only.forwardConfig.targetGroups.map((tuple) => tuple.targetGroupArn);
  }
  const arns = actions.flatMap((action) =>
    action.type === "forward" ? action.forwardConfig.targetGroups.map((tuple) => tuple.targetGroupArn) : [],
  );
  return [...new Set(arns)];
}

/** Everything that names target groups: each listener's default actions and each rule's actions. */
export function* usesOfTargetGroups(
  account: Inventory,
): Generator<{ readonly arn: string; readonly loadBalancerArn: string; readonly actions: Actions }> {
  for (const { arn, spec } of Object.values(account.listeners)) {
    yield { arn, loadBalancerArn: spec.loadBalancerArn, actions: spec.defaultActions };
  }
  for (const { arn, spec } of Object.values(account.listenerRules)) {
    const listener = account.listeners[spec.listenerArn];
    if (listener !== undefined) yield { arn, loadBalancerArn: listener.spec.loadBalancerArn, actions: spec.actions };
  }
}

function actionsOf({ listeners, listenerRules }: Account, arn: string): Actions {
  return listeners[arn]?.spec.defaultActions ?? listenerRules[arn]?.spec.actions ?? [];
}

interface Move {
  /** Listeners and rules whose present actions no longer count. */
  readonly released?: ReadonlySet<string>;
  readonly added?: { readonly loadBalancerArn: string; readonly actions: Actions };
}

/** The new `loadBalancerArns` of the target groups that the move touches. */
export type Associations = ReadonlyMap<string, readonly string[]>;

/** Works out which load balancers each touched target group serves after the move. */
export function associationsAfter(account: Account, { released = new Set(), added }: Move): Associations {
  const after = new Map<string, Set<string>>();
  const touch = (arn: string): Set<string> => {
    const known = after.get(arn) ?? new Set<string>();
    after.set(arn, known);
    return known;
  };

  if (released.size > 0) {
    for (const arn of released) targetGroupsOf(actionsOf(account, arn)).forEach(touch);
    for (const use of after.size === 0 ? [] : usesOfTargetGroups(account)) {
      if (released.has(use.arn)) continue;
      for (const arn of targetGroupsOf(use.actions)) after.get(arn)?.add(use.loadBalancerArn);
    }
  }
  for (const arn of added === undefined ? [] : targetGroupsOf(added.actions)) {
    const present = after.has(arn) ? [] : (account.targetGroups[arn]?.loadBalancerArns ?? []);
    const serves = touch(arn);
    for (const other of present) serves.add(other);
    serves.add(added?.loadBalancerArn ?? "");
  }
  return new Map([...after].map(([arn, loadBalancers]) => [arn, [...loadBalancers].sort()]));
}

/** Writes the associations; targets of a group that comes into use are checked, those of a group out of use aren't. */
export function writeAssociations(draft: Draft<Account>, associations: Associations, pace: Pace): void {
  for (const [arn, loadBalancerArns] of associations) {
    const group = draft.targetGroups[arn];
    if (group === undefined) continue;
    if (group.loadBalancerArns.join() === loadBalancerArns.join()) continue;
    group.loadBalancerArns = [...loadBalancerArns];
    const inUse = loadBalancerArns.length > 0;
    const targets = draft.targets[arn] ?? [];
    // Nothing is left to drain in a group that serves nobody.
    if (!inUse && targets.some(({ state }) => state === "draining")) {
      draft.targets[arn] = targets.filter(({ state }) => state !== "draining");
    }
    for (const target of draft.targets[arn] ?? []) target.state = stateAfter(target.state, inUse, pace);
  }
}

function stateAfter(state: Target["state"], inUse: boolean, pace: Pace): Target["state"] {
  if (!inUse) return "unused";
  return state === "unused" ? newTargetState(true, pace) : state;
}

/** The state of a target just registered, or just come into use. */
export function newTargetState(inUse: boolean, pace: Pace): Target["state"] {
  if (!inUse) return "unused";
  return pace === "instant" ? "healthy" : "initial";
}
