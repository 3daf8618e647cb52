import { describe, expect, it } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import type { Action, ActionDetails } from "../../../src/model/action.ts";
import type { Account } from "../../../src/model/inventory.ts";
import type { TargetGroupSpec } from "../../../src/model/target-group.ts";
import { action, build, outcome } from "./call.ts";
import { ARN, FOREIGN, SHOP, targetGroup, withQuotas } from "./shop.ts";

const create = (name: string, more: Partial<TargetGroupSpec> = {}, vpcId = "vpc-1"): Action =>
  action("createTargetGroup", { vpcId, spec: targetGroup(name, more) });
const health = (healthCheck: ActionDetails["modifyTargetGroup"]["healthCheck"]): Action =>
  action("modifyTargetGroup", { targetGroupArn: ARN.web, healthCheck });
const attributes = (changes: Record<string, string>): Action =>
  action("modifyTargetGroupAttributes", { targetGroupArn: ARN.web, attributes: changes });
const register = (targetGroupArn: string, ...targets: [id: string, port: number][]): Action =>
  action("registerTargets", { targetGroupArn, targets: targets.map(([id, port]) => ({ id, port })) });
const deregister = (targetGroupArn: string, ...targets: [id: string, port: number][]): Action =>
  action("deregisterTargets", { targetGroupArn, targets: targets.map(([id, port]) => ({ id, port })) });
const remove = (targetGroupArn: string): Action => action("deleteTargetGroup", { targetGroupArn });

const ALB_GROUP = build(SHOP, [
  create("alb", { targetType: "alb", protocol: "TCP", port: 80, healthCheck: targetGroup("x").healthCheck }),
]);
const albGroup = ALB_GROUP.outputs["shop"]?.["createTargetGroup/x"]?.arn ?? "";

describe("target groups and targets", () => {
  it.each<{ name: string; call: Action; expected: string; account?: Account; code?: string }>([
    { name: "a new name", call: create("new"), expected: "done" },
    { name: "the same again", call: create("web"), expected: "done" },
    { name: "a used name with another port", call: create("web", { port: 1 }), expected: "DuplicateTargetGroupName" },
    { name: "a used name in another VPC", call: create("web", {}, "vpc-2"), expected: "DuplicateTargetGroupName" },
    { name: "33 characters", call: create("x".repeat(33)), expected: "ValidationError" },
    { name: "a name with a dot", call: create("a.b"), expected: "ValidationError" },
    { name: "port 0", call: create("new", { port: 0 }), expected: "ValidationError" },
    { name: "an unknown protocol", call: create("new", { protocol: "FTP" }), expected: "ValidationError" },
    { name: "an unknown version", call: create("new", { protocolVersion: "HTTP3" }), expected: "ValidationError" },
    { name: "type alb with HTTP", call: create("new", { targetType: "alb" }), expected: "InvalidConfigurationRequest" },
    {
      name: "too many in the region",
      call: create("new"),
      expected: "TooManyTargetGroups",
      account: withQuotas({ targetGroupsPerRegion: 3 }),
    },
    { name: "a longer interval", call: health({ intervalSeconds: 300 }), expected: "done" },
    { name: "an interval of 4 s", call: health({ intervalSeconds: 4 }), expected: "ValidationError" },
    {
      name: "a timeout of 121 s",
      call: health({ timeoutSeconds: 121, intervalSeconds: 300 }),
      expected: "ValidationError",
    },
    { name: "a timeout longer than the interval", call: health({ timeoutSeconds: 16 }), expected: "ValidationError" },
    { name: "a threshold of 1", call: health({ healthyThresholdCount: 1 }), expected: "ValidationError" },
    { name: "a threshold of 11", call: health({ unhealthyThresholdCount: 11 }), expected: "ValidationError" },
    { name: "a relative path", call: health({ path: "health" }), expected: "ValidationError" },
    { name: "port 70000", call: health({ port: 70000 }), expected: "ValidationError" },
    {
      name: "a delay of an hour",
      call: attributes({ "deregistration_delay.timeout_seconds": "3600" }),
      expected: "done",
    },
    {
      name: "a longer delay",
      call: attributes({ "deregistration_delay.timeout_seconds": "3601" }),
      expected: "ValidationError",
    },
    { name: "slow start off", call: attributes({ "slow_start.duration_seconds": "0" }), expected: "done" },
    {
      name: "slow start of 5 s",
      call: attributes({ "slow_start.duration_seconds": "5" }),
      expected: "ValidationError",
    },
    {
      name: "an unknown attribute",
      call: attributes({ "stickiness.on": "true" }),
      expected: "InvalidConfigurationRequest",
    },
    {
      name: "an attribute of TCP groups",
      call: attributes({ "proxy_protocol_v2.enabled": "true" }),
      expected: "InvalidConfigurationRequest",
    },
    {
      name: "attributes of no group",
      call: action("modifyTargetGroupAttributes", { targetGroupArn: "arn:gone", attributes: {} }),
      expected: "TargetGroupNotFound",
    },
    { name: "two ports of one address", call: register(ARN.web, ["10.0.0.2", 80], ["10.0.0.2", 81]), expected: "done" },
    { name: "a target again", call: register(ARN.web, ["10.0.0.1", 8080]), expected: "done" },
    { name: "an instance id in a group of addresses", call: register(ARN.web, ["i-1", 80]), expected: "InvalidTarget" },
    { name: "port 0 of a target", call: register(ARN.web, ["10.0.0.2", 0]), expected: "InvalidTarget" },
    { name: "a target of no group", call: register("arn:gone", ["10.0.0.2", 80]), expected: "TargetGroupNotFound" },
    {
      name: "too many in the group",
      call: register(ARN.web, ["10.0.0.2", 80]),
      expected: "TooManyTargets",
      account: withQuotas({ targetsPerTargetGroup: 1 }),
    },
    {
      name: "too many behind the load balancer",
      call: register(ARN.cart, ["10.0.0.2", 80]),
      expected: "TooManyTargets",
      account: withQuotas({ targetsPerLoadBalancer: 1 }),
    },
    {
      name: "a group out of use doesn't count",
      call: register(ARN.spare, ["10.0.0.2", 80]),
      expected: "done",
      account: withQuotas({ targetsPerLoadBalancer: 1 }),
    },
    {
      name: "a load balancer with a listener on the port",
      call: register(albGroup, [ARN.loadBalancer, 443]),
      expected: "done",
      account: ALB_GROUP.account,
    },
    {
      name: "a load balancer without one",
      call: register(albGroup, [ARN.loadBalancer, 8443]),
      expected: "InvalidTarget",
      account: ALB_GROUP.account,
    },
    {
      name: "a load balancer that isn't there",
      call: register(albGroup, ["arn:gone", 80]),
      expected: "InvalidTarget",
      account: ALB_GROUP.account,
    },
    { name: "deregistering what isn't registered", call: deregister(ARN.web, ["10.9.9.9", 80]), expected: "done" },
    { name: "deregistering from no group", call: deregister("arn:gone"), expected: "TargetGroupNotFound" },
    { name: "deleting one that no rule names", call: remove(ARN.spare), expected: "done" },
    {
      name: "deleting one that a rule names",
      call: remove(ARN.cart),
      expected: "ResourceInUse",
      code: "account.in-use",
    },
    { name: "deleting one that a default names", call: remove(ARN.web), expected: "ResourceInUse" },
    { name: "deleting none", call: remove("arn:gone"), expected: "done" },
  ])("$name: $expected", ({ call, expected, account = SHOP, code }) => {
    const applied = applyAction(account, call, {}, { foreign: FOREIGN });
    expect(outcome(applied)).toBe(expected);
    if (code !== undefined) expect("refused" in applied && applied.refused.code).toBe(code);
  });

  it.each([
    { name: "HTTP", more: { protocol: "HTTP" }, matcher: { httpCode: "200" }, path: "/", version: "HTTP1" },
    {
      name: "gRPC",
      more: { protocol: "HTTP", protocolVersion: "GRPC" },
      matcher: { grpcCode: "12" },
      path: "/AWS.ALB/healthcheck",
      version: "GRPC",
    },
    { name: "TCP", more: { protocol: "TCP" }, matcher: { httpCode: "200-399" }, path: "/", version: undefined },
  ])("fills in the health check of $name", ({ more, matcher, path, version }) => {
    const { path: _, matcher: __, ...healthCheck } = targetGroup("x").healthCheck;
    const { protocolVersion: ___, ...spec } = targetGroup("new", { healthCheck });
    const run = build(SHOP, [action("createTargetGroup", { vpcId: "vpc-1", spec: { ...spec, ...more } })]);
    const created = run.account.targetGroups[run.outputs["shop"]?.["createTargetGroup/x"]?.arn ?? ""]?.spec;
    expect(created?.healthCheck).toMatchObject({ matcher, path });
    expect(created?.protocolVersion).toBe(version);
    expect(created?.ipAddressType).toBe("ipv4");
    expect(created?.attributes?.["deregistration_delay.timeout_seconds"]).toBe("300");
  });

  it("knows targets by id and port, and whether they are in use", () => {
    const { account } = build(SHOP, [
      register(ARN.web, ["10.0.0.1", 8081]),
      register(ARN.spare, ["10.0.0.1", 8080]),
      deregister(ARN.web, ["10.0.0.1", 8080]),
    ]);
    expect(account.targets[ARN.web]).toEqual([{ id: "10.0.0.1", port: 8081, state: "healthy" }]);
    expect(account.targets[ARN.spare]).toEqual([{ id: "10.0.0.1", port: 8080, state: "unused" }]);
  });

  it("changes one field of the health check and keeps the others", () => {
    const { account } = build(SHOP, [health({ intervalSeconds: 30, matcher: { httpCode: "204" } })]);
    expect(account.targetGroups[ARN.web]?.spec.healthCheck).toEqual({
      ...targetGroup("web").healthCheck,
      intervalSeconds: 30,
      matcher: { httpCode: "204" },
    });
  });
});
