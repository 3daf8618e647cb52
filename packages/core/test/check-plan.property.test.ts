/**
 * Generated plans keep their guarantees: every state between two actions is looked at, in the plan's own order and in a
 * few others. ELBPLAN_FUZZ_RUNS sets the number of pairs, ELBPLAN_SEED draws the same ones again.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPlan } from "../src/check-plan.ts";
import { linearRegex } from "../src/linear-regex.ts";
import { plan } from "../src/plan.ts";
import { aTransition } from "./arbitraries/transition.ts";
import { drawn, FUZZ_RUNS } from "./fixtures/drawn.ts";

const TIMEOUT = 120_000 + FUZZ_RUNS * 100;
const planning = { allowReplace: true, allowDelete: true };
const regex = linearRegex();

describe("checkPlan finds nothing", () => {
  it(
    "in plans from any state to any goal",
    () => {
      const seen = { states: 0, orders: 0, actions: 0, warned: 0, gaps: 0 };
      fc.assert(
        fc.property(aTransition, ({ account, goal }) => {
          const made = plan(goal, account, planning);
          const check = checkPlan(goal, account, made, { planning, regex, prefixes: 60, resumptions: 1 });
          seen.states += check.bounds.prefixes;
          seen.orders += check.bounds.interleavings;
          seen.actions += made.actions.length;
          if (made.diagnostics.some(({ code }) => code.endsWith(".gap"))) seen.warned++;
          if (check.guarantees.gapless === "announced") seen.gaps++;
          const refuted = Object.entries(check.guarantees).filter(([, verdict]) => verdict === "refuted");
          if (refuted.length > 0) expect(check.counterexamples).toEqual([]);
        }),
        drawn("plans", FUZZ_RUNS),
      );
      const { states, orders, actions, warned, gaps } = seen;
      console.log(`plans: ${actions} actions, ${orders} orders, ${states} states`);
      console.log(`plans: ${warned} warn of a gap, ${gaps} of them show one`);
    },
    TIMEOUT,
  );
});
