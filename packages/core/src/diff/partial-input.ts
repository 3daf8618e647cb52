/** Partial input is safe: what the input doesn't speak of isn't deleted. */
import { targetGroupNamePrefix } from "../desired/names.ts";
import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { CLUSTER_STACK, type DesiredGraph, type Stack } from "../model/graph.ts";
import type { PlanOptions } from "../model/plan.ts";
import type { Owned } from "./owned.ts";

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
    if (id === CLUSTER_STACK || Object.hasOwn(desired.stacks, id) || options.only?.includes(id) === false) continue;
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
    const hint = member === undefined ? {} : { hint: "Correct the error of that Ingress first." };
    diagnostics.push(diagnose("stack.unclaimed", `${why}: stack ${id} is left as it is.`, { stack: id, ...hint }));
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
  const unidentified = existing.unidentified.map((arn) => {
    const id = idByName(stack, owned, arn);
    const tag = `ingress.k8s.aws/resource${id === undefined ? "" : `=${id}`}`;
    const message = `${arn} carries the tags of stack ${stack.id} but no tag ${tag}; nothing is done until it is restored.`;
    return diagnose("resource.no-id", message, { stack: stack.id });
  });
  return [...unidentified, ...ownerProblems(desired, owned, options, stack)];
}

/** The id of the resource that would have the name of something that exists: names are made from ids, or chosen for one. */
function idByName({ resources }: Stack, { inventory }: Owned, arn: string): string | undefined {
  const { loadBalancers, targetGroups, securityGroups } = inventory;
  const name = (loadBalancers[arn] ?? targetGroups[arn] ?? securityGroups[arn])?.spec.name;
  return Object.values(resources).find(
    ({ kind, spec }) => kind !== "targetGroupBinding" && "name" in spec && spec.name === name,
  )?.id;
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

/**
 * Target groups that would go although their Ingress may still need them: it isn't in the input (then `prune` says that
 * it is meant), can't be put into a group, or moved to a group that can't be planned. One that moved elsewhere or isn't
 * ours any more has left on purpose.
 */
function ownerProblems(desired: DesiredGraph, owned: Owned, options: PlanOptions, stack: Stack): readonly Diagnostic[] {
  const left = new Set<string>(desired.unmanaged);
  const stuck = new Set(desired.classErrors.map(({ ingress }) => ingress));
  for (const { id, status, members, inactiveMembers } of Object.values(desired.stacks)) {
    const held = status === "failed" && id !== stack.id ? stuck : left;
    for (const name of members) held.add(name);
    for (const name of inactiveMembers) left.add(name);
  }
  const absent: string[] = [];
  const broken = new Map<string, string>();
  for (const { id, owners } of targetGroupOwners(owned, stack.id)) {
    if (Object.hasOwn(stack.resources, `targetGroup/${id}`)) continue;
    const culprit = owners.find((name) => stuck.has(name));
    if (culprit !== undefined) broken.set(culprit, broken.get(culprit) ?? id);
    else if (options.prune !== true && !owners.some((name) => left.has(name))) absent.push(id);
  }
  const more = absent.length > 1 ? ` and ${absent.length - 1} more` : "";
  return [
    ...[...broken].map(([ingress, id]) =>
      diagnose(
        "group.member-broken",
        `Target group ${id} of group ${stack.id} belongs to Ingress ${ingress}, which can't be planned; the group is left as it is.`,
        { stack: stack.id, resource: `targetGroup/${id}` },
      ),
    ),
    ...absent
      .slice(0, 1)
      .map((id) =>
        diagnose(
          "group.incomplete",
          `Target group ${id}${more} of group ${stack.id} belongs to an Ingress that the input doesn't hold.`,
          { stack: stack.id, resource: `targetGroup/${id}` },
        ),
      ),
  ];
}

function ingressesNamed(owned: Owned, stackId: string, names: ReadonlySet<string>): readonly string[] {
  return targetGroupOwners(owned, stackId).flatMap(({ owners }) => owners.filter((name) => names.has(name)));
}

interface OwnedTargetGroup {
  readonly id: string;
  /** Ingresses that it may belong to. */
  readonly owners: readonly string[];
}

/** The target groups whose id names an Ingress and a Service: `namespace/ingress-service:port`. */
function targetGroupOwners(owned: Owned, stackId: string): readonly OwnedTargetGroup[] {
  const stack = owned.stacks.get(stackId);
  if (stack === undefined) return [];
  return [...stack.targetGroups]
    .filter(([id]) => id.includes("/"))
    .map(([id, [existing]]) => {
      const service = existing && owned.bindings.get(existing.arn)?.[0]?.spec.serviceRef.name;
      return { id, owners: ownersOf(id, String(existing?.spec.name ?? ""), service) };
    });
}

/** A name as LBC makes it begins with the namespace's and the Service's letters. */
const GENERATED_NAME = /^k8s-[0-9A-Za-z]{0,8}-[0-9A-Za-z]{0,8}-[0-9a-f]{10}$/;

/**
 * Both names may hold dashes, so that every dash may be the one between Ingress and Service: the binding, or else the
 * target group's name, tells which Service it is.
 */
function ownersOf(id: string, name: string, service: string | undefined): readonly string[] {
  const slash = id.indexOf("/");
  const namespace = id.slice(0, slash);
  const owners: string[] = [];
  for (let dash = id.indexOf("-", slash); dash >= 0; dash = id.indexOf("-", dash + 1)) {
    const candidate = id.slice(dash + 1, id.lastIndexOf(":"));
    const fits =
      service === undefined
        ? !GENERATED_NAME.test(name) || name.startsWith(targetGroupNamePrefix(namespace, candidate))
        : service === candidate;
    if (fits) owners.push(id.slice(0, dash));
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
