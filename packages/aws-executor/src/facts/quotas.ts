/** What the account may have: quotas that AWS was asked to raise are known, so that no plan is refused for them. */
import type { Quotas } from "@elbplan/core";
import type { AwsApi } from "../aws-api.ts";
import { createReader, type ReaderOptions } from "../inventory/reader.ts";

const QUOTAS_MS = 3_600_000;

/** AWS's names (ELB API Reference: Limit). Quotas of other services, and of tags, aren't told. */
const NAMES: { readonly [limit: string]: keyof Quotas } = {
  "application-load-balancers": "loadBalancersPerRegion",
  "listeners-per-application-load-balancer": "listenersPerLoadBalancer",
  "rules-per-application-load-balancer": "rulesPerLoadBalancer",
  "certificates-per-application-load-balancer": "certificatesPerLoadBalancer",
  "target-groups-per-application-load-balancer": "targetGroupsPerLoadBalancer",
  "target-groups": "targetGroupsPerRegion",
  "target-groups-per-action-on-application-load-balancer": "targetGroupsPerAction",
  "targets-per-target-group": "targetsPerTargetGroup",
  "targets-per-application-load-balancer": "targetsPerLoadBalancer",
  "condition-values-per-alb-rule": "conditionValuesPerRule",
  "condition-wildcards-per-alb-rule": "conditionWildcardsPerRule",
};

/** The quotas that Elastic Load Balancing tells; asked for once an hour. */
export function readQuotas(api: AwsApi, options: ReaderOptions): Promise<Partial<Quotas>> {
  const { cache, pages } = createReader(api, options);
  return cache.get("quotas", "", QUOTAS_MS, async () => {
    const answers = await pages("elasticloadbalancingv2", "DescribeAccountLimits", { PageSize: 400 });
    const known = answers
      .flatMap(({ Limits = [] }) => Limits)
      .flatMap(({ Name = "", Max = "" }) => {
        const quota = Object.hasOwn(NAMES, Name) ? NAMES[Name] : undefined;
        return quota !== undefined && /^\d+$/.test(Max) ? [[quota, Number(Max)] as const] : [];
      });
    return Object.fromEntries(known);
  });
}
