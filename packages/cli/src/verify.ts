/** Proves a plan's guarantees for `plan --verify`. */
import { checkPlan, type DesiredGraph, type Guarantee, type Plan, type PlanCheck } from "@elbplan/core";
import type { Inputs } from "./inputs.ts";
import type { PlanningOptions } from "./options.ts";
import { hasPolicy, planOptions } from "./planning.ts";

export interface Verification {
  readonly check: PlanCheck;
  /** The guarantees that such a plan gives. */
  readonly claimed: readonly Guarantee[];
  /** None of them is refuted. */
  readonly holds: boolean;
}

const ON_THE_WAY: readonly Guarantee[] = ["gapless", "warm", "drained", "contained", "withinQuota"];
const ALL: readonly Guarantee[] = ["reaches", "idempotent", ...ON_THE_WAY, "resumable"];

/** A policy leaves something undone on purpose: then nothing is claimed of the goal. */
export async function verify(
  graph: DesiredGraph,
  inputs: Inputs,
  made: Plan,
  options: PlanningOptions,
): Promise<Verification> {
  const { linearRegex } = await import("@elbplan/core/linear-regex");
  const planning = planOptions(options);
  const check = checkPlan(graph, inputs.account, made, { planning, regex: linearRegex() });
  const claimed = (hasPolicy(inputs, options) ? ON_THE_WAY : ALL).filter(
    (guarantee) => check.guarantees[guarantee] !== "off",
  );
  return { check, claimed, holds: claimed.every((guarantee) => check.guarantees[guarantee] !== "refuted") };
}
