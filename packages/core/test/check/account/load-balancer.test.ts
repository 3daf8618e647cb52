import { describe, expect, it } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import type { Action } from "../../../src/model/action.ts";
import type { Account } from "../../../src/model/inventory.ts";
import type { LoadBalancerSpec } from "../../../src/model/load-balancer.ts";
import { action, build, deepFreeze, outcome } from "./call.ts";
import { ARN, FOREIGN, loadBalancer, SHOP, withQuotas } from "./shop.ts";

const create = (name: string, more: Partial<LoadBalancerSpec> = {}): Action =>
  action("createLoadBalancer", { spec: loadBalancer(name, { securityGroups: [ARN.group], ...more }) });
const subnets = (...ids: string[]) => ({ subnetMappings: ids.map((subnetId) => ({ subnetId })) });
const attributes = (changes: Record<string, string>): Action =>
  action("modifyLoadBalancerAttributes", { loadBalancerArn: ARN.loadBalancer, attributes: changes });
const groups = (...securityGroups: string[]): Action =>
  action("setSecurityGroups", { loadBalancerArn: ARN.loadBalancer, securityGroups });

const WITH_SUBNETS: Account = deepFreeze({
  ...SHOP,
  subnets: {
    "subnet-a": { availabilityZone: "us-west-2a" },
    "subnet-b": { availabilityZone: "us-west-2b" },
    "subnet-b2": { availabilityZone: "us-west-2b" },
    "subnet-lax": { availabilityZone: "us-west-2-lax-1a", zoneType: "local-zone" },
  },
});
const PROTECTED: Account = build(SHOP, [attributes({ "deletion_protection.enabled": "true" })]).account;

describe("load balancers", () => {
  it.each<{ name: string; call: Action; expected: string; account?: Account; code?: string }>([
    { name: "a new name", call: create("new"), expected: "done" },
    { name: "the same again", call: create("shop"), expected: "done" },
    {
      name: "a used name with another scheme",
      call: create("shop", { scheme: "internet-facing" }),
      expected: "DuplicateLoadBalancerName",
      code: "account.name-in-use",
    },
    {
      name: "a used name with a tag",
      call: create("shop", { tags: { a: "b" } }),
      expected: "DuplicateLoadBalancerName",
    },
    { name: "33 characters", call: create("x".repeat(33)), expected: "ValidationError" },
    { name: "32 characters", call: create("x".repeat(32)), expected: "done" },
    { name: "a name that begins with internal-", call: create("internal-x"), expected: "ValidationError" },
    { name: "a name that ends with a hyphen", call: create("x-"), expected: "ValidationError" },
    { name: "a name with an underscore", call: create("a_b"), expected: "ValidationError" },
    { name: "no subnet", call: create("new", subnets()), expected: "ValidationError" },
    {
      name: "a subnet twice",
      call: create("new", subnets("subnet-a", "subnet-a")),
      expected: "InvalidConfigurationRequest",
    },
    { name: "two zones", call: create("new"), expected: "done", account: WITH_SUBNETS },
    { name: "one zone", call: create("new", subnets("subnet-a")), expected: "ValidationError", account: WITH_SUBNETS },
    {
      name: "one local zone",
      call: create("new", subnets("subnet-lax")),
      expected: "done",
      account: WITH_SUBNETS,
    },
    {
      name: "a network load balancer in one zone",
      call: create("new", { ...subnets("subnet-a"), type: "network" }),
      expected: "done",
      account: WITH_SUBNETS,
    },
    {
      name: "two subnets of a zone",
      call: create("new", subnets("subnet-a", "subnet-b", "subnet-b2")),
      expected: "InvalidConfigurationRequest",
      account: WITH_SUBNETS,
    },
    {
      name: "an unknown subnet",
      call: create("new", subnets("subnet-a", "subnet-z")),
      expected: "SubnetNotFound",
      account: WITH_SUBNETS,
    },
    { name: "a foreign security group", call: create("new", { securityGroups: ["sg-nodes"] }), expected: "done" },
    {
      name: "an unknown security group",
      call: create("new", { securityGroups: ["sg-gone"] }),
      expected: "InvalidSecurityGroup",
    },
    { name: "an unknown address type", call: create("new", { ipAddressType: "ipv6" }), expected: "ValidationError" },
    {
      name: "an internal one without public IPv4",
      call: create("new", { ipAddressType: "dualstack-without-public-ipv4" }),
      expected: "InvalidConfigurationRequest",
    },
    {
      name: "too many load balancers",
      call: create("new"),
      expected: "TooManyLoadBalancers",
      account: withQuotas({ loadBalancersPerRegion: 2 }),
      code: "account.quota-exceeded",
    },
    {
      name: "a network load balancer doesn't count as an application one",
      call: create("new", { type: "network" }),
      expected: "done",
      account: withQuotas({ loadBalancersPerRegion: 2 }),
    },
    {
      name: "too many tags",
      call: create("new", { tags: { a: "", b: "", c: "" } }),
      expected: "TooManyTags",
      account: withQuotas({ tagsPerResource: 2 }),
    },
    { name: "a reserved tag", call: create("new", { tags: { "aws:x": "" } }), expected: "ValidationError" },
    { name: "an attribute", call: attributes({ "idle_timeout.timeout_seconds": "4000" }), expected: "done" },
    {
      name: "an attribute out of range",
      call: attributes({ "idle_timeout.timeout_seconds": "5000" }),
      expected: "ValidationError",
    },
    {
      name: "an unknown attribute",
      call: attributes({ "idle.timeout": "5" }),
      expected: "InvalidConfigurationRequest",
    },
    {
      name: "the attribute __proto__",
      call: attributes({ ["__proto__"]: "5" }),
      expected: "InvalidConfigurationRequest",
    },
    {
      name: "an attribute of network ones",
      call: attributes({ "dns_record.client_routing_policy": "any_availability_zone" }),
      expected: "InvalidConfigurationRequest",
    },
    {
      name: "logs without a bucket",
      call: attributes({ "access_logs.s3.enabled": "true" }),
      expected: "InvalidConfigurationRequest",
    },
    {
      name: "logs with a bucket",
      call: attributes({ "access_logs.s3.enabled": "true", "access_logs.s3.bucket": "logs" }),
      expected: "done",
    },
    { name: "other security groups", call: groups("sg-nodes", ARN.spareGroup), expected: "done" },
    { name: "no security groups", call: groups(), expected: "ValidationError" },
    { name: "unknown security groups", call: groups("sg-gone"), expected: "InvalidSecurityGroup" },
    {
      name: "too many security groups",
      call: groups("sg-nodes", ARN.spareGroup),
      expected: "InvalidConfigurationRequest",
      account: withQuotas({ securityGroupsPerLoadBalancer: 1 }),
      code: "account.quota-exceeded",
    },
    {
      name: "other subnets",
      call: action("setSubnets", { loadBalancerArn: ARN.loadBalancer, ...subnets("subnet-a", "subnet-c") }),
      expected: "done",
    },
    {
      name: "subnets of one zone",
      call: action("setSubnets", { loadBalancerArn: ARN.loadBalancer, ...subnets("subnet-a") }),
      expected: "ValidationError",
      account: WITH_SUBNETS,
    },
    {
      name: "another address type",
      call: action("setIpAddressType", { loadBalancerArn: ARN.loadBalancer, ipAddressType: "dualstack" }),
      expected: "done",
    },
    {
      name: "a load balancer that isn't there",
      call: action("setIpAddressType", { loadBalancerArn: "arn:gone", ipAddressType: "dualstack" }),
      expected: "LoadBalancerNotFound",
      code: "account.not-found",
    },
    { name: "deletion", call: action("deleteLoadBalancer", { loadBalancerArn: ARN.loadBalancer }), expected: "done" },
    { name: "deletion of none", call: action("deleteLoadBalancer", { loadBalancerArn: "arn:gone" }), expected: "done" },
    {
      name: "deletion of a protected one",
      call: action("deleteLoadBalancer", { loadBalancerArn: ARN.loadBalancer }),
      expected: "OperationNotPermitted",
      account: PROTECTED,
      code: "account.deletion-protected",
    },
  ])("$name: $expected", ({ call, expected, account = SHOP, code }) => {
    const applied = applyAction(account, call, {}, { foreign: FOREIGN });
    expect(outcome(applied)).toBe(expected);
    if (code !== undefined) expect("refused" in applied && applied.refused.code).toBe(code);
  });

  it("gives the existing one back when it is created again", () => {
    const again = build(SHOP, [create("shop")]);
    expect(again.account).toBe(SHOP);
    expect(again.outputs["shop"]?.["createLoadBalancer/x"]?.arn).toBe(ARN.loadBalancer);
  });

  it("sets AWS's default attributes and takes none from the creation", () => {
    const { account, outputs } = build(SHOP, [create("new", { attributes: { "idle_timeout.timeout_seconds": "90" } })]);
    const arn = outputs["shop"]?.["createLoadBalancer/x"]?.arn ?? "";
    expect(account.loadBalancers[arn]?.spec.attributes).toMatchObject({
      "idle_timeout.timeout_seconds": "60",
      "routing.http2.enabled": "true",
      "ipv6.deny_all_igw_traffic": "true",
    });
  });

  it("takes listeners, rules and associations with it", () => {
    const { account } = build(SHOP, [
      action("associateWebAcl", { webAclArn: "arn:acl", resourceArn: ARN.loadBalancer }),
      action("createShieldProtection", { name: "x", resourceArn: ARN.loadBalancer }),
      action("deleteLoadBalancer", { loadBalancerArn: ARN.loadBalancer }),
    ]);
    expect(Object.keys(account.loadBalancers)).toEqual([ARN.other]);
    expect(Object.keys(account.listeners)).toEqual([ARN.otherHttp]);
    expect(account.listenerRules).toEqual({});
    expect(account.webAclAssociations).toEqual({});
    expect(account.shieldProtections).toEqual({});
    expect(account.targetGroups[ARN.web]?.loadBalancerArns).toEqual([]);
    expect(account.targets[ARN.web]?.[0]?.state).toBe("unused");
  });

  it("reserves and resets capacity, adds and removes the address pool", () => {
    const capacity = (capacityUnits: number | null) =>
      action("modifyCapacityReservation", { loadBalancerArn: ARN.loadBalancer, capacityUnits });
    const pool = (ipv4IpamPoolId: string | null) =>
      action("modifyIpPools", { loadBalancerArn: ARN.loadBalancer, ipv4IpamPoolId });
    const set = build(SHOP, [capacity(100), pool("ipam-pool-1")]).account;
    expect(set.loadBalancers[ARN.loadBalancer]?.spec).toMatchObject({
      minimumCapacityUnits: 100,
      ipv4IpamPoolId: "ipam-pool-1",
    });
    expect(build(set, [capacity(null), pool(null)]).account).toEqual(SHOP);
  });
});
