/** A planner that keeps what it built. */
import type { Patch } from "immer";
import { type BuildOptions, buildGraph } from "./build-desired.ts";
import { type BuildMemory, newMemory } from "./desired/memory.ts";
import { compareStrings } from "./lib/compare.ts";
import { share } from "./lib/share.ts";
import type { Facts } from "./model/facts.ts";
import type { DesiredGraph, Stack } from "./model/graph.ts";
import type { Inventory } from "./model/inventory.ts";
import type { Settings } from "./model/settings.ts";
import type { ClusterSnapshot } from "./model/snapshot.ts";
import { patchesBetween } from "./patches.ts";

/** What came of new input. */
export interface PlannerUpdate {
  /** Byte-equal to what `buildDesired` gives. What is as it was before is the same object as before. */
  readonly desired: DesiredGraph;
  /** Ids of the stacks that are new, other than before, or gone, the cluster stack's among them; ascending. */
  readonly changed: readonly string[];
  /** From the graph before to this one; empty for the first, which has none before. */
  readonly patches: readonly Patch[];
}

export interface Planner {
  /**
   * Builds what should exist. Only groups of which something changed are built again; an object changed when it isn't
   * the same object as last time, so give it objects that stay the same while nothing about them changes.
   */
  update(
    snapshot: ClusterSnapshot,
    facts: Facts,
    inventory: Inventory | undefined,
    options?: BuildOptions,
  ): PlannerUpdate;
}

/** A planner for one cluster. Its answers depend on what it is given last and on nothing else. */
export function createPlanner(settings: Settings): Planner {
  const memory: BuildMemory = newMemory();
  let before: DesiredGraph | undefined;
  let known: Facts | undefined;
  return {
    update: (snapshot, facts, inventory, options = {}) => {
      known = share(known, facts);
      const built = buildGraph({ snapshot, facts: known, inventory, settings, options, memory });
      const desired = share(before, built);
      const update: PlannerUpdate = {
        desired,
        changed: changedStacks(before, desired),
        patches: before === undefined ? [] : patchesBetween(before, desired),
      };
      before = desired;
      return update;
    },
  };
}

function changedStacks(before: DesiredGraph | undefined, after: DesiredGraph): readonly string[] {
  const old = new Map(stacksOf(before));
  const current = new Map(stacksOf(after));
  const changed = [...current].filter(([id, stack]) => old.get(id) !== stack).map(([id]) => id);
  const gone = [...old.keys()].filter((id) => !current.has(id));
  return [...changed, ...gone].sort(compareStrings);
}

function stacksOf(graph: DesiredGraph | undefined): readonly (readonly [string, Stack])[] {
  if (graph === undefined) return [];
  return [...Object.entries(graph.stacks), [graph.clusterStack.id, graph.clusterStack]];
}
