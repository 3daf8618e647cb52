/** Tags of ELBv2 resources: by DescribeTags, twenty at a time, or by the Resource Groups Tagging API. */
import type { StringMap } from "@elbplan/core";
import { tagsOf } from "../records/tags.ts";
import { askMany } from "./ask-many.ts";
import type { Reader } from "./reader.ts";

/** DescribeTags takes no more (ELB API Reference). */
const ARNS_A_CALL = 20;

/** As long as LBC believes in tags that it has read (behaviour of its own writes: they are forgotten at once). */
const TAGS_MS = 20 * 60_000;

/** The tags of each ARN; what was deleted meanwhile is missing. */
export async function tagsOfArns(reader: Reader, arns: readonly string[]): Promise<ReadonlyMap<string, StringMap>> {
  return reader.cache.getMany("tags", arns, TAGS_MS, async (missing) => {
    const described = await askMany(missing, ARNS_A_CALL, async (asked): Promise<readonly Tagged[] | undefined> => {
      const answer = await reader.unlessGone("elasticloadbalancingv2", "DescribeTags", { ResourceArns: [...asked] });
      return (
        answer &&
        (answer.TagDescriptions ?? []).flatMap(({ ResourceArn, Tags }) =>
          ResourceArn === undefined ? [] : [[ResourceArn, tagsOf(Tags)]],
        )
      );
    });
    return new Map(described);
  });
}

type Tagged = readonly [arn: string, tags: StringMap];

/** ARNs of load balancers and target groups that carry a tag with this value, and all their tags. */
export async function findByTag(reader: Reader, key: string, value: string): Promise<ReadonlyMap<string, StringMap>> {
  const pages = await reader.pages("resourcegroupstaggingapi", "GetResources", {
    TagFilters: [{ Key: key, Values: [value] }],
    ResourceTypeFilters: ["elasticloadbalancing:loadbalancer", "elasticloadbalancing:targetgroup"],
    ResourcesPerPage: 100,
  });
  return new Map(
    pages.flatMap(({ ResourceTagMappingList = [] }) =>
      ResourceTagMappingList.flatMap(({ ResourceARN, Tags }): readonly Tagged[] =>
        ResourceARN === undefined ? [] : [[ResourceARN, tagsOf(Tags)]],
      ),
    ),
  );
}
