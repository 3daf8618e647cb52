/** Targets: what is registered and deregistered, and in which calls. */
import { describe, expect, it } from "vitest";
import { reaches } from "../../src/check/reaches.ts";
import { diff } from "../../src/diff/diff.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { Account, Target } from "../../src/model/inventory.ts";
import type { Resource } from "../../src/model/resource.ts";
import type { TargetsSpec } from "../../src/model/target.ts";
import { plan } from "../../src/plan.ts";
import { calls, carryOut, NOTHING } from "../fixtures/carry-out.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path, type StackSketch } from "../fixtures/graph.ts";
import { targets } from "../fixtures/targets.ts";

const ID = "shop/web-web:80";
const SERVED = { 80: { rules: [{ conditions: [path("/a")], actions: [forwardTo(ID)] }] } };

function goal(names: readonly string[] | undefined, over: Partial<TargetsSpec> = {}): DesiredGraph {
  const more: Resource[] = names === undefined ? [] : [targets(ID, names, { securityGroups: [], ...over })];
  return graphOf([{ targetGroups: { [ID]: {} }, listeners: SERVED, more }]);
}

/** The group exists and holds these targets; `-` in front: it drains. */
function holding(...names: readonly string[]): Account {
  const { account } = carryOut(goal(undefined));
  const [arn = ""] = Object.keys(account.targetGroups);
  const list = names.map((name): Target => {
    const [id = "", port] = name.replace(/^-/, "").split(":");
    return { id, port: Number(port), state: name.startsWith("-") ? "draining" : "healthy" };
  });
  return deepFreeze({ ...account, targets: { [arn]: list } });
}

/** `+i-1:80` for a target to register, `-i-1:80` for one to deregister. */
function planned(graph: DesiredGraph, account: Account): readonly string[] {
  return plan(graph, account).actions.flatMap((action) =>
    action.kind === "registerTargets" || action.kind === "deregisterTargets"
      ? action.details.targets.map(({ id, port }) => `${action.kind === "registerTargets" ? "+" : "-"}${id}:${port}`)
      : [action.kind],
  );
}

describe("targets of a target group that exists", () => {
  it.each<{
    name: string;
    wanted: readonly string[];
    has: readonly string[];
    over?: Partial<TargetsSpec>;
    is: string[];
  }>([
    {
      name: "stay when they are the same in another order",
      wanted: ["i-1:80", "i-2:80"],
      has: ["i-2:80", "i-1:80"],
      is: [],
    },
    { name: "are registered before others go", wanted: ["i-2:80"], has: ["i-1:80"], is: ["+i-2:80", "-i-1:80"] },
    { name: "are other targets on another port", wanted: ["i-1:81"], has: ["i-1:80"], is: ["+i-1:81", "-i-1:80"] },
    { name: "all go when the goal has none", wanted: [], has: ["i-1:80"], is: ["-i-1:80"] },
    { name: "aren't deregistered while they drain", wanted: [], has: ["-i-1:80"], is: [] },
    { name: "are registered again while they drain", wanted: ["i-1:80"], has: ["-i-1:80"], is: ["+i-1:80"] },
    {
      name: "are no more than the limit, in their order",
      wanted: ["i-1:80", "i-2:80", "i-3:80"],
      has: [],
      over: { limit: 2 },
      is: ["+i-1:80", "+i-2:80"],
    },
    {
      name: "count while they drain",
      wanted: ["i-1:80", "i-2:80"],
      has: ["-i-9:80"],
      over: { limit: 2 },
      is: ["+i-1:80"],
    },
    {
      name: "stay above the limit",
      wanted: ["i-1:80", "i-2:80"],
      has: ["i-1:80", "i-2:80"],
      over: { limit: 1 },
      is: [],
    },
    {
      name: "take the place of those that go, which don't count",
      wanted: ["i-3:80", "i-4:80"],
      has: ["i-1:80", "i-2:80"],
      over: { limit: 2 },
      is: ["+i-3:80", "+i-4:80", "-i-1:80", "-i-2:80"],
    },
    {
      name: "of other clusters stay",
      wanted: ["i-2:80"],
      has: ["i-1:80"],
      over: { multiCluster: true },
      is: ["+i-2:80"],
    },
    {
      name: "of other clusters count for the limit",
      wanted: ["i-2:80", "i-3:80"],
      has: ["i-1:80"],
      over: { multiCluster: true, limit: 2 },
      is: ["+i-2:80"],
    },
  ])("$name", ({ wanted, has, over = {}, is }) => {
    const graph = goal(wanted, over);
    const account = holding(...has);
    expect(planned(graph, account)).toEqual(is);
    const { account: after } = carryOut(graph, account);
    expect(reaches(graph, after)).toEqual([]);
    expect(plan(graph, after).actions).toEqual([]);
  });

  it("stay as they are when the graph doesn't speak of them", () => {
    expect(planned(goal(undefined), holding("i-1:80"))).toEqual([]);
  });

  it("aren't deregistered when the input wasn't read whole", () => {
    const graph: DesiredGraph = { ...goal(["i-2:80"]), incompleteInput: true };
    const account = holding("i-1:80");
    expect(planned(graph, account)).toEqual(["+i-2:80"]);
    expect(reaches(graph, carryOut(graph, account).account)).toEqual([]);
  });

  it("aren't deregistered when there may be others than the input tells", () => {
    const graph = goal(["i-2:80"], { partial: true });
    const account = holding("i-1:80");
    expect(planned(graph, account)).toEqual(["+i-2:80"]);
    const { account: after } = carryOut(graph, account);
    expect(reaches(graph, after)).toEqual([]);
    expect(plan(graph, after).actions).toEqual([]);
  });

  it("of other clusters are told", () => {
    const made = plan(goal(["i-2:80"], { multiCluster: true }), holding("i-1:80"));
    expect(made.diagnostics.map(({ code, resource }) => `${code} ${resource}`)).toEqual([
      `targets.of-other-clusters targetGroup/${ID}`,
    ]);
  });

  it("are sent 200 at a time", () => {
    const names = Array.from({ length: 450 }, (_, index) => `i-${String(index).padStart(3, "0")}:80`);
    const made = plan(goal(names), holding("i-old:80"));
    expect(
      made.actions.map(({ id, kind, details }) => [id, "targets" in details ? details.targets.length : kind]),
    ).toEqual([
      [`shop/web targets/${ID} registerTargets`, 200],
      [`shop/web targets/${ID} registerTargets 2`, 200],
      [`shop/web targets/${ID} registerTargets 3`, 50],
      [`shop/web targets/${ID} deregisterTargets`, 1],
    ]);
    expect(made.actions.at(-1)?.dependsOn).toHaveLength(3);
  });

  it("are one change, with the whole list before and after", () => {
    const made = plan(goal(["i-2:80", "i-3:80"]), holding("i-1:80", "i-3:80"));
    expect(made.stacks.flatMap(({ changes }) => changes)).toEqual([
      {
        kind: "update",
        stack: "shop/web",
        resource: `targets/${ID}`,
        type: "targets",
        arn: expect.stringContaining("targetgroup"),
        fields: [
          {
            path: "/targets",
            before: [
              { id: "i-1", port: 80 },
              { id: "i-3", port: 80 },
            ],
            after: [
              { id: "i-2", port: 80 },
              { id: "i-3", port: 80 },
            ],
          },
        ],
        reason: "1 target is missing, 1 is no longer wanted",
      },
    ]);
  });
});

describe("targets of a target group that comes or goes", () => {
  it("are there before a rule names it", () => {
    const { plan: made } = carryOut(goal(["i-1:80"]));
    const rule = made.actions.find(({ kind }) => kind === "createRule");
    expect(rule?.dependsOn).toContain(`shop/web targets/${ID} registerTargets`);
  });

  it("are there before a rule names one that was made and not filled", () => {
    const { account } = carryOut(graphOf([{ targetGroups: { [ID]: {} }, listeners: { 80: {} } }]));
    const made = plan(goal(["i-1:80"]), account);
    expect(calls(made)).toEqual([`registerTargets targets/${ID}`, "createRule listenerRule/80:1"]);
    expect(made.actions[1]?.dependsOn).toContain(made.actions[0]?.id);
  });

  it("need no call when it goes", () => {
    const gone: StackSketch = { listeners: { 80: {} } };
    expect(calls(plan(graphOf([gone]), holding("i-1:80")))).toEqual([
      "deleteRule listenerRule/80:1",
      `deleteTargetGroup targetGroup/${ID}`,
    ]);
  });

  it("are no change when there are none", () => {
    const { stacks } = diff(goal([]), NOTHING);
    expect(stacks.flatMap((stack) => stack.targets)).toEqual([]);
  });

  it("go to the next group without a gap in the old one", () => {
    const two = "shop/web-two:80";
    const both = { [ID]: {}, [two]: {} };
    const before = graphOf([{ targetGroups: both, targets: { [ID]: ["i-1:80"] }, listeners: SERVED }]);
    const { account } = carryOut(before);
    const listeners = { 80: { rules: [{ conditions: [path("/a")], actions: [forwardTo(two)] }] } };
    const after = graphOf([{ targetGroups: both, targets: { [ID]: [], [two]: ["i-1:80"] }, listeners }]);
    expect(calls(plan(after, account, { warm: false }))).toEqual([
      `registerTargets targets/${two}`,
      "modifyRule listenerRule/80:1",
      `deregisterTargets targets/${ID}`,
    ]);
  });
});
