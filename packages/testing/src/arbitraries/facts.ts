/** An AWS world in which most of what generated manifests name exists. */
import type { Facts, SubnetFact } from "@elbplan/core";
import fc from "fast-check";

export const CERTIFICATE_ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/a";
export const TARGET_GROUP_NAME = "legacy";
export const TRUST_STORE_NAME = "clients";
export const ACL_NAME = "edge";

const ZONES = ["a", "b", "c"] as const;

function subnet(kind: "elb" | "internal-elb", zone: (typeof ZONES)[number], availableIPs: number): SubnetFact {
  return {
    id: `subnet-${kind === "elb" ? "1" : "0"}${zone}`,
    az: `eu-central-1${zone}`,
    azId: `euc1-az${ZONES.indexOf(zone) + 1}`,
    cidr: "10.0.0.0/20",
    ipv6Cidrs: ["2001:db8::/64"],
    availableIPs,
    tags: { [`kubernetes.io/role/${kind}`]: "1" },
  };
}

/** Facts of a VPC with three zones; some of its subnets may be full. */
export const someFacts: fc.Arbitrary<Facts> = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constant(100) }, { weight: 1, arbitrary: fc.constant(7) }), {
    minLength: 6,
    maxLength: 6,
  })
  .map((free) => ({
    region: "eu-central-1",
    accountId: "111122223333",
    vpc: { id: "vpc-1", cidrBlocks: ["10.0.0.0/16"], ipv6CidrBlocks: ["2001:db8::/56"] },
    availabilityZones: ZONES.map((zone, index) => ({
      name: `eu-central-1${zone}`,
      id: `euc1-az${index + 1}`,
      type: "availability-zone",
    })),
    subnets: ZONES.flatMap((zone, index) => [
      subnet("elb", zone, free[index] ?? 100),
      subnet("internal-elb", zone, free[index + 3] ?? 100),
    ]),
    routeTables: [],
    securityGroups: [
      { id: "sg-1", name: "one", tags: { Name: "one" } },
      { id: "sg-2", name: "edge", tags: { Name: "edge" } },
    ],
    certificates: ["*.example.com", "example.org"].map((domain, index) => ({
      arn: `${CERTIFICATE_ARN}${index}`,
      domain,
      sans: [domain],
      status: "ISSUED",
      type: "AMAZON_ISSUED",
      keyAlgorithm: "RSA-2048",
    })),
    trustStores: [{ name: TRUST_STORE_NAME, arn: "arn:store" }],
    webACLs: [{ name: ACL_NAME, arn: "arn:acl/edge" }],
    targetGroups: [{ name: TARGET_GROUP_NAME, arn: "arn:tg/legacy" }],
  }));
