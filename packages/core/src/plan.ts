/** The map of the planner: graph and inventory → changes → ordered actions → plan. */
import { changesOf, diff } from "./diff/diff.ts";
import { driftMarker } from "./diff/drift.ts";
import { inventoryOfStacks } from "./diff/stack-inventory.ts";
import { inventoryForDigest } from "./digest.ts";
import { stableDigest } from "./lib/stable-digest.ts";
import type { Change } from "./model/change.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
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
    inputs: { digests: digestsOf(desired, inventory, options.only) },
    stacks,
    actions: ordered.actions,
    diagnostics: [...diagnosticsOf(desired, options.only), ...compared.diagnostics, ...ordered.diagnostics],
    summary: summarize(stacks, ordered.actions),
  };
}

/** Of a plan for some stacks the digests of these stacks, and of what they share with others. */
function digestsOf(desired: DesiredGraph, inventory: Inventory, only: PlanOptions["only"]): Plan["inputs"]["digests"] {
  const [graph, existing] =
    only === undefined
      ? [desired, inventory]
      : [ofStacks(desired, only), inventoryOfStacks(inventory, desired.settings, [...only, CLUSTER_STACK])];
  return { desired: stableDigest(graph), inventory: stableDigest(inventoryForDigest(existing)) };
}

function ofStacks(desired: DesiredGraph, only: readonly string[]): DesiredGraph {
  const stacks = only.flatMap((id) => {
    const stack = Object.hasOwn(desired.stacks, id) ? desired.stacks[id] : undefined;
    return stack === undefined ? [] : [[id, stack] as const];
  });
  return { ...desired, stacks: Object.fromEntries(stacks), diagnostics: diagnosticsOf(desired, only) };
}

/** What concerns no stack concerns every plan. */
function diagnosticsOf({ diagnostics }: DesiredGraph, only: PlanOptions["only"]): readonly Diagnostic[] {
  if (only === undefined) return diagnostics;
  const wanted = new Set([...only, CLUSTER_STACK]);
  return diagnostics.filter(({ stack }) => stack === undefined || wanted.has(stack));
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
