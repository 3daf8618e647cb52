/** The saved form of a plan: canonical JSON, from which it can be read back and carried out. */
import type { Plan } from "../model/plan.ts";
import type { CallOf } from "./calls-text.ts";
import { renderJson } from "./json.ts";

/**
 * The plan as JSON text with sorted keys; the same plan is the same text.
 *
 * It is the plan itself, and every action has in addition `call` (`service` and `operation`, null for a wait) and
 * `input`, the request that it means, in which references stay references.
 */
export function renderPlanJson(plan: Plan, callFor: CallOf): string {
  return renderJson({
    ...plan,
    actions: plan.actions.map((action) => {
      const call = callFor(action);
      return call === null
        ? { ...action, call: null }
        : { ...action, call: { service: call.service, operation: call.operation }, input: call.input };
    }),
  });
}
