/** The saved form of a plan: canonical JSON, from which `planFromJson` reads it back. */
import type { PlanCheck } from "../check/proof/plan-check.ts";
import { stableDigest } from "../lib/stable-digest.ts";
import type { Plan } from "../model/plan.ts";
import type { PlanFile } from "../model/plan-file.ts";
import type { CallOf } from "./calls-text.ts";
import { renderJson } from "./json.ts";

/**
 * The plan as the JSON text of a `PlanFile` with sorted keys; the same plan is the same text.
 *
 * It is the plan itself, every action has in addition `call` (`service` and `operation`, null for a wait) and `input`,
 * the request that it means, in which references stay references, and the whole has the digest of itself.
 * `verification`, if given, is added under that name.
 */
export function renderPlanJson(plan: Plan, callFor: CallOf, verification?: PlanCheck): string {
  const content = {
    ...plan,
    actions: plan.actions.map((action) => {
      const call = callFor(action);
      return call === null
        ? { ...action, call: null }
        : { ...action, call: { service: call.service, operation: call.operation }, input: call.input };
    }),
  } satisfies Omit<PlanFile, "digest">;
  const whole = verification === undefined ? content : { ...content, verification };
  return renderJson({ ...whole, digest: planFileDigest(whole) });
}

/** The digest of a plan file: of everything in it but the digest. Keys without a value count as absent. */
export function planFileDigest(content: object): string {
  const { digest: _, ...rest } = content as { readonly digest?: unknown };
  return stableDigest(rest);
}
