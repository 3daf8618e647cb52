/** What was resolved before, so that targets of which nothing changed needn't be resolved again. */
import { share } from "../../lib/share.ts";
import type { Stack } from "../../model/graph.ts";
import { type EndpointIndexer, endpointIndexer } from "./cluster-endpoints.ts";
import { type EndpointReads, endpointsHold, recordEndpoints } from "./endpoint-reads.ts";
import type { StackTargets, TargetSources } from "./resolve-targets.ts";

/** A stack with its targets. */
export interface TargetedStack {
  readonly stack: Stack;
  readonly resolved: StackTargets;
}

interface Remembered {
  readonly bare: Stack;
  readonly reads: EndpointReads;
  readonly targeted: TargetedStack;
}

/** Written by every resolution that uses it; of one set of settings. */
export interface TargetsMemory {
  readonly index: EndpointIndexer;
  /** By stack id. */
  readonly stacks: Map<string, Remembered>;
}

/** A memory of nothing. */
export function newTargetsMemory(): TargetsMemory {
  return { index: endpointIndexer(), stacks: new Map() };
}

/** Gives each stack its targets by `resolve`, unless nothing has changed of what they were resolved from. */
export function rememberStacks(
  { stacks: known }: TargetsMemory,
  sources: TargetSources,
  stacks: readonly Stack[],
  resolve: (sources: TargetSources, stack: Stack) => TargetedStack,
): readonly TargetedStack[] {
  const ids = new Set(stacks.map(({ id }) => id));
  for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  return stacks.map((bare) => {
    const before = known.get(bare.id);
    if (before?.bare === bare && endpointsHold(before.reads, sources)) return before.targeted;
    const { sources: recording, reads } = recordEndpoints(sources);
    const { stack, resolved } = resolve({ ...sources, ...recording }, bare);
    const targeted = { stack: share(before?.targeted.stack, stack), resolved };
    known.set(bare.id, { bare, reads, targeted });
    return targeted;
  });
}
