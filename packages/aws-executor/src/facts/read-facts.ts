/**
 * Reads what a build must know of AWS, no more than it asks for:
 *
 *     VPC ──────────────────────── network interfaces ── the groups on them
 *     zones · subnets (── routes)
 *     security groups · certificates · trust stores · web ACLs · target groups · load balancers
 *
 * Everything in one column is asked for at the same time.
 */
import type { Facts, FactsNeeded, SecurityGroupFact, Settings } from "@elbplan/core";
import type { AwsApi } from "../aws-api.ts";
import { type AwsError, isAwsError, isThrottled } from "../aws-error.ts";
import { createReader, type Reader, type ReaderOptions } from "../inventory/reader.ts";
import { readTargetGroupsByName, readTrustStores, readWebAcls } from "./by-name.ts";
import { readCertificateFacts } from "./certificates.ts";
import type { Place } from "./find-place.ts";
import { readLoadBalancers } from "./load-balancers.ts";
import { readNetworkInterfaces } from "./network-interfaces.ts";
import { readGroupsOfInterfaces, readSecurityGroups } from "./security-groups.ts";
import { readSubnets } from "./subnets.ts";
import { readVpc, readZones } from "./vpc.ts";

export interface FactsOptions extends ReaderOptions {
  /**
   * An inventory is read as well: it tells of load balancers and of the shared security group, so that the facts needn't.
   */
  readonly withInventory?: boolean;
  /**
   * Hears of look-ups by what Ingresses name that AWS refuses: what they name then isn't found, and only who names it is
   * broken. Without it reading rejects.
   */
  readonly onRefused?: (error: AwsError) => void;
}

/**
 * The facts that were asked for, lists in an order of their own (by id, ARN or name). What isn't found is missing from
 * them, and the build says so. Rejects with an `AwsError` if a call fails.
 */
export async function readFacts(
  api: AwsApi,
  needed: FactsNeeded,
  settings: Settings,
  place: Place,
  options: FactsOptions,
): Promise<Facts> {
  const reader = createReader(api, options);
  const { region, accountId, vpcId } = place;
  const { clusterName, featureGates } = settings;
  const { withInventory = false, onRefused } = options;
  const unlessRefused = async <T>(asked: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await asked;
    } catch (error) {
      if (onRefused === undefined || !isAwsError(error) || error.outcome !== "refused" || isThrottled(error))
        throw error;
      onRefused(error);
      return [];
    }
  };
  const groupsNeeded = withInventory ? { ...needed.securityGroups, backend: false } : needed.securityGroups;
  const [vpc, zones, placed, named, certificates, trustStores, webACLs, targetGroups, loadBalancers, reached] =
    await Promise.all([
      readVpc(reader, vpcId),
      asksForSubnets(needed) ? readZones(reader) : [],
      readSubnets(reader, needed.subnets, { vpcId, byReachability: featureGates.SubnetDiscoveryByReachability }),
      unlessRefused(readSecurityGroups(reader, groupsNeeded, { vpcId, clusterName })),
      needed.certificateHosts.length > 0
        ? unlessRefused(readCertificateFacts(reader, featureGates.EnableCertificateManagement))
        : [],
      unlessRefused(readTrustStores(reader, needed.trustStoreNames)),
      unlessRefused(readWebAcls(reader, needed.webAclNames)),
      unlessRefused(readTargetGroupsByName(reader, needed.targetGroupNames)),
      withInventory || needed.stacks.length === 0
        ? undefined
        : readLoadBalancers(reader, needed.stacks, { vpcId, clusterName, byTaggingApi: featureGates.EnableRGTAPI }),
      readReached(reader, needed, vpcId),
    ]);
  return {
    formatVersion: 1,
    region,
    accountId,
    clusterName,
    vpc,
    availabilityZones: zones,
    ...placed,
    securityGroups: merged([...named, ...(reached?.securityGroups ?? [])]),
    certificates,
    trustStores,
    webACLs,
    targetGroups,
    ...(loadBalancers && { loadBalancers }),
    ...(reached && { networkInterfaces: reached.networkInterfaces }),
  };
}

function asksForSubnets({ subnets: { ids, names, selectors, roles } }: FactsNeeded): boolean {
  return [ids, names, selectors, roles].some((list) => list.length > 0);
}

/** Interfaces on which targets are reached. Of several groups on one the tags decide. */
async function readReached(
  reader: Reader,
  { networkInterfaces: needed }: FactsNeeded,
  vpcId: string,
): Promise<Required<Pick<Facts, "networkInterfaces" | "securityGroups">> | undefined> {
  if (needed === undefined) return undefined;
  const networkInterfaces = await readNetworkInterfaces(reader, needed, await readVpc(reader, vpcId));
  const doubtful = networkInterfaces.flatMap(({ securityGroupIds: ids }) => (ids.length > 1 ? ids : []));
  const ids = [...new Set(doubtful)];
  const securityGroups = ids.length === 0 ? [] : await readGroupsOfInterfaces(reader, vpcId, ids);
  return { networkInterfaces, securityGroups };
}

function merged(groups: readonly SecurityGroupFact[]): readonly SecurityGroupFact[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
