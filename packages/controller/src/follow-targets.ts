/** The targets of a group that is broken: what was carried out last goes on to follow its Pods and Nodes. */
import { type Plan, type PlanOptions, plan, targetActions, withLastGood } from "@elbplan/core";
import { planInTurn } from "./exclusive.ts";
import { writeGates } from "./gates.ts";
import { knownBy, type ReconcileContext } from "./reconcile-context.ts";

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
  if (lastGood === undefined || context.dryRun || context.settings.targetRegistration !== "direct") return;
  const planTargets = (): Plan => {
    const { graph, snapshot, facts, inventory } = knownBy(context);
    const made = plan(withLastGood(graph, lastGood, snapshot, facts), inventory, options);
    return { ...made, actions: targetActions(made.actions, id) };
  };
  await planInTurn(context.exclusive, planTargets, async (made) => {
    if (made.actions.length > 0) await carryOut(made);
  });
  // Gates follow from bindings, which are as they were.
  await writeGates(context, lastGood);
}
