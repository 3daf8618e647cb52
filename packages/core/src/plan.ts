/** The map of the planner: graph and inventory → changes → ordered actions → plan. */
import { changesOf, diff } from "./diff/diff.ts";
import { driftMarker } from "./diff/drift.ts";
import { inventoryForDigest } from "./digest.ts";
import { stableDigest } from "./lib/stable-digest.ts";
import type { Change } from "./model/change.ts";
import { CLUSTER_STACK, type DesiredGraph } from "./model/graph.ts";
import type { Inventory } from "./model/inventory.ts";
import type { Plan, PlannedStack, PlanOptions } from "./model/plan.ts";
import type { Provenance } from "./model/source.ts";
import type { SourceLookup } from "./order/action-list.ts";
import { order } from "./order/order.ts";
import { summarize } from "./order/summary.ts";

/**
 * Plans the way from what exists to what should exist. Pure: the same arguments give a byte-equal plan. `provenance`, by
 * stack id, lets every change and action say which object and field caused it. With nothing to do `actions` is empty.
 */
export function plan(
  desired: DesiredGraph,
  inventory: Inventory,
  options: PlanOptions = {},
  provenance: { readonly [stackId: string]: Provenance } = {},
): Plan {
  const sourceOf = sourceLookup(provenance);
  const compared = diff(desired, inventory, options);
  const ordered = order(compared, inventory, desired.vpcId, sourceOf, options);
  const { lastGoal } = options;
  const markDrift = lastGoal === undefined ? (change: Change) => change : driftMarker(lastGoal, inventory);
  const stacks = compared.stacks
    .map(
      (stack): PlannedStack => ({
        id: stack.id,
        members: stack.members,
        changes: changesOf(stack).map((change) => markDrift(withSources(change, sourceOf))),
      }),
    )
    .filter(({ id, changes }) => id !== CLUSTER_STACK || changes.length > 0);
  return {
    formatVersion: 1,
    inputs: {
      digests: {
        desired: stableDigest(desired),
        inventory: stableDigest(inventoryForDigest(inventory)),
      },
    },
    stacks,
    actions: ordered.actions,
    diagnostics: [...desired.diagnostics, ...compared.diagnostics, ...ordered.diagnostics],
    summary: summarize(stacks, ordered.actions),
  };
}

/** Looks for the field, then for what holds it, at last for the resource as a whole. */
function sourceLookup(provenance: { readonly [stackId: string]: Provenance }): SourceLookup {
  return (stack, resource, path) => {
    const sources = Object.hasOwn(provenance, stack) ? provenance[stack] : undefined;
    if (sources === undefined) return undefined;
    for (let pointer = path; ; pointer = pointer.slice(0, pointer.lastIndexOf("/"))) {
      const place = `${resource}#${pointer}`;
      if (Object.hasOwn(sources, place)) return sources[place];
      if (pointer === "") return undefined;
    }
  };
}

/** What goes has no cause in the input; whatever has its id now is another thing. */
function withSources(change: Change, sourceOf: SourceLookup): Change {
  if (change.kind === "delete") return change;
  const fields = change.fields.map((field) => {
    const source = sourceOf(change.stack, change.resource, field.path);
    return source === undefined ? field : { ...field, source };
  });
  const cause = change.kind === "update" || change.kind === "replace" ? (change.fields[0]?.path ?? "") : "";
  const source = sourceOf(change.stack, change.resource, cause);
  return { ...change, fields, ...(source === undefined ? {} : { source }) };
}
