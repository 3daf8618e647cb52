/** What is known of a group with broken members once the healthy ones are built. */
import type { DesiredGraph, Stack } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Provenance } from "../model/source.ts";
import type { Member } from "../read/member.ts";
import type { BuildContext } from "../resolve/context.ts";
import type { ExistingStack } from "../resolve/existing-stack.ts";
import type { Group } from "../resolve/groups.ts";

/** Where the last good state of a broken member is looked for. Without an inventory nothing of it can stay. */
export interface LastGood {
  readonly inventory: Inventory | undefined;
  /** The graph that was last carried out; tells whose a rule is that forwards nowhere. */
  readonly lastGoal?: DesiredGraph;
  /** Its provenance by stack id, as `explainDesired` gave it. */
  readonly lastProvenance?: { readonly [stack: string]: Provenance };
}

export interface QuarantinedGroup {
  readonly build: BuildContext;
  readonly group: Group;
  /** All, in group order. */
  readonly members: readonly Member[];
  readonly quarantined: ReadonlySet<Member>;
  /** Built of the healthy members. */
  readonly stack: Stack;
  readonly last: LastGood;
  readonly existing: ExistingStack | undefined;
  /** Whose a resource of that stack is. */
  readonly memberOf: (resource: string) => Member | undefined;
}

/** The resources of a stack in the last goal. */
export function lastResources({ lastGoal }: LastGood, stack: string): Stack["resources"] {
  return ownValue(lastGoal?.stacks, stack)?.resources ?? {};
}

/** Where the values of that stack came from. */
export function lastSources({ lastProvenance }: LastGood, stack: string): Provenance {
  return ownValue(lastProvenance, stack) ?? {};
}

/** A group may be called like a property of every object. */
function ownValue<T>(record: { readonly [key: string]: T } | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
