import type { Facts } from "@elbplan/core";
import { ACCOUNT, type Clients, REGION } from "../moto/clients.ts";
import type { Seed } from "../moto/seed.ts";

// biome-ignore lint/suspicious/noExplicitAny: what the SDK answers, in tests
type Described = any;
export async function factsOf({ ec2 }: Clients, seed: Seed): Promise<Facts> {
  const Filters = [{ Name: "vpc-id", Values: [seed.vpcId] }];
  const tags = (one: Described) => Object.fromEntries((one.Tags ?? []).map((t: Described) => [t.Key, t.Value]));
  const { Subnets } = await ec2("DescribeSubnets", { Filters });
  const { SecurityGroups } = await ec2("DescribeSecurityGroups", { Filters });
  const { NetworkInterfaces } = await ec2("DescribeNetworkInterfaces", { Filters });
  return {
    region: REGION,
    accountId: ACCOUNT,
    vpc: { id: seed.vpcId, cidrBlocks: ["10.0.0.0/16"], ipv6CidrBlocks: [] },
    availabilityZones: ["a", "b", "c"].map((zone, index) => ({
      name: `us-west-2${zone}`,
      id: `usw2-az${index + 1}`,
      type: "availability-zone",
    })),
    subnets: Subnets.map((one: Described) => ({
      id: one.SubnetId,
      az: one.AvailabilityZone,
      azId: one.AvailabilityZoneId,
      cidr: one.CidrBlock,
      availableIPs: one.AvailableIpAddressCount,
      tags: tags(one),
    })),
    routeTables: [],
    securityGroups: SecurityGroups.filter((one: Described) => one.GroupName === "nodes").map((one: Described) => ({
      id: one.GroupId,
      name: one.GroupName,
      vpcId: one.VpcId,
      tags: tags(one),
    })),
    certificates: Object.entries(seed.certificates).map(([domain, arn]) => ({
      arn,
      domain,
      sans: [domain, `*.${domain}`],
      status: "ISSUED",
      type: "AMAZON_ISSUED",
      keyAlgorithm: "RSA_2048",
    })),
    trustStores: [],
    webACLs: [],
    targetGroups: [],
    networkInterfaces: NetworkInterfaces.map((one: Described) => ({
      id: one.NetworkInterfaceId,
      instanceId: one.Attachment?.InstanceId,
      deviceIndex: one.Attachment?.DeviceIndex ?? 0,
      subnetId: one.SubnetId,
      securityGroupIds: one.Groups.map((g: Described) => g.GroupId),
      privateIps: one.PrivateIpAddresses.map((a: Described) => a.PrivateIpAddress),
    })),
  };
}
