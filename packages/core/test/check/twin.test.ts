import { describe, expect, it } from "vitest";
import { isStranger, isTwinKind, remainingPermissions, twinDifferences } from "../../src/check/twin.ts";
import type { Action, ActionDetails, ActionKind } from "../../src/model/action.ts";
import type { Found } from "../../src/model/executor.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";

function action<K extends ActionKind>(kind: K, details: ActionDetails[K]): Action {
  return deepFreeze({
    id: kind,
    kind,
    stack: "s",
    resource: "r",
    dependsOn: [],
    reason: "",
    disruption: "none",
    details,
  }) as unknown as Action;
}

const OURS = {
  "elbv2.k8s.aws/cluster": "test",
  "ingress.k8s.aws/stack": "shop/web",
  "ingress.k8s.aws/resource": "x",
  team: "shop",
};
const found = (spec: object, rest: object = {}): Found => deepFreeze({ arn: "arn:found", spec, ...rest });
const paths = (it: Action, there: Found): readonly string[] => twinDifferences(it, there).map(({ path }) => path);

const HEALTH = {
  port: "traffic-port",
  protocol: "HTTP",
  path: "/",
  intervalSeconds: 15,
  timeoutSeconds: 5,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 2,
};
const GROUP = {
  name: "tg",
  targetType: "ip",
  protocol: "HTTP",
  protocolVersion: "HTTP1",
  port: 80,
  healthCheck: HEALTH,
  tags: OURS,
} as const;
const BALANCER = {
  name: "lb",
  type: "application",
  scheme: "internal",
  ipAddressType: "ipv4",
  subnetMappings: [{ subnetId: "a" }, { subnetId: "b" }],
  securityGroups: ["sg-1", "sg-2"],
  tags: OURS,
} as const;
const FORWARD = {
  type: "forward",
  forwardConfig: { targetGroups: [{ targetGroupArn: "arn:tg", weight: 1 }] },
} as const;
const LISTENER = {
  loadBalancerArn: "arn:lb",
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "P",
  certificates: ["arn:c"],
  defaultActions: [FORWARD],
} as const;
const VERIFY = { mode: "verify", trustStoreArn: "arn:trust" } as const;
const RULE = {
  listenerArn: "arn:l",
  priority: 3,
  conditions: [{ field: "path-pattern", pathPatternConfig: { values: ["/a"] } }],
  actions: [FORWARD],
} as const;

describe("twins", () => {
  it.each([
    {
      name: "a security group",
      it: action("createSecurityGroup", {
        vpcId: "vpc-1",
        spec: { name: "sg", description: "d", ingress: [], tags: OURS },
      }),
      there: found(
        { name: "sg", description: "other", ingress: [{}], tags: { ...OURS, "aws:x": "y" } },
        { vpcId: "vpc-1" },
      ),
    },
    {
      name: "a target group with what AWS fills in",
      it: action("createTargetGroup", { vpcId: "vpc-1", spec: { ...GROUP, healthCheck: { ...HEALTH, port: 8080 } } }),
      there: found(
        {
          ...GROUP,
          ipAddressType: "ipv4",
          healthCheck: { ...HEALTH, port: "8080", matcher: { httpCode: "200" } },
          attributes: { a: "b" },
        },
        { vpcId: "vpc-1" },
      ),
    },
    {
      name: "a target group whose port isn't known",
      it: action("createTargetGroup", { vpcId: "vpc-1", spec: { ...GROUP, port: { unknown: "node port" } } }),
      there: found({ ...GROUP, port: 31000 }, { vpcId: "vpc-1" }),
    },
    {
      name: "a load balancer with its lists in another order",
      it: action("createLoadBalancer", { spec: BALANCER }),
      there: found({
        ...BALANCER,
        subnetMappings: [{ subnetId: "b" }, { subnetId: "a" }],
        securityGroups: ["sg-2", "sg-1"],
        attributes: { a: "b" },
      }),
    },
    {
      name: "a listener, whatever its tags",
      it: action("createListener", { spec: { ...LISTENER, tags: OURS } }),
      there: found({ ...LISTENER, certificates: ["arn:c", "arn:d"], tags: {} }),
    },
    {
      name: "a listener with what AWS fills in of mutual authentication",
      it: action("createListener", { spec: { ...LISTENER, mutualAuthentication: VERIFY } }),
      there: found({
        ...LISTENER,
        mutualAuthentication: { ...VERIFY, ignoreClientCertificateExpiry: false, advertiseTrustStoreCaNames: "off" },
      }),
    },
    {
      name: "a rule as AWS returns it",
      it: action("createRule", { spec: { ...RULE, tags: OURS } }),
      there: found({
        ...RULE,
        actions: [
          {
            type: "forward",
            forwardConfig: {
              targetGroups: [{ targetGroupArn: "arn:tg", weight: 1 }],
              targetGroupStickinessConfig: { enabled: false },
            },
          },
        ],
        transforms: [],
      }),
    },
    {
      name: "a Shield protection, whatever its name",
      it: action("createShieldProtection", { name: "ours", resourceArn: "arn:lb" }),
      there: found({ name: "theirs" }),
    },
  ])("are $name", ({ it: asked, there }) => {
    expect(paths(asked, there)).toEqual([]);
    expect(isTwinKind(asked.kind)).toBe(true);
  });

  it.each([
    {
      name: "a group in another VPC",
      it: action("createSecurityGroup", {
        vpcId: "vpc-1",
        spec: { name: "sg", description: "d", ingress: [], tags: OURS },
      }),
      there: found({ tags: OURS }, { vpcId: "vpc-2" }),
      expected: ["/vpcId"],
      stranger: false,
    },
    {
      name: "somebody else's group",
      it: action("createSecurityGroup", {
        vpcId: "vpc-1",
        spec: { name: "sg", description: "d", ingress: [], tags: OURS },
      }),
      there: found({}, { vpcId: "vpc-1" }),
      expected: [
        "/tags/elbv2.k8s.aws~1cluster",
        "/tags/ingress.k8s.aws~1resource",
        "/tags/ingress.k8s.aws~1stack",
        "/tags/team",
      ],
      stranger: true,
    },
    {
      name: "another type and health check",
      it: action("createTargetGroup", { vpcId: "vpc-1", spec: GROUP }),
      there: found(
        { ...GROUP, targetType: "instance", healthCheck: { ...HEALTH, path: "/health" } },
        { vpcId: "vpc-1" },
      ),
      expected: ["/targetType", "/healthCheck/path"],
      stranger: false,
    },
    {
      name: "other subnets, groups and scheme",
      it: action("createLoadBalancer", { spec: BALANCER }),
      there: found({ ...BALANCER, scheme: "internet-facing", subnetMappings: [{ subnetId: "a" }], securityGroups: [] }),
      expected: ["/scheme", "/subnetMappings", "/securityGroups"],
      stranger: false,
    },
    {
      name: "another stack's load balancer",
      it: action("createLoadBalancer", { spec: BALANCER }),
      there: found({ ...BALANCER, tags: { ...OURS, "ingress.k8s.aws/stack": "other" } }),
      expected: ["/tags/ingress.k8s.aws~1stack"],
      stranger: true,
    },
    {
      name: "another certificate, policy and default",
      it: action("createListener", { spec: LISTENER }),
      there: found({
        ...LISTENER,
        sslPolicy: "Q",
        certificates: ["arn:d", "arn:c"],
        defaultActions: [{ type: "fixed-response", fixedResponseConfig: { statusCode: "404" } }],
      }),
      expected: ["/sslPolicy", "/defaultActions", "/certificates/0"],
      stranger: false,
    },
    {
      name: "no mutual authentication where it is asked for",
      it: action("createListener", { spec: { ...LISTENER, mutualAuthentication: VERIFY } }),
      there: found({ ...LISTENER, mutualAuthentication: { mode: "off" } }),
      expected: ["/mutualAuthentication"],
      stranger: false,
    },
    {
      name: "another rule",
      it: action("createRule", { spec: RULE }),
      there: found({ ...RULE, conditions: [{ field: "path-pattern", pathPatternConfig: { values: ["/b"] } }] }),
      expected: ["/conditions"],
      stranger: false,
    },
    {
      name: "another binding",
      it: action("createTargetGroupBinding", {
        spec: {
          namespace: "n",
          name: "b",
          labels: {},
          targetGroupArn: "arn:tg",
          targetType: "ip",
          serviceRef: { name: "web", port: 80 },
          ipAddressType: "ipv4",
          vpcId: "vpc-1",
          targetGroupProtocol: "HTTP",
        },
      }),
      there: found({
        namespace: "n",
        name: "b",
        labels: {},
        targetGroupArn: "arn:old",
        targetType: "ip",
        serviceRef: { name: "web", port: 80 },
        ipAddressType: "ipv4",
        vpcId: "vpc-1",
        targetGroupProtocol: "HTTP",
      }),
      expected: ["/targetGroupArn"],
      stranger: false,
    },
  ])("are not: $name", ({ it: asked, there, expected, stranger }) => {
    expect(paths(asked, there)).toEqual(expected);
    expect(isStranger(twinDifferences(asked, there))).toBe(stranger);
  });

  it("what creates nothing, and a certificate, has none", () => {
    expect(isTwinKind("requestCertificate")).toBe(false);
    expect(twinDifferences(action("deleteRule", { ruleArn: "arn:r" }), found({}))).toEqual([]);
  });
});

describe("permissions that remain", () => {
  const permission = (port: number, description?: string) => ({
    protocol: "tcp",
    fromPort: port,
    toPort: port,
    source: { cidrIp: "0.0.0.0/0" },
    ...(description === undefined ? {} : { description }),
  });
  const authorize = action("authorizeSecurityGroupIngress", {
    securityGroupId: "sg-1",
    permissions: [permission(80), permission(443)],
  });
  const revoke = action("revokeSecurityGroupIngress", {
    securityGroupId: "sg-1",
    permissions: [permission(80), permission(443)],
  });
  const of = (it: Action, ...ports: readonly number[]) =>
    remainingPermissions(it, found({ ingress: ports.map((port) => permission(port, "described otherwise")) }));

  it.each([
    { it: authorize, there: [], left: [80, 443] },
    { it: authorize, there: [80, 22], left: [443] },
    { it: authorize, there: [80, 443], left: null },
    { it: revoke, there: [80, 443, 22], left: [80, 443] },
    { it: revoke, there: [443], left: [443] },
    { it: revoke, there: [22], left: null },
  ])("$it.kind with $there there: $left", ({ it: asked, there, left }) => {
    const remaining = of(asked, ...there);
    expect(
      remaining === null
        ? null
        : (remaining as typeof asked & { details: { permissions: { fromPort: number }[] } }).details.permissions.map(
            ({ fromPort }) => fromPort,
          ),
    ).toEqual(left);
  });

  it("of anything else aren't spoken of", () => {
    expect(of(action("deleteRule", { ruleArn: "arn:r" }))).toBeUndefined();
  });
});
