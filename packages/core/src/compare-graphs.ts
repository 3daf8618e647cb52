/** What would change if one desired graph took the place of another: two versions of manifests, flags or class params. */
import { emptyAccount } from "./check/account/account.ts";
import { simulate } from "./check/simulate.ts";
import type { DesiredGraph } from "./model/graph.ts";
import type { Account } from "./model/inventory.ts";
import type { Plan, PlanOptions } from "./model/plan.ts";
import { plan } from "./plan.ts";

export interface GraphComparison {
  /** The way from `before`, carried out in an empty simulated account, to `after`. */
  readonly plan: Plan;
  /** That account: pass it to `renderPlanText` as `inventory`. */
  readonly account: Account;
}

/**
 * Compares two graphs by what they make: `before` is carried out in an empty simulated account and `after` planned
 * against it, so that replacements, order and calls are those of a real change. Load balancers may be replaced and
 * deleted unless `options` say otherwise. What AWS would refuse of `before` is missing from the account.
 */
export function compareGraphs(before: DesiredGraph, after: DesiredGraph, options: PlanOptions = {}): GraphComparison {
  const empty = emptyAccount({ region: "us-east-1", accountId: "000000000000", vpcId: before.vpcId });
  const { account } = simulate(empty, plan(before, empty));
  const consent: PlanOptions = { allowReplace: true, allowDelete: true, prune: true, ...options };
  return { plan: plan(after, account, consent), account };
}
