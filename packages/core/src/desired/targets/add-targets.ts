/** Puts the targets of all target groups, and what must be open towards them, into a graph. */
import { compareStrings } from "../../lib/compare.ts";
import type { Facts } from "../../model/facts.ts";
import type { DesiredGraph, Stack } from "../../model/graph.ts";
import { type Resource, type ResourceKey, type ResourceKind, resourceKey } from "../../model/resource.ts";
import type { ClusterSnapshot } from "../../model/snapshot.ts";
import type { Source } from "../../model/source.ts";
import type { TargetsSpec } from "../../model/target.ts";
import type { TargetGroupBindingSpec } from "../../model/target-group-binding.ts";
import type { Trace } from "../../resolve/context.ts";
import type { ClusterEndpoints } from "./cluster-endpoints.ts";
import { resolveStack, type StackTargets, takenTogether } from "./resolve-targets.ts";
import { rememberStacks, type TargetsMemory } from "./targets-memory.ts";

/** What targets are looked up in. */
export interface TargetedInput {
  readonly snapshot: ClusterSnapshot;
  readonly cluster: ClusterEndpoints["cluster"];
  readonly facts: Facts;
}

/**
 * The graph with a resource `targets` beside each binding whose targets are known, and a resource `endpointPermissions`
 * in the cluster stack for each security group that must let load balancers in. The graph stays as it is when somebody
 * else registers targets (setting `targetRegistration`), or when the snapshot doesn't say where traffic ends: absent means
 * left alone, empty would mean none.
 */
export function addTargets(
  graph: DesiredGraph,
  { snapshot, cluster, facts }: TargetedInput,
  memory: TargetsMemory,
  trace: Trace | undefined,
): DesiredGraph {
  const { nodes, endpointSlices, endpoints } = snapshot;
  const isGiven = [nodes, endpointSlices, endpoints].some((list) => list !== undefined);
  if (graph.settings.targetRegistration !== "direct") return graph;
  if (!isGiven) return hasTargets(graph) ? graph : { ...graph, endpointPermissions: "complete" };
  const { settings } = graph;
  const sources = { index: memory.index(snapshot, cluster, facts), facts, settings };
  const targeted = rememberStacks(memory, sources, Object.values(graph.stacks), (recording, stack) => {
    const resolved = resolveStack(recording, stack);
    return { resolved, stack: withResources(stack, targetsOfStack(resolved)) };
  });
  const ascending = targeted.toSorted((a, b) => compareStrings(a.stack.id, b.stack.id));
  const { permissions: needed, diagnostics } = takenTogether(
    ascending.map(({ resolved }) => resolved),
    settings,
  );
  const { complete, bySecurityGroup } = needed;
  const permissions = Object.entries(bySecurityGroup).map(([securityGroupId, list]): Resource => {
    const spec = { securityGroupId, permissions: list };
    return { kind: "endpointPermissions", id: securityGroupId, spec };
  });
  const clusterStack = withResources(graph.clusterStack, permissions);
  const stacks = targeted.map(({ stack }) => stack);
  if (trace !== undefined) for (const stack of [clusterStack, ...stacks]) traceTargets(stack, trace);
  return {
    ...graph,
    stacks: Object.fromEntries(stacks.map((stack) => [stack.id, stack])),
    clusterStack,
    endpointPermissions: complete ? "complete" : "incomplete",
    diagnostics: [...graph.diagnostics, ...diagnostics],
  };
}

/** Without target groups nobody needs a permission, and that is known without looking. */
function hasTargets({ stacks }: DesiredGraph): boolean {
  return Object.values(stacks).some(
    ({ status, resources }) =>
      status === "failed" ||
      Object.values(resources).some(({ kind, spec }) => kind === "targetGroup" && spec.targetType !== "alb"),
  );
}

function withResources(stack: Stack, added: readonly Resource[]): Stack {
  if (added.length === 0) return stack;
  const resources = added.map((resource) => [resourceKey(resource.kind, resource.id), resource] as const);
  return { ...stack, resources: { ...stack.resources, ...Object.fromEntries(resources) } };
}

function targetsOfStack({ targets }: StackTargets): readonly Resource[] {
  return Object.entries(targets).flatMap(([id, known]): readonly Resource[] => {
    if (known.status === "unresolved") return [];
    const { status: _, ...wanted } = known;
    const spec: TargetsSpec = { targetGroupArn: { ref: resourceKey("targetGroup", id), field: "arn" }, ...wanted };
    return [{ kind: "targets", id, spec }];
  });
}

/** Targets come from the Service, through its endpoints or node port; permissions from where those run. */
function traceTargets({ id: stack, resources }: Stack, trace: Trace): void {
  const say = (kind: ResourceKind, id: string, fields: readonly string[], source: Source): void => {
    for (const field of fields) trace(stack, `${resourceKey(kind, id)}#${field}`, source);
  };
  for (const { kind, id, spec } of Object.values(resources)) {
    if (kind === "endpointPermissions") {
      say(kind, id, ["", "/permissions"], { field: "generated" });
      say(kind, id, ["/securityGroupId"], { field: "discovery" });
    }
    if (kind !== "targets") continue;
    const service = serviceOf(resources, id);
    if (service !== undefined) say(kind, id, ["", "/targets", "/multiCluster"], { object: service, field: "" });
    say(kind, id, ["/targetGroupArn"], { field: "generated" });
    if (spec.limit !== undefined) say(kind, id, ["/limit"], { field: "flag max-targets-per-target-group" });
    if (spec.securityGroups !== undefined) say(kind, id, ["/securityGroups"], { field: "discovery" });
  }
}

function serviceOf(resources: { readonly [key: ResourceKey]: Resource }, id: string): Source["object"] {
  const binding = resources[resourceKey("targetGroupBinding", id)];
  if (binding?.kind !== "targetGroupBinding") return undefined;
  const { namespace, serviceRef }: TargetGroupBindingSpec = binding.spec;
  return { kind: "Service", namespace, name: serviceRef.name };
}
