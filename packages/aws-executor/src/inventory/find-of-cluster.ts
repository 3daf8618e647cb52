/** The cluster's load balancers and target groups: listed and known by their tags, or found by the tagging API. */
import type { LoadBalancer, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CLUSTER_TAG, carriesClusterTag, LEGACY_CLUSTER_TAG, type StringMap } from "@elbplan/core";
import { askMany } from "./ask-many.ts";
import type { Reader } from "./reader.ts";
import { findByTag, tagsOfArns } from "./tags.ts";

export interface ClusterScope {
  readonly vpcId: string;
  readonly clusterName: string;
  /** By the Resource Groups Tagging API (feature gate EnableRGTAPI). */
  readonly byTaggingApi: boolean;
  /** Target groups that are looked for too, whatever their tags are; absent: no target groups at all. */
  readonly targetGroups?: ReadonlySet<string>;
}

interface Tagged<T> {
  readonly answer: T;
  readonly tags: StringMap;
}

export interface OfCluster {
  readonly loadBalancers: readonly Tagged<LoadBalancer>[];
  readonly targetGroups: readonly Tagged<TargetGroup>[];
}

/** The most that a page of ELBv2 holds. */
const PAGE = 400;

/** ARNs that one call describes (ELB API Reference). */
const NAMED = 20;

interface Found {
  readonly loadBalancers: readonly LoadBalancer[];
  readonly targetGroups: readonly TargetGroup[];
  readonly tags: ReadonlyMap<string, StringMap>;
}

/** What is in the VPC and carries one of the cluster's tags, of a Service or a Gateway too. */
export async function findOfCluster(reader: Reader, scope: ClusterScope): Promise<OfCluster> {
  const { vpcId, clusterName, targetGroups: others = new Set() } = scope;
  const found = await (scope.byTaggingApi ? findTagged : findListed)(reader, scope);
  const tagged = <T extends { readonly VpcId?: string | undefined }>(
    list: readonly T[],
    arnOf: (answer: T) => string | undefined,
  ): readonly Tagged<T>[] =>
    list.flatMap((answer) => {
      const arn = arnOf(answer) ?? "";
      const tags = found.tags.get(arn) ?? {};
      const isOurs = others.has(arn) || carriesClusterTag(tags, clusterName);
      return isOurs && answer.VpcId === vpcId ? [{ answer, tags }] : [];
    });
  return {
    loadBalancers: tagged(found.loadBalancers.filter(isManagedType), ({ LoadBalancerArn }) => LoadBalancerArn),
    targetGroups: tagged(found.targetGroups, ({ TargetGroupArn }) => TargetGroupArn),
  };
}

/** Gateway load balancers are nobody's of ours. */
function isManagedType({ Type }: LoadBalancer): boolean {
  return Type === "application" || Type === "network";
}

/** Everything in the account, then the tags of what is in the VPC. */
async function findListed(reader: Reader, { vpcId, targetGroups: wanted }: ClusterScope): Promise<Found> {
  const [balancers, groups] = await Promise.all([
    reader.pages("elasticloadbalancingv2", "DescribeLoadBalancers", { PageSize: PAGE }),
    wanted === undefined ? [] : reader.pages("elasticloadbalancingv2", "DescribeTargetGroups", { PageSize: PAGE }),
  ]);
  const loadBalancers = balancers.flatMap(({ LoadBalancers = [] }) => LoadBalancers);
  const targetGroups = groups.flatMap(({ TargetGroups = [] }) => TargetGroups);
  const arns = [
    ...loadBalancers.flatMap((each) =>
      each.VpcId === vpcId && isManagedType(each) ? (each.LoadBalancerArn ?? []) : [],
    ),
    ...targetGroups.flatMap(({ VpcId, TargetGroupArn }) => (VpcId === vpcId ? (TargetGroupArn ?? []) : [])),
  ];
  return { loadBalancers, targetGroups, tags: await tagsOfArns(reader, arns) };
}

/** What carries one of the cluster's tags, then what it is. Classic load balancers have tags and such ARNs too. */
async function findTagged(reader: Reader, { clusterName, targetGroups: wanted }: ClusterScope): Promise<Found> {
  const maps = await Promise.all([CLUSTER_TAG, LEGACY_CLUSTER_TAG].map((key) => findByTag(reader, key, clusterName)));
  const tags = new Map(maps.flatMap((map) => [...map]));
  const arns = [...tags.keys()];
  const groupArns = new Set([...arns.filter((arn) => arn.includes(":targetgroup/")), ...(wanted ?? [])]);
  const untagged = wanted === undefined ? [] : [...wanted].filter((arn) => !tags.has(arn));
  const [balancers, groups, others] = await Promise.all([
    // The tagging API lags, so that some of them may be gone.
    askMany(
      arns.filter((arn) => /:loadbalancer\/(app|net)\//.test(arn)),
      NAMED,
      async (asked) => {
        const input = { LoadBalancerArns: [...asked] };
        const answer = await reader.unlessGone("elasticloadbalancingv2", "DescribeLoadBalancers", input);
        return answer && (answer.LoadBalancers ?? []);
      },
    ),
    wanted === undefined
      ? []
      : askMany([...groupArns], NAMED, async (asked) => {
          const input = { TargetGroupArns: [...asked] };
          const answer = await reader.unlessGone("elasticloadbalancingv2", "DescribeTargetGroups", input);
          return answer && (answer.TargetGroups ?? []);
        }),
    tagsOfArns(reader, untagged),
  ]);
  return { loadBalancers: balancers, targetGroups: groups, tags: new Map([...others, ...tags]) };
}
