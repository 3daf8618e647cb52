/** Load balancers that AWS would refuse to create, for one of that name exists. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { ownershipOf } from "../resolve/ownership-tags.ts";
import type { DiffContext } from "./context.ts";
import type { Difference } from "./difference.ts";

/** Names only those that carry no stack's tags: what another stack has may go in the same plan. */
export function takenNames(
  { owned, settings, stack }: DiffContext,
  loadBalancers: readonly Difference<"loadBalancer">[],
): readonly Diagnostic[] {
  const strangers = new Map(
    Object.values(owned.inventory.loadBalancers)
      .filter(({ spec }) => ownershipOf(spec.tags, settings.clusterName) === undefined)
      .map(({ arn, spec }) => [spec.name, arn]),
  );
  return loadBalancers.flatMap(({ change, desired }) => {
    const arn = change.kind === "create" ? strangers.get(desired?.name ?? "") : undefined;
    if (arn === undefined) return [];
    const message = `Stack ${stack} needs the name of load balancer ${arn}, which doesn't carry the stack's tags.`;
    return [diagnose("resource.name-taken", message, { stack, resource: change.resource })];
  });
}
