/** Which target groups traffic must not move to yet: nobody knows a healthy target of theirs. */
import type { Target } from "../model/inventory.ts";
import type { DiffContext } from "./context.ts";
import type { Difference, TargetsDifference } from "./difference.ts";
import { gainingGroups } from "./gaining-groups.ts";
import type { ListenerDifference } from "./listener.ts";
import { sharesOf, targetGroupName } from "./shares.ts";

/**
 * Names of the cold groups of a stack (see `targetGroupName`): those that the plan makes, and existing ones of which no
 * target is known to be healthy, if nothing gives them a share, or if the goal leads requests there that healthy targets
 * of others answer now. An earlier run may have named them and stopped before its wait was met; and what a group without
 * healthy targets serves already holds up nothing. None of which no targets are known, for they would never be warm.
 */
export function coldTargetGroups(
  context: DiffContext,
  targetGroups: readonly Difference<"targetGroup">[],
  targets: readonly TargetsDifference[],
  listeners: readonly ListenerDifference[],
): readonly string[] {
  const { owned } = context;
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
  const unhealthy = [...new Set(filled)].filter((name) => !registered(name).some(isHealthy));
  const isWarm = (name: string): boolean => {
    const live = registered(name);
    return live.length === 0 || live.some(isHealthy);
  };
  const gaining = gainingGroups(context, listeners, new Set(unhealthy.filter((name) => served.has(name))), isWarm);
  return unhealthy.filter((name) => !served.has(name) || gaining.has(name));
}

/** Whose health isn't checked counts as healthy. */
function isHealthy({ state }: Target): boolean {
  return state === "healthy" || state === "unavailable";
}
