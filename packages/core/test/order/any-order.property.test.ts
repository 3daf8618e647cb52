import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reaches } from "../../src/check/reaches.ts";
import { simulate } from "../../src/check/simulate.ts";
import { plan } from "../../src/plan.ts";
import { aStack } from "../fixtures/arbitrary-stack.ts";
import { carryOut } from "../fixtures/carry-out.ts";
import { graphOf, type StackSketch } from "../fixtures/graph.ts";
import { anyAllowedOrder } from "../fixtures/shuffle.ts";

const RUNS = 400;
const TIMEOUT = 120_000;
const CONSENT = { allowReplace: true, allowDelete: true };
const GONE: StackSketch = { members: [], inactiveMembers: ["shop/web"] };
const aGoal = fc.oneof({ weight: 9, arbitrary: aStack }, { weight: 1, arbitrary: fc.constant(GONE) });

describe("plan, for any two goals", () => {
  it(
    "leads from one to the other, in any order that the dependencies allow, and then has nothing to do",
    () => {
      fc.assert(
        fc.property(aGoal, aGoal, fc.nat(), (before, after, seed) => {
          const { account } = carryOut(graphOf([before]));
          const goal = graphOf([after]);
          const { plan: made, account: reached } = carryOut(goal, account, CONSENT);
          expect(reaches(goal, reached)).toEqual([]);
          expect(plan(goal, reached).actions).toEqual([]);
          const { diagnostics, account: other } = simulate(account, { actions: anyAllowedOrder(made.actions, seed) });
          expect(diagnostics).toEqual([]);
          expect(reaches(goal, other)).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );
});
