/**
 * The stage as a whole: changes → actions in the order in which they are carried out.
 *
 * Per stack: load balancers that go · security groups · certificates · target groups with their targets (or bindings) ·
 * load balancers · listeners with their rules · what is attached · and last, in reverse, what nobody needs any more. What
 * is shared, the backend security group and the permissions towards targets, comes before all stacks and goes after them.
 */
import type { DiffResult } from "../diff/difference.ts";
import type { Action } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { PlanOptions } from "../model/plan.ts";
import { quotasOf } from "../model/quotas.ts";
import { createActionList, type SourceLookup } from "./action-list.ts";
import { addAddons, addFrontendNlbTargets } from "./addon.ts";
import { deleteCertificates, requestCertificates, waitForPendingCertificates } from "./certificate.ts";
import { authorizeEndpoints, revokeEndpoints } from "./endpoint-permissions.ts";
import { addListeners } from "./listener.ts";
import { addLoadBalancers, deleteLoadBalancers } from "./load-balancer.ts";
import { redirectCircles } from "./redirects.ts";
import { createHoldings } from "./released.ts";
import { takeTurns } from "./room.ts";
import { addSecurityGroups, deleteSecurityGroups } from "./security-group.ts";
import { addTargetGroups, deleteTargetGroups } from "./target-group.ts";
import { addTargetGroupBindings, deleteTargetGroupBindings } from "./target-group-binding.ts";
import { addTargets } from "./targets.ts";
import { createWarmth } from "./warm.ts";

export interface Ordered {
  /** Each after all that it depends on. */
  readonly actions: readonly Action[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes the actions that carry the changes out. */
export function order(
  diff: DiffResult,
  inventory: Inventory,
  vpcId: string,
  sourceOf: SourceLookup = () => undefined,
  { drain = false }: Pick<PlanOptions, "drain"> = {},
): Ordered {
  const holdings = createHoldings(inventory, diff);
  const list = createActionList(sourceOf, holdings.isHeldElsewhere);
  const quotas = quotasOf(inventory);
  const [shared] = diff.stacks;
  const permissions = authorizeEndpoints(list, shared, inventory);
  const diagnostics: Diagnostic[] = [...permissions.diagnostics];
  for (const stack of diff.stacks) {
    deleteLoadBalancers(list, stack, holdings);
    const groups = addSecurityGroups(list, stack, vpcId, inventory);
    diagnostics.push(...groups.diagnostics);
    requestCertificates(list, stack);
    addTargetGroups(list, stack, vpcId, permissions);
    addTargetGroupBindings(list, stack);
    addTargets(list, stack, permissions);
    addLoadBalancers(list, stack, inventory);
    const rulesOf = new Map(stack.rules.map((rules) => [rules.listener, rules]));
    const turns = takeTurns(stack, rulesOf, quotas, inventory);
    diagnostics.push(...turns.diagnostics, ...(turns.turns.length > 0 ? [] : redirectCircles(stack, rulesOf)));
    const warmth = createWarmth(list, stack, quotas);
    addListeners(list, stack, { rulesOf, turns: turns.turns, opened: groups.opened, holdings, warmth });
    diagnostics.push(...warmth.diagnostics);
    waitForPendingCertificates(list, stack, inventory);
    addAddons(list, stack);
    addFrontendNlbTargets(list, stack);
    deleteTargetGroupBindings(list, stack);
    deleteTargetGroups(list, stack, inventory, drain);
    deleteCertificates(list, stack);
    if (stack.id !== CLUSTER_STACK) deleteSecurityGroups(list, stack);
  }
  revokeEndpoints(list, shared, diff.stacks, permissions);
  deleteSecurityGroups(list, shared);
  return { actions: withoutIdleWaits(list.finish()), diagnostics };
}

/** Where nothing gives way to a new target group nobody waits for its targets. */
function withoutIdleWaits(actions: readonly Action[]): readonly Action[] {
  const awaited = new Set(actions.flatMap(({ dependsOn }) => dependsOn));
  return actions.filter(
    ({ id, kind, details }) => kind !== "wait" || details.until !== "targets-healthy" || awaited.has(id),
  );
}
