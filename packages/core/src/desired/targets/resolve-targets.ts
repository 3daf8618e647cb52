/** The targets of every target group of a graph, and what must be open on their security groups. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import { compareStrings } from "../../lib/compare.ts";
import { stableJson } from "../../lib/stable-json.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Facts } from "../../model/facts.ts";
import type { DesiredGraph, Stack } from "../../model/graph.ts";
import { type ResourceOf, resourceKey } from "../../model/resource.ts";
import type { Permission } from "../../model/security-group.ts";
import type { Settings } from "../../model/settings.ts";
import type { ClusterSnapshot } from "../../model/snapshot.ts";
import type { ResolvedTargets, TargetsOf } from "../../model/target.ts";
import { findService, indexCluster } from "../../resolve/cluster-index.ts";
import { findServicePort } from "../../resolve/service-port.ts";
import { endpointIndexer } from "./cluster-endpoints.ts";
import { permissionsOf, sumPermissions } from "./endpoint-permissions.ts";
import type { EndpointSources } from "./endpoint-reads.ts";
import { type SecurityGroupFinder, securityGroupFinder } from "./endpoint-security-group.ts";
import { nodeEndpoints } from "./node-endpoints.ts";
import { podEndpoints } from "./pod-endpoints.ts";
import { type BoundPort, type Endpointed, maybeMore, type TargetEndpoint } from "./target-endpoint.ts";

/** What the targets of a stack are resolved from. */
export interface TargetSources extends EndpointSources {
  readonly settings: Settings;
}

/** The targets of one stack, and what they ask of the cluster. */
export interface StackTargets {
  /** By resource id of the target group. */
  readonly targets: { readonly [targetGroup: string]: TargetsOf };
  /** Summed up, by security group. */
  readonly needed: ReadonlyMap<string, readonly Permission[]>;
  /** By their text: many target groups have the same thing to say about a node. */
  readonly diagnostics: ReadonlyMap<string, Diagnostic>;
  /** What some target group needs isn't known. */
  readonly incomplete: boolean;
}

/** What is common to all target groups of one stack, and what they add to. */
interface Resolution extends TargetSources {
  /** Undefined when the facts have no network interfaces. */
  readonly securityGroupOf: SecurityGroupFinder | undefined;
  readonly needed: Map<string, Permission[]>;
  readonly diagnostics: Map<string, Diagnostic>;
  incomplete: boolean;
}

/**
 * Resolves what should be registered in each target group that has a binding, and the permissions that load balancers
 * need on the security groups of those targets, over all groups of the cluster. The rules are LBC's for
 * TargetGroupBindings. `snapshot` should hold the Nodes (instance targets), or the EndpointSlices or Endpoints and the
 * Pods (ip targets): a target group whose kind of objects is absent is `unresolved` and left as it is, and so is one
 * whose targets can't be told. A Service or port that is gone means: no targets. Where the snapshot may lack objects
 * (`whole`) the targets are `partial`, and permissions incomplete. Security groups are found by
 * `facts.networkInterfaces`; without them there are no permissions, and `permissions.complete` is false. Pure, and
 * independent of the order of its input.
 */
export function resolveTargets(snapshot: ClusterSnapshot, facts: Facts, graph: DesiredGraph): ResolvedTargets {
  const index = endpointIndexer()(snapshot, indexCluster(snapshot), facts);
  const { settings } = graph;
  const stacks = Object.values(graph.stacks).toSorted((a, b) => compareStrings(a.id, b.id));
  const resolved = stacks.map((stack) => [stack.id, resolveStack({ index, facts, settings }, stack)] as const);
  return {
    targets: Object.fromEntries(resolved.map(([id, { targets }]) => [id, targets])),
    ...takenTogether(
      resolved.map(([, ofStack]) => ofStack),
      settings,
    ),
  };
}

/** What the stacks of a cluster need and have to say, taken together; they are given in ascending order of their ids. */
export function takenTogether(
  stacks: readonly StackTargets[],
  { disableRestrictedSgRules }: Settings,
): Pick<ResolvedTargets, "permissions" | "diagnostics"> {
  const needed = new Map<string, Permission[]>();
  for (const stack of stacks) for (const [id, permissions] of stack.needed) addTo(needed, id, permissions);
  const diagnostics = new Map(stacks.flatMap((stack) => [...stack.diagnostics]));
  return {
    permissions: {
      complete: !stacks.some(({ incomplete }) => incomplete),
      bySecurityGroup: Object.fromEntries(summed(needed, !disableRestrictedSgRules)),
    },
    diagnostics: [...diagnostics].sort(([a], [b]) => compareStrings(a, b)).map(([, diagnostic]) => diagnostic),
  };
}

/** Resolves the targets of one stack, which depend on no other stack. */
export function resolveStack(sources: TargetSources, stack: Stack): StackTargets {
  const { index, facts, settings } = sources;
  const resolution: Resolution = {
    ...sources,
    securityGroupOf: securityGroupFinder(index, facts, settings),
    needed: new Map(),
    diagnostics: new Map(),
    incomplete: false,
  };
  const targets = targetsOfStack(resolution, stack);
  const needed = new Map(summed(resolution.needed, !settings.disableRestrictedSgRules));
  return { targets, needed, diagnostics: resolution.diagnostics, incomplete: resolution.incomplete };
}

/** Sums of sums are the sums of all. */
function summed(
  needed: ReadonlyMap<string, readonly Permission[]>,
  restricted: boolean,
): readonly (readonly [string, readonly Permission[]])[] {
  return [...needed]
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([id, permissions]) => [id, sumPermissions(permissions, restricted)]);
}

function targetsOfStack(resolution: Resolution, stack: Stack): { readonly [targetGroup: string]: TargetsOf } {
  const bindings = Object.values(stack.resources)
    .filter((resource) => resource.kind === "targetGroupBinding")
    .sort((a, b) => compareStrings(a.id, b.id));
  // What the endpoints of a group that couldn't be built need isn't known, nor what those of a target group need that
  // stays for a broken member and whose binding nobody knows any more.
  const bound = new Set(bindings.map(({ id }) => id));
  const isUnbound = Object.values(stack.resources).some(
    ({ kind, id, spec }) => kind === "targetGroup" && spec.targetType !== "alb" && !bound.has(id),
  );
  if (stack.status === "failed" || isUnbound) resolution.incomplete = true;
  return Object.fromEntries(bindings.map((binding) => [binding.id, targetsOf(resolution, stack.id, binding)]));
}

function targetsOf(
  resolution: Resolution,
  stack: string,
  { id, spec: binding }: ResourceOf<"targetGroupBinding">,
): TargetsOf {
  const { index, settings, facts } = resolution;
  const { namespace, serviceRef } = binding;
  const resource = resourceKey("targetGroup", id);
  const service = findService(index.cluster, namespace, serviceRef.name);
  const port = service && findServicePort(service, serviceRef.port);
  if (port === undefined) {
    const object = { kind: "Service", namespace, name: serviceRef.name };
    const missing = service === undefined ? "doesn't exist" : `has no port ${serviceRef.port}`;
    const message = `Service ${namespace}/${serviceRef.name} ${missing}; ${resource} keeps no targets.`;
    if (service === undefined && !index.whole.has("Service")) {
      say(resolution, [maybeMore("Service")]);
      if (binding.networking !== undefined) resolution.incomplete = true;
      return { status: "unresolved" };
    }
    say(resolution, [diagnose("targets.backend-not-found", message, { object, stack, resource })]);
    return { status: "resolved", targets: [], ...ofBinding(resolution, binding) };
  }
  const bound: BoundPort = { stack, resource, binding, port };
  const found: Endpointed =
    binding.targetType === "instance"
      ? nodeEndpoints(index, bound, settings)
      : podEndpoints(index, bound, facts, settings);
  if ("unresolved" in found) {
    say(resolution, found.unresolved);
    if (binding.networking !== undefined) resolution.incomplete = true;
    return { status: "unresolved" };
  }
  say(resolution, found.diagnostics);
  if (found.partial && binding.networking !== undefined) resolution.incomplete = true;
  // As LBC: nodes that can't be opened to the load balancer aren't registered; pods are.
  const { securityGroups, isOpen } = openEndpoints(resolution, bound, found.endpoints);
  if (!isOpen && binding.targetType === "instance") return { status: "unresolved" };
  const targets = found.endpoints.map(({ target }) => target);
  const limit = settings.maxTargetsPerTargetGroup;
  if (limit > 0 && targets.length > limit) {
    const message = `${resource} has ${targets.length} endpoints, and max-targets-per-target-group is ${limit}.`;
    say(resolution, [diagnose("targets.over-limit", message, { stack, resource })]);
  }
  return {
    status: "resolved",
    targets,
    ...ofBinding(resolution, binding),
    ...(found.partial && { partial: true as const }),
    ...(securityGroups.length > 0 && { securityGroups }),
  };
}

function ofBinding(
  { settings }: Resolution,
  { multiClusterTargetGroup }: BoundPort["binding"],
): { readonly limit?: number; readonly multiCluster?: true } {
  const limit = settings.maxTargetsPerTargetGroup;
  return { ...(limit > 0 && { limit }), ...(multiClusterTargetGroup === true && { multiCluster: true }) };
}

interface Opened {
  /** Ascending. */
  readonly securityGroups: readonly string[];
  /** False when it can't be told which of several security groups must be opened. */
  readonly isOpen: boolean;
}

/** Adds what the endpoints need to their security groups. */
function openEndpoints(
  resolution: Resolution,
  { stack, binding }: BoundPort,
  endpoints: readonly TargetEndpoint[],
): Opened {
  if (binding.networking === undefined || endpoints.length === 0) return { securityGroups: [], isOpen: true };
  if (resolution.securityGroupOf === undefined) {
    resolution.incomplete = true;
    const message = "The facts hold no network interfaces; permissions towards targets are left alone.";
    say(resolution, [diagnose("targets.no-network-interfaces", message)]);
    return { securityGroups: [], isOpen: true };
  }
  const ports = new Map<string, Set<number>>();
  const problems: Diagnostic[] = [];
  for (const endpoint of endpoints) {
    const found = resolution.securityGroupOf(endpoint);
    if ("problem" in found) problems.push(found.problem);
    else ports.set(found.securityGroupId, (ports.get(found.securityGroupId) ?? new Set()).add(endpoint.target.port));
  }
  say(resolution, problems);
  if (problems.length > 0) resolution.incomplete = true;
  if (problems.some(({ severity }) => severity === "error")) return { securityGroups: [], isOpen: false };
  for (const [securityGroupId, numbers] of ports) {
    const permissions = permissionsOf(binding, stack, [...numbers]);
    if (permissions === undefined) {
      resolution.incomplete = true;
      continue;
    }
    addTo(resolution.needed, securityGroupId, permissions);
  }
  return { securityGroups: [...ports.keys()].sort(compareStrings), isOpen: true };
}

function addTo(needed: Map<string, Permission[]>, securityGroup: string, permissions: readonly Permission[]): void {
  const before = needed.get(securityGroup);
  if (before === undefined) needed.set(securityGroup, [...permissions]);
  else before.push(...permissions);
}

function say({ diagnostics }: Resolution, said: readonly Diagnostic[]): void {
  for (const diagnostic of said) diagnostics.set(stableJson(diagnostic), diagnostic);
}
