/** Writes of TargetGroupBindings: before a rule names the target group, so that it isn't empty then; deleted before it. */
import type { StackDiff } from "../diff/difference.ts";
import type { ActionList } from "./action-list.ts";
import { partsOf } from "./part.ts";

/** Creates and patches. */
export function addTargetGroupBindings(list: ActionList, { targetGroupBindings }: StackDiff): void {
  const partOf = partsOf(targetGroupBindings);
  for (const { change, desired } of targetGroupBindings) {
    if (desired === undefined || change.kind === "keep") continue;
    const { stack, resource, reason } = change;
    const common = { stack, resource, details: { spec: desired }, reason, ...partOf(change) };
    if (change.kind === "create") {
      const id = list.add({ kind: "createTargetGroupBinding", ...common });
      list.prepare(stack, resource.replace(/^targetGroupBinding/, "targetGroup"), id);
    } else {
      list.add({ kind: "patchTargetGroupBinding", ...common });
    }
  }
}

/** Deletes, once no rule sends requests to the target group any more. */
export function deleteTargetGroupBindings(list: ActionList, { targetGroupBindings }: StackDiff): void {
  const partOf = partsOf(targetGroupBindings);
  for (const { change, desired, existing } of targetGroupBindings) {
    if (desired !== undefined || existing === undefined) continue;
    const { targetGroupArn, namespace, name } = existing.spec;
    const id = list.add({
      kind: "deleteTargetGroupBinding",
      stack: change.stack,
      resource: change.resource,
      // An existing binding's name is always known.
      details: { namespace, name },
      reason: change.reason,
      disruption: "drains-connections",
      afterRelease: [targetGroupArn],
      ...partOf(change),
    });
    list.release(bindingOf(targetGroupArn), id);
  }
}

/** Stands for the bindings of a target group among what can be let go of. */
export function bindingOf(targetGroupArn: string): string {
  return `binding of ${targetGroupArn}`;
}
