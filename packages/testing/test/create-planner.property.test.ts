/** A planner that keeps what it built gives what a fresh build gives. ELBPLAN_FUZZ_RUNS sets the number of histories. */
import {
  type Account,
  buildDesired,
  createPlanner,
  type DesiredGraph,
  emptyAccount,
  type PlannerUpdate,
  plan,
  type Settings,
  simulate,
} from "@elbplan/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { aCluster, type Cluster, deepFreeze, someClusterEdits, someWorkloads, withWorkloads } from "../src/index.ts";

const runs = Number(process.env["ELBPLAN_FUZZ_RUNS"] ?? 250);
const timeout = Math.max(60_000, runs * 400);

const stacksOf = (graph: DesiredGraph): Map<string, object> =>
  new Map([...Object.entries(graph.stacks), [graph.clusterStack.id, graph.clusterStack]]);

/** Stacks whose text isn't what it was. */
function differing(before: DesiredGraph, after: DesiredGraph): readonly string[] {
  const [old, current] = [stacksOf(before), stacksOf(after)];
  const ids = new Set([...old.keys(), ...current.keys()]);
  return [...ids].filter((id) => JSON.stringify(old.get(id)) !== JSON.stringify(current.get(id))).sort();
}

/** Patches carried out by hand; they never lead into a list. */
function patched(graph: DesiredGraph, patches: PlannerUpdate["patches"]): unknown {
  const root = { graph: structuredClone(graph) as unknown };
  for (const { op, path, value } of patches) {
    const keys = ["graph", ...path].map(String);
    const last = keys.pop() ?? "";
    const parent = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], root);
    expect(Array.isArray(parent)).toBe(false);
    if (op === "remove") delete (parent as Record<string, unknown>)[last];
    else (parent as Record<string, unknown>)[last] = structuredClone(value);
  }
  return root.graph;
}

function checkStep(before: DesiredGraph, { desired, changed, patches }: PlannerUpdate, fresh: DesiredGraph): void {
  expect(JSON.stringify(desired)).toBe(JSON.stringify(fresh));
  expect(changed).toEqual(differing(before, desired));
  expect(patched(before, patches)).toEqual(desired);
  const old = stacksOf(before);
  for (const [id, stack] of stacksOf(desired)) if (!changed.includes(id)) expect(stack).toBe(old.get(id));
}

/** Some target group that stays has other targets. */
function haveOtherTargets(before: DesiredGraph, { desired, changed }: PlannerUpdate): boolean {
  return changed.some((id) => {
    const old = before.stacks[id]?.resources ?? {};
    return Object.entries(desired.stacks[id]?.resources ?? {}).some(([key, { kind, spec }]) => {
      const known = old[key as keyof typeof old];
      return kind === "targets" && known !== undefined && JSON.stringify(known.spec) !== JSON.stringify(spec);
    });
  });
}

/** What an account holds after the graph was carried out on it, as far as AWS takes it. */
function carriedOut(graph: DesiredGraph, account: Account): Account {
  return simulate(account, plan(graph, account, { allowReplace: true, allowDelete: true })).account;
}

const accountOf = ({ facts: { region, accountId, vpc } }: Cluster): Account =>
  emptyAccount({ region, accountId, vpcId: vpc.id });

const aHistory = fc.record({
  start: fc.oneof(
    { weight: 1, arbitrary: aCluster },
    { weight: 3, arbitrary: fc.tuple(aCluster, someWorkloads).map(([cluster, all]) => withWorkloads(cluster, all)) },
  ),
  edits: someClusterEdits,
  onBrokenMember: fc.constantFrom<Settings["onBrokenMember"]>("fail-group", "quarantine"),
  /** Carries the graph out every so many steps, so that the inventory changes too. */
  every: fc.constantFrom(1, 2, 100),
});

it(
  "gives after any edits what a fresh build gives, byte by byte, and patches that lead there",
  () => {
    let shared = 0;
    let retargeted = 0;
    fc.assert(
      fc.property(aHistory, ({ start, edits, onBrokenMember, every }) => {
        const settings: Settings = { ...start.settings, onBrokenMember };
        const planner = createPlanner(settings);
        let cluster = deepFreeze(start);
        let account = accountOf(start);
        let before = planner.update(cluster.snapshot, cluster.facts, account).desired;
        for (const [index, { apply }] of edits.entries()) {
          cluster = deepFreeze(apply(cluster));
          if (index % every === 0) account = deepFreeze(carriedOut(before, account));
          const update = planner.update(cluster.snapshot, cluster.facts, account);
          checkStep(before, update, buildDesired(cluster.snapshot, cluster.facts, account, settings));
          retargeted += haveOtherTargets(before, update) ? 1 : 0;
          shared += Object.keys(update.desired.stacks).length - update.changed.length;
          before = update.desired;
        }
      }),
      { numRuns: runs },
    );
    expect(shared).toBeGreaterThan(runs);
    expect(retargeted).toBeGreaterThan(runs / 25);
  },
  timeout,
);
