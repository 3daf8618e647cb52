/** A group that is broken keeps what it has; its targets follow its Pods and Nodes all the same. */
import { addTargets } from "../desired/targets/add-targets.ts";
import { newTargetsMemory } from "../desired/targets/targets-memory.ts";
import type { Action, ActionKind } from "../model/action.ts";
import type { Facts } from "../model/facts.ts";
import { CLUSTER_STACK, type DesiredGraph, type Stack } from "../model/graph.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";
import { indexCluster } from "../resolve/cluster-index.ts";

/**
 * The graph with the version of a stack that was carried out last instead of the broken one, and with its targets as they
 * are now. LBC's targets follow their endpoints whatever becomes of the Ingresses, too (behaviour.md §4.13, §5.2).
 */
export function withLastGood(
  graph: DesiredGraph,
  lastGood: Stack,
  snapshot: ClusterSnapshot,
  facts: Facts,
): DesiredGraph {
  const kept = Object.entries(lastGood.resources).filter(([, { kind }]) => kind !== "targets");
  const stack: Stack = { ...lastGood, resources: Object.fromEntries(kept) };
  return addTargets(
    { ...graph, stacks: { ...graph.stacks, [stack.id]: stack } },
    { snapshot, cluster: indexCluster(snapshot), facts },
    newTargetsMemory(),
    undefined,
  );
}

const OF_TARGETS: ReadonlySet<ActionKind> = new Set(["registerTargets", "deregisterTargets"]);
const OF_PERMISSIONS: ReadonlySet<ActionKind> = new Set(["authorizeSecurityGroupIngress"]);

/** The actions by which the targets of a stack follow, and what must be open for them; of the rest nothing is meant. */
export function targetActions(actions: readonly Action[], stack: string): readonly Action[] {
  return actions.filter(
    (action) =>
      (action.stack === stack && OF_TARGETS.has(action.kind)) ||
      (action.stack === CLUSTER_STACK && OF_PERMISSIONS.has(action.kind)),
  );
}
