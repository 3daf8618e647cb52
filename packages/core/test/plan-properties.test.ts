/** What every plan guarantees, on generated pairs of old and new graphs, carried out on a simulated account. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { emptyAccount } from "../src/check/account/account.ts";
import { applyAction } from "../src/check/account/apply-action.ts";
import { reaches } from "../src/check/reaches.ts";
import { simulate, simulateSteps } from "../src/check/simulate.ts";
import { stableJson } from "../src/lib/stable-json.ts";
import type { DesiredGraph } from "../src/model/graph.ts";
import type { Account, Inventory } from "../src/model/inventory.ts";
import type { Plan } from "../src/model/plan.ts";
import { plan } from "../src/plan.ts";
import { callOnExisting } from "./arbitraries/call.ts";
import { desiredGraph } from "./arbitraries/graph.ts";

const EMPTY = emptyAccount({ region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" });
const CONSENT = { allowReplace: true, allowDelete: true, warm: false, drain: false };

const planOf = (graph: DesiredGraph, account: Inventory, warm = false): Plan =>
  plan(graph, account, { ...CONSENT, warm });

function carriedOut(graph: DesiredGraph, account: Account, warm = false): Account {
  const simulation = simulate(account, planOf(graph, account, warm), { pace: warm ? "waits" : "instant" });
  expect(simulation.diagnostics.map(({ message }) => message)).toEqual([]);
  return simulation.account;
}

const errors = ({ diagnostics }: Plan): readonly string[] =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);

describe("plans", () => {
  test.prop([desiredGraph, desiredGraph], { numRuns: 60 })("reach the new graph from the old one", (before, after) => {
    const account = carriedOut(before, EMPTY);
    expect(reaches(before, account)).toEqual([]);
    expect(errors(planOf(after, account))).toEqual([]);
    expect(reaches(after, carriedOut(after, account))).toEqual([]);
  });

  test.prop([desiredGraph, desiredGraph], { numRuns: 40 })("leave nothing to do", (before, after) => {
    const account = carriedOut(after, carriedOut(before, EMPTY));
    expect(planOf(after, account).actions).toEqual([]);
  });

  test.prop([desiredGraph, desiredGraph], { numRuns: 40 })("warm up first and still reach", (before, after) => {
    const account = carriedOut(after, carriedOut(before, EMPTY), true);
    expect(reaches(after, account)).toEqual([]);
    expect(planOf(after, account).actions).toEqual([]);
  });

  test.prop([desiredGraph, desiredGraph, fc.nat()], { numRuns: 60 })(
    "can be taken up after any step",
    (before, after, at) => {
      const start = carriedOut(before, EMPTY);
      const { actions } = planOf(after, start);
      const prefixes = [start, ...[...simulateSteps(start, actions)].map(({ account }) => account)];
      const stopped = prefixes[at % prefixes.length] ?? start;
      const resumed = carriedOut(after, stopped);
      expect(reaches(after, resumed)).toEqual([]);
    },
  );

  test.prop([desiredGraph, desiredGraph, fc.array(callOnExisting, { maxLength: 8 })], { numRuns: 100 })(
    "repair what others changed",
    (before, after, calls) => {
      const start = calls.reduce(
        (account: Account, call) => {
          const applied = applyAction(account, call(account), {});
          return "refused" in applied ? account : applied.account;
        },
        carriedOut(before, EMPTY),
      );
      const account = carriedOut(after, start);
      expect(reaches(after, account)).toEqual([]);
      expect(planOf(after, account).actions).toEqual([]);
    },
  );

  test.prop([desiredGraph, desiredGraph], { numRuns: 25 })("don't depend on the order of keys", (before, after) => {
    const account = carriedOut(before, EMPTY);
    const planned = (graph: DesiredGraph, from: Account): string => {
      const { stacks, actions, diagnostics, summary } = planOf(graph, from);
      return stableJson([stacks, actions, diagnostics, summary]);
    };
    expect(planned(reversed(after), reversed(account))).toBe(planned(after, account));
  });
});

/** The same data with every object's keys the other way round. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  ) as T;
}
