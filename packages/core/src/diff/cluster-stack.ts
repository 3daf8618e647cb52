/** The shared backend security group: made when a planned group needs it, deleted only when nothing uses it any more. */
import { CLUSTER_STACK, type DesiredGraph } from "../model/graph.ts";
import type { PlanOptions } from "../model/plan.ts";
import type { StackDiff } from "./difference.ts";
import type { Owned } from "./owned.ts";

/** Leaves out what the input as a whole doesn't justify; a stack that isn't planned may still use the shared group. */
export function narrowClusterStack(
  shared: StackDiff,
  desired: DesiredGraph,
  owned: Owned,
  stacks: readonly StackDiff[],
  options: PlanOptions,
): StackDiff {
  if (desired.clusterStack.status === "failed") return { ...shared, status: "left", securityGroups: [] };
  const planned = new Set(stacks.filter(({ status }) => status === "planned").map(({ id }) => id));
  const needed = Object.values(desired.stacks).some(
    ({ id, usesBackendSecurityGroup }) => usesBackendSecurityGroup && planned.has(id),
  );
  const settled = new Set(options.settled);
  const claimed = options.prune === true || stacks.length + settled.size > 0;
  const everyStackPlanned = [...owned.stacks.keys()].every(
    (id) => id === CLUSTER_STACK || planned.has(id) || settled.has(id),
  );
  const securityGroups = shared.securityGroups.filter(({ desired: wanted, existing }) => {
    if (existing === undefined) return needed;
    if (wanted !== undefined) return true;
    return claimed && everyStackPlanned && !isUsed(existing.arn, owned, stacks);
  });
  return { ...shared, securityGroups };
}

/** Whether a load balancer will still have the group when the plan is carried out. */
function isUsed(groupId: string, { inventory }: Owned, stacks: readonly StackDiff[]): boolean {
  const letGo = new Set(
    stacks.flatMap(({ loadBalancers }) =>
      loadBalancers.flatMap(({ change, desired, existing }) => {
        if (existing === undefined) return [];
        const leaves = change.kind === "delete" || change.kind === "replace";
        return leaves || desired?.securityGroups?.includes(groupId) === false ? [existing.arn] : [];
      }),
    ),
  );
  return Object.values(inventory.loadBalancers).some(
    ({ arn, spec }) => spec.securityGroups?.includes(groupId) === true && !letGo.has(arn),
  );
}
