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
  shield: { DescribeProtection: { when: ({ enableShield }) => enableShield } },
  resourcegroupstaggingapi: {
    GetResources: { permissions: ["tag:GetResources"], when: ({ featureGates }) => featureGates.EnableRGTAPI },
  },
  // Everybody may ask who they are.
  sts: { GetCallerIdentity: { permissions: [] } },
} as const satisfies { readonly [service: string]: { readonly [operation: string]: Read } };

export type ReadService = keyof typeof READS;
export type ReadOperation<S extends ReadService> = keyof (typeof READS)[S] & string;

/** The IAM actions that a call needs, of those that readers make. */
export function readPermissions(service: string, operation: string): readonly string[] {
  const operations: { readonly [operation: string]: Read } = READS[service as ReadService] ?? {};
  const read = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  return read?.permissions ?? [`${PREFIXES[service] ?? service}:${operation}`];
}

const PREFIXES: { readonly [service: string]: string } = { elasticloadbalancingv2: "elasticloadbalancing" };

/** The least policy by which facts and inventory can be read with these settings. Listings can't be narrowed to resources. */
export function readPolicy(settings: Settings): IamPolicy {
  const names = Object.entries(READS).flatMap(([service, operations]) =>
    Object.entries<Read>(operations).flatMap(([operation, { when }]) =>
      when === undefined || when(settings) ? readPermissions(service, operation) : [],
    ),
  );
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: [...new Set(names)].sort(), Resource: "*" }],
  };
}
