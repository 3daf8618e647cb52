/**
 * The quotas of listeners and target groups per load balancer and of values per rule, counted before anything is called.
 * A rule takes its new target groups before it lets go of the old ones: without room for one more, all calls would be
 * refused; with room for some, the others follow when it is planned again.
 */
import { diagnose } from "../diagnostics/diagnose.ts";
import { stableJson } from "../lib/stable-json.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { RuleCondition } from "../model/listener-rule.ts";
import { isKnownQuota, type Quotas, quotasOf } from "../model/quotas.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { Value } from "../model/value.ts";
import { type DiffContext, resolveReferences } from "./context.ts";
import type { RuleDifferences } from "./difference.ts";
import type { ListenerDifference } from "./listener.ts";

interface Room {
  readonly diagnostics: readonly Diagnostic[];
  /** The goal, or the way to it, exceeds a quota that is known. */
  readonly refused: boolean;
}

/** What there is to say of a stack's application load balancers and their rules. */
export function loadBalancerRoom(
  context: DiffContext,
  listeners: readonly ListenerDifference[],
  rules: readonly RuleDifferences[],
): Room {
  const { inventory } = context.owned;
  const diagnostics = [
    ...balancersOf(listeners).flatMap((arn) => [
      ...listenerProblems(context, arn, listeners),
      ...targetGroupProblems(context, arn, listeners, rules),
    ]),
    ...(isKnownQuota(inventory, "conditionValuesPerRule") ? conditionProblems(context, rules) : []),
  ];
  return { diagnostics, refused: diagnostics.some(({ severity }) => severity === "error") };
}

function balancersOf(listeners: readonly ListenerDifference[]): readonly Value[] {
  const arns = listeners.flatMap(({ desired }) =>
    desired === undefined || desired.protocol === "TCP" ? [] : [desired.loadBalancerArn],
  );
  return [...new Map(arns.map((arn) => [stableJson(arn), arn])).values()];
}

function listenerProblems(
  context: DiffContext,
  balancer: Value,
  listeners: readonly ListenerDifference[],
): readonly Diagnostic[] {
  const before = typeof balancer === "string" ? (context.owned.listeners.get(balancer)?.length ?? 0) : 0;
  const goal = listeners.filter(({ desired }) => isOf(desired?.loadBalancerArn, balancer)).length;
  return overQuota(context, "listenersPerLoadBalancer", "listeners", before, goal);
}

function targetGroupProblems(
  context: DiffContext,
  balancer: Value,
  listeners: readonly ListenerDifference[],
  rules: readonly RuleDifferences[],
): readonly Diagnostic[] {
  const { inventory, listeners: existing, rules: existingRules } = context.owned;
  const old = typeof balancer === "string" ? (existing.get(balancer) ?? []) : [];
  const before = new Set(
    old.flatMap(({ arn, spec }) => [
      ...targetGroupsIn(spec.defaultActions),
      ...(existingRules.get(arn) ?? []).flatMap((rule) => targetGroupsIn(rule.spec.actions)),
    ]),
  );
  const wanted = listeners.filter(({ desired }) => isOf(desired?.loadBalancerArn, balancer));
  const keys = new Set(wanted.map(({ change }) => change.resource));
  const goal = new Set(
    [
      ...wanted.map(({ desired }) => desired?.defaultActions),
      ...rules
        .filter(({ listener }) => keys.has(listener))
        .flatMap(({ kept, modified, created }) => [...kept, ...modified, ...created])
        .map(({ desired }) => desired?.actions),
    ].flatMap((actions) => targetGroupsIn(resolveReferences(context, actions ?? []))),
  );
  const over = overQuota(context, "targetGroupsPerLoadBalancer", "target groups", before.size, goal.size);
  if (over.length > 0) return over;

  const most = quotasOf(inventory).targetGroupsPerLoadBalancer;
  const added = [...goal].filter((arn) => !before.has(arn)).length;
  const room = Math.max(most, before.size) - before.size;
  if (added <= room || before.size === 0) return [];
  const isStuck = room === 0 && isKnownQuota(inventory, "targetGroupsPerLoadBalancer");
  const message = `The quota of ${most} target groups has room for ${room} of ${added} new ones beside the ${before.size} that the load balancer of stack ${context.stack} has`;
  return isStuck
    ? [diagnose("target-groups.over-quota", `${message}.`, { stack: context.stack })]
    : [
        diagnose(
          "target-groups.gap",
          `${message}: rules that AWS refuses to change lead to the old ones until it is planned again.`,
          { stack: context.stack },
        ),
      ];
}

function conditionProblems(context: DiffContext, rules: readonly RuleDifferences[]): readonly Diagnostic[] {
  const most = quotasOf(context.owned.inventory).conditionValuesPerRule;
  return rules.flatMap(({ modified, created }) =>
    [...modified, ...created].flatMap(({ change, desired }) => {
      const count = (desired?.conditions ?? []).reduce((sum, one) => sum + valueCount(one), 0);
      if (count <= most) return [];
      const resource: ResourceKey = change.resource;
      const message = `${resource} of stack ${context.stack} would have ${count} values in its conditions; the quota is ${most}.`;
      return [diagnose("conditions.over-quota", message, { stack: context.stack, resource })];
    }),
  );
}

function overQuota(
  { owned: { inventory }, stack }: DiffContext,
  quota: keyof Quotas & ("listenersPerLoadBalancer" | "targetGroupsPerLoadBalancer"),
  what: "listeners" | "target groups",
  before: number,
  goal: number,
): readonly Diagnostic[] {
  const most = quotasOf(inventory)[quota];
  if (goal <= most || goal <= before) return [];
  const code = what === "listeners" ? "listeners.over-quota" : "target-groups.over-quota";
  const message = `The load balancer of stack ${stack} would have ${goal} ${what}; the quota is ${most}.`;
  return [diagnose(code, message, { stack, ...(!isKnownQuota(inventory, quota) && { severity: "warning" as const }) })];
}

function isOf(arn: Value | undefined, balancer: Value): boolean {
  return arn !== undefined && stableJson(arn) === stableJson(balancer);
}

function targetGroupsIn(actions: readonly RuleAction[]): readonly string[] {
  return actions.flatMap((action) =>
    action.type === "forward"
      ? action.forwardConfig.targetGroups.map(({ targetGroupArn }) => stableJson(targetGroupArn))
      : [],
  );
}

/** Each condition has one list of values or of regular expressions. */
function valueCount({ field: _, ...config }: RuleCondition): number {
  return Object.values(config).reduce((sum: number, part: object) => {
    const lists = Object.values(part).filter((list) => Array.isArray(list));
    return sum + lists.reduce((length, list) => length + list.length, 0);
  }, 0);
}
