/** Targets and endpoint permissions: what of them isn't as the graph wants it. Written apart from the diff. */
import { CLUSTER_STACK, type DesiredGraph } from "../../model/graph.ts";
import type { Inventory } from "../../model/inventory.ts";
import type { ResourceOf } from "../../model/resource.ts";
import type { Permission } from "../../model/security-group.ts";
import { SHARED_PERMISSION, type TargetSpec } from "../../model/target.ts";
import { carriesClusterTag } from "../../resolve/ownership-tags.ts";
import { type NameOf, named } from "./compare.ts";
import type { OwnedItem } from "./owned.ts";

/** What is wrong, in one sentence each. */
type Complaints = readonly string[];

/** Of the twins of a target group the last by ARN is the one that rules name. */
export function targetComplaints(
  { incompleteInput }: DesiredGraph,
  { targets }: Inventory,
  owned: readonly OwnedItem[],
  stack: string,
  { id, spec }: ResourceOf<"targets">,
): Complaints {
  const arns = owned.filter((item) => item.stack === stack && item.key === `targetGroup/${id}`).map(({ arn }) => arn);
  const arn = arns.sort().at(-1);
  if (arn === undefined) return [];
  const all = (Object.hasOwn(targets, arn) && targets[arn]) || [];
  const registered = new Set(all.filter(({ state }) => state !== "draining").map(nameOfTarget));
  const wanted = new Set(spec.targets.map(nameOfTarget));
  const missing = [...wanted].filter((name) => !registered.has(name));
  const left = [...registered].filter((name) => !wanted.has(name));
  const isFull = spec.limit !== undefined && all.length >= spec.limit;
  const mayStay = spec.multiCluster === true || spec.partial === true || incompleteInput === true;
  return [
    ...(isFull ? [] : missing.map((name) => `targets/${id}: ${name} isn't registered.`)),
    ...(mayStay ? [] : left.map((name) => `targets/${id}: ${name} is still registered.`)),
  ];
}

function nameOfTarget({ id, port }: Pick<TargetSpec, "id" | "port">): string {
  return `${id}:${port}`;
}

interface Wanted {
  readonly from: number;
  readonly to: number;
  /** Protocol and source. */
  readonly text: string;
  readonly isOurs: boolean;
}

/**
 * Every permission that is needed must be there; nothing else of ours may be left once all who need some are known:
 * `planned` stacks are.
 */
export function endpointComplaints(
  graph: DesiredGraph,
  inventory: Inventory,
  owned: readonly OwnedItem[],
  nameOf: NameOf,
  planned: ReadonlySet<string>,
): readonly { readonly securityGroupId: string; readonly message: string }[] {
  const groups = inventory.endpointSecurityGroups;
  if (groups === undefined || graph.endpointPermissions === undefined) return [];
  if (graph.settings.targetRegistration !== "direct") return [];
  const there = new Set(owned.map(({ stack, key }) => `${stack} ${key}`));
  const isExact =
    graph.endpointPermissions === "complete" &&
    graph.incompleteInput !== true &&
    owned.every(({ stack }) => stack === CLUSTER_STACK || planned.has(stack)) &&
    othersAreBound(graph, inventory, new Set(owned.map(({ arn }) => arn))) &&
    Object.values(inventory.targetGroupBindings).every(
      ({ spec: { labels, networking } }) =>
        networking === undefined || "ingress.k8s.aws/stack" in labels || "ingress.k8s.aws/stack-name" in labels,
    );
  const given = Object.values(graph.clusterStack.resources).flatMap((resource) =>
    resource.kind === "endpointPermissions" ? resource.spec.permissions.map(({ source }) => sourceOf(source)) : [],
  );
  const sources = new Set([...owned.map(({ arn }) => arn), graph.settings.backendSecurityGroup, ...given]);
  const read = (list: readonly Permission[]): readonly Wanted[] =>
    list.map(({ protocol, fromPort, toPort, source, description }) => ({
      from: fromPort,
      to: toPort,
      text: JSON.stringify([protocol, named(source, CLUSTER_STACK, nameOf)]),
      isOurs: description === SHARED_PERMISSION && sources.has(sourceOf(source)),
    }));
  const wanted = new Map(
    Object.values(graph.clusterStack.resources).flatMap((resource) =>
      resource.kind === "endpointPermissions"
        ? [[resource.id, resource.spec.permissions.filter((one) => isPossible(one, there))] as const]
        : [],
    ),
  );
  return [...new Set([...wanted.keys(), ...Object.keys(groups)])].flatMap((securityGroupId) => {
    const needed = read(wanted.get(securityGroupId) ?? []);
    const existing = read((Object.hasOwn(groups, securityGroupId) && groups[securityGroupId]) || []);
    const isSame = (a: Wanted, b: Wanted): boolean => a.text === b.text && a.from === b.from && a.to === b.to;
    const isWider = (a: Wanted, b: Wanted): boolean =>
      !isExact && a.isOurs && a.text === b.text && a.from <= b.from && a.to >= b.to;
    const lacking = needed.filter((one) => !existing.some((other) => isSame(other, one) || isWider(other, one)));
    const left = isExact ? existing.filter((one) => one.isOurs && !needed.some((other) => isSame(other, one))) : [];
    const say = ({ text, from, to }: Wanted, what: string): { securityGroupId: string; message: string } => ({
      securityGroupId,
      message: `${securityGroupId} ${what} ports ${from} to ${to}: ${text}.`,
    });
    return [...lacking.map((one) => say(one, "doesn't let in")), ...left.map((one) => say(one, "still lets in"))];
  });
}

/** Of a Service or Gateway in AWS a binding tells what it needs; without one nobody read them. */
function othersAreBound(
  { settings, vpcId }: DesiredGraph,
  { loadBalancers, targetGroups, targetGroupBindings }: Inventory,
  owned: ReadonlySet<string>,
): boolean {
  const bound = new Set(Object.values(targetGroupBindings).map(({ spec }) => spec.targetGroupArn));
  for (const { arn, loadBalancerArns } of Object.values(targetGroups)) {
    if (bound.has(arn)) for (const served of loadBalancerArns) bound.add(served);
  }
  return [...Object.values(targetGroups), ...Object.values(loadBalancers)].every(
    (item) =>
      owned.has(item.arn) ||
      bound.has(item.arn) ||
      item.vpcId !== vpcId ||
      !carriesClusterTag(item.spec.tags, settings.clusterName),
  );
}

function sourceOf(source: Permission["source"]): unknown {
  return "securityGroupId" in source ? source.securityGroupId : undefined;
}

/** A load balancer's own security group may be missing where its stack wasn't to be changed. */
function isPossible({ source }: Permission, there: ReadonlySet<string>): boolean {
  if (!("securityGroupId" in source) || typeof source.securityGroupId === "string") return true;
  const value = source.securityGroupId;
  return "ref" in value && there.has(`${value.stack ?? CLUSTER_STACK} ${value.ref}`);
}
