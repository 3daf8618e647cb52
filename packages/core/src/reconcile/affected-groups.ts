/** Which groups a change of the cluster's objects concerns, beside those whose resources it changes. */
import equal from "fast-deep-equal";
import type { DesiredGraph } from "../model/graph.ts";
import type { Ingress } from "../model/kubernetes.ts";
import { objectKey } from "../resolve/cluster-index.ts";

/** Where Ingresses belong, by `namespace/name`: ids of the groups that they are members of, or still held by. */
export type GroupsOfIngresses = ReadonlyMap<string, readonly string[]>;

/** Makes the index of a graph. */
export function groupsOfIngresses({ stacks }: Pick<DesiredGraph, "stacks">): GroupsOfIngresses {
  const groups = new Map<string, string[]>();
  for (const { id, members, inactiveMembers } of Object.values(stacks)) {
    for (const ingress of [...members, ...inactiveMembers]) {
      const known = groups.get(ingress);
      if (known === undefined) groups.set(ingress, [id]);
      else known.push(id);
    }
  }
  return groups;
}

/**
 * Whether an Ingress gives its groups something to do although none of their resources is another one: it is new, was made
 * anew under its old name, is being deleted, or its spec or annotations changed (behaviour.md §5.2). Its status and its
 * finalizers are no reason, for elbplan writes them itself.
 */
export function concernsGroup(before: Ingress | undefined, after: Ingress | undefined): boolean {
  if (after === undefined) return false;
  if (before === undefined) return true;
  const [old, now] = [before.metadata, after.metadata];
  return (
    old.uid !== now.uid ||
    old.deletionTimestamp !== now.deletionTimestamp ||
    !equal(old.annotations ?? {}, now.annotations ?? {}) ||
    !equal(before.spec, after.spec)
  );
}

/** Ids of the groups of these Ingresses, by the graph before the change and the graph after it. */
export function affectedGroups(
  ingresses: Iterable<Ingress>,
  ...graphs: readonly GroupsOfIngresses[]
): ReadonlySet<string> {
  const affected = new Set<string>();
  for (const ingress of ingresses) {
    for (const groups of graphs) for (const id of groups.get(objectKey(ingress)) ?? []) affected.add(id);
  }
  return affected;
}
