/** Actions on target groups: created before a rule names them, deleted after the last one let go. */
import type { Difference, StackDiff } from "../diff/difference.ts";
import type { HealthCheck } from "../model/target-group.ts";
import type { StringMap, Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import { changedAttributes, changedFields } from "./changed.ts";
import { partOf } from "./part.ts";
import { addElbTagActions } from "./tag-actions.ts";
import { bindingOf } from "./target-group-binding.ts";

/** Creates and updates, ascending resource id. */
export function addTargetGroups(list: ActionList, { targetGroups }: StackDiff, vpcId: string): void {
  for (const difference of targetGroups) {
    const { change } = difference;
    if (change.kind === "create" || change.kind === "replace") createTargetGroup(list, difference, vpcId);
    if (change.kind === "update") updateTargetGroup(list, difference, partOf(targetGroups, change));
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
): void {
  if (desired === undefined || existing === undefined) return;
  const { stack, resource, reason } = change;
  addElbTagActions(list, change, existing.arn, part);
  const healthCheck = changedFields<HealthCheck>(change, "healthCheck", desired.healthCheck);
  if (Object.keys(healthCheck).length > 0) {
    list.add({
      kind: "modifyTargetGroup",
      stack,
      resource,
      details: { targetGroupArn: existing.arn, healthCheck },
      reason,
      field: "/healthCheck",
      ...part,
    });
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

/** Deletes what nobody asks for or what was replaced; its registered targets need no call. */
export function deleteTargetGroups(list: ActionList, { targetGroups }: StackDiff): void {
  for (const { change, existing } of targetGroups) {
    if (existing === undefined || (change.kind !== "delete" && change.kind !== "replace")) continue;
    list.add({
      kind: "deleteTargetGroup",
      stack: change.stack,
      resource: change.resource,
      details: { targetGroupArn: existing.arn },
      reason: change.reason,
      disruption: "drains-connections",
      afterRelease: [existing.arn, bindingOf(existing.arn)],
      ...partOf(targetGroups, change),
    });
  }
}
