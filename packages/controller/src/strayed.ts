/**
 * Members that aren't as their group leaves them: without its finalizer, or with another status. Somebody's hand did it,
 * or the turn of the group that an Ingress had just left, which didn't know of it yet.
 */
import { carries, type GroupsOfIngresses, groupFinalizer, ingressStatus, type Settings } from "@elbplan/core";
import { hasOtherStatus, type ObjectChange } from "@elbplan/k8s-source/cluster";
import type { Known } from "./knowledge.ts";

/** Ids of the groups, which need a turn, of those among the changed Ingresses. */
export function strayed(
  changes: readonly ObjectChange[],
  { graph, inventory, ingresses }: Known,
  groups: GroupsOfIngresses,
  settings: Settings,
): readonly string[] {
  return changes.flatMap(({ after }) => {
    const name = after && `${after.metadata.namespace}/${after.metadata.name}`;
    const ingress = name === undefined ? undefined : ingresses.get(name);
    if (name === undefined || ingress === undefined) return [];
    return (groups.get(name) ?? []).filter((id) => {
      const stack = graph.stacks[id];
      if (stack === undefined || stack.status === "failed" || !stack.members.includes(name)) return false;
      const entries = ingressStatus(stack, inventory, settings);
      return !carries(ingress, groupFinalizer(stack)) || (entries !== undefined && hasOtherStatus(ingress, entries));
    });
  });
}
