/** How far a plan may go: three policies that need to know nothing of the account. */
import type { Action, ActionKind } from "../../model/action.ts";
import type { Change } from "../../model/change.ts";
import type { Plan } from "../../model/plan.ts";
import type { PolicyMode } from "../../model/policies.ts";
import { type PlanPolicy, withhold } from "./withhold.ts";

/** What ends the existence of a resource. */
const DELETIONS: ReadonlySet<ActionKind> = new Set<ActionKind>([
  "deleteSecurityGroup",
  "deleteCertificate",
  "deleteTargetGroup",
  "deleteLoadBalancer",
  "deleteListener",
  "deleteRule",
  "disassociateWebAcl",
  "disassociateWafRegional",
  "deleteShieldProtection",
  "deleteTargetGroupBinding",
]);

/** Everything is done. */
export const sync: PlanPolicy = (plan) => plan;

/**
 * Nothing is deleted, hence nothing replaced; what exists may change. Rules that should go stay behind all others, where
 * they serve what no other rule does.
 */
export const upsertOnly: PlanPolicy = (plan) =>
  withhold(plan, "upsert-only", { actions: idsOf(plan, ({ kind }) => DELETIONS.has(kind)) });

/** Nothing that exists is touched. What is new is made as far as that needs no change of what exists. */
export const createOnly: PlanPolicy = (plan) => {
  const created = new Set(
    plan.stacks.flatMap(({ changes }) => changes.filter(({ kind }) => kind === "create").map(changeName)),
  );
  return withhold(plan, "create-only", {
    actions: idsOf(
      plan,
      (action) => action.kind !== "wait" && !(created.has(changeName(action)) && action.kind !== "setRulePriorities"),
    ),
  });
};

const POLICIES = { sync, "upsert-only": upsertOnly, "create-only": createOnly } as const satisfies Record<
  PolicyMode,
  PlanPolicy
>;

/** Names of the modes, from the one that does most to the one that does least. */
export const POLICY_MODES: readonly PolicyMode[] = ["sync", "upsert-only", "create-only"];

/** The policy of a mode. */
export function policyOfMode(mode: PolicyMode): PlanPolicy {
  return POLICIES[mode];
}

function idsOf({ actions }: Plan, isWithheld: (action: Action) => boolean): readonly string[] {
  return actions.filter(isWithheld).map(({ id }) => id);
}

function changeName({ stack, resource }: Pick<Change | Action, "stack" | "resource">): string {
  return `${stack} ${resource}`;
}
