/**
 * A crash, and every other mishap, at every call of whole scenarios: before the call, and between the call and its
 * answer. Planning again must lead to the very state that a run without mishaps leads to.
 */
import { reaches } from "@elbplan/core";
import { afterAll, describe, expect, it } from "vitest";
import { stateOfAccount } from "../e2e/state/account-state.ts";
import { exampleScenarios, recordedScenarios, type Scenario } from "./scenario-steps.ts";
import { type Mishap, settle } from "./settle.ts";
import { foreignThings, strangers } from "./strangers.ts";

const CALM = { mishaps: {}, delays: [], lags: [] };
const CRASHES: readonly Mishap[] = ["crash", "crash-unheard"];
const MISHAPS: readonly Mishap[] = [...CRASHES, "lost", "unheard", "throttled"];

const rows: string[] = [];
afterAll(() => {
  if (process.env["ELBPLAN_TABLES"] !== "1") return;
  console.log(["| scenario | step | calls | mishaps tried | most runs |", "|---|---|---|---|---|", ...rows].join("\n"));
});

async function tryEveryPoint({ name, start, steps }: Scenario): Promise<void> {
  // Fifty rules are fifty times the same.
  const mishaps = name === "fifty" ? CRASHES : MISHAPS;
  let account = strangers(start);
  for (const step of steps) {
    const calm = await settle(step.goal, account, CALM);
    const wanted = stateOfAccount(calm.account);
    expect(reaches(step.goal(calm.account), calm.account), `${name} ${step.name}`).toEqual([]);
    const calls = calm.history.length - 1;
    let most = 0;
    for (let call = 0; call < calls; call++) {
      for (const mishap of mishaps) {
        const at = `${name} ${step.name}: ${mishap} at call ${call}`;
        const { account: after, runs } = await settle(step.goal, account, { ...CALM, mishaps: { [call]: mishap } });
        expect(stateOfAccount(after), at).toEqual(wanted);
        expect(reaches(step.goal(after), after), at).toEqual([]);
        expect(foreignThings(after), at).toEqual(foreignThings(account));
        most = Math.max(most, runs);
      }
    }
    rows.push(`| ${name} | ${step.name} | ${calls} | ${calls * mishaps.length} | ${most} |`);
    account = calm.account;
  }
}

describe("a mishap at every call", () => {
  const scenarios = [...exampleScenarios(), ...recordedScenarios()];
  it.each(scenarios)("of $name", { timeout: 120_000 }, (scenario) => tryEveryPoint(scenario));
});
