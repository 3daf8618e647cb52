/** Security groups of ours, and those of the targets that let ours in. */

import type { SecurityGroup } from "@aws-sdk/client-ec2";
import {
  CLUSTER_TAG,
  chunks,
  type ExistingSecurityGroup,
  type Inventory,
  type InventoryNeeded,
  LEGACY_CLUSTER_TAG,
} from "@elbplan/core";
import { FILTER_VALUES } from "../ec2-filter.ts";
import { securityGroupRecord } from "../records/security-group.ts";
import type { Reader } from "./reader.ts";

/** Those of the VPC with the cluster's tag; the name of LBC's first version costs no second call. */
export async function readSecurityGroups(
  reader: Reader,
  { vpcId, clusterName }: InventoryNeeded,
): Promise<readonly ExistingSecurityGroup[]> {
  const groups = await describe(reader, [
    { Name: "vpc-id", Values: [vpcId] },
    { Name: "tag-key", Values: [CLUSTER_TAG, LEGACY_CLUSTER_TAG] },
    { Name: "tag-value", Values: [clusterName] },
  ]);
  return groups.map(securityGroupRecord);
}

/** Permissions by security group: of those named, and of every other that lets in ours or a source that was given. */
export async function readEndpointSecurityGroups(
  reader: Reader,
  { vpcId, endpointPermissions }: InventoryNeeded,
  own: readonly string[],
): Promise<NonNullable<Inventory["endpointSecurityGroups"]>> {
  const { securityGroups = [], sources = [] } = endpointPermissions ?? {};
  const ours = [...new Set([...own, ...sources])];
  const open = await Promise.all(
    chunks(ours, FILTER_VALUES).map((chunk) =>
      describe(reader, [
        { Name: "vpc-id", Values: [vpcId] },
        { Name: "ip-permission.group-id", Values: [...chunk] },
      ]),
    ),
  );
  const found = new Map(open.flat().map((group) => [group.GroupId ?? "", group]));
  const others = securityGroups.filter((id) => !found.has(id));
  const named = await Promise.all(
    chunks(others, FILTER_VALUES).map((chunk) => describe(reader, [{ Name: "group-id", Values: [...chunk] }])),
  );
  for (const group of named.flat()) found.set(group.GroupId ?? "", group);
  const mine = new Set(own);
  return Object.fromEntries(
    [...found.keys()]
      .filter((id) => !mine.has(id))
      .sort()
      .map((id) => [id, securityGroupRecord(found.get(id) ?? {}).spec.ingress]),
  );
}

async function describe(
  reader: Reader,
  Filters: { Name: string; Values: string[] }[],
): Promise<readonly SecurityGroup[]> {
  const pages = await reader.pages("ec2", "DescribeSecurityGroups", { Filters, MaxResults: 1000 });
  return pages.flatMap(({ SecurityGroups = [] }) => SecurityGroups);
}
