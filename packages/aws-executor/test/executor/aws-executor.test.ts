import type { Action, ActionOf, Executor, Found } from "@elbplan/core";
import { callFor, isStranger, type Step, twinDifferences } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import { awsExecutor } from "../../src/executor/aws-executor.ts";
import { type Answers, fakeApi } from "../fake-api.ts";
import { action, loadBalancer } from "../run/plan-of.ts";

const stepOf = (it: Action): Step => ({ action: it, call: callFor(it) as Step["call"] });
const send = (executor: Executor, it: Action) => executor.send(stepOf(it));
const find = (answers: Answers, it: Action): Promise<Found | undefined> =>
  awsExecutor(fakeApi(answers).api).find(stepOf(it));

const TAGS = { "elbv2.k8s.aws/cluster": "test", "ingress.k8s.aws/stack": "shop/web", "ingress.k8s.aws/resource": "x" };
const TAG_LIST = Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value }));
const FORWARD = { type: "forward" as const, forwardConfig: { targetGroups: [{ targetGroupArn: "arn:tg" }] } };

describe("AWS as an executor", () => {
  it("sends the call as it is and picks what was created", async () => {
    const { api, asked } = fakeApi({
      CreateLoadBalancer: { LoadBalancers: [{ LoadBalancerArn: "arn:lb", DNSName: "web.elb" }] },
      DeleteRule: {},
    });
    expect(await send(awsExecutor(api), loadBalancer())).toEqual({ arn: "arn:lb", id: "arn:lb", dnsName: "web.elb" });
    expect(await send(awsExecutor(api), action("deleteRule", { ruleArn: "arn:r" }))).toBeUndefined();
    expect(asked).toEqual([
      callFor(loadBalancer()),
      { service: "elasticloadbalancingv2", operation: "DeleteRule", input: { RuleArn: "arn:r" } },
    ]);
  });

  it("sends nothing that isn't known", async () => {
    const { api, asked } = fakeApi({});
    const port = action("registerTargets", { targetGroupArn: { unknown: "ARN of an unnamed group" }, targets: [] });
    await expect(send(awsExecutor(api), port)).rejects.toMatchObject({
      code: "ValueUnknown",
      outcome: "refused",
      message: "ARN of an unnamed group isn't known",
    });
    expect(asked).toEqual([]);
  });

  it("hands writes to Kubernetes on, or refuses them", async () => {
    const binding = action("deleteTargetGroupBinding", { namespace: "shop", name: "web" });
    const { api } = fakeApi({});
    await expect(send(awsExecutor(api), binding)).rejects.toMatchObject({ code: "NoCluster", outcome: "refused" });
    const sent: Step[] = [];
    const kubernetes = {
      send: async (step: Step) => void sent.push(step),
      find: async () => ({ arn: "shop/web", spec: {} }),
    };
    const executor = awsExecutor(api, { kubernetes: kubernetes as never });
    await send(executor, binding);
    expect(sent).toEqual([stepOf(binding)]);
    expect(await executor.find(stepOf(binding))).toEqual({ arn: "shop/web", spec: {} });
  });
});

describe("what is in the way", () => {
  it("a security group, by name and VPC", async () => {
    const { api, asked } = fakeApi({
      DescribeSecurityGroups: {
        SecurityGroups: [
          { GroupId: "sg-0", GroupName: "other", VpcId: "vpc-1" },
          { GroupId: "sg-1", GroupName: "web*", Description: "d", VpcId: "vpc-1", Tags: TAG_LIST },
        ],
      },
    });
    const create = action("createSecurityGroup", {
      vpcId: "vpc-1",
      spec: { name: "web*", description: "d", ingress: [], tags: TAGS },
    });
    const found = await awsExecutor(api).find(stepOf(create));
    expect(found).toMatchObject({ arn: "sg-1", vpcId: "vpc-1" });
    expect(twinDifferences(create, found as Found)).toEqual([]);
    expect(asked[0]?.input).toEqual({
      Filters: [
        { Name: "group-name", Values: ["web*"] },
        { Name: "vpc-id", Values: ["vpc-1"] },
      ],
    });
  });

  it("the group whose permissions change", async () => {
    const IpPermissions = [
      {
        IpProtocol: "tcp",
        FromPort: 80,
        ToPort: 80,
        IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "a" }],
        UserIdGroupPairs: [{ GroupId: "sg-2" }],
      },
    ];
    const revoke = action("revokeSecurityGroupIngress", { securityGroupId: "sg-1", permissions: [] });
    expect(
      await find({ DescribeSecurityGroups: { SecurityGroups: [{ GroupId: "sg-1", IpPermissions }] } }, revoke),
    ).toMatchObject({
      spec: {
        ingress: [
          { protocol: "tcp", fromPort: 80, toPort: 80, source: { cidrIp: "10.0.0.0/8" }, description: "a" },
          { protocol: "tcp", fromPort: 80, toPort: 80, source: { securityGroupId: "sg-2" } },
        ],
      },
    });
  });

  it("a load balancer, by name, with its own tags", async () => {
    const answers = {
      DescribeLoadBalancers: {
        LoadBalancers: [
          {
            LoadBalancerArn: "arn:lb",
            LoadBalancerName: "web",
            Type: "application",
            Scheme: "internal",
            IpAddressType: "ipv4",
            VpcId: "vpc-1",
            DNSName: "web.elb",
            State: { Code: "provisioning" },
            AvailabilityZones: [{ SubnetId: "subnet-2" }, { SubnetId: "subnet-1" }],
            SecurityGroups: [],
          },
        ],
      },
      DescribeTags: ({ ResourceArns }: { readonly [field: string]: unknown }) => ({
        TagDescriptions: [
          {
            ResourceArn: ResourceArns,
            Tags: [...TAG_LIST.slice(0, 2), { Key: "ingress.k8s.aws/resource", Value: "LoadBalancer" }],
          },
        ],
      }),
    };
    const found = await find(answers, loadBalancer());
    expect(found).toMatchObject({ arn: "arn:lb", dnsName: "web.elb" });
    expect(twinDifferences(loadBalancer(), found as Found)).toEqual([]);
    const stranger = await find({ ...answers, DescribeTags: { TagDescriptions: [] } }, loadBalancer());
    expect(isStranger(twinDifferences(loadBalancer(), stranger as Found))).toBe(true);
    expect(await find({ DescribeLoadBalancers: "LoadBalancerNotFound" }, loadBalancer())).toBeUndefined();
    await expect(find({ DescribeLoadBalancers: "AccessDenied" }, loadBalancer())).rejects.toMatchObject({
      code: "AccessDenied",
    });
  });

  it("a target group, by name", async () => {
    const healthCheck = {
      port: 8080,
      protocol: "HTTP",
      path: "/up",
      intervalSeconds: 15,
      timeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
      matcher: { httpCode: "200" },
    };
    const create = action("createTargetGroup", {
      vpcId: "vpc-1",
      spec: {
        name: "tg",
        targetType: "ip",
        port: 80,
        protocol: "HTTP",
        protocolVersion: "HTTP1",
        healthCheck,
        tags: TAGS,
      },
    });
    const found = await find(
      {
        DescribeTargetGroups: {
          TargetGroups: [
            {
              TargetGroupArn: "arn:tg",
              TargetGroupName: "tg",
              TargetType: "ip",
              Port: 80,
              Protocol: "HTTP",
              ProtocolVersion: "HTTP1",
              VpcId: "vpc-1",
              HealthCheckPort: "8080",
              HealthCheckProtocol: "HTTP",
              HealthCheckPath: "/up",
              HealthCheckIntervalSeconds: 15,
              HealthCheckTimeoutSeconds: 5,
              HealthyThresholdCount: 2,
              UnhealthyThresholdCount: 3,
              Matcher: { HttpCode: "200" },
              IpAddressType: "ipv4",
            },
          ],
        },
        DescribeTags: { TagDescriptions: [{ Tags: TAG_LIST }] },
      },
      create,
    );
    expect(twinDifferences(create, found as Found)).toEqual([]);
    expect(await find({ DescribeTargetGroups: "TargetGroupNotFound" }, create)).toBeUndefined();
  });

  it("a listener by port and a rule by number, on whatever page they are", async () => {
    const listener = action("createListener", {
      spec: {
        loadBalancerArn: "arn:lb",
        port: 443,
        protocol: "HTTPS",
        certificates: ["arn:c"],
        defaultActions: [FORWARD],
      },
    });
    const pages =
      (first: object, second: object) =>
      ({ Marker }: { readonly [field: string]: unknown }) =>
        Marker === "next" ? second : { ...first, NextMarker: "next" };
    const listeners = pages(
      { Listeners: [{ ListenerArn: "arn:l80", Port: 80 }] },
      {
        Listeners: [
          {
            ListenerArn: "arn:l443",
            LoadBalancerArn: "arn:lb",
            Port: 443,
            Protocol: "HTTPS",
            SslPolicy: "P",
            Certificates: [{ CertificateArn: "arn:c" }],
            DefaultActions: [
              {
                Type: "forward",
                Order: 1,
                TargetGroupArn: "arn:tg",
                ForwardConfig: {
                  TargetGroups: [{ TargetGroupArn: "arn:tg", Weight: 1 }],
                  TargetGroupStickinessConfig: { Enabled: false },
                },
              },
            ],
          },
        ],
      },
    );
    const found = await find({ DescribeListeners: listeners }, listener);
    expect(found?.arn).toBe("arn:l443");
    expect(twinDifferences(listener, found as Found)).toEqual([]);
    expect(await find({ DescribeListeners: { Listeners: [] } }, listener)).toBeUndefined();

    const rule = action("createRule", {
      spec: {
        listenerArn: "arn:l",
        priority: 7,
        conditions: [{ field: "host-header", hostHeaderConfig: { values: ["a.example"] } }],
        actions: [FORWARD],
      },
    });
    const rules = pages(
      {
        Rules: [
          { RuleArn: "arn:r1", Priority: "1" },
          { RuleArn: "arn:default", Priority: "default", IsDefault: true },
        ],
      },
      {
        Rules: [
          {
            RuleArn: "arn:r7",
            Priority: "7",
            Conditions: [{ Field: "host-header", Values: ["a.example"], HostHeaderConfig: { Values: ["a.example"] } }],
            Actions: [{ Type: "forward", TargetGroupArn: "arn:tg", Order: 1 }],
          },
        ],
      },
    );
    const foundRule = await find({ DescribeRules: rules }, rule);
    expect(foundRule?.arn).toBe("arn:r7");
    expect(twinDifferences(rule, foundRule as Found)).toEqual([]);
    expect(await find({ DescribeRules: { Rules: [] } }, rule)).toBeUndefined();
  });

  it("a Shield protection, by what it protects", async () => {
    const create = action("createShieldProtection", { name: "ours", resourceArn: "arn:lb" });
    expect(await find({ DescribeProtection: { Protection: { Id: "p-1", Name: "theirs" } } }, create)).toEqual({
      arn: "p-1",
      spec: { name: "theirs" },
    });
    expect(await find({ DescribeProtection: "ResourceNotFound" }, create)).toBeUndefined();
  });

  it("nothing, where an action asks for no place", async () => {
    expect(await find({}, action("deleteRule", { ruleArn: "arn:r" }))).toBeUndefined();
  });
});

describe("what is waited for", () => {
  const met = (answers: Answers, until: ActionOf<"wait">["details"]["until"]) =>
    awsExecutor(fakeApi(answers).api).met(
      action("wait", { until, subject: "arn:it", deadlineSeconds: 9, onDeadline: "stop" }) as ActionOf<"wait">,
    );
  const balancer = (Code: string, Reason?: string) => ({
    DescribeLoadBalancers: { LoadBalancers: [{ State: { Code, Reason } }] },
  });
  const certificate = (Status: string, FailureReason?: string) => ({
    DescribeCertificate: { Certificate: { Status, FailureReason } },
  });
  const targets = (...states: readonly string[]) => ({
    DescribeTargetHealth: {
      TargetHealthDescriptions: states.map((State, index) => ({
        Target: { Id: `i-${index}`, Port: 80 },
        TargetHealth: { State },
      })),
    },
  });

  it.each([
    ["load-balancer-active", balancer("provisioning"), { state: "unmet", note: "it is provisioning" }],
    ["load-balancer-active", balancer("active"), { state: "met" }],
    ["load-balancer-active", balancer("active_impaired"), { state: "met" }],
    ["load-balancer-active", balancer("failed", "no addresses"), { state: "failed", note: "no addresses" }],
    ["certificate-issued", certificate("PENDING_VALIDATION"), { state: "unmet", note: "its validation is pending" }],
    ["certificate-issued", certificate("ISSUED"), { state: "met" }],
    [
      "certificate-issued",
      certificate("FAILED", "CAA_ERROR"),
      { state: "failed", note: "its status is FAILED: CAA_ERROR" },
    ],
    ["targets-healthy", targets(), { state: "met" }],
    ["targets-healthy", targets("healthy", "unavailable", "draining", "unused"), { state: "met" }],
    ["targets-healthy", targets("healthy", "initial", "unhealthy"), { state: "unmet", note: "1 of 3 healthy" }],
    ["targets-drained", targets(), { state: "met" }],
    [
      "targets-drained",
      targets("unused", "unused"),
      { state: "unmet", note: "connections to 2 targets have time to end" },
    ],
    ["targets-drained", { DescribeTargetHealth: "TargetGroupNotFound" }, { state: "met" }],
  ] as const)("%s with %j is %j", async (until, answers, state) => {
    expect(await met(answers, until)).toEqual(state);
  });

  it("that doesn't exist is an error", async () => {
    await expect(met({ DescribeTargetHealth: "TargetGroupNotFound" }, "targets-healthy")).rejects.toMatchObject({
      code: "TargetGroupNotFound",
    });
  });
});
