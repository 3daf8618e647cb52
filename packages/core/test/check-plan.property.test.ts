/**
 * Generated plans keep their guarantees: every state between two actions is looked at, in the plan's own order and in a
 * few others. ELBPLAN_FUZZ_RUNS sets the number of pairs, ELBPLAN_SEED draws the same ones again.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPlan } from "../src/check-plan.ts";
import { linearRegex } from "../src/linear-regex.ts";
import { plan } from "../src/plan.ts";
import { aTask } from "./arbitraries/transition.ts";
import { drawn, FUZZ_RUNS } from "./fixtures/drawn.ts";

const TIMEOUT = 120_000 + FUZZ_RUNS * 300;
const regex = linearRegex();

describe("checkPlan finds nothing", () => {
  it(
    "in plans from any state to any goal",
    () => {
      const seen = { states: 0, orders: 0, actions: 0, warned: 0, gaps: 0, warmed: 0, cold: 0, drained: 0 };
      fc.assert(
        fc.property(aTask, ({ account, goal, planning }) => {
          const made = plan(goal, account, planning);
          const check = checkPlan(goal, account, made, { planning, regex, prefixes: 60, resumptions: 1 });
          seen.states += check.bounds.prefixes;
          seen.orders += check.bounds.interleavings;
          seen.actions += made.actions.length;
          const waits = new Set(made.actions.flatMap((it) => (it.kind === "wait" ? [it.details.until] : [])));
          if (waits.has("targets-healthy")) seen.warmed++;
          if (waits.has("targets-drained")) seen.drained++;
          if (check.guarantees.warm === "announced") seen.cold++;
          if (made.diagnostics.some(({ code }) => code.endsWith(".gap"))) seen.warned++;
          if (check.guarantees.gapless === "announced") seen.gaps++;
          const refuted = Object.entries(check.guarantees).filter(([, verdict]) => verdict === "refuted");
          if (refuted.length > 0) expect(check.counterexamples).toEqual([]);
        }),
        drawn("plans", FUZZ_RUNS),
      );
      const { states, orders, actions, warned, gaps, warmed, cold, drained } = seen;
      console.log(`plans: ${actions} actions, ${orders} orders, ${states} states`);
      console.log(`plans: ${warned} warn of a gap, ${gaps} of them show one`);
      console.log(`plans: ${warmed} wait for healthy targets, ${drained} for connections, ${cold} can't wait`);
    },
    TIMEOUT,
  );
});
