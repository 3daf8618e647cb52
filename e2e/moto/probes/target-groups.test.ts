import { describe, expect, it } from "vitest";
import {
  forward,
  listener,
  loadBalancer,
  refusal,
  rule,
  targetGroup,
  targetGroupInput,
  useAccount,
} from "./account.ts";

const account = useAccount();

const health = async (TargetGroupArn: string, Targets?: readonly object[]) => {
  const { TargetHealthDescriptions } = await account().elbv2("DescribeTargetHealth", { TargetGroupArn, Targets });
  return TargetHealthDescriptions.map(
    ({ Target, TargetHealth }: { Target: { Id: string; Port: number }; TargetHealth: { State: string } }) =>
      `${Target.Id}:${Target.Port} ${TargetHealth.State}`,
  );
};

/** A load balancer that forwards to the group. */
async function inUse(TargetGroupArn: string): Promise<string> {
  const balancer = await loadBalancer(account());
  await listener(account(), balancer, { DefaultActions: forward({ TargetGroupArn }) });
  return balancer;
}

describe("target groups", () => {
  it("answer the same creation again with the same one, and refuse the name for another", async () => {
    const { elbv2 } = account();
    const first = await targetGroup(account());
    expect(await targetGroup(account())).toBe(first);
    expect(await refusal(elbv2("CreateTargetGroup", { ...targetGroupInput(account(), "web"), Port: 81 }))).toBe(
      "DuplicateTargetGroupName",
    );
    expect((await elbv2("DescribeTargetGroups")).TargetGroups).toHaveLength(1);
  });

  it("have gRPC's own defaults", async () => {
    const { elbv2 } = account();
    await targetGroup(account(), "web", { ProtocolVersion: "GRPC" });
    const { TargetGroups } = await elbv2("DescribeTargetGroups");
    expect(TargetGroups[0]).toMatchObject({ HealthCheckPath: "/AWS.ALB/healthcheck", Matcher: { GrpcCode: "12" } });
    expect(TargetGroups[0].Matcher).not.toHaveProperty("HttpCode");
  });

  it("keep what they are created with", async () => {
    const { elbv2 } = account();
    const given = {
      ProtocolVersion: "HTTP2",
      HealthCheckPath: "/health",
      HealthCheckPort: "8080",
      HealthCheckIntervalSeconds: 15,
      HealthCheckTimeoutSeconds: 6,
      HealthyThresholdCount: 3,
      UnhealthyThresholdCount: 4,
      Matcher: { HttpCode: "200-299" },
      IpAddressType: "ipv6",
      TargetControlPort: 9000,
    };
    await targetGroup(account(), "web", given);
    expect((await elbv2("DescribeTargetGroups")).TargetGroups[0]).toMatchObject(given);
  });

  it("change their health check as a whole or in part", async () => {
    const { elbv2 } = account();
    const TargetGroupArn = await targetGroup(account(), "web", { ProtocolVersion: "GRPC" });
    await elbv2("ModifyTargetGroup", { TargetGroupArn, Matcher: { GrpcCode: "0-5" }, HealthCheckIntervalSeconds: 20 });
    const { TargetGroups } = await elbv2("DescribeTargetGroups");
    expect(TargetGroups[0]).toMatchObject({ Matcher: { GrpcCode: "0-5" }, HealthCheckIntervalSeconds: 20 });
    expect(TargetGroups[0].HealthCheckPath).toBe("/AWS.ALB/healthcheck");
  });

  it.each([
    ["a timeout longer than the interval", { HealthCheckTimeoutSeconds: 60, HealthCheckIntervalSeconds: 10 }],
    ["a timeout longer than the present interval", { HealthCheckTimeoutSeconds: 60 }],
    ["a threshold of 11", { HealthyThresholdCount: 11 }],
    ["a path without a slash", { HealthCheckPath: "health" }],
    ["a port out of range", { HealthCheckPort: "65536" }],
  ])("refuse %s", async (_, wrong) => {
    const { elbv2 } = account();
    const TargetGroupArn = await targetGroup(account());
    expect(await refusal(elbv2("ModifyTargetGroup", { TargetGroupArn, ...wrong }))).toBe("ValidationError");
  });

  it("have AWS's attributes, check and keep changes", async () => {
    const { elbv2 } = account();
    const TargetGroupArn = await targetGroup(account());
    const modify = (Key: string, Value: string) =>
      elbv2("ModifyTargetGroupAttributes", { TargetGroupArn, Attributes: [{ Key, Value }] });
    const { Attributes } = await elbv2("DescribeTargetGroupAttributes", { TargetGroupArn });
    expect(Attributes.length).toBeGreaterThanOrEqual(12);
    expect(Attributes).toContainEqual({ Key: "stickiness.type", Value: "lb_cookie" });
    await modify("deregistration_delay.timeout_seconds", "3600");
    expect((await elbv2("DescribeTargetGroupAttributes", { TargetGroupArn })).Attributes).toContainEqual({
      Key: "deregistration_delay.timeout_seconds",
      Value: "3600",
    });
    expect(await refusal(modify("deregistration_delay.timeout_seconds", "3601"))).toBe("ValidationError");
    expect(await refusal(modify("nope", "1"))).toBe("InvalidConfigurationRequest");
  });

  it("tell which load balancer they serve, for as long as they do", async () => {
    const { elbv2 } = account();
    const TargetGroupArn = await targetGroup(account());
    const unused = await loadBalancer(account(), "unused");
    expect((await elbv2("DescribeTargetGroups", { LoadBalancerArn: unused })).TargetGroups).toEqual([]);
    const LoadBalancerArn = await inUse(TargetGroupArn);
    const served = async () =>
      (await elbv2("DescribeTargetGroups", { TargetGroupArns: [TargetGroupArn] })).TargetGroups[0].LoadBalancerArns;
    expect(await served()).toEqual([LoadBalancerArn]);
    expect((await elbv2("DescribeTargetGroups", { LoadBalancerArn })).TargetGroups).toHaveLength(1);
    await elbv2("DeleteLoadBalancer", { LoadBalancerArn });
    expect(await served()).toEqual([]);
  });

  it("serve one load balancer only", async () => {
    const TargetGroupArn = await targetGroup(account());
    await inUse(TargetGroupArn);
    const other = await loadBalancer(account(), "other");
    expect(await refusal(listener(account(), other, { DefaultActions: forward({ TargetGroupArn }) }))).toBe(
      "TargetGroupAssociationLimit",
    );
    const onOther = await listener(account(), other);
    expect(await refusal(rule(account(), onOther, 1, { Actions: forward({ TargetGroupArn }) }))).toBe(
      "TargetGroupAssociationLimit",
    );
  });

  it("can't be deleted while a rule names them; afterwards twice", async () => {
    const { elbv2 } = account();
    const TargetGroupArn = await targetGroup(account());
    const LoadBalancerArn = await inUse(TargetGroupArn);
    expect(await refusal(elbv2("DeleteTargetGroup", { TargetGroupArn }))).toBe("ResourceInUse");
    await elbv2("DeleteLoadBalancer", { LoadBalancerArn });
    await elbv2("DeleteTargetGroup", { TargetGroupArn });
    await elbv2("DeleteTargetGroup", { TargetGroupArn });
    expect(await refusal(elbv2("DescribeTargetGroups", { Names: ["web"] }))).toBe("TargetGroupNotFound");
  });

  it("keep their quotas", async () => {
    const { elbv2, set } = account();
    await set({ quotas: { targetGroupsPerRegion: 2, targetGroupsPerAction: 1, targetGroupsPerLoadBalancer: 1 } });
    const [one, two] = [await targetGroup(account(), "one"), await targetGroup(account(), "two")];
    expect(await refusal(elbv2("CreateTargetGroup", targetGroupInput(account(), "three")))).toBe("TooManyTargetGroups");
    const on = await listener(account(), await loadBalancer(account()), {
      DefaultActions: forward({ TargetGroupArn: one }),
    });
    const both = forward({ TargetGroupArn: one }, { TargetGroupArn: two });
    expect(await refusal(rule(account(), on, 1, { Actions: both }))).toBe("TooManyTargetGroups");
    expect(await refusal(rule(account(), on, 1, { Actions: forward({ TargetGroupArn: two }) }))).toBe(
      "TooManyUniqueTargetGroupsPerLoadBalancer",
    );
  });
});

describe("targets", () => {
  it("are known by id and port", async () => {
    const { elbv2 } = account();
    const TargetGroupArn = await targetGroup(account());
    const Targets = [
      { Id: "10.0.100.50", Port: 8080 },
      { Id: "10.0.100.50", Port: 8081 },
    ];
    await elbv2("RegisterTargets", { TargetGroupArn, Targets });
    await elbv2("RegisterTargets", { TargetGroupArn, Targets });
    expect(await health(TargetGroupArn)).toEqual(["10.0.100.50:8080 unused", "10.0.100.50:8081 unused"]);
    await elbv2("DeregisterTargets", { TargetGroupArn, Targets: [{ Id: "10.0.100.50", Port: 8081 }] });
    expect(await health(TargetGroupArn)).toEqual(["10.0.100.50:8080 unused"]);
    expect(await health(TargetGroupArn, [{ Id: "10.0.100.50", Port: 8081 }])).toEqual(["10.0.100.50:8081 unused"]);
    await elbv2("DeregisterTargets", { TargetGroupArn, Targets: [{ Id: "10.0.9.9", Port: 1 }] });
  });

  it("become healthy, drain and go, in their own time", async () => {
    const { elbv2, set } = account();
    const TargetGroupArn = await targetGroup(account(), "web", { HealthyThresholdCount: 2 });
    await inUse(TargetGroupArn);
    // 60 s until healthy and 300 s of draining.
    await set({ pace: 0.002 });
    const Targets = [{ Id: "10.0.100.50", Port: 8080 }];
    await elbv2("RegisterTargets", { TargetGroupArn, Targets });
    expect(await health(TargetGroupArn)).toEqual(["10.0.100.50:8080 initial"]);
    await expect.poll(() => health(TargetGroupArn)).toEqual(["10.0.100.50:8080 healthy"]);
    await elbv2("DeregisterTargets", { TargetGroupArn, Targets });
    expect(await health(TargetGroupArn)).toEqual(["10.0.100.50:8080 draining"]);
    await expect.poll(() => health(TargetGroupArn)).toEqual([]);
  });

  it("can be made unhealthy by a test", async () => {
    const { elbv2, set } = account();
    const TargetGroupArn = await targetGroup(account());
    await inUse(TargetGroupArn);
    await set({ health: { "10.0.100.50": "unhealthy" } });
    const Targets = [{ Id: "10.0.100.50" }, { Id: "10.0.100.51" }];
    await elbv2("RegisterTargets", { TargetGroupArn, Targets });
    expect(await health(TargetGroupArn)).toEqual(["10.0.100.50:80 unhealthy", "10.0.100.51:80 healthy"]);
  });

  it("show the zone of an address", async () => {
    const { elbv2 } = account();
    const TargetGroupArn = await targetGroup(account());
    await elbv2("RegisterTargets", {
      TargetGroupArn,
      Targets: [{ Id: "10.0.101.50" }, { Id: "192.168.0.1", AvailabilityZone: "all" }],
    });
    const { TargetHealthDescriptions } = await elbv2("DescribeTargetHealth", { TargetGroupArn });
    const zones = TargetHealthDescriptions.map(
      (one: { Target: { AvailabilityZone: string } }) => one.Target.AvailabilityZone,
    );
    expect(zones).toEqual(["us-west-2b", "all"]);
  });

  it.each([
    ["an address outside the VPC without a zone", "ValidationError", { Id: "172.31.0.9", Port: 1 }],
    ["a public address", "InvalidTarget", { Id: "8.8.8.8", Port: 1, AvailabilityZone: "all" }],
    ["what is no address", "InvalidTarget", { Id: "i-0123", Port: 1 }],
    ["port 0", "ValidationError", { Id: "10.0.100.50", Port: 0 }],
  ])("must not be %s", async (_, code, target) => {
    const TargetGroupArn = await targetGroup(account());
    expect(await refusal(account().elbv2("RegisterTargets", { TargetGroupArn, Targets: [target] }))).toBe(code);
    expect(await health(TargetGroupArn)).toEqual([]);
  });

  it("are instances that run", async () => {
    const { elbv2, seed } = account();
    const TargetGroupArn = await targetGroup(account(), "web", { TargetType: "instance" });
    const register = (Id: string | undefined) =>
      elbv2("RegisterTargets", { TargetGroupArn, Targets: [{ Id, Port: 30080 }] });
    await register(seed.nodes[0]?.instanceId);
    expect(await refusal(register("i-0123456789abcdef0"))).toBe("InvalidTarget");
    expect(await health(TargetGroupArn)).toEqual([`${seed.nodes[0]?.instanceId}:30080 unused`]);
  });

  it("keep their quota", async () => {
    const { elbv2, set } = account();
    await set({ quotas: { targetsPerTargetGroup: 1 } });
    const TargetGroupArn = await targetGroup(account());
    const Targets = [{ Id: "10.0.100.50" }, { Id: "10.0.100.51" }];
    expect(await refusal(elbv2("RegisterTargets", { TargetGroupArn, Targets }))).toBe("TooManyTargets");
  });
});
