/** Puts the targets of all target groups, and what must be open towards them, into a graph. */
import type { Facts } from "../../model/facts.ts";
import type { DesiredGraph, Stack } from "../../model/graph.ts";
import { type Resource, type ResourceKey, type ResourceKind, resourceKey } from "../../model/resource.ts";
import type { ClusterSnapshot } from "../../model/snapshot.ts";
import type { Source } from "../../model/source.ts";
import type { ResolvedTargets, TargetsSpec } from "../../model/target.ts";
import type { TargetGroupBindingSpec } from "../../model/target-group-binding.ts";
import type { Trace } from "../../resolve/context.ts";
import { resolveTargets } from "./resolve-targets.ts";

/**
 * The graph with a resource `targets` beside each binding whose targets are known, and a resource `endpointPermissions`
 * in the cluster stack for each security group that must let load balancers in. The graph stays as it is when somebody
 * else registers targets (setting `targetRegistration`), or when the snapshot doesn't say where traffic ends: absent means
 * left alone, empty would mean none.
 */
export function addTargets(
  graph: DesiredGraph,
  snapshot: ClusterSnapshot,
  facts: Facts,
  trace: Trace | undefined,
): DesiredGraph {
  const { nodes, endpointSlices, endpoints } = snapshot;
  const isGiven = [nodes, endpointSlices, endpoints].some((list) => list !== undefined);
  if (graph.settings.targetRegistration !== "direct") return graph;
  if (!isGiven) return hasTargets(graph) ? graph : { ...graph, endpointPermissions: "complete" };
  const resolved = resolveTargets(snapshot, facts, graph);
  const { complete, bySecurityGroup } = resolved.permissions;
  const permissions = Object.entries(bySecurityGroup).map(([securityGroupId, list]): Resource => {
    const spec = { securityGroupId, permissions: list };
    return { kind: "endpointPermissions", id: securityGroupId, spec };
  });
  const clusterStack = withResources(graph.clusterStack, permissions);
  const stacks = Object.values(graph.stacks).map((stack) => withResources(stack, targetsOfStack(stack, resolved)));
  if (trace !== undefined) for (const stack of [clusterStack, ...stacks]) traceTargets(stack, trace);
  return {
    ...graph,
    stacks: Object.fromEntries(stacks.map((stack) => [stack.id, stack])),
    clusterStack,
    endpointPermissions: complete ? "complete" : "incomplete",
    diagnostics: [...graph.diagnostics, ...resolved.diagnostics],
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

function targetsOfStack({ id: stackId }: Stack, { targets }: ResolvedTargets): readonly Resource[] {
  return Object.entries(targets[stackId] ?? {}).flatMap(([id, known]): readonly Resource[] => {
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
