/** Actions on target groups: created before a rule names them, deleted after the last one let go. */
import type { Difference, StackDiff } from "../diff/difference.ts";
import type { Inventory } from "../model/inventory.ts";
import type { HealthCheck } from "../model/target-group.ts";
import type { StringMap, Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import { changedAttributes, changedFields, changes } from "./changed.ts";
import type { PermissionActions } from "./endpoint-permissions.ts";
import { partsOf } from "./part.ts";
import { addElbTagActions } from "./tag-actions.ts";
import { bindingOf } from "./target-group-binding.ts";
import { targetGroupOf } from "./targets.ts";

/** Creates and updates, ascending resource id. */
export function addTargetGroups(
  list: ActionList,
  { targetGroups, targets }: StackDiff,
  vpcId: string,
  permissions: PermissionActions,
): void {
  const partOf = partsOf(targetGroups);
  const targetsOf = new Map(targets.map((difference) => [targetGroupOf(difference.change.resource), difference]));
  for (const difference of targetGroups) {
    const { change } = difference;
    if (change.kind === "create" || change.kind === "replace") createTargetGroup(list, difference, vpcId);
    if (change.kind !== "update") continue;
    updateTargetGroup(list, difference, partOf(change), (id) => {
      // Health checks on another port need what admits them, and no longer what admitted the old ones.
      if (!changes(change, "/healthCheck/port")) return;
      const groups = targetsOf.get(change.resource)?.desired?.securityGroups ?? [];
      list.wait(
        id,
        groups.flatMap((group) => permissions.authorized.get(group) ?? []),
      );
      permissions.letGo.push(id);
    });
  }
}

function createTargetGroup(list: ActionList, { change, desired }: Difference<"targetGroup">, vpcId: string): void {
  if (desired === undefined) return;
  const { stack, resource, reason } = change;
  const { attributes, ...spec } = desired;
  list.add({ kind: "createTargetGroup", stack, resource, details: { vpcId, spec }, reason });
  if (attributes === undefined || Object.keys(attributes).length === 0) return;
  const id = addAttributes(list, change, { ref: resource, field: "arn" }, attributes, {});
  list.prepare(stack, resource, id);
}

function updateTargetGroup(
  list: ActionList,
  { change, desired, existing }: Difference<"targetGroup">,
  part: { readonly part?: string },
  checksHealth: (id: string) => void,
): void {
  if (desired === undefined || existing === undefined) return;
  const { stack, resource, reason } = change;
  addElbTagActions(list, change, existing.arn, part);
  const healthCheck = changedFields<HealthCheck>(change, "healthCheck", desired.healthCheck);
  if (Object.keys(healthCheck).length > 0) {
    const id = list.add({
      kind: "modifyTargetGroup",
      stack,
      resource,
      details: { targetGroupArn: existing.arn, healthCheck },
      reason,
      field: "/healthCheck",
      ...part,
    });
    checksHealth(id);
  }
  const attributes = changedAttributes(change);
  if (Object.keys(attributes).length > 0) addAttributes(list, change, existing.arn, attributes, part);
}

function addAttributes(
  list: ActionList,
  { stack, resource, kind, reason }: Difference<"targetGroup">["change"],
  targetGroupArn: Value,
  attributes: StringMap,
  part: { readonly part?: string },
): string {
  return list.add({
    kind: "modifyTargetGroupAttributes",
    stack,
    resource,
    details: { targetGroupArn, attributes },
    reason: kind === "update" ? reason : "a new target group has AWS's default attributes",
    field: "/attributes",
    ...part,
  });
}

/** AWS's default delay of deregistration. */
const DRAINED_SECONDS = 300;

/**
 * Deletes what nobody asks for or what was replaced; its registered targets need no call. With `drain` the connections
 * of a group whose load balancer stays have the delay of deregistration to end.
 */
export function deleteTargetGroups(
  list: ActionList,
  { targetGroups, loadBalancers }: StackDiff,
  inventory: Inventory,
  drain: boolean,
): void {
  const partOf = partsOf(targetGroups);
  const stays = loadBalancers.some(({ change }) => change.kind === "keep" || change.kind === "update");
  for (const { change, existing } of targetGroups) {
    if (existing === undefined || (change.kind !== "delete" && change.kind !== "replace")) continue;
    const isFilled = (Object.hasOwn(inventory.targets, existing.arn) && inventory.targets[existing.arn]?.length) || 0;
    const delay = existing.spec.attributes?.["deregistration_delay.timeout_seconds"];
    const seconds = delay === undefined ? DRAINED_SECONDS : Number(delay);
    const drained =
      drain && stays && isFilled > 0 && seconds > 0
        ? [
            list.add({
              kind: "wait",
              stack: change.stack,
              resource: change.resource,
              details: {
                until: "targets-drained",
                subject: existing.arn,
                deadlineSeconds: seconds,
                onDeadline: "continue",
              },
              reason: "connections to its targets have time to end",
              afterRelease: [existing.arn],
              part: ["drained", partOf(change).part ?? []].flat().join(" "),
            }),
          ]
        : [];
    list.add({
      kind: "deleteTargetGroup",
      stack: change.stack,
      resource: change.resource,
      details: { targetGroupArn: existing.arn },
      reason: change.reason,
      disruption: "drains-connections",
      after: drained,
      afterRelease: [existing.arn, bindingOf(existing.arn)],
      ...partOf(change),
    });
  }
}
