import type { Action } from "../model/action.ts";
import type { Change } from "../model/change.ts";
import type { PlannedStack, PlanSummary } from "../model/plan.ts";

/** Counts what a plan does. Waits count as nothing. */
export function summarize(stacks: readonly PlannedStack[], actions: readonly Action[]): PlanSummary {
  const count = (kind: Change["kind"]): number =>
    stacks.reduce((total, { changes }) => total + changes.filter((change) => change.kind === kind).length, 0);
  const kubernetes = actions.filter(({ kind }) => kind.endsWith("TargetGroupBinding")).length;
  const waits = actions.filter(({ kind }) => kind === "wait").length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    writes: actions.length - kubernetes - waits,
    kubernetesWrites: kubernetes,
  };
}
