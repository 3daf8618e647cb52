/** Proves a group's plan before it is carried out. */
import {
  CLUSTER_STACK,
  checkPlan,
  type Diagnostic,
  diagnose,
  type Guarantee,
  inventoryOfStacks,
  type Plan,
  type PlanOptions,
} from "@elbplan/core";
import { linearRegex } from "@elbplan/core/linear-regex";
import type { Known } from "./knowledge.ts";

/** What would be harm on the way; whether the goal is reached is seen at the end. */
const ON_THE_WAY: readonly Guarantee[] = ["gapless", "contained", "withinQuota"];
/** States that are looked at over all interleavings; the plan's own order counts always. */
const PREFIXES = 200;

/** An error for each guarantee that the plan neither keeps nor says that it can't; none as long as elbplan makes no mistake. */
export function proofErrors({ graph, inventory }: Known, made: Plan, planning: PlanOptions): readonly Diagnostic[] {
  if (made.actions.length === 0) return [];
  const { only = [] } = planning;
  const stacks = Object.fromEntries(only.flatMap((id) => (graph.stacks[id] ? [[id, graph.stacks[id]] as const] : [])));
  // Of other stacks no more than what they share with this one: who uses the backend security group.
  const part = {
    ...inventoryOfStacks(inventory, graph.settings, [...only, CLUSTER_STACK]),
    loadBalancers: inventory.loadBalancers,
  };
  const check = checkPlan({ ...graph, stacks }, part, made, {
    planning,
    regex: linearRegex(),
    prefixes: PREFIXES,
    resumptions: 0,
  });
  return ON_THE_WAY.filter((guarantee) => check.guarantees[guarantee] === "refuted").map((guarantee) => {
    const [example] = check.counterexamples.filter((one) => one.guarantee === guarantee);
    const message = `The plan isn't ${guarantee}: ${example?.message ?? "no counterexample was kept"}`;
    return diagnose("plan.unproven", message, example === undefined ? {} : { stack: example.stack });
  });
}
