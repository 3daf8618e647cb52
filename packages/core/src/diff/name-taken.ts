/** Load balancers that AWS would refuse to create, for one of that name exists. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { ownershipOf, ownershipTags } from "../resolve/ownership-tags.ts";
import type { DiffContext } from "./context.ts";
import type { Difference } from "./difference.ts";
import { everyOwned } from "./owned.ts";

/**
 * Names only those that carry no stack's tags: what another stack has may go in the same plan. One that nobody listed is
 * known when it sends traffic to a target group of the stack.
 */
export function takenNames(
  { owned, mine, settings, stack }: DiffContext,
  loadBalancers: readonly Difference<"loadBalancer">[],
): readonly Diagnostic[] {
  const existing = owned.inventory.loadBalancers;
  const users = everyOwned(mine.targetGroups).flatMap(({ item }) => item.loadBalancerArns);
  const strangers = new Map([
    ...users.flatMap((arn) => (Object.hasOwn(existing, arn) ? [] : [[nameOf(arn), arn] as const])),
    ...Object.values(existing)
      .filter(({ spec }) => ownershipOf(spec.tags, settings.clusterName) === undefined)
      .map(({ arn, spec }) => [spec.name, arn] as const),
  ]);
  return loadBalancers.flatMap(({ change, desired }) => {
    const arn = change.kind === "create" ? strangers.get(desired?.name ?? "") : undefined;
    if (arn === undefined) return [];
    const id = change.resource.slice("loadBalancer/".length);
    const tags = Object.entries(ownershipTags(settings.clusterName, stack, id)).map(
      ([key, value]) => `${key}=${value}`,
    );
    const message = `Stack ${stack} needs the name of load balancer ${arn}, which doesn't carry the stack's tags ${tags.join(", ")}.`;
    return [diagnose("resource.name-taken", message, { stack, resource: change.resource })];
  });
}

/** `…:loadbalancer/app/NAME/ID` */
function nameOf(arn: string): string {
  return arn.split("/").at(-2) ?? "";
}
