import { describe, expect, it } from "vitest";
import { callFor } from "../src/call-for.ts";
import { sealPlan, stalePlan } from "../src/freshness.ts";
import type { DesiredGraph } from "../src/model/graph.ts";
import type { Account } from "../src/model/inventory.ts";
import type { Plan } from "../src/model/plan.ts";
import { SHARED_PERMISSION } from "../src/model/target.ts";
import { plan } from "../src/plan.ts";
import { planFromJson } from "../src/plan-file.ts";
import { renderPlanJson } from "../src/render/plan-json.ts";
import { carryOut, NOTHING } from "./fixtures/carry-out.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path, type StackSketch, tcp } from "./fixtures/graph.ts";

const WEB: StackSketch = {
  targetGroups: { "shop/web-web:80": {} },
  listeners: { 80: { rules: [{ conditions: [path("/*")], actions: [forwardTo("shop/web-web:80")] }] } },
};
const BLOG: StackSketch = {
  id: "blog/main",
  targetGroups: { "blog/main-web:80": {} },
  listeners: { 80: { rules: [{ conditions: [path("/b")], actions: [forwardTo("blog/main-web:80")] }] } },
};
const gone = (sketch: StackSketch): StackSketch => ({ ...sketch, members: [], inactiveMembers: ["shop/web"] });

const { account } = carryOut(graphOf([WEB, BLOG]));
const CONSENT = { allowDelete: true };

/** A saved plan, read back. */
function saved(desired: DesiredGraph, from: Account = account): Plan {
  const made = sealPlan(plan(desired, from, CONSENT), desired, from, CONSENT);
  const loaded = planFromJson(renderPlanJson(made, callFor));
  if (!("plan" in loaded)) throw new Error("not loaded");
  expect(loaded.plan).toEqual(made);
  return deepFreeze(loaded.plan);
}

const DELETION = saved(graphOf([gone(WEB), BLOG]));

type Records = "loadBalancers" | "listeners" | "listenerRules" | "targetGroups" | "securityGroups";
type Edit = (record: { spec: Record<string, unknown>; [field: string]: unknown }) => void;

/** The account with one of the records of a stack, the first, edited. */
function edited(records: Records, stack: string, edit: Edit): Account {
  const copy = structuredClone(account) as unknown as Record<Records, Record<string, never>>;
  const found = Object.values(copy[records] as Record<string, Parameters<Edit>[0]>).find((record) =>
    Object.values((record.spec["tags"] as object) ?? {}).includes(stack),
  );
  if (found === undefined) throw new Error(`no ${records} of ${stack}`);
  edit(found);
  return deepFreeze(copy as unknown as Account);
}

function without(records: Records, stack: string): Account {
  const kept = Object.entries(account[records]).filter(
    ([, { spec }]) => !Object.values(spec.tags ?? {}).includes(stack),
  );
  return deepFreeze({ ...account, [records]: Object.fromEntries(kept) });
}

const messages = (made: Plan, now: Account): readonly string[] =>
  stalePlan(made, now).map(({ code, stack, message }) => `${code} ${stack ?? "-"}: ${message}`);

describe("a saved plan", () => {
  it("is good for what it was made for, also after JSON", () => {
    expect(messages(DELETION, account)).toEqual([]);
    expect(Object.keys(DELETION.inputs.seal?.stacks ?? {})).toEqual(["shop/web"]);
  });

  it.each<{ name: string; now: Account }>([
    {
      name: "another state of a load balancer",
      now: edited("loadBalancers", "shop/web", (it) => {
        it["state"] = "active_impaired";
      }),
    },
    {
      name: "an attribute that nobody specifies",
      now: edited("loadBalancers", "shop/web", (it) => {
        it.spec["attributes"] = { ...(it.spec["attributes"] as object), "idle_timeout.timeout_seconds": "99" };
      }),
    },
    {
      name: "a tag of AWS's own",
      now: edited("targetGroups", "shop/web", (it) => {
        it.spec["tags"] = { ...(it.spec["tags"] as object), "aws:backup": "1" };
      }),
    },
    {
      name: "security groups in another order",
      now: edited("loadBalancers", "shop/web", (it) => {
        it.spec["subnetMappings"] = [...(it.spec["subnetMappings"] as object[])].reverse();
      }),
    },
    {
      name: "another stack's change",
      now: edited("targetGroups", "blog/main", (it) => {
        it.spec["healthCheck"] = { ...(it.spec["healthCheck"] as object), path: "/other" };
      }),
    },
    { name: "another stack's end", now: without("listenerRules", "blog/main") },
    { name: "other counters", now: deepFreeze({ ...account, sequence: account.sequence + 9 }) },
  ])("is still good after $name", ({ now }) => {
    expect(now).not.toEqual(account);
    expect(messages(DELETION, now)).toEqual([]);
  });

  it.each<{ name: string; now: Account; says: string }>([
    {
      name: "other rule content",
      now: edited("listenerRules", "shop/web", (it) => {
        it.spec["conditions"] = [];
        it.spec["priority"] = 9;
      }),
      says: "rule 80:1 differs in conditions, priority",
    },
    {
      name: "a tag",
      now: edited("targetGroups", "shop/web", (it) => {
        it.spec["tags"] = { ...(it.spec["tags"] as object), team: "x" };
      }),
      says: "differs in tags",
    },
    { name: "a rule that is gone", now: without("listenerRules", "shop/web"), says: "rule 80:1 is gone" },
    {
      name: "another listener",
      now: edited("listeners", "shop/web", (it) => {
        it.spec["port"] = 81;
      }),
      says: "listener 80 differs in port",
    },
    {
      name: "nothing left",
      now: deepFreeze({ ...NOTHING, region: account.region, accountId: account.accountId }),
      says: "listener 80 is gone",
    },
    {
      name: "another region",
      now: deepFreeze({ ...account, region: "eu-west-1" }),
      says: "this is account 111122223333, region eu-west-1",
    },
  ])("is stale after $name", ({ now, says }) => {
    const found = messages(DELETION, now);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  it("tells what is new, and no more than a few things", () => {
    const rules = Array.from({ length: 9 }, (_, index) => ({
      conditions: [path(`/${index}`)],
      actions: [forwardTo("shop/web-web:80")],
    }));
    const more = carryOut(graphOf([{ ...WEB, listeners: { 80: { rules } } }, BLOG])).account;
    const made = saved(graphOf([WEB, BLOG]), NOTHING);
    expect(messages(made, more)).toEqual([
      expect.stringMatching(/^plan\.stale blog\/main: .* is new/),
      expect.stringMatching(
        /^plan\.stale shop\/web: What exists of shop\/web isn't what the plan was made for: (.* is new; ){6}and \d+ more\.$/,
      ),
    ]);
  });

  it("counts attributes that somebody specifies", () => {
    const specified = graphOf([
      { ...WEB, loadBalancer: { attributes: { "idle_timeout.timeout_seconds": "90" } } } as StackSketch,
    ]);
    const made = saved(specified);
    const now = edited("loadBalancers", "shop/web", (it) => {
      it.spec["attributes"] = { ...(it.spec["attributes"] as object), "idle_timeout.timeout_seconds": "99" };
    });
    expect(messages(made, now)[0]).toContain("differs in attribute idle_timeout.timeout_seconds");
  });

  it("counts permissions of ours on security groups that aren't, and no others", () => {
    const desired: DesiredGraph = {
      ...graphOf([WEB, BLOG]),
      endpointPermissions: "complete",
      clusterStack: {
        ...graphOf([]).clusterStack,
        resources: {
          "endpointPermissions/sg-nodes": {
            kind: "endpointPermissions",
            id: "sg-nodes",
            spec: {
              securityGroupId: "sg-nodes",
              permissions: [{ ...tcp(80), source: { cidrIp: "10.0.0.0/8" }, description: SHARED_PERMISSION }],
            },
          },
        },
      },
    };
    const made = saved(desired);
    expect(Object.keys(made.inputs.seal?.stacks ?? {})).toEqual(["(cluster)"]);
    const other = [{ ...tcp(22), source: { cidrIp: "10.0.0.0/8" } }];
    expect(messages(made, deepFreeze({ ...account, endpointSecurityGroups: { "sg-nodes": other } }))).toEqual([]);
    const ours = [{ ...tcp(22), source: { cidrIp: "10.0.0.0/8" }, description: SHARED_PERMISSION }];
    expect(messages(made, deepFreeze({ ...account, endpointSecurityGroups: { "sg-nodes": ours } }))[0]).toContain(
      "permissions on sg-nodes is new",
    );
  });
});

describe("a plan without a seal", () => {
  const made = plan(graphOf([gone(WEB), BLOG]), account, CONSENT);
  it("must find everything as it was", () => {
    expect(messages(made, account)).toEqual([]);
    expect(messages(made, without("listenerRules", "blog/main"))).toHaveLength(1);
  });
});
