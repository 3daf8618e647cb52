/** The targets of a group that is broken: what was carried out last goes on to follow its Pods and Nodes. */
import { CLUSTER_STACK, type Plan, type PlanOptions, plan, targetActions, withLastGood } from "@elbplan/core";
import { writeGates } from "./gates.ts";
import type { ReconcileContext } from "./reconcile-context.ts";

/**
 * Registers and deregisters what has come and gone since the group was in order; nothing else of it is touched. Only what
 * this controller has carried out is known well enough for that.
 */
export async function followTargets(
  context: ReconcileContext,
  id: string,
  options: PlanOptions,
  carryOut: (made: Plan) => Promise<unknown>,
): Promise<void> {
  const lastGood = context.lastGood.get(id);
  const known = context.knowledge.known();
  if (lastGood === undefined || known === undefined || context.dryRun) return;
  if (context.settings.targetRegistration !== "direct") return;
  const { graph, snapshot, facts, inventory } = known;
  const standing = withLastGood(graph, lastGood, snapshot, facts);
  const made = plan(standing, inventory, options);
  const actions = targetActions(made.actions, id);
  const carried: Plan = { ...made, actions };
  const changesShared = actions.some(({ stack }) => stack === CLUSTER_STACK);
  if (actions.length > 0) await (changesShared ? context.exclusive(() => carryOut(carried)) : carryOut(carried));
  await writeGates(context, standing.stacks[id] ?? lastGood);
}
