/** Security groups by id and Name, the shared one by its tags, and those of which the tags decide. */
import type { Filter } from "@aws-sdk/client-ec2";
import { chunks, type FactsNeeded, type SecurityGroupFact } from "@elbplan/core";
import { FILTER_VALUES, filter, literal } from "../ec2-filter.ts";
import type { Reader } from "../inventory/reader.ts";
import { tagsOf } from "../records/tags.ts";

/** In no certain order; what isn't found is missing. */
export async function readSecurityGroups(
  reader: Reader,
  needed: FactsNeeded["securityGroups"],
  { vpcId, clusterName }: { readonly vpcId: string; readonly clusterName: string },
): Promise<readonly SecurityGroupFact[]> {
  const inVpc = filter("vpc-id", [vpcId]);
  const shared = [
    inVpc,
    filter("tag:elbv2.k8s.aws/cluster", [literal(clusterName)]),
    filter("tag:elbv2.k8s.aws/resource", ["backend-sg"]),
  ];
  const found = await Promise.all([
    ...chunks(needed.ids, FILTER_VALUES).map((ids) => describe(reader, vpcId, [filter("group-id", ids)])),
    ...chunks(needed.names, FILTER_VALUES).map((names) =>
      describe(reader, vpcId, [inVpc, filter("tag:Name", names.map(literal))]),
    ),
    ...(needed.backend ? [describe(reader, vpcId, shared)] : []),
  ]);
  return found.flat();
}

const GROUP_MS = 10 * 60_000;

/** Groups by id whose tags tell which of several on one network interface is the cluster's. */
export async function readGroupsOfInterfaces(
  reader: Reader,
  vpcId: string,
  ids: readonly string[],
): Promise<readonly SecurityGroupFact[]> {
  const found = await reader.cache.getMany("securityGroup", ids, GROUP_MS, async (missing) => {
    const lists = await Promise.all(
      chunks(missing, FILTER_VALUES).map((chunk) => describe(reader, vpcId, [filter("group-id", chunk)])),
    );
    return new Map(lists.flat().map((group) => [group.id, group]));
  });
  return [...found.values()];
}

async function describe(
  reader: Reader,
  vpcId: string,
  filters: readonly Filter[],
): Promise<readonly SecurityGroupFact[]> {
  const pages = await reader.pages("ec2", "DescribeSecurityGroups", { Filters: [...filters], MaxResults: 1000 });
  return pages
    .flatMap(({ SecurityGroups = [] }) => SecurityGroups)
    .map(({ GroupId = "", GroupName = "", VpcId, Tags }) => ({
      id: GroupId,
      name: GroupName,
      ...(VpcId !== undefined && VpcId !== vpcId && { vpcId: VpcId }),
      tags: tagsOf(Tags),
    }));
}
