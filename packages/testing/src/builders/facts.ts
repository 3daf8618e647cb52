import type { CertificateFact, Facts, SubnetFact } from "@elbplan/core";

const REGION = "eu-central-1";
const ACCOUNT = "111122223333";

export interface FactsSketch extends Partial<Omit<Facts, "certificates">> {
  /** Host names; each gets an issued certificate of its own. */
  readonly certificates?: readonly string[];
}

/**
 * What AWS knows of a small account: a VPC with two zones, in each a public and a private subnet tagged for discovery.
 * Whatever is given takes the place of that.
 */
export function facts({ certificates = [], ...rest }: FactsSketch = {}): Facts {
  return {
    formatVersion: 1,
    region: REGION,
    accountId: ACCOUNT,
    vpc: { id: "vpc-1", cidrBlocks: ["10.0.0.0/16"], ipv6CidrBlocks: [] },
    availabilityZones: [zone("a", 1), zone("b", 2)],
    subnets: [subnet("public", "a", 0), subnet("public", "b", 1), subnet("private", "a", 2), subnet("private", "b", 3)],
    routeTables: [],
    securityGroups: [],
    trustStores: [],
    webACLs: [],
    targetGroups: [],
    certificates: certificates.map(certificate),
    ...rest,
  };
}

function zone(letter: string, number: number): Facts["availabilityZones"][number] {
  return { name: `${REGION}${letter}`, id: `euc1-az${number}`, type: "availability-zone" };
}

function subnet(kind: "public" | "private", letter: "a" | "b", index: number): SubnetFact {
  return {
    id: `subnet-${kind}-${letter}`,
    az: `${REGION}${letter}`,
    azId: `euc1-az${letter === "a" ? 1 : 2}`,
    cidr: `10.0.${index}.0/24`,
    availableIPs: 200,
    tags: { [`kubernetes.io/role/${kind === "public" ? "elb" : "internal-elb"}`]: "1" },
  };
}

function certificate(domain: string): CertificateFact {
  return {
    arn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/${domain.replace("*", "wildcard")}`,
    domain,
    sans: [domain],
    status: "ISSUED",
    type: "AMAZON_ISSUED",
    keyAlgorithm: "RSA_2048",
  };
}
