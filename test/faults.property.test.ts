/**
 * Whatever goes wrong while plans are carried out, planning again leads to the goal: nothing is left over, nothing made
 * twice, nothing of others touched. ELBPLAN_FAULT_RUNS sets the number of schedules.
 */
import { type Account, type DesiredGraph, emptyAccount, plan, reaches, simulate } from "@elbplan/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { desiredGraph } from "../packages/core/test/arbitraries/graph.ts";
import { type Mishap, type Schedule, settle } from "./settle.ts";
import { foreignThings, strangers } from "./strangers.ts";

const RUNS = Number(process.env["ELBPLAN_FAULT_RUNS"] ?? 2000);
const CONSENT = { allowReplace: true, allowDelete: true, warm: false, drain: false };
const EMPTY = strangers(emptyAccount({ region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" }));

/** Half of all schedules wait for targets, a quarter for connections; some targets fail for more than a whole wait. */
const moving = {
  planning: fc.constantFrom(
    { warm: false, drain: false },
    { warm: false, drain: false },
    { warm: true, drain: false },
    { warm: true, drain: true },
  ),
  failingLooks: fc.constantFrom(0, 1, 3, 40),
};

const fault = fc.constantFrom<Mishap>("throttled", "lost", "unheard", "stale");
const crash = fc.constantFrom<Mishap>("crash", "crash-unheard");

/** Up to eight mishaps within the first sixty calls, some of them many times in a row, and looks that lag behind. */
const schedule: fc.Arbitrary<Schedule> = fc.record({
  mishaps: fc
    .array(
      fc.oneof(
        fc.tuple(fc.nat(60), fc.constantFrom(1, 1, 1, 2, 25), fault),
        fc.tuple(fc.nat(60), fc.constantFrom(1, 2), crash),
      ),
      {
        maxLength: 8,
      },
    )
    .map(inSeries),
  delays: fc.array(fc.constantFrom(0, 1, 20, 150, 900), { maxLength: 7 }),
  lags: fc.array(fc.constantFrom(0, 1, 2, 5, 20), { maxLength: 4 }),
  ...moving,
});

/** What a network and a busy service do: nothing that lasts. */
const passing: fc.Arbitrary<Schedule> = fc.record({
  mishaps: fc
    .array(
      fc.tuple(
        fc.nat(25),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom<Mishap>("throttled", "lost", "unheard", "stale"),
      ),
      {
        maxLength: 4,
      },
    )
    .map(inSeries),
  delays: fc.array(fc.constantFrom(0, 1, 20, 150, 900), { maxLength: 7 }),
  lags: fc.constant([]),
  ...moving,
  failingLooks: fc.constantFrom(0, 1, 3),
});

/** Goals, and what our own plans made of them, so that schedules cost no more than they must. */
const GOALS = fc.sample(desiredGraph, {
  numRuns: 60 + Math.ceil(RUNS / 50),
  seed: Number(process.env["ELBPLAN_SEED"] ?? 1),
});
const STARTS = new Map<number, Account>();

function startOf(index: number): Account {
  const known = STARTS.get(index);
  if (known !== undefined) return known;
  const made = simulate(EMPTY, plan(GOALS[index] as DesiredGraph, EMPTY, CONSENT)).account;
  STARTS.set(index, made);
  return made;
}

function inSeries(series: readonly (readonly [number, number, Mishap])[]): Schedule["mishaps"] {
  return Object.fromEntries(
    series.flatMap(([at, length, what]) => Array.from({ length }, (_, index) => [at + index, what])),
  );
}

describe("planning again after anything", () => {
  const seen = new Map<string, number>();
  const count = (key: string, by = 1): void => void seen.set(key, (seen.get(key) ?? 0) + by);
  afterAll(() => {
    console.log(`schedules: ${RUNS}, seed ${fc.readConfigureGlobal().seed}`);
    if (process.env["ELBPLAN_TABLES"] === "1") console.log(Object.fromEntries([...seen].sort()));
  });

  it(`reaches the goal (${RUNS} schedules)`, { timeout: 60_000 + RUNS * 500 }, async () => {
    const goal = fc.nat(GOALS.length - 1);
    await fc.assert(
      fc.asyncProperty(goal, goal, schedule, async (before, after, given) => {
        const wanted = GOALS[after] as DesiredGraph;
        const { account, runs, results, plans, history } = await settle(() => wanted, startOf(before), given);
        expect(reaches(wanted, account, { prune: true })).toEqual([]);
        expect(foreignThings(account)).toEqual(foreignThings(EMPTY));
        for (const state of history) expect(namesHeldTwice(state)).toEqual([]);
        count(`settled after ${runs} runs`);
        for (const result of results) count(typeof result === "string" ? result : `run ${result.state}`);
        if (plans.some(({ actions }) => actions.some(({ kind }) => kind === "wait"))) count("schedules with a wait");
        for (const result of results) {
          if (typeof result === "string") continue;
          for (const { state } of result.steps) count(`action ${state}`);
          if (result.diagnostics.some(({ code }) => code === "run.deadline")) count("run given up at a wait");
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe("one run", () => {
  const runs = Math.ceil(RUNS / 4);
  it(`gets over what passes (${runs} schedules)`, { timeout: 60_000 + runs * 500 }, async () => {
    const goal = fc.nat(GOALS.length - 1);
    await fc.assert(
      fc.asyncProperty(goal, goal, passing, async (before, after, given) => {
        const wanted = GOALS[after] as DesiredGraph;
        const { results } = await settle(() => wanted, startOf(before), given);
        const [result] = results;
        expect(results.length).toBeLessThanOrEqual(1);
        if (typeof result !== "object") return;
        expect(result.diagnostics).toEqual([]);
        expect(result.state).toBe("done");
      }),
      { numRuns: runs },
    );
  });
});

/** Names of which AWS allows one, held by two. */
function namesHeldTwice({ loadBalancers, targetGroups, securityGroups }: Account): readonly string[] {
  return [loadBalancers, targetGroups, securityGroups].flatMap((records) => {
    const names = Object.values(records).map(({ spec }) => String(spec.name));
    return names.filter((name, index) => names.indexOf(name) !== index);
  });
}
