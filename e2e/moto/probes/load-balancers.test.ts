import { expect, it } from "vitest";
import { FIXED, listener, loadBalancer, refusal, useAccount } from "./account.ts";

const account = useAccount();

/** Input for CreateLoadBalancer with subnets that do. */
const input = (Name: string, more: object = {}) => ({
  Name,
  Subnets: account().seed.publicSubnets.slice(0, 2),
  ...more,
});

it("creates one in state provisioning, which gets active with time", async () => {
  const { elbv2, set } = account();
  await set({ pace: 0.002 });
  const { LoadBalancers } = await elbv2("CreateLoadBalancer", input("shop", { Scheme: "internal" }));
  expect(LoadBalancers[0]).toMatchObject({ Scheme: "internal", Type: "application", State: { Code: "provisioning" } });
  expect(LoadBalancers[0].LoadBalancerArn).toContain(":loadbalancer/app/shop/");
  expect(LoadBalancers[0].DNSName).toMatch(/^internal-shop-\d+\.us-west-2\.elb\.amazonaws\.com$/);
  const state = async () => (await elbv2("DescribeLoadBalancers")).LoadBalancers[0].State.Code;
  expect(await state()).toBe("provisioning");
  await expect.poll(state).toBe("active");
});

it("gives one without security groups the VPC's own", async () => {
  const { elbv2, ec2, seed } = account();
  const { LoadBalancers } = await elbv2("CreateLoadBalancer", input("shop"));
  const Filters = [
    { Name: "vpc-id", Values: [seed.vpcId] },
    { Name: "group-name", Values: ["default"] },
  ];
  const { SecurityGroups } = await ec2("DescribeSecurityGroups", { Filters });
  expect(LoadBalancers[0].SecurityGroups).toEqual([SecurityGroups[0].GroupId]);
});

it("answers the same creation again with the same one, and refuses the name for another", async () => {
  const { elbv2 } = account();
  const first = await elbv2("CreateLoadBalancer", input("shop"));
  const second = await elbv2("CreateLoadBalancer", input("shop"));
  expect(second.LoadBalancers[0].LoadBalancerArn).toBe(first.LoadBalancers[0].LoadBalancerArn);
  expect(await refusal(elbv2("CreateLoadBalancer", input("shop", { Scheme: "internal" })))).toBe(
    "DuplicateLoadBalancerName",
  );
  expect((await elbv2("DescribeLoadBalancers")).LoadBalancers).toHaveLength(1);
});

it.each([
  ["a subnet in one zone only", "ValidationError", () => ({ Subnets: account().seed.publicSubnets.slice(0, 1) })],
  [
    "two subnets in one zone",
    "InvalidConfigurationRequest",
    () => ({ Subnets: [account().seed.publicSubnets[0], account().seed.privateSubnets[0]] }),
  ],
  ["an unknown subnet", "SubnetNotFound", () => ({ Subnets: ["subnet-0", account().seed.publicSubnets[0]] })],
  ["an unknown security group", "InvalidSecurityGroup", () => ({ SecurityGroups: ["sg-0"] })],
  ["six security groups", "InvalidConfigurationRequest", () => ({ SecurityGroups: Array(6).fill("sg-0") })],
  ["a name of 33 characters", "ValidationError", () => ({ Name: "a".repeat(33) })],
  ["a name that begins with internal-", "ValidationError", () => ({ Name: "internal-shop" })],
  ["an unknown IP address type", "ValidationError", () => ({ IpAddressType: "ipv5" })],
  ["more than 50 tags", "TooManyTags", () => ({ Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `${n}` })) })],
])("refuses %s", async (_, code, wrong) => {
  const { elbv2 } = account();
  expect(await refusal(elbv2("CreateLoadBalancer", input("shop", wrong())))).toBe(code);
  expect((await elbv2("DescribeLoadBalancers")).LoadBalancers).toEqual([]);
});

it("keeps the quota of load balancers", async () => {
  const { elbv2, set } = account();
  await set({ quotas: { loadBalancersPerRegion: 1 } });
  await loadBalancer(account());
  expect(await refusal(elbv2("CreateLoadBalancer", input("other")))).toBe("TooManyLoadBalancers");
});

it("knows all IP address types", async () => {
  const { elbv2 } = account();
  const IpAddressType = "dualstack-without-public-ipv4";
  const { LoadBalancers } = await elbv2("CreateLoadBalancer", input("shop", { IpAddressType }));
  const { LoadBalancerArn } = LoadBalancers[0];
  expect(LoadBalancers[0].IpAddressType).toBe(IpAddressType);
  await elbv2("SetIpAddressType", { LoadBalancerArn, IpAddressType: "dualstack" });
  expect((await elbv2("DescribeLoadBalancers")).LoadBalancers[0].IpAddressType).toBe("dualstack");
  const internal = await loadBalancer(account(), "internal", { Scheme: "internal" });
  expect(await refusal(elbv2("SetIpAddressType", { LoadBalancerArn: internal, IpAddressType }))).toBe(
    "InvalidConfigurationRequest",
  );
});

it("says which of several it doesn't know", async () => {
  const { elbv2 } = account();
  const known = await loadBalancer(account());
  expect(await refusal(elbv2("DescribeLoadBalancers", { LoadBalancerArns: [known, `${known}0`] }))).toBe(
    "LoadBalancerNotFound",
  );
  expect(await refusal(elbv2("DescribeLoadBalancers", { Names: ["nobody"] }))).toBe("LoadBalancerNotFound");
});

it("has AWS's attributes, checks and keeps changes", async () => {
  const { elbv2 } = account();
  const LoadBalancerArn = await loadBalancer(account());
  const attributes = async () => {
    const { Attributes } = await elbv2("DescribeLoadBalancerAttributes", { LoadBalancerArn });
    return Object.fromEntries(Attributes.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]));
  };
  const modify = (Key: string, Value: string) =>
    elbv2("ModifyLoadBalancerAttributes", { LoadBalancerArn, Attributes: [{ Key, Value }] });
  const before = await attributes();
  expect(Object.keys(before).length).toBeGreaterThanOrEqual(20);
  expect(before).toMatchObject({ "idle_timeout.timeout_seconds": "60", "routing.http2.enabled": "true" });
  await modify("idle_timeout.timeout_seconds", "120");
  await modify("health_check_logs.s3.bucket", "logs");
  expect(await attributes()).toMatchObject({
    "idle_timeout.timeout_seconds": "120",
    "health_check_logs.s3.bucket": "logs",
  });
  expect(await refusal(modify("idle_timeout.timeout_seconds", "5000"))).toBe("ValidationError");
  expect(await refusal(modify("nope", "1"))).toBe("InvalidConfigurationRequest");
  expect(await refusal(modify("access_logs.s3.enabled", "true"))).toBe("InvalidConfigurationRequest");
});

it("sets subnets, and not those of one zone", async () => {
  const { elbv2, seed } = account();
  const LoadBalancerArn = await loadBalancer(account());
  const [a, , c] = seed.publicSubnets;
  await elbv2("SetSubnets", { LoadBalancerArn, SubnetMappings: [{ SubnetId: a }, { SubnetId: c }] });
  const { LoadBalancers } = await elbv2("DescribeLoadBalancers");
  const zones = LoadBalancers[0].AvailabilityZones.map(({ ZoneName }: { ZoneName: string }) => ZoneName);
  expect(zones).toEqual(["us-west-2a", "us-west-2c"]);
  expect(await refusal(elbv2("SetSubnets", { LoadBalancerArn, Subnets: [a] }))).toBe("ValidationError");
  expect(await refusal(elbv2("SetSubnets", { LoadBalancerArn, Subnets: [a, "subnet-0"] }))).toBe("SubnetNotFound");
});

it("sets security groups, and only such that exist", async () => {
  const { elbv2, seed } = account();
  const LoadBalancerArn = await loadBalancer(account());
  await elbv2("SetSecurityGroups", { LoadBalancerArn, SecurityGroups: [seed.nodeSecurityGroup] });
  expect((await elbv2("DescribeLoadBalancers")).LoadBalancers[0].SecurityGroups).toEqual([seed.nodeSecurityGroup]);
  expect(await refusal(elbv2("SetSecurityGroups", { LoadBalancerArn, SecurityGroups: ["sg-0"] }))).toBe(
    "InvalidSecurityGroup",
  );
  expect(await refusal(elbv2("SetSecurityGroups", { LoadBalancerArn, SecurityGroups: [] }))).toBe("ValidationError");
});

it("deletes it with its listeners, again without an error, but not while it is protected", async () => {
  const { elbv2 } = account();
  const LoadBalancerArn = await loadBalancer(account());
  const ListenerArn = await listener(account(), LoadBalancerArn);
  const protect = (Value: string) =>
    elbv2("ModifyLoadBalancerAttributes", {
      LoadBalancerArn,
      Attributes: [{ Key: "deletion_protection.enabled", Value }],
    });
  await protect("true");
  expect(await refusal(elbv2("DeleteLoadBalancer", { LoadBalancerArn }))).toBe("OperationNotPermitted");
  await protect("false");
  await elbv2("DeleteLoadBalancer", { LoadBalancerArn });
  await elbv2("DeleteLoadBalancer", { LoadBalancerArn });
  expect(await refusal(elbv2("DescribeListeners", { LoadBalancerArn }))).toBe("LoadBalancerNotFound");
  expect(
    await refusal(elbv2("CreateListener", { LoadBalancerArn, Protocol: "HTTP", Port: 81, DefaultActions: FIXED })),
  ).toBe("LoadBalancerNotFound");
  expect(await refusal(elbv2("DescribeRules", { ListenerArn }))).toBe("ListenerNotFound");
});

it("keeps IPAM pools", async () => {
  const { elbv2 } = account();
  const IpamPools = { Ipv4IpamPoolId: "ipam-pool-1" };
  const LoadBalancerArn = await loadBalancer(account(), "shop", { IpamPools });
  const pools = async () => (await elbv2("DescribeLoadBalancers")).LoadBalancers[0].IpamPools;
  expect(await pools()).toEqual(IpamPools);
  await elbv2("ModifyIpPools", { LoadBalancerArn, IpamPools: { Ipv4IpamPoolId: "ipam-pool-2" } });
  expect(await pools()).toEqual({ Ipv4IpamPoolId: "ipam-pool-2" });
  await elbv2("ModifyIpPools", { LoadBalancerArn, RemoveIpamPools: ["ipv4"] });
  expect(await pools()).toBeUndefined();
});

it("reserves capacity, not while it is being provisioned", async () => {
  const { elbv2, set } = account();
  const LoadBalancerArn = await loadBalancer(account());
  const MinimumLoadBalancerCapacity = { CapacityUnits: 100 };
  const reserved = async () =>
    (await elbv2("DescribeCapacityReservation", { LoadBalancerArn })).MinimumLoadBalancerCapacity;
  expect(await reserved()).toBeUndefined();
  await elbv2("ModifyCapacityReservation", { LoadBalancerArn, MinimumLoadBalancerCapacity });
  expect(await reserved()).toEqual(MinimumLoadBalancerCapacity);
  await elbv2("ModifyCapacityReservation", { LoadBalancerArn, ResetCapacityReservation: true });
  expect(await reserved()).toBeUndefined();
  await set({ pace: 1 });
  const other = await loadBalancer(account(), "other");
  const tooEarly = elbv2("ModifyCapacityReservation", { LoadBalancerArn: other, MinimumLoadBalancerCapacity });
  expect(await refusal(tooEarly)).toBe("PriorRequestNotComplete");
});

it("tells the quotas that hold", async () => {
  const { elbv2, set } = account();
  const limit = async (name: string): Promise<unknown> =>
    (await elbv2("DescribeAccountLimits")).Limits.find(({ Name }: { readonly Name: string }) => Name === name)?.Max;
  expect(await limit("targets-per-application-load-balancer")).toBe("1000");
  await set({ quotas: { rulesPerLoadBalancer: 7 } });
  expect(await limit("rules-per-application-load-balancer")).toBe("7");
});
