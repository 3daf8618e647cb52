/** Rules that go although nothing says that their Ingress wants it: redirects and fixed responses name no Ingress. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Stack } from "../model/graph.ts";
import type { StackDiff } from "./difference.ts";
import type { Owned } from "./owned.ts";

/**
 * One warning for the rules of an explicit group that are deleted and forward to no target group of the stack: only
 * target groups tell whose a rule is, so an Ingress that the input lacks may have made them. Rules whose listener or
 * load balancer goes count too.
 */
export function unattributedRules(owned: Owned, stack: Stack, result: StackDiff): readonly Diagnostic[] {
  if (!stack.explicit) return [];
  const ours = new Set([...(owned.stacks.get(stack.id)?.targetGroups.values() ?? [])].flat().map(({ arn }) => arn));
  const going = [
    ...result.rules.flatMap(({ deleted }) => deleted.flatMap(({ existing }) => existing ?? [])),
    ...goingListeners(owned, result).flatMap((arn) => owned.rules.get(arn) ?? []),
  ];
  const unattributed = going.filter(({ spec }) =>
    spec.actions.every(
      (action) =>
        action.type !== "forward" ||
        action.forwardConfig.targetGroups.every(({ targetGroupArn }) => !ours.has(targetGroupArn)),
    ),
  );
  if (unattributed.length === 0) return [];
  const places = unattributed.map(({ spec }) => `${portOf(owned, spec.listenerArn)}:${spec.priority}`).sort();
  const shown = places.slice(0, 5).join(", ") + (places.length > 5 ? ` and ${places.length - 5} more` : "");
  const message = `Rules of group ${stack.id} go that no target group ties to an Ingress: ${shown}.`;
  return [diagnose("group.unattributed-rules", message, { stack: stack.id })];
}

function goingListeners(owned: Owned, result: StackDiff): readonly string[] {
  const listeners = result.listeners.flatMap(({ desired, existing }) =>
    desired === undefined && existing ? existing.arn : [],
  );
  const withLoadBalancer = result.loadBalancers.flatMap(({ desired, existing }) =>
    desired === undefined && existing ? (owned.listeners.get(existing.arn) ?? []).map(({ arn }) => arn) : [],
  );
  return [...new Set([...listeners, ...withLoadBalancer])];
}

function portOf(owned: Owned, listenerArn: string): number | string {
  return owned.inventory.listeners[listenerArn]?.spec.port ?? "?";
}
