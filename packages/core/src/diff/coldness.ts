/** Which target groups traffic must not move to yet: nobody knows a healthy target of theirs. */
import type { Target } from "../model/inventory.ts";
import type { RuleAction } from "../model/rule-action.ts";
import { isReference, type Value } from "../model/value.ts";
import type { DiffContext } from "./context.ts";
import type { Difference, TargetsDifference } from "./difference.ts";
import type { ListenerDifference } from "./listener.ts";

/** The target groups that get a share of the traffic of an action: not those of weight 0, unless it has no other. */
export function sharesOf(action: RuleAction): readonly Value[] {
  if (action.type !== "forward") return [];
  const { targetGroups } = action.forwardConfig;
  return targetGroups.flatMap(({ targetGroupArn, weight }) =>
    weight === 0 && targetGroups.length > 1 ? [] : [targetGroupArn],
  );
}

/** One text for a target group: its ARN, or a reference to one that the plan makes. */
export function targetGroupName(group: Value): string {
  return typeof group === "string" ? group : isReference(group) ? JSON.stringify(group) : "";
}

/**
 * Names of the cold groups of a stack (see `targetGroupName`): those that the plan makes, and existing ones of which no
 * target is known to be healthy, if nothing gave them a share, or if all targets are in their first checks: then an
 * earlier run named the group and stopped before it had waited. None of which no targets are known, for they would never
 * be warm.
 */
export function coldTargetGroups(
  { owned }: DiffContext,
  targetGroups: readonly Difference<"targetGroup">[],
  targets: readonly TargetsDifference[],
  listeners: readonly ListenerDifference[],
): readonly string[] {
  const served = new Set(
    listeners
      .flatMap(({ existing }) => (existing === undefined ? [] : [existing]))
      .flatMap(({ arn, spec }) => [
        ...spec.defaultActions,
        ...(owned.rules.get(arn) ?? []).flatMap((rule) => rule.spec.actions),
      ])
      .flatMap(sharesOf)
      .map(targetGroupName),
  );
  const known = owned.inventory.targets;
  const registered = (name: string): readonly Target[] =>
    (Object.hasOwn(known, name) ? (known[name] ?? []) : []).filter(({ state }) => state !== "draining");
  const filled = [
    ...targets.flatMap(({ desired, added }) =>
      desired !== undefined && added.length > 0 ? [targetGroupName(desired.targetGroupArn)] : [],
    ),
    // Somebody else may have registered targets that the goal doesn't speak of.
    ...targetGroups.flatMap(({ desired, existing }) =>
      desired !== undefined && existing !== undefined && registered(existing.arn).length > 0 ? [existing.arn] : [],
    ),
  ];
  return [...new Set(filled)].filter((name) => {
    const live = registered(name);
    return !live.some(isHealthy) && (!served.has(name) || isBegun(live));
  });
}

/** Whose health isn't checked counts as healthy. */
function isHealthy({ state }: Target): boolean {
  return state === "healthy" || state === "unavailable";
}

function isBegun(live: readonly Target[]): boolean {
  return live.length > 0 && live.every(({ state }) => state === "initial");
}
