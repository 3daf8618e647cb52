/** Where all this is: Region, account and VPC. */
import { type Diagnostic, diagnose, type StringMap } from "@elbplan/core";
import type { AwsApi } from "../aws-api.ts";
import { filter } from "../ec2-filter.ts";
import { createReader, type ReaderOptions } from "../inventory/reader.ts";
import { readRegionName } from "./vpc.ts";

export interface Place {
  readonly region: string;
  readonly accountId: string;
  readonly vpcId: string;
}

/** What is known of the place; LBC's flags aws-region, aws-vpc-id and aws-vpc-tags. */
export interface PlaceHint {
  readonly region?: string;
  readonly vpcId?: string;
  /** Tags that one VPC alone carries; asked for if there is no id. */
  readonly vpcTags?: StringMap;
}

/**
 * Finds out what isn't known, once in a process's life: the account by the caller's identity, the Region from the
 * answers, the VPC by its tags. A VPC that can't be told is a diagnostic; a call that fails rejects with an `AwsError`.
 */
export async function findPlace(
  api: AwsApi,
  { region, vpcId, vpcTags }: PlaceHint,
  options: ReaderOptions,
): Promise<{ readonly place: Place } | { readonly diagnostics: readonly Diagnostic[] }> {
  const reader = createReader(api, options);
  const tags = Object.entries(vpcTags ?? {});
  if (vpcId === undefined && tags.length === 0) {
    return {
      diagnostics: [
        diagnose("aws.vpc-unknown", "Neither --aws-vpc-id nor --aws-vpc-tags says which VPC the cluster is in."),
      ],
    };
  }
  const forever = Number.POSITIVE_INFINITY;
  const [accountId, regionName, vpcIds] = await Promise.all([
    reader.cache.get(
      "account",
      "",
      forever,
      async () => (await reader.call("sts", "GetCallerIdentity", {})).Account ?? "",
    ),
    region ?? readRegionName(reader),
    vpcId === undefined
      ? reader.cache.get("vpcByTags", JSON.stringify(tags), forever, async () => {
          const Filters = tags.map(([key, value]) => filter(`tag:${key}`, [value]));
          const pages = await reader.pages("ec2", "DescribeVpcs", { Filters, MaxResults: 1000 });
          return pages.flatMap(({ Vpcs = [] }) => Vpcs.flatMap(({ VpcId }) => VpcId ?? []));
        })
      : [vpcId],
  ]);
  const [found, ...others] = vpcIds;
  if (found === undefined || others.length > 0) {
    const which = tags.map(([key, value]) => `${key}=${value}`).join(",");
    const count = found === undefined ? "no VPC carries" : `${vpcIds.length} VPCs carry`;
    return {
      diagnostics: [diagnose("aws.vpc-unknown", `In ${regionName} ${count} the tags ${which}; exactly one must.`)],
    };
  }
  return { place: { region: regionName, accountId, vpcId: found } };
}
