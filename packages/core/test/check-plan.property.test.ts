/** Generated plans keep their guarantees. ELBPLAN_FUZZ_RUNS sets the number of pairs. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyAccount } from "../src/check/account/account.ts";
import { simulate } from "../src/check/simulate.ts";
import { checkPlan } from "../src/check-plan.ts";
import type { DesiredGraph } from "../src/model/graph.ts";
import type { Account } from "../src/model/inventory.ts";
import { plan } from "../src/plan.ts";
import { desiredGraph } from "./arbitraries/graph.ts";
import { aStack } from "./fixtures/arbitrary-stack.ts";
import { NOTHING } from "./fixtures/carry-out.ts";
import { graphOf, type StackSketch } from "./fixtures/graph.ts";

const RUNS = Number(process.env["ELBPLAN_FUZZ_RUNS"] ?? 75);
const TIMEOUT = 60_000 + RUNS * 1000;
const planning = { allowReplace: true, allowDelete: true };
const EMPTY = emptyAccount({ region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" });
const GONE: StackSketch = { members: [], inactiveMembers: ["shop/web"] };
const aGoal = fc
  .oneof({ weight: 9, arbitrary: aStack }, { weight: 1, arbitrary: fc.constant(GONE) })
  .map((sketch) => graphOf([sketch]));

function holds(before: DesiredGraph, after: DesiredGraph, empty: Account): void {
  const account = simulate(empty, plan(before, empty)).account;
  const made = plan(after, account, planning);
  const { guarantees, counterexamples } = checkPlan(after, account, made, { planning, prefixes: 400 });
  const isAnnounced = made.diagnostics.some(({ code }) => code === "redirects.gap");
  const serious = counterexamples.filter(({ guarantee }) => guarantee !== "gapless" || !isAnnounced);
  expect(serious).toEqual([]);
  expect(Object.values(guarantees)).not.toContain("refuted");
}

describe("checkPlan finds nothing", () => {
  it.each([
    { name: "between graphs of two stacks", graph: desiredGraph, empty: EMPTY },
    { name: "between graphs of one stack with everything", graph: aGoal, empty: NOTHING },
  ])(
    "$name",
    ({ graph, empty }) => {
      fc.assert(
        fc.property(graph, graph, (before, after) => holds(before, after, empty)),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );
});
