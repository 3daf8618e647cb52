/** What every policy keeps to, on plans between generated graphs. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { emptyAccount } from "../../../src/check/account/account.ts";
import { ignore } from "../../../src/check/policies/ignore.ts";
import { createOnly, sync, upsertOnly } from "../../../src/check/policies/modes.ts";
import { protect } from "../../../src/check/policies/protect.ts";
import type { PlanPolicy } from "../../../src/check/policies/withhold.ts";
import { simulate } from "../../../src/check/simulate.ts";
import { checkPlan } from "../../../src/check-plan.ts";
import type { DesiredGraph } from "../../../src/model/graph.ts";
import type { Account } from "../../../src/model/inventory.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan.ts";
import { desiredGraph } from "../../arbitraries/graph.ts";
import { deepFreeze } from "../../fixtures/deep-freeze.ts";

const EMPTY = emptyAccount({ region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" });
const CONSENT = { allowReplace: true, allowDelete: true, warm: false, drain: false };
const RUNS = { numRuns: 25 };

interface Setting {
  readonly goal: DesiredGraph;
  readonly account: Account;
  readonly made: Plan;
}

const setting: fc.Arbitrary<Setting> = fc.tuple(desiredGraph, desiredGraph).map(([before, after]) => {
  const planned = (graph: DesiredGraph, account: Account): Plan => plan(graph, account, CONSENT);
  const { account } = simulate(EMPTY, planned(before, EMPTY));
  return deepFreeze({ goal: after, account, made: planned(after, account) });
});

function carriedOut({ account }: Setting, made: Plan): Account {
  const simulation = simulate(account, made);
  expect(simulation.diagnostics.map(({ message }) => message)).toEqual([]);
  return simulation.account;
}

/** Everything that has an ARN, by ARN, without its rules' numbers. */
function existing(account: Account): ReadonlyMap<string, unknown> {
  const { loadBalancers, listeners, listenerRules, targetGroups, securityGroups } = account;
  const tables = [loadBalancers, listeners, listenerRules, targetGroups, securityGroups];
  return new Map(tables.flatMap((table) => Object.values(table).map((one) => [one.arn, one.spec] as const)));
}

const POLICIES: readonly { readonly name: string; readonly policyOf: (account: Account) => PlanPolicy }[] = [
  { name: "sync", policyOf: () => sync },
  { name: "upsertOnly", policyOf: () => upsertOnly },
  { name: "createOnly", policyOf: () => createOnly },
  { name: "protect, one stack", policyOf: (account) => protect({ stack: "shop/web" }, account) },
  { name: "protect, target groups", policyOf: (account) => protect({ kind: "targetGroup" }, account) },
  { name: "protect, rules", policyOf: (account) => protect({ kind: "listenerRule" }, account) },
  {
    name: "ignore",
    policyOf: () =>
      ignore({
        loadBalancer: ["/attributes", "/scheme", "/subnetMappings"],
        listener: ["/defaultActions", "/certificates"],
        listenerRule: ["/actions"],
        targetGroup: ["/healthCheck/path", "/tags/team"],
        securityGroup: ["/ingress"],
      }),
  },
];

describe.each(POLICIES)("$name", ({ policyOf }) => {
  test.prop([setting], RUNS)(
    "leaves a plan that AWS takes, says what it withholds and has no more to object to",
    (given) => {
      const policy = policyOf(given.account);
      const left = policy(given.made);
      const seen = new Set<string>();
      for (const { id, dependsOn } of left.actions) {
        expect(dependsOn.filter((other) => !seen.has(other))).toEqual([]);
        seen.add(id);
      }
      carriedOut(given, left);
      const said = left.diagnostics.filter(({ code }) => code === "plan.action-withheld");
      const count = (plan: Plan): number => plan.actions.filter(({ kind }) => kind !== "wait").length;
      expect(said.length > 0 || count(left) === count(given.made)).toBe(true);
      expect(left.summary.writes).toBe(count(left));
      expect(policy(left)).toBe(left);
    },
  );
});

describe("a plan without a gap", () => {
  test.prop([setting], { numRuns: 10 })(
    "has none after a policy",
    ({ goal, account, made }) => {
      const options = { planning: CONSENT, resumptions: 0, prefixes: 100 };
      fc.pre(checkPlan(goal, account, made, options).guarantees.gapless === "proven");
      for (const { policyOf } of POLICIES) {
        const { counterexamples } = checkPlan(goal, account, policyOf(account)(made), options);
        const broken = counterexamples.filter(({ guarantee }) => guarantee === "gapless" || guarantee === "contained");
        expect(broken).toEqual([]);
      }
    },
    30_000,
  );
});

describe("upsertOnly", () => {
  test.prop([setting], RUNS)("lets everything exist on", (given) => {
    const after = existing(carriedOut(given, upsertOnly(given.made)));
    expect([...existing(given.account).keys()].filter((arn) => !after.has(arn))).toEqual([]);
  });
});

describe("createOnly", () => {
  test.prop([setting], RUNS)("touches nothing that exists", (given) => {
    const after = existing(carriedOut(given, createOnly(given.made)));
    for (const [arn, spec] of existing(given.account)) expect(after.get(arn)).toEqual(spec);
  });
});

describe("protect", () => {
  test.prop([setting], RUNS)("keeps the resources of a kind as they are", (given) => {
    for (const kind of ["listenerRule", "listener", "loadBalancer", "targetGroup", "securityGroup"] as const) {
      const after = carriedOut(given, protect({ kind }, given.account)(given.made));
      const table = `${kind}s` as const;
      for (const [arn, one] of Object.entries(given.account[table])) expect(after[table][arn]?.spec).toEqual(one.spec);
    }
  });
});

describe("ignore", () => {
  test.prop([setting], RUNS)("leaves fields of what exists as they are", (given) => {
    const fields = { loadBalancer: ["/attributes", "/ipAddressType"], targetGroup: ["/healthCheck/path"] };
    const after = carriedOut(given, ignore(fields)(given.made));
    for (const [arn, { spec }] of Object.entries(given.account.loadBalancers)) {
      const now = after.loadBalancers[arn]?.spec ?? spec;
      expect([now.attributes, now.ipAddressType]).toEqual([spec.attributes, spec.ipAddressType]);
    }
    for (const [arn, { spec }] of Object.entries(given.account.targetGroups)) {
      expect((after.targetGroups[arn]?.spec ?? spec).healthCheck.path).toBe(spec.healthCheck.path);
    }
  });
});
