/** Load balancers of stacks, for a build without an inventory: an existing one keeps its subnets. */
import type { LoadBalancerFact } from "@elbplan/core";
import { findOfCluster } from "../inventory/find-of-cluster.ts";
import type { Reader } from "../inventory/reader.ts";
import { loadBalancerRecord } from "../records/load-balancer.ts";

/** Ascending by ARN. */
export async function readLoadBalancers(
  reader: Reader,
  stacks: readonly string[],
  scope: { readonly vpcId: string; readonly clusterName: string; readonly byTaggingApi: boolean },
): Promise<readonly LoadBalancerFact[]> {
  const { loadBalancers } = await findOfCluster(reader, scope);
  const wanted = new Set(stacks);
  return loadBalancers
    .map(({ answer, tags }) => loadBalancerRecord(answer, { tags }))
    .filter(({ spec }) => spec.type === "application" && wanted.has(spec.tags?.["ingress.k8s.aws/stack"] ?? ""))
    .map(({ arn, spec }) => ({
      arn,
      name: spec.name,
      type: spec.type,
      scheme: spec.scheme,
      subnetIds: spec.subnetMappings.map(({ subnetId }) => subnetId),
      ...(spec.securityGroups && { securityGroups: spec.securityGroups }),
      tags: spec.tags ?? {},
    }))
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
}
