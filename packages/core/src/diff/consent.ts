/** Nothing replaces or deletes a load balancer unless somebody said so. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { PlanOptions } from "../model/plan.ts";
import type { StackDiff } from "./difference.ts";

/** The error that keeps a stack as it is, or undefined when all it does is allowed. */
export function consentProblem({ id, loadBalancers }: StackDiff, options: PlanOptions): Diagnostic | undefined {
  for (const { change, existing } of loadBalancers) {
    const name = existing?.spec.name ?? "";
    const place = { stack: id, resource: change.resource };
    if (change.kind === "delete" && options.allowDelete !== true) {
      return diagnose("plan.delete-not-allowed", `Load balancer ${name} of stack ${id} would be deleted.`, place);
    }
    if (change.kind === "replace" && options.allowReplace !== true) {
      const paths = (change.replacePaths ?? []).map((path) => path.slice(1)).join(" and ");
      const message = `Load balancer ${name} of stack ${id} would be replaced, because its ${paths} can't be changed.`;
      return diagnose("plan.replace-not-allowed", message, place);
    }
  }
  return undefined;
}
