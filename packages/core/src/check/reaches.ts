/**
 * The guarantee "reaches": every field that a graph specifies is equal in an inventory, and nothing owned is left
 * over. Written apart from the diff and the order of actions, which it judges.
 */
import { stableJson } from "../lib/stable-json.ts";
import { CLUSTER_STACK, type DesiredGraph, type Stack } from "../model/graph.ts";
import type { Existing, Inventory } from "../model/inventory.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { isReference, type StringMap } from "../model/value.ts";
import { type Mismatch, mismatches, type NameOf, named } from "./reached/compare.ts";
import { findExisting } from "./reached/find.ts";
import { formOf } from "./reached/forms.ts";
import { type OwnedItem, ownedItems, requiredTags } from "./reached/owned.ts";
import { endpointComplaints, targetComplaints } from "./reached/targets.ts";

/** One thing that isn't as the graph wants it. */
export interface Problem {
  readonly stack: string;
  readonly resource: ResourceKey;
  /** One sentence. */
  readonly message: string;
  /** ARN or id of what is wrong or left over; absent if something is missing. */
  readonly arn?: string;
}

export interface ReachesOptions {
  /** Stacks that the graph doesn't hold count as left over. */
  readonly prune?: boolean;
}

/** What the comparison of one stack needs. */
interface View {
  readonly graph: DesiredGraph;
  readonly inventory: Inventory;
  readonly stack: Stack;
  readonly owned: readonly OwnedItem[];
  readonly nameOf: NameOf;
}

/**
 * Compares a graph with an inventory. Empty means: reached. Failed stacks are left out, for nothing was to be changed
 * there; so are stacks of the inventory that the graph doesn't hold, unless `prune`.
 */
export function reaches(
  graph: DesiredGraph,
  inventory: Inventory,
  { prune = false }: ReachesOptions = {},
): readonly Problem[] {
  const owned = ownedItems(inventory, graph.settings);
  const nameOf = namesOf(graph, inventory, owned);
  const viewOf = (stack: Stack): View => ({ graph, inventory, stack, owned, nameOf });
  const built = Object.values(graph.stacks).filter(({ status }) => status === "built");
  return [
    ...built.flatMap((stack) => stackProblems(viewOf(stack))),
    ...clusterProblems(viewOf(graph.clusterStack), built),
    ...endpointProblems(graph, inventory, owned, nameOf, built),
    ...(prune ? owned.filter((item) => isUnclaimed(graph, item)).map(leftOver) : []),
  ];
}

/** Names for the ARNs of what the tags or, for a listener, load balancer and port tell to be of the graph. */
function namesOf(graph: DesiredGraph, inventory: Inventory, owned: readonly OwnedItem[]): NameOf {
  const names = new Map(owned.map((item) => [item.arn, `${item.stack} ${item.key}`]));
  const owners = new Map(owned.map((item) => [item.arn, item]));
  for (const listener of Object.values(inventory.listeners)) {
    const loadBalancer = owners.get(listener.spec.loadBalancerArn);
    const key = loadBalancer === undefined ? undefined : wantedListener(graph, loadBalancer, listener);
    if (loadBalancer !== undefined && key !== undefined) names.set(listener.arn, `${loadBalancer.stack} ${key}`);
  }
  return (arn) => names.get(arn);
}

function wantedListener(
  graph: DesiredGraph,
  loadBalancer: OwnedItem,
  { spec: { port } }: Existing<ListenerSpec<string>>,
): ResourceKey | undefined {
  const stack = Object.hasOwn(graph.stacks, loadBalancer.stack) ? graph.stacks[loadBalancer.stack] : undefined;
  const entry = Object.entries(stack?.resources ?? {}).find(([, resource]) => {
    if (resource.kind !== "listener" || resource.spec.port !== port) return false;
    const { loadBalancerArn } = resource.spec;
    return isReference(loadBalancerArn) && loadBalancerArn.ref === loadBalancer.key;
  });
  return entry?.[0];
}

function isUnclaimed(graph: DesiredGraph, { stack }: OwnedItem): boolean {
  return stack !== CLUSTER_STACK && !Object.hasOwn(graph.stacks, stack);
}

function leftOver({ stack, key, arn }: Pick<OwnedItem, "stack" | "key" | "arn">): Problem {
  return { stack, resource: key, arn, message: `${arn} is left over.` };
}

function stackProblems(view: View): readonly Problem[] {
  const { stack, owned } = view;
  const mine = owned.filter((item) => item.stack === stack.id);
  return [
    ...resourcesProblems(view),
    ...mine.filter((item) => !Object.hasOwn(stack.resources, item.key) && isManaged(view, item.kind)).map(leftOver),
    ...strays(view, mine),
  ];
}

/**
 * The shared group must exist when a stack uses it. When none does it must be gone, unless a stack that failed or that
 * the graph doesn't hold may still use it.
 */
function clusterProblems(view: View, built: readonly Stack[]): readonly Problem[] {
  const { graph, owned, stack } = view;
  if (stack.status !== "built") return [];
  const shared = owned.filter((item) => item.stack === CLUSTER_STACK);
  if (built.some((other) => other.usesBackendSecurityGroup)) {
    return [
      ...resourcesProblems(view),
      ...shared.filter((item) => !Object.hasOwn(stack.resources, item.key)).map(leftOver),
    ];
  }
  const planned = new Set(built.map(({ id }) => id));
  const isAllPlanned = owned.every((item) => item.stack === CLUSTER_STACK || planned.has(item.stack));
  return isAllPlanned && Object.keys(graph.stacks).length > 0 ? shared.map(leftOver) : [];
}

function endpointProblems(
  graph: DesiredGraph,
  inventory: Inventory,
  owned: readonly OwnedItem[],
  nameOf: NameOf,
  built: readonly Stack[],
): readonly Problem[] {
  const planned = new Set(built.map(({ id }) => id));
  return endpointComplaints(graph, inventory, owned, nameOf, planned).map(({ securityGroupId, message }) => ({
    stack: CLUSTER_STACK,
    resource: `endpointPermissions/${securityGroupId}`,
    arn: securityGroupId,
    message,
  }));
}

function resourcesProblems(view: View): readonly Problem[] {
  return Object.entries(view.stack.resources).flatMap(([key, resource]) =>
    isManaged(view, resource.kind) ? resourceProblems(view, key, resource) : [],
  );
}

/** Some kinds are planned only with a flag, a gate or a setting. */
function isManaged({ graph: { settings }, inventory }: View, kind: Resource["kind"]): boolean {
  switch (kind) {
    case "webAclAssociation":
      return settings.enableWafv2;
    case "wafRegionalAssociation":
      return settings.enableWaf;
    case "shieldProtection":
      return settings.enableShield && inventory.shieldSubscription !== false;
    case "targetGroupBinding":
      return settings.targetRegistration === "binding";
    case "targets":
      return settings.targetRegistration === "direct";
    // Over all stacks: looked at apart.
    case "endpointPermissions":
      return false;
    case "certificate":
      return settings.featureGates.EnableCertificateManagement;
    default:
      return true;
  }
}

function resourceProblems(view: View, key: ResourceKey, resource: Resource): readonly Problem[] {
  const { graph, inventory, stack, owned } = view;
  const name = (value: unknown): unknown => named(value, stack.id, view.nameOf);
  const problem = (message: string, arn?: string): Problem => ({
    stack: stack.id,
    resource: key,
    message,
    ...(arn === undefined ? {} : { arn }),
  });

  if (resource.kind === "targets") {
    return targetComplaints(graph, inventory, owned, stack.id, resource).map((message) => problem(message));
  }
  const isNamed = (arn: string, value: unknown): boolean => name(arn) === name(value);
  const existing = findExisting(inventory, owned, { stack: stack.id, key }, resource, isNamed);
  const [first, ...twins] = existing;
  if (first === undefined) return [problem(`${key} doesn't exist.`)];

  const tags = { ...tagsOf(resource), ...requiredTags(graph.settings, stack.id, resource.id) };
  const expected = formOf(resource.kind, name(resource.spec), graph.settings, tags);
  return [
    ...existing.flatMap(({ arn, spec, tags: actualTags }) =>
      mismatches(expected, formOf(resource.kind, name(spec), graph.settings, actualTags)).map((mismatch) =>
        problem(describe(key, mismatch), arn),
      ),
    ),
    ...(resource.kind === "securityGroup" ? twins.map(({ arn }) => problem(`${arn} is a second ${key}.`, arn)) : []),
  ];
}

function tagsOf({ spec }: Resource): StringMap {
  return "tags" in spec && spec.tags !== undefined ? spec.tags : {};
}

function describe(key: ResourceKey, { path, expected, actual }: Mismatch): string {
  return `${key}${path} should be ${stableJson(expected)} and is ${stableJson(actual)}.`;
}

/** Listeners, rules and bindings that belong to something of the stack but aren't in the graph. */
function strays({ graph, inventory, stack, nameOf }: View, mine: readonly OwnedItem[]): readonly Problem[] {
  const isMine = (arn: string): boolean => mine.some((item) => item.arn === arn);
  const stray = (key: ResourceKey, arn: string): Problem => leftOver({ stack: stack.id, key, arn });
  const priorities = new Set(
    Object.values(stack.resources).flatMap((resource) =>
      resource.kind === "listenerRule"
        ? [`${named(resource.spec.listenerArn, stack.id, nameOf)} ${resource.spec.priority}`]
        : [],
    ),
  );
  const bound = new Set(
    Object.values(stack.resources).flatMap((resource) =>
      resource.kind === "targetGroupBinding" ? [named(resource.spec.targetGroupArn, stack.id, nameOf)] : [],
    ),
  );
  const listeners = Object.values(inventory.listeners).filter(({ spec }) => isMine(spec.loadBalancerArn));
  const rules = Object.values(inventory.listenerRules).filter(({ spec }) =>
    listeners.some(({ arn }) => arn === spec.listenerArn && nameOf(arn) !== undefined),
  );
  const bindings =
    graph.settings.targetRegistration === "binding"
      ? Object.values(inventory.targetGroupBindings).filter(({ spec }) => isMine(spec.targetGroupArn))
      : [];
  return [
    ...listeners
      .filter(({ arn }) => nameOf(arn) === undefined)
      .map(({ arn, spec }) => stray(`listener/${spec.port}`, arn)),
    ...rules
      .filter(({ spec }) => !priorities.has(`${nameOf(spec.listenerArn)} ${spec.priority}`))
      .map(({ arn, spec }) => stray(`listenerRule/${spec.priority}`, arn)),
    ...bindings
      .filter(({ spec }) => !bound.has(nameOf(spec.targetGroupArn)))
      .map(({ arn }) => stray(`targetGroupBinding/${arn}`, arn)),
  ];
}
