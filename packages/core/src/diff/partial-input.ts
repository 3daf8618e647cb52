/** Partial input is safe: what the input doesn't speak of isn't deleted. */
import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { CLUSTER_STACK, type DesiredGraph, type Stack } from "../model/graph.ts";
import type { PlanOptions } from "../model/plan.ts";
import { everyOwned, type Owned } from "./owned.ts";

/** Stacks of the inventory without an Ingress in the input: a warning each, or with `prune` an empty goal. */
export function unclaimedStacks(
  desired: DesiredGraph,
  owned: Owned,
  options: PlanOptions,
): { readonly pruned: readonly Stack[]; readonly diagnostics: readonly Diagnostic[] } {
  const pruned: Stack[] = [];
  const diagnostics: Diagnostic[] = [];
  const broken = new Set(desired.classErrors.map(({ ingress }) => ingress));
  for (const id of owned.stacks.keys()) {
    if (id === CLUSTER_STACK || Object.hasOwn(desired.stacks, id)) continue;
    const brokenMembers = broken.has(id) ? [id] : ingressesNamed(owned, id, broken);
    if (options.prune === true && brokenMembers.length === 0) {
      pruned.push(emptyStack(id));
      continue;
    }
    const [member] = brokenMembers;
    const why =
      member === undefined
        ? "No Ingress of the input belongs to it"
        : `Ingress ${member}, which it was made for, can't be put into a group`;
    diagnostics.push(diagnose("stack.unclaimed", `${why}: stack ${id} is left as it is.`, { stack: id }));
  }
  return { pruned, diagnostics };
}

/** Why a stack can't be planned from this input. */
export function claimProblems(
  desired: DesiredGraph,
  owned: Owned,
  options: PlanOptions,
  stack: Stack,
): readonly Diagnostic[] {
  const existing = owned.stacks.get(stack.id);
  if (existing === undefined) return [];
  const unidentified = existing.unidentified.map((arn) =>
    diagnose("resource.no-id", `${arn} carries the tags of stack ${stack.id} but no tag ingress.k8s.aws/resource.`, {
      stack: stack.id,
    }),
  );
  const missing = options.prune === true ? [] : unattributed(desired, owned, stack);
  const [first] = missing;
  if (first === undefined) return unidentified;
  const others = missing.length > 1 ? ` and ${missing.length - 1} more` : "";
  return [
    ...unidentified,
    diagnose(
      "group.incomplete",
      `Target group ${first}${others} of group ${stack.id} belongs to an Ingress that the input doesn't hold.`,
      { stack: stack.id, resource: `targetGroup/${first}` },
    ),
  ];
}

/** Several resources with the tags of one. */
export function twinWarnings(owned: Owned, stackId: string): readonly Diagnostic[] {
  const stack = owned.stacks.get(stackId);
  if (stack === undefined) return [];
  const twins = (
    kind: string,
    lists: ReadonlyMap<string, readonly { readonly arn: string }[]>,
  ): readonly Diagnostic[] =>
    [...lists]
      .filter(([, list]) => list.length > 1)
      .sort(([a], [b]) => compareStrings(a, b))
      .map(([id, list]) =>
        diagnose(
          "resource.twins",
          `${list.length} resources are tagged as ${id} of stack ${stackId}: ${list.map(({ arn }) => arn).join(", ")}.`,
          {
            stack: stackId,
            resource: `${kind}/${id}`,
          },
        ),
      );
  return [...twins("targetGroup", stack.targetGroups), ...twins("loadBalancer", stack.loadBalancers)];
}

/** Ids of target groups that name no Ingress of the input. An Ingress that moved to another group has left on purpose. */
function unattributed(desired: DesiredGraph, owned: Owned, stack: Stack): readonly string[] {
  const present = new Set<string>(desired.unmanaged);
  for (const { members, inactiveMembers } of Object.values(desired.stacks)) {
    for (const name of [...members, ...inactiveMembers]) present.add(name);
  }
  return targetGroupIds(owned, stack.id).filter(
    (id) => !Object.hasOwn(stack.resources, `targetGroup/${id}`) && !ownersOf(id).some((name) => present.has(name)),
  );
}

function ingressesNamed(owned: Owned, stackId: string, names: ReadonlySet<string>): readonly string[] {
  return targetGroupIds(owned, stackId).flatMap((id) => ownersOf(id).filter((name) => names.has(name)));
}

/** Those that name an Ingress and a Service: `namespace/ingress-service:port`. */
function targetGroupIds(owned: Owned, stackId: string): readonly string[] {
  const stack = owned.stacks.get(stackId);
  if (stack === undefined) return [];
  return [...new Set(everyOwned(stack.targetGroups).map(({ id }) => id))].filter((id) => id.includes("/"));
}

/** Names may hold dashes, so that every dash may be the one between Ingress and Service. */
function ownersOf(id: string): readonly string[] {
  const owners: string[] = [];
  for (let dash = id.indexOf("-"); dash >= 0; dash = id.indexOf("-", dash + 1)) {
    if (dash > id.indexOf("/")) owners.push(id.slice(0, dash));
  }
  return owners;
}

function emptyStack(id: string): Stack {
  return {
    id,
    explicit: !id.includes("/"),
    status: "built",
    members: [],
    inactiveMembers: [],
    resources: {},
    listenerPorts: [],
    secrets: [],
    usesBackendSecurityGroup: false,
  };
}
