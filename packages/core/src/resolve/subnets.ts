/** Subnets: by id and Name, by class params, by the existing load balancer, or discovered (LBC's subnet resolver). */

import { compareStrings } from "../lib/compare.ts";
import { matchesFilter } from "../lib/filter-pattern.ts";
import type { SubnetFact } from "../model/facts.ts";
import { enumerate } from "../read/grammar.ts";
import type { BuildContext } from "./context.ts";

export type Resolved<T> = { readonly value: T } | { readonly problem: string };

/** What is to be placed. */
export interface PlacementRequest {
  readonly type: "application" | "network";
  readonly scheme: "internal" | "internet-facing";
  readonly ipAddressType: string;
}

const MINIMUM_FREE_ADDRESSES = 8;

/**
 * Subnets named by id (`subnet-…`) or Name tag, in the order given. The same name n times takes the n lowest ids that
 * bear it. Free addresses, cluster tags and public or private are not looked at.
 */
export function subnetsByNameOrId(
  build: BuildContext,
  names: readonly string[],
  request: PlacementRequest,
): Resolved<readonly string[]> {
  const ids = names.filter((name) => name.startsWith("subnet-"));
  const missing = missingSubnets(build, ids);
  if (missing !== undefined) return { problem: missing };
  const byName = new Map<string, SubnetFact[]>();
  for (const subnet of vpcSubnets(build)) {
    const name = subnet.tags["Name"];
    if (name !== undefined && names.includes(name)) byName.set(name, [...(byName.get(name) ?? []), subnet]);
  }
  for (const subnets of byName.values()) subnets.sort((a, b) => compareStrings(a.id, b.id));
  const taken = new Map<string, number>();
  const chosen: SubnetFact[] = [];
  for (const name of names) {
    const use = taken.get(name) ?? 0;
    taken.set(name, use + 1);
    const subnet = name.startsWith("subnet-") ? findSubnet(build, name) : byName.get(name)?.[use];
    if (subnet === undefined) {
      const found = byName.get(name)?.length ?? 0;
      return {
        problem:
          found === 0
            ? `no subnet is named ${enumerate([name])}`
            : `${name} is asked for ${use + 1} times, but only ${found} subnets bear that name`,
      };
    }
    chosen.push(subnet);
  }
  return validated(build, chosen, request);
}

/** Subnets of class params by id; in AWS's order. */
export function subnetsByIds(
  build: BuildContext,
  ids: readonly string[],
  request: PlacementRequest,
): Resolved<readonly string[]> {
  const missing = missingSubnets(build, ids);
  if (missing !== undefined) return { problem: missing };
  const wanted = new Set(ids);
  return validated(
    build,
    build.facts.subnets.filter(({ id }) => wanted.has(id)),
    request,
  );
}

/** Subnets of class params by tags: each key must match one of its values, which may hold EC2's wildcards; then one per zone is chosen. */
export function subnetsByTags(
  build: BuildContext,
  tags: { readonly [key: string]: readonly string[] },
  request: PlacementRequest,
): Resolved<readonly string[]> {
  const candidates = vpcSubnets(build).filter((subnet) =>
    Object.entries(tags).every(([key, values]) => {
      const value = Object.hasOwn(subnet.tags, key) ? subnet.tags[key] : undefined;
      return value !== undefined && values.some((pattern) => matchesFilter(pattern, value));
    }),
  );
  return chosenPerZone(build, candidates, request);
}

/**
 * Discovered subnets: those tagged for the role; if there are none (and the gate allows it), those that can or, for an
 * internal load balancer, can't reach an internet gateway by their route table.
 */
export function discoverSubnets(build: BuildContext, request: PlacementRequest): Resolved<readonly string[]> {
  const role = request.scheme === "internet-facing" ? "kubernetes.io/role/elb" : "kubernetes.io/role/internal-elb";
  const inVpc = vpcSubnets(build);
  let candidates = inVpc.filter(({ tags }) => Object.hasOwn(tags, role) && (tags[role] === "" || tags[role] === "1"));
  if (candidates.length === 0 && build.settings.featureGates.SubnetDiscoveryByReachability) {
    const reachable = byReachability(build, inVpc, request.scheme === "internet-facing");
    if ("problem" in reachable) return reachable;
    candidates = [...reachable.value];
  }
  return chosenPerZone(build, candidates, request);
}

function vpcSubnets({ facts }: BuildContext): readonly SubnetFact[] {
  return facts.subnets.filter(({ vpcId }) => vpcId === undefined || vpcId === facts.vpc.id);
}

function findSubnet({ facts }: BuildContext, id: string): SubnetFact | undefined {
  return facts.subnets.find((subnet) => subnet.id === id);
}

function missingSubnets(build: BuildContext, ids: readonly string[]): string | undefined {
  const unknown = ids.filter((id) => findSubnet(build, id) === undefined);
  if (unknown.length > 0) return `these subnets don't exist: ${enumerate(unknown)}`;
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  return repeated === undefined ? undefined : `${repeated} is listed twice`;
}

function byReachability(
  { facts }: BuildContext,
  subnets: readonly SubnetFact[],
  wanted: boolean,
): Resolved<readonly SubnetFact[]> {
  const main = facts.routeTables.find((table) => table.main === true);
  const explicit = new Map(facts.routeTables.flatMap((table) => table.subnetIds.map((id) => [id, table] as const)));
  const chosen: SubnetFact[] = [];
  for (const subnet of subnets) {
    const table = explicit.get(subnet.id) ?? main;
    if (table === undefined) return { problem: `${subnet.id} has no route table, and the VPC no main route table` };
    const hasGateway = table.routes.some(({ gatewayId }) => gatewayId?.startsWith("igw") === true);
    if (hasGateway === wanted) chosen.push(subnet);
  }
  return { value: chosen };
}

function chosenPerZone(
  build: BuildContext,
  candidates: readonly SubnetFact[],
  request: PlacementRequest,
): Resolved<readonly string[]> {
  const clusterTag = `kubernetes.io/cluster/${build.settings.clusterName}`;
  const byZone = new Map<string, SubnetFact[]>();
  const rejected = { otherCluster: 0, tooFewAddresses: 0, noIpv6: 0 };
  for (const subnet of candidates) {
    if (build.settings.featureGates.SubnetsClusterTagCheck && taggedForOthersOnly(subnet, clusterTag))
      rejected.otherCluster++;
    else if (subnet.availableIPs < MINIMUM_FREE_ADDRESSES) rejected.tooFewAddresses++;
    else if (isDualstack(request.ipAddressType) && !hasIpv6(subnet)) rejected.noIpv6++;
    else byZone.set(subnet.az, [...(byZone.get(subnet.az) ?? []), subnet]);
  }
  const chosen = [...byZone.values()].map((subnets) =>
    subnets.reduce((best, subnet) => (isBetter(subnet, best, clusterTag) ? subnet : best)),
  );
  if (chosen.length === 0) {
    const reasons = `${rejected.otherCluster} are tagged for other clusters, ${rejected.tooFewAddresses} have fewer than ${MINIMUM_FREE_ADDRESSES} free addresses, ${rejected.noIpv6} have no IPv6 range`;
    return { problem: `no subnet is suitable: of ${candidates.length} looked at, ${reasons}` };
  }
  const problem = localeProblem(build, chosen, request);
  return problem === undefined ? { value: chosen.map(({ id }) => id).sort(compareStrings) } : { problem };
}

function taggedForOthersOnly(subnet: SubnetFact, clusterTag: string): boolean {
  const keys = Object.keys(subnet.tags);
  return !keys.includes(clusterTag) && keys.some((key) => key.startsWith("kubernetes.io/cluster"));
}

function isBetter(a: SubnetFact, b: SubnetFact, clusterTag: string): boolean {
  const tagged = Number(Object.hasOwn(b.tags, clusterTag)) - Number(Object.hasOwn(a.tags, clusterTag));
  return (tagged || compareStrings(a.id, b.id)) < 0;
}

function validated(
  build: BuildContext,
  subnets: readonly SubnetFact[],
  request: PlacementRequest,
): Resolved<readonly string[]> {
  if (subnets.length === 0) return { problem: "at least one subnet is needed" };
  const zones = new Map<string, string>();
  for (const { id, az } of subnets) {
    const other = zones.get(az);
    if (other !== undefined)
      return { problem: `${other} and ${id} are both in ${az}; only one subnet per zone is possible` };
    zones.set(az, id);
  }
  const withoutIpv6 = isDualstack(request.ipAddressType) ? subnets.find((subnet) => !hasIpv6(subnet)) : undefined;
  if (withoutIpv6 !== undefined)
    return { problem: `${withoutIpv6.id} has no IPv6 range, which ${request.ipAddressType} needs` };
  const problem = localeProblem(build, subnets, request);
  return problem === undefined ? { value: subnets.map(({ id }) => id) } : { problem };
}

/** One locale for all, and two zones for an ALB in ordinary zones. */
function localeProblem(
  { facts, settings }: BuildContext,
  subnets: readonly SubnetFact[],
  request: PlacementRequest,
): string | undefined {
  const locales = new Set<string>();
  for (const subnet of subnets) {
    const type = facts.availabilityZones.find(({ name, id }) => name === subnet.az || id === subnet.azId)?.type;
    const locale = subnet.outpostArn ? "outpost" : type;
    if (locale === undefined || !LOCALES.has(locale))
      return `${subnet.id} is in a zone of unknown type${type === undefined ? "" : ` ${type}`}`;
    locales.add(locale);
  }
  if (locales.size > 1)
    return `the subnets are in different kinds of zones: ${[...locales].sort(compareStrings).join(", ")}`;
  const needsTwo =
    request.type === "application" && locales.has("availability-zone") && !settings.featureGates.ALBSingleSubnet;
  if (needsTwo && subnets.length < 2)
    return `an application load balancer needs subnets in two zones, found ${subnets.length}`;
  return undefined;
}

const LOCALES = new Set(["availability-zone", "local-zone", "wavelength-zone", "outpost"]);

/** Whether an address type needs IPv6 ranges. */
export function isDualstack(ipAddressType: string): boolean {
  return ipAddressType.startsWith("dualstack");
}

function hasIpv6(subnet: SubnetFact): boolean {
  return (subnet.ipv6Cidrs ?? []).length > 0;
}
