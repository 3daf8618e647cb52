/**
 * The quotas of targets, per target group and per load balancer, counted before anything is called. While targets change
 * old and new ones are registered side by side; where they don't fit, some of the old go first, and what waits for target
 * groups that go is registered when these are out of use. AWS doesn't say whether targets that drain count: they don't
 * here. (Its quota per Availability Zone is one of network load balancers, which get one target from us.)
 */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isKnownQuota, quotasOf } from "../model/quotas.ts";
import { type ResourceKey, resourceKey } from "../model/resource.ts";
import type { DiffContext } from "./context.ts";
import type { Difference, TargetsDifference } from "./difference.ts";

export interface FittedTargets {
  readonly targets: readonly TargetsDifference[];
  readonly diagnostics: readonly Diagnostic[];
  /** The goal itself exceeds a quota that is known. */
  readonly refused: boolean;
}

/** Fits the targets of a stack's load balancer into the quotas. */
export function fitTargets(
  context: DiffContext,
  targets: readonly TargetsDifference[],
  targetGroups: readonly Difference<"targetGroup">[],
): FittedTargets {
  const { inventory } = context.owned;
  const quotas = quotasOf(inventory);
  const counts = countTargets(context, targets, targetGroups);
  const over = [
    ...targets.map((one) => ({ ...countOf(one), of: one.change.resource, quota: "targetsPerTargetGroup" as const })),
    { ...counts, of: undefined, quota: "targetsPerLoadBalancer" as const },
  ]
    .map((one) => ({ ...one, most: quotas[one.quota], known: isKnownQuota(inventory, one.quota) }))
    .filter(({ before, goal, most }) => goal > most && goal > before);
  const diagnostics = over.map(({ of, goal, most, known }) => {
    const what = of === undefined ? "The load balancer" : named(of);
    const message = `${what} of stack ${context.stack} would have ${goal} targets; the quota is ${most}.`;
    const place = { stack: context.stack, ...(of !== undefined && { resource: of }) };
    return diagnose("targets.over-quota", message, { ...place, ...(!known && { severity: "warning" as const }) });
  });
  if (over.length > 0) return { targets, diagnostics, refused: over.some(({ known }) => known) };

  // What exists proves a quota that allows it.
  const perGroup = targets.map((one) => makeRoom(one, quotas.targetsPerTargetGroup));
  const most = Math.max(quotas.targetsPerLoadBalancer, counts.before);
  const fitted = fitLoadBalancer(perGroup, counts.peak - most);
  const gaps = fitted.flatMap(({ change: { resource }, first = 0, later = 0 }) => {
    if (first + later === 0) return [];
    const parts = [
      ...(first > 0 ? [`${first} are deregistered before others are registered`] : []),
      ...(later > 0 ? [`${later} are registered only when target groups that go are out of use`] : []),
    ];
    const message = `The quotas of targets have no room for the old and the new ones of ${named(resource)} side by side: ${parts.join(", ")}.`;
    return [diagnose("targets.gap", message, { stack: context.stack, resource })];
  });
  return { targets: fitted, diagnostics: gaps, refused: false };
}

interface Counts {
  readonly before: number;
  readonly goal: number;
}

function countOf({ existing, added, removed }: TargetsDifference): Counts {
  const before = existing?.spec.targets.length ?? 0;
  return { before, goal: before + added.length - removed.length };
}

/** Over all target groups behind the load balancer: those that stay, come and go. `peak`: all of them side by side. */
function countTargets(
  { owned: { inventory } }: DiffContext,
  targets: readonly TargetsDifference[],
  targetGroups: readonly Difference<"targetGroup">[],
): Counts & { readonly peak: number } {
  const differences = new Map(targets.map((one) => [one.change.resource, one]));
  let [before, goal, peak] = [0, 0, 0];
  for (const { change, desired, existing } of targetGroups) {
    if ((desired ?? existing?.spec)?.targetType === "alb") continue;
    const registered =
      existing && Object.hasOwn(inventory.targets, existing.arn) ? inventory.targets[existing.arn] : [];
    const live = (registered ?? []).filter(({ state }) => state !== "draining").length;
    const isNamed = (existing && inventory.targetGroups[existing.arn]?.loadBalancerArns.length) ?? 0;
    const stays = change.kind === "keep" || change.kind === "update";
    const difference = desired && differences.get(resourceKey("targets", idOf(change.resource)));
    const added = difference?.added.length ?? 0;
    if (isNamed > 0) before += live;
    peak += (isNamed > 0 || stays ? live : 0) + added;
    if (desired !== undefined) goal += (stays ? live - (difference?.removed.length ?? 0) : 0) + added;
  }
  return { before, goal, peak };
}

/** So many go first that the others fit into their target group. */
function makeRoom(difference: TargetsDifference, quota: number): TargetsDifference {
  const { before } = countOf(difference);
  const { added, removed } = difference;
  const tight = Math.min(removed.length, before + added.length - Math.max(quota, before));
  return added.length > 0 && tight > 0 ? { ...difference, first: tight } : difference;
}

/** `tight`: so many too many; they go first where others come, and what is left of them comes later. */
function fitLoadBalancer(targets: readonly TargetsDifference[], tight: number): readonly TargetsDifference[] {
  const early = targets.reduce((sum, { first = 0 }) => sum + first, 0);
  if (tight <= early || targets.every(({ added }) => added.length === 0)) return targets;
  let left = tight - early;
  const take = (most: number): number => {
    const taken = Math.max(0, Math.min(left, most));
    left -= taken;
    return taken;
  };
  const gone = targets.map((one): TargetsDifference => {
    const more = take(one.removed.length - (one.first ?? 0));
    return more === 0 ? one : { ...one, first: (one.first ?? 0) + more };
  });
  // One target at least is there before a rule names the group.
  return gone.map((one) => {
    const { before } = countOf(one);
    const later = take(one.added.length - (before > one.removed.length ? 0 : 1));
    return later === 0 ? one : { ...one, later };
  });
}

function named(resource: ResourceKey): string {
  return resourceKey("targetGroup", idOf(resource));
}

function idOf(resource: ResourceKey): string {
  return resource.slice(resource.indexOf("/") + 1);
}
