/** Steps 1 to 3 of the pipeline: read ▸ resolve ▸ desired. */
import { type BuildMemory, buildGroups, certificateIndex, newMemory } from "./desired/memory.ts";
import type { LastGood } from "./desired/quarantined-group.ts";
import { BACKEND_ID, backendSecurityGroup, backendSecurityGroupSpec } from "./desired/security-group.ts";
import { addTargets } from "./desired/targets/add-targets.ts";
import { compareStrings } from "./lib/compare.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import type { Facts } from "./model/facts.ts";
import { CLUSTER_STACK, type DesiredGraph, type Stack } from "./model/graph.ts";
import type { Inventory } from "./model/inventory.ts";
import { resourceKey } from "./model/resource.ts";
import type { Settings } from "./model/settings.ts";
import type { ClusterSnapshot } from "./model/snapshot.ts";
import type { Provenance, Source } from "./model/source.ts";
import { isReference } from "./model/value.ts";
import type { BuildContext, Trace } from "./resolve/context.ts";
import { existingPlacements } from "./resolve/existing-load-balancer.ts";
import { resolveGroups } from "./resolve/groups.ts";
import { ownershipOf } from "./resolve/ownership-tags.ts";

/** What helps to tell whose the existing rules are, while a member of a group is quarantined. */
export type BuildOptions = Omit<LastGood, "inventory">;

/**
 * Builds what should exist, per group. A broken group yields error diagnostics and no resources, never an exception,
 * and doesn't touch the others. `inventory` decides what can't be decided from the objects alone (an existing load
 * balancer keeps its subnets); without one the load balancers of the facts do. With `onBrokenMember: "quarantine"` a
 * group is built without its broken members, and what the inventory holds of them stays: plan with the same inventory.
 */
export function buildDesired(
  snapshot: ClusterSnapshot,
  facts: Facts,
  inventory: Inventory | undefined,
  settings: Settings,
  options: BuildOptions = {},
): DesiredGraph {
  return buildGraph({ snapshot, facts, inventory, settings, options });
}

/** Where the values of the graph came from, by stack id: the same build, with a recorder. */
export function explainDesired(...given: Parameters<typeof buildDesired>): { readonly [stack: string]: Provenance } {
  return buildExplained(...given).provenance;
}

/** The graph, and where its values came from by stack id; one build for both. */
export function buildExplained(
  snapshot: ClusterSnapshot,
  facts: Facts,
  inventory: Inventory | undefined,
  settings: Settings,
  options: BuildOptions = {},
): { readonly desired: DesiredGraph; readonly provenance: { readonly [stack: string]: Provenance } } {
  const places = new Map<string, Map<string, Source>>();
  const trace: Trace = (stack, place, source) => {
    let found = places.get(stack);
    if (found === undefined) {
      found = new Map();
      places.set(stack, found);
    }
    found.set(place, source);
  };
  const desired = buildGraph({ snapshot, facts, inventory, settings, options, trace });
  const provenance = [...places].map(([stack, sources]) => [stack, Object.fromEntries(sources)] as const);
  return { desired, provenance: Object.fromEntries(provenance) };
}

/** What a graph is built from. */
export interface BuildInput {
  readonly snapshot: ClusterSnapshot;
  readonly facts: Facts;
  readonly inventory: Inventory | undefined;
  readonly settings: Settings;
  readonly options: BuildOptions;
  readonly trace?: Trace;
  /** Of the builds before, by these settings. With it nothing is traced of groups that needn't be built again. */
  readonly memory?: BuildMemory;
}

/** The one builder, with or without a memory: the graph is the same. */
export function buildGraph(input: BuildInput): DesiredGraph {
  const { snapshot, facts, inventory, settings, options, trace, memory = newMemory() } = input;
  const cluster = memory.indexCluster(snapshot);
  const grouping = resolveGroups(snapshot, cluster, settings);
  const context: BuildContext = {
    settings,
    facts,
    cluster,
    certificates: certificateIndex(memory, facts.certificates, settings),
    existing: existingPlacements(facts, inventory, settings.clusterName),
    ownsBackendSecurityGroup: inventory !== undefined && ownsBackendSecurityGroup(inventory, facts, settings),
    ...(trace && { trace }),
  };
  const built = buildGroups(memory, context, grouping.groups, { inventory, ...options });
  const stacks = built.map(({ stack }) => stack);
  const graph: DesiredGraph = {
    kind: "desired",
    settings,
    vpcId: facts.vpc.id,
    stacks: Object.fromEntries(stacks.map((stack) => [stack.id, stack])),
    clusterStack: clusterStack(context, stacks),
    unmanaged: grouping.unmanaged,
    classErrors: grouping.classErrors,
    ...(isIncomplete(snapshot) && { incompleteInput: true as const }),
    diagnostics: [...grouping.diagnostics, ...built.flatMap(({ diagnostics }) => diagnostics)],
  };
  const whole = addTargets(graph, { snapshot, cluster, facts }, memory.targets, trace);
  return { ...whole, diagnostics: sorted(whole.diagnostics) };
}

/**
 * Kinds of which one that can't be read is missed where it is needed: a Secret by the group that names it, the others by
 * `whole`. Of what is there they say nothing.
 */
const TOLD_APART: ReadonlySet<string> = new Set(["Secret", "Node", "Pod", "EndpointSlice", "Endpoints"]);

/** Whether there may be Ingresses, or what tells where they belong, beside those of the snapshot. */
function isIncomplete({ unreadable }: ClusterSnapshot): boolean {
  if (unreadable === undefined) return false;
  const { objects, kinds = [], others } = unreadable;
  const isNothing = objects.length + kinds.length + others === 0;
  return isNothing || others > 0 || [...objects, ...kinds].some(({ kind }) => !TOLD_APART.has(kind));
}

function ownsBackendSecurityGroup({ securityGroups }: Inventory, { vpc }: Facts, { clusterName }: Settings): boolean {
  return Object.values(securityGroups).some(({ vpcId, spec }) => {
    const owner = vpcId === vpc.id ? ownershipOf(spec.tags, clusterName) : undefined;
    return owner?.stack === CLUSTER_STACK && owner.resourceId === BACKEND_ID;
  });
}

function clusterStack(context: BuildContext, stacks: readonly Stack[]): Stack {
  const needed =
    stacks.some(({ usesBackendSecurityGroup }) => usesBackendSecurityGroup) &&
    isReference(backendSecurityGroup(context));
  const key = resourceKey("securityGroup", BACKEND_ID);
  if (needed && context.trace !== undefined) traceBackendSecurityGroup(context);
  return {
    id: CLUSTER_STACK,
    explicit: true,
    status: "built",
    members: [],
    inactiveMembers: [],
    resources: needed
      ? { [key]: { kind: "securityGroup", id: BACKEND_ID, spec: backendSecurityGroupSpec(context) } }
      : {},
    listenerPorts: [],
    secrets: [],
    usesBackendSecurityGroup: false,
  };
}

function traceBackendSecurityGroup({ trace }: BuildContext): void {
  const place = `${resourceKey("securityGroup", BACKEND_ID)}#`;
  trace?.(CLUSTER_STACK, place, { field: "flag enable-backend-security-group" });
  for (const field of ["name", "description"]) trace?.(CLUSTER_STACK, `${place}/${field}`, { field: "generated" });
  trace?.(CLUSTER_STACK, `${place}/tags`, { field: "flag default-tags" });
}

/** By stack, object and field, so that the order of the input doesn't show. */
function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const key = ({ stack = "", object, field = "", code, message }: Diagnostic): string =>
    [stack, object?.kind, object?.namespace, object?.name, field, code, message].join("\u0000");
  return diagnostics
    .map((diagnostic) => [key(diagnostic), diagnostic] as const)
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([, diagnostic]) => diagnostic);
}
