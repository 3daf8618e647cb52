/** Actions on targets: registered before a rule names their group, and before others are deregistered. */
import { sharesOf } from "../diff/coldness.ts";
import type { StackDiff, TargetsDifference } from "../diff/difference.ts";
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
  for (const difference of targets) {
    const { change, desired, added, removed } = difference;
    const { resource, reason } = change;
    const opened = (desired?.securityGroups ?? []).flatMap((group) => permissions.authorized.get(group) ?? []);
    const targetGroupArn = desired?.targetGroupArn ?? "";
    const common = { stack, resource, reason, field: "/targets" } as const;
    const registered = chunks(added, TARGETS_PER_CALL).map((chunk, index) =>
      list.add({
        ...common,
        kind: "registerTargets",
        details: { targetGroupArn, targets: chunk },
        after: opened,
        ...partOf(index),
      }),
    );
    for (const id of [...opened, ...registered]) prepare(list, difference, id);
    for (const [index, chunk] of chunks(removed, TARGETS_PER_CALL).entries()) {
      const id = list.add({
        ...common,
        kind: "deregisterTargets",
        details: { targetGroupArn, targets: chunk },
        disruption: "drains-connections",
        after: registered,
        // What serves until others take its place keeps its targets so long.
        afterRelease: typeof targetGroupArn === "string" && !serving.has(targetGroupArn) ? [targetGroupArn] : [],
        ...partOf(index),
      });
      permissions.letGo.push(id);
    }
  }
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
