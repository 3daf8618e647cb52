/** The cluster's load balancers and target groups: listed and known by their tags, or found by the tagging API. */
import type { LoadBalancer, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { StringMap } from "@elbplan/core";
import { chunks } from "../chunks.ts";
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

/** What says that something is the cluster's: LBC's tag, and that of its first version. */
const CLUSTER_TAGS = ["elbv2.k8s.aws/cluster", "ingress.k8s.aws/cluster"] as const;

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
      const isOurs = others.has(arn) || CLUSTER_TAGS.some((key) => tags[key] === clusterName);
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
  const maps = await Promise.all(CLUSTER_TAGS.map((key) => findByTag(reader, key, clusterName)));
  const tags = new Map(maps.flatMap((map) => [...map]));
  const arns = [...tags.keys()];
  const groupArns = new Set([...arns.filter((arn) => arn.includes(":targetgroup/")), ...(wanted ?? [])]);
  const untagged = wanted === undefined ? [] : [...wanted].filter((arn) => !tags.has(arn));
  const [balancers, groups, others] = await Promise.all([
    byArn(
      arns.filter((arn) => /:loadbalancer\/(app|net)\//.test(arn)),
      (asked) => describeBalancers(reader, asked),
    ),
    wanted === undefined ? [] : byArn([...groupArns], (asked) => describeGroups(reader, asked)),
    tagsOfArns(reader, untagged),
  ]);
  return { loadBalancers: balancers, targetGroups: groups, tags: new Map([...others, ...tags]) };
}

async function byArn<T>(
  arns: readonly string[],
  describe: (arns: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  return (await Promise.all(chunks(arns, NAMED).map(describe))).flat();
}

/** The tagging API lags: one that is gone refuses the whole call, and each is asked for by itself. */
async function describeBalancers(reader: Reader, arns: readonly string[]): Promise<readonly LoadBalancer[]> {
  const input = { LoadBalancerArns: [...arns] };
  const answer = await reader.unlessGone("elasticloadbalancingv2", "DescribeLoadBalancers", input);
  if (answer !== undefined || arns.length === 1) return answer?.LoadBalancers ?? [];
  return (await Promise.all(arns.map((arn) => describeBalancers(reader, [arn])))).flat();
}

async function describeGroups(reader: Reader, arns: readonly string[]): Promise<readonly TargetGroup[]> {
  const input = { TargetGroupArns: [...arns] };
  const answer = await reader.unlessGone("elasticloadbalancingv2", "DescribeTargetGroups", input);
  if (answer !== undefined || arns.length === 1) return answer?.TargetGroups ?? [];
  return (await Promise.all(arns.map((arn) => describeGroups(reader, [arn])))).flat();
}
