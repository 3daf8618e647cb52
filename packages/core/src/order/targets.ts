/** Actions on targets: registered before a rule names their group, and before others are deregistered. */
import type { StackDiff, TargetsDifference } from "../diff/difference.ts";
import { sharesOf } from "../diff/shares.ts";
import { chunks } from "../lib/chunks.ts";
import { type ResourceKey, resourceKey } from "../model/resource.ts";
import type { ActionList } from "./action-list.ts";
import type { PermissionActions } from "./endpoint-permissions.ts";

/** AWS takes so many in one call, and LBC sends so many. */
const TARGETS_PER_CALL = 200;

/** Registers and deregisters; a security group that doesn't let load balancers in yet comes first. */
export function addTargets(list: ActionList, diff: StackDiff, permissions: PermissionActions): void {
  const { id: stack, targets } = diff;
  const serving = servingGroups(diff);
  const early = deregisterEarly(list, diff, permissions);
  const going = goingGroups(diff);
  for (const difference of targets) {
    const { change, desired, added, removed, first = 0, later = 0 } = difference;
    const { resource, reason } = change;
    const opened = (desired?.securityGroups ?? []).flatMap((group) => permissions.authorized.get(group) ?? []);
    const targetGroupArn = desired?.targetGroupArn ?? "";
    const common = { stack, resource, reason, field: "/targets" } as const;
    const now = added.slice(0, added.length - later);
    const registrations = [...chunks(now, TARGETS_PER_CALL), ...chunks(added.slice(now.length), TARGETS_PER_CALL)];
    const soon = chunks(now, TARGETS_PER_CALL).length;
    const registered = registrations.map((chunk, index) =>
      list.add({
        ...common,
        kind: "registerTargets",
        details: { targetGroupArn, targets: chunk },
        after: [...opened, ...early],
        afterRelease: index < soon ? [] : going,
        ...partOf(index),
      }),
    );
    for (const id of [...opened, ...registered.slice(0, soon)]) prepare(list, difference, id);
    const calls = chunks(removed.slice(0, first), TARGETS_PER_CALL).length;
    for (const [index, chunk] of chunks(removed.slice(first), TARGETS_PER_CALL).entries()) {
      const id = list.add({
        ...common,
        kind: "deregisterTargets",
        details: { targetGroupArn, targets: chunk },
        disruption: "drains-connections",
        after: registered,
        // What serves until others take its place keeps its targets so long.
        afterRelease: typeof targetGroupArn === "string" && !serving.has(targetGroupArn) ? [targetGroupArn] : [],
        ...partOf(calls + index),
      });
      permissions.letGo.push(id);
    }
  }
}

/** What must go before anything is registered; returns the ids of these actions. */
function deregisterEarly(list: ActionList, { id: stack, targets }: StackDiff, { letGo }: PermissionActions): string[] {
  return targets.flatMap(({ change: { resource, reason }, desired, removed, first = 0 }) =>
    chunks(removed.slice(0, first), TARGETS_PER_CALL).map((chunk, index) => {
      const id = list.add({
        kind: "deregisterTargets",
        stack,
        resource,
        details: { targetGroupArn: desired?.targetGroupArn ?? "", targets: chunk },
        reason,
        field: "/targets",
        disruption: "drains-connections",
        ...partOf(index),
      });
      letGo.push(id);
      return id;
    }),
  );
}

/** ARNs of the target groups that the plan takes away. */
function goingGroups({ targetGroups }: StackDiff): readonly string[] {
  return targetGroups.flatMap(({ change, existing }) =>
    existing !== undefined && (change.kind === "delete" || change.kind === "replace") ? [existing.arn] : [],
  );
}

/** ARNs of the target groups that get traffic before the plan and after it, from the same load balancer. */
function servingGroups({ listeners, rules, loadBalancers }: StackDiff): ReadonlySet<unknown> {
  if (loadBalancers.some(({ change }) => change.kind === "replace")) return new Set();
  const actions = [
    ...listeners.map(({ desired }) => desired?.defaultActions ?? []),
    ...rules.flatMap(({ kept, modified, created }) =>
      [...kept, ...modified, ...created].map(({ desired }) => desired?.actions ?? []),
    ),
  ].flat();
  return new Set(actions.flatMap(sharesOf));
}

/** No rule names a target group before its targets are there and can be reached. */
function prepare(list: ActionList, { change, desired }: TargetsDifference, id: string): void {
  const arn = desired?.targetGroupArn;
  if (typeof arn === "string") list.prepareExisting(arn, id);
  else list.prepare(change.stack, targetGroupOf(change.resource), id);
}

/** The key of the target group that has these targets. */
export function targetGroupOf(targets: ResourceKey): ResourceKey {
  return resourceKey("targetGroup", targets.slice("targets/".length));
}

function partOf(index: number): { readonly part?: string } {
  return index === 0 ? {} : { part: String(index + 1) };
}
