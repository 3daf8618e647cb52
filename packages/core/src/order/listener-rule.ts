/** Turns the steps of a listener's rules into actions, with the edges that make any parallel execution as safe. */

import type { Difference, RuleDifferences, RulePair } from "../diff/difference.ts";
import { updateReason } from "../diff/reason.ts";
import { type RuleShape, ruleCovers, ruleShape, rulesOverlap } from "../diff/rule-overlap.ts";
import { CLIENT_FIELD } from "../diff/sent-clients.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import { changes } from "./changed.ts";
import { authenticationLoss } from "./disruption.ts";
import { targetGroupsIn } from "./released.ts";
import { type RuleStep, ruleSteps } from "./rule-steps.ts";
import { addElbTagActions } from "./tag-actions.ts";
import type { Warmth } from "./warm.ts";
import { createWarmRule, warmedRule } from "./warm-rule.ts";

/** What changing the rules of a listener comes down to. */
export interface RuleActions {
  /** Waits for the targets that the rules lead to. */
  readonly warm: readonly string[];
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
  return { serving, warm: [], removing: [] };
}

/** The default actions of a listener that exists. */
export interface Fallback {
  readonly actions: readonly RuleAction[];
  /** Adds the action that changes them and returns what must be done before more is led there; absent if they stay. */
  readonly change?: (after: readonly string[]) => readonly string[];
}

/** Rules of a listener that exists. `before`: what must be done before any rule is added. */
export function addExistingListenerRules(
  list: ActionList,
  stack: string,
  rules: RuleDifferences,
  fallback: Fallback,
  before: readonly string[],
  warmth: Warmth,
): RuleActions {
  const serving: string[] = [];
  const removing: string[] = [];
  const placed: Placed[] = [];
  const deleted: Placed[] = [];
  // What stays and names cold groups: an earlier run stopped before it had waited, and nothing more is led there.
  const staying = [
    ...rules.kept.flatMap(({ desired }) => desired.actions),
    ...(fallback.change === undefined ? fallback.actions : []),
  ];
  const standing = warmth.coldIn(staying).map((group) => warmth.waitAfter(group, []));
  // What the deletions wait for: the last of renumbering and default, else the new rules they overlap.
  let barrier: readonly string[] | undefined;
  let renumbered = 0;
  // An order that was looked for is kept to, one call after another.
  let previous: readonly string[] = [...before, ...standing];
  const following = (usual: readonly string[]): readonly string[] => (rules.turns === undefined ? usual : previous);
  const isCold = (rule: Difference<"listenerRule">): boolean => warmth.coldIn(rule.desired?.actions ?? []).length > 0;
  const all = (): readonly string[] => [...serving, ...placed.flatMap(({ ready }) => ready), ...standing];
  for (const step of ruleSteps(rules, fallback.change !== undefined, isCold)) {
    switch (step.kind) {
      case "modify": {
        const { change, desired, existing } = step.pair;
        const changesConditions = changes(change, "/conditions");
        const after = following(changesConditions ? standing : []);
        const warm = warmedRule(list, stack, step.pair, after, warmth);
        if (changesConditions || isForward(existing.spec.actions)) warmth.moveCold(change.resource, warm.late);
        const id = modifyRule(list, stack, step.pair, warm.after);
        const waits = warm.late.map((group) => warmth.waitAfter(group, [id]));
        if (waits.length > 0) placed.push({ id, shape: shapeOf(desired), ready: waits });
        previous = [id, ...waits];
        serving.push(id);
        break;
      }
      case "create": {
        const { desired } = step.rule;
        if (desired === undefined) break;
        const shape = shapeOf(desired);
        const after = following([...(barrier ?? before), ...overlapping(placed, shape).map(({ id }) => id)]);
        const spec = { ...desired, priority: step.priority };
        const falls = isCold(step.rule) && !isCovered(rules, shape) ? fallback.actions : [];
        const { id, done, ready } = createWarmRule(list, stack, step.rule, spec, after, falls, warmth);
        placed.push({ id, shape, ready });
        serving.push(...done);
        previous = ready;
        break;
      }
      case "renumber":
        barrier = [renumber(list, stack, rules, step, following([...all(), ...(barrier ?? before)]), renumbered++)];
        previous = barrier;
        serving.push(...barrier);
        break;
      case "default":
        if (fallback.change === undefined) break;
        barrier = fallback.change(following(barrier ?? all()));
        previous = barrier;
        break;
      case "delete": {
        const { existing } = step.rule;
        if (existing === undefined) break;
        const shape = shapeOf(existing.spec);
        const after = [
          ...(barrier ?? [...overlapping(placed, shape).flatMap(({ ready }) => ready), ...standing]),
          ...overlapping(deleted, shape).map(({ id }) => id),
        ];
        const id = deleteRule(list, stack, step.rule, following(after));
        previous = [id];
        deleted.push({ id, shape, ready: [id] });
        removing.push(id);
        break;
      }
    }
  }
  for (const { change, existing } of [...rules.kept, ...rules.modified]) addElbTagActions(list, change, existing.arn);
  return { serving, warm: [...placed.flatMap(({ ready }) => ready), ...standing, ...(barrier ?? [])], removing };
}

function isForward(actions: readonly RuleAction[]): boolean {
  return actions.at(-1)?.type === "forward";
}

/** Whether an old rule matches all that a new one does. One whose conditions change doesn't count. */
function isCovered({ kept, modified, deleted }: RuleDifferences, shape: RuleShape): boolean {
  const old = [...kept, ...modified.filter(({ change }) => !changes(change, "/conditions")), ...deleted];
  return old.some(({ existing }) => existing !== undefined && ruleCovers(shapeOf(existing.spec), shape));
}

/** A rule that is new, has a new answer, or goes. */
interface Placed {
  readonly id: string;
  readonly shape: RuleShape;
  /** What must be done before traffic is led to it. */
  readonly ready: readonly string[];
}

function shapeOf({ conditions }: Pick<ListenerRuleSpec, "conditions">): RuleShape {
  return ruleShape(conditions);
}

function overlapping(rules: readonly Placed[], shape: RuleShape): readonly Placed[] {
  return rules.filter((rule) => rulesOverlap(rule.shape, shape));
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
