import { DEFAULT_SETTINGS, type FactsNeeded, type Settings } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import type { AwsCall } from "../../src/aws-api.ts";
import { createCache } from "../../src/cache.ts";
import { readFacts } from "../../src/facts/read-facts.ts";
import { type Answers, fakeApi } from "../fake-api.ts";
import { fakeClock } from "../fake-clock.ts";

const PLACE = { region: "us-west-2", accountId: "111122223333", vpcId: "vpc-1" };
const SETTINGS: Settings = { ...DEFAULT_SETTINGS, clusterName: "bakery" };
const NOTHING: FactsNeeded = {
  stacks: [],
  subnets: { ids: [], names: [], selectors: [], roles: [] },
  securityGroups: { ids: [], names: [], backend: false },
  certificateHosts: [],
  trustStoreNames: [],
  webAclNames: [],
  targetGroupNames: [],
};

const VPC: Answers = {
  DescribeVpcs: {
    Vpcs: [
      {
        VpcId: "vpc-1",
        CidrBlockAssociationSet: [
          { CidrBlock: "10.1.0.0/16", CidrBlockState: { State: "associated" } },
          { CidrBlock: "10.0.0.0/16", CidrBlockState: { State: "associated" } },
          { CidrBlock: "10.2.0.0/16", CidrBlockState: { State: "disassociated" } },
        ],
      },
    ],
  },
  DescribeAvailabilityZones: {
    AvailabilityZones: [
      { ZoneName: "us-west-2b", ZoneId: "usw2-az2", ZoneType: "availability-zone", RegionName: "us-west-2" },
      { ZoneName: "us-west-2a", ZoneId: "usw2-az1", ZoneType: "availability-zone", RegionName: "us-west-2" },
    ],
  },
};

/** Reads with a cache of its own; tells what was asked, and what a second reading some minutes later asks again. */
async function read(
  over: Partial<FactsNeeded>,
  answers: Answers,
  { settings = {}, minutes = 1 }: { readonly settings?: Partial<Settings>; readonly minutes?: number } = {},
) {
  const { api, asked } = fakeApi({ ...VPC, ...answers });
  const clock = fakeClock();
  const cache = createCache(clock);
  const needed = { ...NOTHING, ...over };
  const all = { ...SETTINGS, ...settings };
  const facts = await readFacts(api, needed, all, PLACE, { cache, withInventory: true });
  const first = asked.splice(0);
  await clock.sleep(minutes * 60_000);
  await readFacts(api, needed, all, PLACE, { cache, withInventory: true });
  return { facts, asked: first, again: asked.map(({ operation }) => operation) };
}

const filters = (calls: readonly AwsCall[], operation: string): readonly unknown[] =>
  calls.flatMap((call) => (call.operation === operation ? [call.input["Filters"]] : []));

describe("reading facts", () => {
  it("asks for the VPC and nothing else when nothing is needed", async () => {
    const { facts, asked, again } = await read({}, {});
    expect(asked.map(({ operation }) => operation)).toEqual(["DescribeVpcs"]);
    expect(again).toEqual([]);
    expect(facts).toEqual({
      formatVersion: 1,
      ...{ region: "us-west-2", accountId: "111122223333", clusterName: "bakery" },
      vpc: { id: "vpc-1", cidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"], ipv6CidrBlocks: [] },
      ...{ availabilityZones: [], subnets: [], routeTables: [], securityGroups: [], certificates: [] },
      ...{ trustStores: [], webACLs: [], targetGroups: [] },
    });
  });

  const subnet = (SubnetId: string, tags: Record<string, string> = {}) => ({
    ...{ SubnetId, VpcId: "vpc-1", AvailabilityZone: "us-west-2a", AvailabilityZoneId: "usw2-az1" },
    ...{ CidrBlock: "10.0.0.0/24", AvailableIpAddressCount: 200 },
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });

  it("discovers subnets by role in one call, without routes", async () => {
    const roles = ["kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"] as const;
    const { facts, asked, again } = await read(
      { subnets: { ...NOTHING.subnets, roles } },
      {
        DescribeSubnets: { Subnets: [subnet("subnet-2", { [roles[1]]: "" }), subnet("subnet-1", { [roles[0]]: "1" })] },
      },
    );
    expect(facts.subnets.map(({ id }) => id)).toEqual(["subnet-1", "subnet-2"]);
    expect(facts.availabilityZones.map(({ name }) => name)).toEqual(["us-west-2a", "us-west-2b"]);
    expect(filters(asked, "DescribeSubnets")).toEqual([
      [
        { Name: "vpc-id", Values: ["vpc-1"] },
        { Name: "tag-key", Values: roles },
      ],
    ]);
    expect(again, "free addresses change, zones don't").toEqual(["DescribeSubnets"]);
  });

  it.each([
    { name: "no subnet has the role", tags: {}, gate: true, expected: 3 },
    { name: "the role's tag is false", tags: { "kubernetes.io/role/elb": "false" }, gate: true, expected: 3 },
    { name: "the gate is off", tags: {}, gate: false, expected: 1 },
  ])("falls back to routes: $name", async ({ tags, gate, expected }) => {
    const { facts, asked } = await read(
      { subnets: { ...NOTHING.subnets, roles: ["kubernetes.io/role/elb"] } },
      {
        DescribeSubnets: { Subnets: [subnet("subnet-1", tags)] },
        DescribeRouteTables: {
          RouteTables: [
            { RouteTableId: "rtb-2", Associations: [{ Main: true }], Routes: [{ DestinationCidrBlock: "0.0.0.0/0" }] },
            {
              RouteTableId: "rtb-1",
              Associations: [{ SubnetId: "subnet-1" }],
              Routes: [{ DestinationIpv6CidrBlock: "::/0", GatewayId: "igw-1" }],
            },
          ],
        },
      },
      { settings: { featureGates: { ...SETTINGS.featureGates, SubnetDiscoveryByReachability: gate } } },
    );
    const looks = asked.filter(({ operation }) => /Subnets|RouteTables/.test(operation));
    expect(looks).toHaveLength(expected);
    expect(facts.routeTables).toEqual(
      expected === 1
        ? []
        : [
            {
              id: "rtb-1",
              main: false,
              subnetIds: ["subnet-1"],
              routes: [{ destination: "::/0", gatewayId: "igw-1" }],
            },
            { id: "rtb-2", main: true, subnetIds: [], routes: [{ destination: "0.0.0.0/0" }] },
          ],
    );
  });

  it("asks for subnets and groups by id and name; wildcards of names mean themselves, those of selectors don't", async () => {
    const { facts, asked } = await read(
      {
        subnets: { ids: ["subnet-9"], names: ["a*b"], selectors: [{ tier: ["web*"] }, { none: [] }], roles: [] },
        securityGroups: { ids: ["sg-2"], names: ["edge"], backend: true },
      },
      {
        DescribeSubnets: { Subnets: [] },
        DescribeSecurityGroups: {
          SecurityGroups: [
            { GroupId: "sg-2", GroupName: "two", VpcId: "vpc-2", Tags: [{ Key: "Name", Value: "edge" }] },
          ],
        },
      },
    );
    const inVpc = { Name: "vpc-id", Values: ["vpc-1"] };
    expect(filters(asked, "DescribeSubnets")).toEqual([
      [{ Name: "subnet-id", Values: ["subnet-9"] }],
      [inVpc, { Name: "tag:Name", Values: ["a\\*b"] }],
      [inVpc, { Name: "tag:tier", Values: ["web*"] }],
    ]);
    expect(filters(asked, "DescribeSecurityGroups"), "the inventory tells of the shared group").toEqual([
      [{ Name: "group-id", Values: ["sg-2"] }],
      [inVpc, { Name: "tag:Name", Values: ["edge"] }],
    ]);
    expect(facts.securityGroups).toEqual([{ id: "sg-2", name: "two", vpcId: "vpc-2", tags: { Name: "edge" } }]);
  });

  const certificate = (id: string, over: object = {}) => ({
    CertificateArn: `arn:aws:acm:us-west-2:1:certificate/${id}`,
    ...{ DomainName: `${id}.example.com`, SubjectAlternativeNameSummaries: [`${id}.example.com`] },
    ...{
      HasAdditionalSubjectAlternativeNames: false,
      Status: "ISSUED",
      Type: "AMAZON_ISSUED",
      KeyAlgorithm: "RSA-2048",
    },
    ...over,
  });

  it("describes only the certificates that the listing doesn't tell all of", async () => {
    const { facts, asked, again } = await read(
      { certificateHosts: ["a.example.com"] },
      {
        ListCertificates: {
          CertificateSummaryList: [
            certificate("c", { Type: "PRIVATE" }),
            certificate("b", { HasAdditionalSubjectAlternativeNames: true, Type: "IMPORTED" }),
            certificate("a"),
          ],
        },
        DescribeCertificate: ({ CertificateArn }) => ({
          Certificate: {
            SubjectAlternativeNames: [`all of ${String(CertificateArn).at(-1)}`],
            ...(String(CertificateArn).endsWith("c") && { CertificateAuthorityArn: "arn:ca" }),
          },
        }),
      },
      { minutes: 6 },
    );
    expect(facts.certificates.map(({ sans, caArn, keyAlgorithm }) => [sans, caArn, keyAlgorithm])).toEqual([
      [["a.example.com"], undefined, "RSA_2048"],
      [["all of b"], undefined, "RSA_2048"],
      [["all of c"], "arn:ca", "RSA_2048"],
    ]);
    expect(asked.map(({ operation }) => operation)).toEqual([
      ...["DescribeVpcs", "ListCertificates", "DescribeCertificate", "DescribeCertificate"],
    ]);
    expect(asked[1]?.input).toMatchObject({
      CertificateStatuses: ["ISSUED"],
      Includes: { keyTypes: expect.any(Array) },
    });
    expect(again, "an imported one may have other names").toEqual(["ListCertificates", "DescribeCertificate"]);
  });

  it("reads tags of certificates only with certificate management", async () => {
    const answers: Answers = {
      ListCertificates: { CertificateSummaryList: [certificate("a")] },
      ListTagsForCertificate: { Tags: [{ Key: "team", Value: "shop" }] },
    };
    const gate = { ...SETTINGS.featureGates, EnableCertificateManagement: true };
    const needed = { certificateHosts: ["a.example.com"] };
    expect((await read(needed, answers)).facts.certificates[0]).not.toHaveProperty("tags");
    const { facts } = await read(needed, answers, { settings: { featureGates: gate } });
    expect(facts.certificates[0]?.tags).toEqual({ team: "shop" });
  });

  it("asks for names together, and one by one when some bear none", async () => {
    const known = new Map([["old", "arn:tg/old"]]);
    const { facts, asked, again } = await read(
      { targetGroupNames: ["gone", "old"], trustStoreNames: ["partners"], webAclNames: ["edge"] },
      {
        DescribeTargetGroups: ({ Names }) => {
          const found = (Names as string[]).map((name) => known.get(name));
          if (found.includes(undefined)) return "TargetGroupNotFound" as unknown as object;
          return { TargetGroups: [{ TargetGroupName: "old", TargetGroupArn: "arn:tg/old" }] };
        },
        DescribeTrustStores: "TrustStoreNotFound",
        ListWebACLs: ({ NextMarker }) =>
          NextMarker === undefined
            ? { WebACLs: [{ Name: "other", ARN: "arn:acl/other" }], NextMarker: "more" }
            : { WebACLs: [{ Name: "edge", ARN: "arn:acl/edge" }] },
      },
    );
    expect(facts).toMatchObject({
      targetGroups: [{ name: "old", arn: "arn:tg/old" }],
      trustStores: [],
      webACLs: [{ name: "edge", arn: "arn:acl/edge" }],
    });
    expect(
      asked.filter(({ operation }) => operation === "DescribeTargetGroups").map(({ input }) => input["Names"]),
    ).toEqual([["gone", "old"], ["gone"], ["old"]]);
    expect(again, "what wasn't found may be there now").toEqual(["DescribeTrustStores", "DescribeTargetGroups"]);
  });

  const interfaceOf = (id: string, instance: string, ips: readonly string[], groups = ["sg-1"]) => ({
    NetworkInterfaceId: id,
    Attachment: { InstanceId: instance, DeviceIndex: 0 },
    SubnetId: "subnet-1",
    Groups: groups.map((GroupId) => ({ GroupId })),
    PrivateIpAddresses: ips.map((PrivateIpAddress) => ({ PrivateIpAddress })),
    Ipv4Prefixes: [{ Ipv4Prefix: "10.0.9.0/28" }],
  });

  it("asks by address only for what no known interface holds, and not outside the VPC", async () => {
    const { facts, asked, again } = await read(
      {
        networkInterfaces: {
          instanceIds: ["i-1", "i-2"],
          ids: [],
          addresses: ["10.0.0.5", "10.0.7.7", "10.0.9.3", "192.168.0.1"],
        },
      },
      {
        DescribeNetworkInterfaces: ({ Filters }) => {
          const [last] = (Filters as { Name: string; Values: string[] }[]).slice(-1);
          const byInstance = [
            interfaceOf("eni-2", "i-2", ["10.0.0.2"], ["sg-1", "sg-2"]),
            interfaceOf("eni-1", "i-1", ["10.0.0.1", "10.0.0.5"]),
          ];
          const byAddress = [interfaceOf("eni-9", "i-9", ["10.0.7.7"])];
          return { NetworkInterfaces: last?.Name === "attachment.instance-id" ? byInstance : byAddress };
        },
        DescribeSecurityGroups: {
          SecurityGroups: [
            { GroupId: "sg-1", GroupName: "one", VpcId: "vpc-1" },
            { GroupId: "sg-2", GroupName: "two", VpcId: "vpc-1" },
          ],
        },
      },
    );
    expect(facts.networkInterfaces?.map(({ id }) => id)).toEqual(["eni-1", "eni-2", "eni-9"]);
    expect(facts.securityGroups.map(({ id }) => id)).toEqual(["sg-1", "sg-2"]);
    expect(filters(asked, "DescribeNetworkInterfaces")).toEqual([
      [{ Name: "attachment.instance-id", Values: ["i-1", "i-2"] }],
      [
        { Name: "vpc-id", Values: ["vpc-1"] },
        { Name: "addresses.private-ip-address", Values: ["10.0.7.7"] },
      ],
    ]);
    expect(filters(asked, "DescribeSecurityGroups")).toEqual([[{ Name: "group-id", Values: ["sg-1", "sg-2"] }]]);
    expect(again, "known for ten minutes").toEqual([]);
  });
});
