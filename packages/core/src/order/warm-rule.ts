/** Rules that wait for the targets of new target groups: what names a group without traffic, and what comes after. */
import type { Difference, RulePair } from "../diff/difference.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import type { Warmth } from "./warm.ts";

/** Why a rule or a default names a group at weight 0. */
export const NAMED_WITHOUT_TRAFFIC =
  "AWS checks targets only when a rule names their group, and this one does without traffic";

/** What a change in place waits for. */
export interface Warmed {
  readonly after: readonly string[];
  /** Groups that nothing could name before: what leads more traffic there waits until the change is made. */
  readonly late: readonly Value[];
}

/**
 * What the change of a rule's or a listener's answer waits for: that the new groups' targets are healthy. If nothing names
 * a group yet, the old answer itself does first, without traffic: `name` adds that call.
 */
export function warmed(
  warmth: Warmth,
  before: readonly RuleAction[],
  next: readonly RuleAction[],
  after: readonly string[],
  name: (actions: readonly RuleAction[]) => string,
): Warmed {
  const cold = warmth.coldIn(next);
  const unnamed = cold.filter((group) => warmth.waitOf(group) === undefined && !warmth.isNamed(group));
  const actions = unnamed.length === 0 ? before : warmth.naming(before, unnamed);
  if (actions === undefined) {
    const others = cold.filter((group) => !unnamed.includes(group));
    return { after: [...after, ...others.map((group) => warmth.waitAfter(group, []))], late: unnamed };
  }
  const named = actions === before ? after : [name(actions)];
  return { after: [...after, ...cold.map((group) => warmth.waitAfter(group, named))], late: [] };
}

/** The same for a rule that is modified. */
export function warmedRule(
  list: ActionList,
  stack: string,
  { change, desired, existing }: RulePair,
  after: readonly string[],
  warmth: Warmth,
): Warmed {
  return warmed(warmth, existing.spec.actions, desired.actions, after, (actions) =>
    list.add({
      kind: "modifyRule",
      stack,
      resource: change.resource,
      details: { ruleArn: existing.arn, actions },
      reason: NAMED_WITHOUT_TRAFFIC,
      field: "/actions",
      after,
      part: "without traffic",
    }),
  );
}

/** A new rule, and what must be done before traffic may be led to it. */
export interface CreatedRule {
  readonly id: string;
  /** The rule answers as the goal says. */
  readonly done: readonly string[];
  /** And its targets are healthy. */
  readonly ready: readonly string[];
}

/**
 * Creates a rule behind all others. `fallback`: what serves its requests until then, if no other rule does. Where that
 * leads to target groups, the rule does at first what the fallback does, and names its own groups without traffic.
 */
export function createWarmRule(
  list: ActionList,
  stack: string,
  { change }: Difference<"listenerRule">,
  spec: ListenerRuleSpec,
  after: readonly string[],
  fallback: readonly RuleAction[],
  warmth: Warmth,
): CreatedRule {
  const { resource, reason } = change;
  const cold = warmth.coldIn(spec.actions);
  const isServed = fallback.at(-1)?.type === "forward";
  const actions = cold.length > 0 && isServed ? warmth.naming(fallback, cold) : undefined;
  if (isServed && actions === undefined) warmth.moveCold(resource, cold);
  const { transforms, ...plain } = spec;
  const first = actions === undefined ? spec : { ...plain, actions };
  const id = list.add({ kind: "createRule", stack, resource, details: { spec: first }, reason, after });
  // The wait may be one that an earlier name of the group began: it says nothing of this rule.
  const waits = cold.map((group) => warmth.waitAfter(group, [id]));
  if (actions === undefined) return { id, done: [id], ready: [id, ...waits] };
  const ruleArn: Value = { ref: resource, field: "arn" };
  const modified = list.add({
    kind: "modifyRule",
    stack,
    resource,
    details: { ruleArn, actions: spec.actions, ...(transforms === undefined ? {} : { transforms }) },
    reason: "its targets are healthy",
    field: "/actions",
    after: [id, ...waits],
  });
  return { id, done: [id, modified], ready: [modified] };
}
