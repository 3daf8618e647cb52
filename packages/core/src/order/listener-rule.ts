/** Turns the steps of a listener's rules into actions, with the edges that make any parallel execution as safe. */

import type { Difference, RuleDifferences, RulePair } from "../diff/difference.ts";
import { updateReason } from "../diff/reason.ts";
import { type RuleShape, ruleShape, rulesOverlap } from "../diff/rule-overlap.ts";
import { CLIENT_FIELD } from "../diff/sent-clients.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import { changes } from "./changed.ts";
import { authenticationLoss } from "./disruption.ts";
import { targetGroupsIn } from "./released.ts";
import { type RuleStep, ruleSteps } from "./rule-steps.ts";
import { addElbTagActions } from "./tag-actions.ts";
import type { Warmth } from "./warm.ts";

/** What changing the rules of a listener comes down to. */
export interface RuleActions {
  /** Actions that make the listener answer as the goal says. */
  readonly serving: readonly string[];
  /** Actions that take away; nothing depends on what they leave. */
  readonly removing: readonly string[];
}

/**
 * Rules of a listener that the plan creates: in any order, for nobody knows the listener yet. `before`: what must be
 * done before any rule is added.
 */
export function addNewListenerRules(
  list: ActionList,
  stack: string,
  rules: RuleDifferences,
  before: readonly string[],
): RuleActions {
  const serving = rules.created.flatMap((rule) => {
    const { desired } = rule;
    return desired === undefined ? [] : [createRule(list, stack, rule, desired, before)];
  });
  return { serving, removing: [] };
}

/**
 * Rules of a listener that exists. `changeDefault` adds the action that changes the default actions and returns its id;
 * absent if they stay. `before`: what must be done before any rule is added.
 */
export function addExistingListenerRules(
  list: ActionList,
  stack: string,
  rules: RuleDifferences,
  changeDefault: ((after: readonly string[]) => string) | undefined,
  before: readonly string[],
  warmth: Warmth,
): RuleActions {
  /** Waits for the groups that new rules name: nothing gives way to these rules before. */
  const warming: string[] = [];
  const serving: string[] = [];
  const removing: string[] = [];
  const created: Placed[] = [];
  const deleted: Placed[] = [];
  // What the deletions wait for: the last of renumbering and default, else the new rules they overlap.
  let barrier: string | undefined;
  let renumbered = 0;
  // An order that was looked for is kept to, one call after another.
  let previous: readonly string[] = before;
  const following = (usual: readonly string[]): readonly string[] => (rules.turns === undefined ? usual : previous);
  const isCold = (rule: Difference<"listenerRule">): boolean => warmth.coldIn(rule.desired?.actions ?? []).length > 0;
  for (const step of ruleSteps(rules, changeDefault !== undefined, isCold)) {
    switch (step.kind) {
      case "modify":
        previous = [modifyRule(list, stack, step.pair, warmed(list, stack, step.pair, following([]), warmth))];
        serving.push(...previous);
        break;
      case "create": {
        const { desired } = step.rule;
        if (desired === undefined) break;
        const shape = shapeOf(desired);
        const after = [...(barrier === undefined ? before : [barrier]), ...overlapping(created, shape)];
        const spec = { ...desired, priority: step.priority };
        const id = createRule(list, stack, step.rule, spec, following(after));
        created.push({ id, shape });
        serving.push(id);
        // The wait may be one that an earlier name of the group began: it says nothing of this rule.
        const waits = warmth.coldIn(desired.actions).map((group) => warmth.waitAfter(group, [id]));
        warming.push(...waits);
        previous = [id, ...waits];
        break;
      }
      case "renumber": {
        const after = [...serving, ...warming, ...(barrier === undefined ? before : [barrier])];
        barrier = renumber(list, stack, rules, step, following(after), renumbered++);
        previous = [barrier];
        serving.push(barrier);
        break;
      }
      case "default":
        if (changeDefault === undefined) break;
        barrier = changeDefault(following(barrier === undefined ? [...serving, ...warming] : [barrier]));
        previous = [barrier];
        serving.push(barrier);
        break;
      case "delete": {
        const { existing } = step.rule;
        if (existing === undefined) break;
        const shape = shapeOf(existing.spec);
        const after = [
          ...(barrier === undefined ? [...overlapping(created, shape), ...warming] : [barrier]),
          ...overlapping(deleted, shape),
        ];
        const id = deleteRule(list, stack, step.rule, following(after));
        previous = [id];
        deleted.push({ id, shape });
        removing.push(id);
        break;
      }
    }
  }
  for (const { change, existing } of [...rules.kept, ...rules.modified]) addElbTagActions(list, change, existing.arn);
  return { serving, removing };
}

/**
 * What a rule's change in place waits for: that the new groups' targets are healthy. If nothing names a group yet, the
 * rule itself does first, without traffic; where it can't, there is no wait.
 */
function warmed(
  list: ActionList,
  stack: string,
  { change, desired, existing }: RulePair,
  after: readonly string[],
  warmth: Warmth,
): readonly string[] {
  const cold = warmth.coldIn(desired.actions);
  const unnamed = cold.filter((group) => warmth.waitOf(group) === undefined);
  const actions = unnamed.length === 0 ? existing.spec.actions : warmth.naming(existing.spec.actions, unnamed);
  if (actions === undefined) return [...after, ...cold.flatMap((group) => warmth.waitOf(group) ?? [])];
  const named =
    actions === existing.spec.actions
      ? after
      : [
          list.add({
            kind: "modifyRule",
            stack,
            resource: change.resource,
            details: { ruleArn: existing.arn, actions },
            reason: "AWS checks targets only when a rule names their group, and this one does without traffic",
            field: "/actions",
            after,
            part: "without traffic",
          }),
        ];
  return [...after, ...cold.map((group) => warmth.waitAfter(group, named))];
}

interface Placed {
  readonly id: string;
  readonly shape: RuleShape;
}

function shapeOf({ conditions }: Pick<ListenerRuleSpec, "conditions">): RuleShape {
  return ruleShape(conditions);
}

function overlapping(rules: readonly Placed[], shape: RuleShape): readonly string[] {
  return rules.flatMap((rule) => (rulesOverlap(rule.shape, shape) ? [rule.id] : []));
}

function createRule(
  list: ActionList,
  stack: string,
  { change }: Difference<"listenerRule">,
  spec: ListenerRuleSpec,
  after: readonly string[],
): string {
  return list.add({
    kind: "createRule",
    stack,
    resource: change.resource,
    details: { spec },
    reason: change.reason,
    after,
  });
}

function modifyRule(
  list: ActionList,
  stack: string,
  { change, desired, existing }: RulePair,
  after: readonly string[],
): string {
  const { actions, conditions, transforms } = desired;
  const details = {
    ruleArn: existing.arn,
    ...(changes(change, "/actions") || changes(change, CLIENT_FIELD) ? { actions } : {}),
    ...(changes(change, "/conditions") ? { conditions } : {}),
    ...(changes(change, "/transforms") ? newTransforms(transforms) : {}),
  };
  const fields = change.fields.filter(({ path }) => path !== "/priority" && !path.startsWith("/tags/"));
  const id = list.add({
    kind: "modifyRule",
    stack,
    resource: change.resource,
    details,
    reason: updateReason(fields),
    ...(fields[0] === undefined ? {} : { field: fields[0].path }),
    disruption: authenticationLoss(existing.spec.actions, actions),
    after,
  });
  for (const arn of targetGroupsIn(existing.spec.actions)) list.release(arn, id);
  return id;
}

function newTransforms(
  transforms: ListenerRuleSpec["transforms"],
): { readonly transforms: NonNullable<ListenerRuleSpec["transforms"]> } | { readonly resetTransforms: true } {
  return transforms === undefined || transforms.length === 0 ? { resetTransforms: true } : { transforms };
}

function renumber(
  list: ActionList,
  stack: string,
  rules: RuleDifferences,
  step: Extract<RuleStep, { kind: "renumber" }>,
  after: readonly string[],
  count: number,
): string {
  const priorities = step.priorities.map(({ rule, priority }) => {
    const ruleArn: Value = "arn" in rule ? rule.arn : { ref: rule.key, field: "arn" };
    return { ruleArn, priority };
  });
  return list.add({
    kind: "setRulePriorities",
    stack,
    resource: rules.listener,
    details: { priorities },
    reason: "rules take their new places, all at once",
    after,
    ...(count === 0 ? {} : { part: String(count + 1) }),
  });
}

function deleteRule(
  list: ActionList,
  stack: string,
  { change, existing }: Difference<"listenerRule">,
  after: readonly string[],
): string {
  const ruleArn = existing?.arn ?? "";
  const { resource, reason } = change;
  const id = list.add({ kind: "deleteRule", stack, resource, details: { ruleArn }, reason, after });
  for (const arn of targetGroupsIn(existing?.spec.actions ?? [])) list.release(arn, id);
  return id;
}
