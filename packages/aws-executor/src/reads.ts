/** Everything that readers ask AWS: what isn't in this table they can't call, and the policy for reading is made of it. */
import type { IamPolicy, Settings } from "@elbplan/core";

interface Read {
  /** IAM actions; absent: the service's prefix and the operation's name (AWS: Service Authorization Reference). */
  readonly permissions?: readonly string[];
  /** Absent: with all settings. */
  readonly when?: (settings: Settings) => boolean;
}

const always: Read = {};
const direct: Read = { when: ({ targetRegistration }) => targetRegistration === "direct" };
const certificateManagement: Read = { when: ({ featureGates }) => featureGates.EnableCertificateManagement };

export const READS = {
  elasticloadbalancingv2: {
    DescribeAccountLimits: always,
    DescribeCapacityReservation: { when: ({ featureGates }) => featureGates.LBCapacityReservation },
    DescribeListenerAttributes: always,
    DescribeListenerCertificates: always,
    DescribeListeners: always,
    DescribeLoadBalancerAttributes: always,
    DescribeLoadBalancers: always,
    DescribeRules: always,
    DescribeTags: always,
    DescribeTargetGroupAttributes: always,
    DescribeTargetGroups: always,
    DescribeTargetHealth: always,
    DescribeTrustStores: always,
  },
  ec2: {
    DescribeAvailabilityZones: always,
    DescribeNetworkInterfaces: direct,
    DescribeRouteTables: { when: ({ featureGates }) => featureGates.SubnetDiscoveryByReachability },
    DescribeSecurityGroups: always,
    DescribeSubnets: always,
    DescribeVpcs: always,
  },
  acm: {
    DescribeCertificate: always,
    ListCertificates: always,
    ListTagsForCertificate: certificateManagement,
  },
  wafv2: {
    GetWebACLForResource: {
      // AWS asks for the second too (AWS WAF API Reference: GetWebACLForResource).
      permissions: ["wafv2:GetWebACLForResource", "wafv2:GetWebACL"],
      when: ({ enableWafv2 }) => enableWafv2,
    },
    ListWebACLs: { when: ({ enableWafv2 }) => enableWafv2 },
  },
  "waf-regional": { GetWebACLForResource: { when: ({ enableWaf }) => enableWaf } },
  shield: {
    DescribeProtection: { when: ({ enableShield }) => enableShield },
    GetSubscriptionState: { when: ({ enableShield }) => enableShield },
  },
  resourcegroupstaggingapi: {
    GetResources: { permissions: ["tag:GetResources"], when: ({ featureGates }) => featureGates.EnableRGTAPI },
  },
  // Everybody may ask who they are.
  sts: { GetCallerIdentity: { permissions: [] } },
} as const satisfies { readonly [service: string]: { readonly [operation: string]: Read } };

export type ReadService = keyof typeof READS;
export type ReadOperation<S extends ReadService> = keyof (typeof READS)[S] & string;

const PREFIXES: { readonly [service: string]: string } = { elasticloadbalancingv2: "elasticloadbalancing" };

const ALL = Object.entries(READS).flatMap(([service, operations]) =>
  Object.entries<Read>(operations).map(([operation, { permissions, when }]) => ({
    service,
    operation,
    permissions: permissions ?? [`${PREFIXES[service] ?? service}:${operation}`],
    when,
  })),
);

/** Whether a call is one that readers make, and changes nothing. */
export function isRead(service: string, operation: string): boolean {
  return ALL.some((read) => read.service === service && read.operation === operation);
}

/** The IAM actions that an operation needs; empty for one that readers don't make. Two services may have one of a name. */
export function permissionsOfRead(operation: string): readonly string[] {
  return ALL.filter((read) => read.operation === operation).flatMap(({ permissions }) => permissions);
}

/** The least policy by which facts and inventory can be read with these settings. Listings can't be narrowed to resources. */
export function readPolicy(settings: Settings): IamPolicy {
  const names = ALL.flatMap(({ permissions, when }) => (when === undefined || when(settings) ? permissions : []));
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: [...new Set(names)].sort(), Resource: "*" }],
  };
}
