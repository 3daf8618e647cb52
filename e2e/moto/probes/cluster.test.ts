/** Looking up a cluster's network, WAF, Shield, roles: mostly right in moto itself. */
import { expect, it } from "vitest";
import { loadBalancer, refusal, useAccount } from "./account.ts";

const account = useAccount();

it("finds subnets by tag and VPC, with free addresses and zone ids", async () => {
  const { ec2, seed } = account();
  const Filters = [
    { Name: "tag:kubernetes.io/role/elb", Values: ["", "1"] },
    { Name: "vpc-id", Values: [seed.vpcId] },
  ];
  const { Subnets } = await ec2("DescribeSubnets", { Filters });
  expect(Subnets.map(({ SubnetId }: { SubnetId: string }) => SubnetId)).toEqual(seed.publicSubnets);
  expect(Subnets[0]).toMatchObject({ AvailableIpAddressCount: 251, AvailabilityZone: "us-west-2a" });
  expect(Subnets[0].AvailabilityZoneId).toMatch(/^usw2-az\d$/);
});

it("knows VPC, zones and routes", async () => {
  const { ec2, seed } = account();
  const { Vpcs } = await ec2("DescribeVpcs", { VpcIds: [seed.vpcId] });
  expect(Vpcs[0].CidrBlockAssociationSet).toMatchObject([{ CidrBlock: "10.0.0.0/16" }]);
  const { AvailabilityZones } = await ec2("DescribeAvailabilityZones", { ZoneIds: ["usw2-az1"] });
  expect(AvailabilityZones).toMatchObject([{ ZoneType: "availability-zone" }]);
  const Filters = [{ Name: "vpc-id", Values: [seed.vpcId] }];
  const { RouteTables } = await ec2("DescribeRouteTables", { Filters });
  const toInternet = RouteTables.filter(({ Routes }: { Routes: readonly { GatewayId?: string }[] }) =>
    Routes.some(({ GatewayId }) => GatewayId?.startsWith("igw-")),
  );
  expect(toInternet).toHaveLength(1);
  expect(toInternet[0].Associations).toHaveLength(3);
});

it("finds a pod's interface and the node's groups", async () => {
  const { ec2, seed } = account();
  const [node] = seed.nodes;
  const { Reservations } = await ec2("DescribeInstances", { InstanceIds: [node?.instanceId] });
  const [{ NetworkInterfaces, State }] = Reservations[0].Instances;
  expect(State.Name).toBe("running");
  expect(NetworkInterfaces[0].PrivateIpAddresses.length).toBeGreaterThan(30);
  const Filters = [
    { Name: "addresses.private-ip-address", Values: [node?.podIps[3]] },
    { Name: "vpc-id", Values: [seed.vpcId] },
  ];
  const found = await ec2("DescribeNetworkInterfaces", { Filters });
  expect(found.NetworkInterfaces).toMatchObject([{ Groups: [{ GroupId: seed.nodeSecurityGroup }] }]);
});

it("associates a web ACL until it is taken back or the load balancer goes", async () => {
  const { wafv2, elbv2, seed } = account();
  const ResourceArn = await loadBalancer(account());
  const associated = async () => (await wafv2("GetWebACLForResource", { ResourceArn })).WebACL?.ARN;
  const associate = (WebACLArn: string) => wafv2("AssociateWebACL", { WebACLArn, ResourceArn });
  await associate(seed.webAcl);
  await associate(seed.webAcl);
  expect(await associated()).toBe(seed.webAcl);
  await wafv2("DisassociateWebACL", { ResourceArn });
  expect(await associated()).toBeUndefined();
  expect(await refusal(associate(`${seed.webAcl}0`))).toBe("WAFNonexistentItem");
  await associate(seed.webAcl);
  await elbv2("DeleteLoadBalancer", { LoadBalancerArn: ResourceArn });
  expect(await associated()).toBeUndefined();
});

it("protects with Shield where there is a subscription", async () => {
  const { shield } = account();
  const ResourceArn = await loadBalancer(account());
  const state = async () => (await shield("GetSubscriptionState")).SubscriptionState;
  expect(await state()).toBe("INACTIVE");
  await shield("CreateSubscription");
  expect(await state()).toBe("ACTIVE");
  const { ProtectionId } = await shield("CreateProtection", { Name: "managed", ResourceArn });
  expect((await shield("DescribeProtection", { ResourceArn })).Protection).toMatchObject({ Id: ProtectionId });
  await shield("DeleteProtection", { ProtectionId });
  expect(await refusal(shield("DescribeProtection", { ResourceArn }))).toBe("ResourceNotFound");
});

it("assumes roles", async () => {
  const { sts } = account();
  const RoleArn = "arn:aws:iam::222222222222:role/planner";
  const { Credentials } = await sts("AssumeRole", { RoleArn, RoleSessionName: "probe" });
  expect(Credentials.AccessKeyId).toBeTruthy();
});
