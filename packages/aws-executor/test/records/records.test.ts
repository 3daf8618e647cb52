import { describe, expect, it } from "vitest";
import { listenerRecord } from "../../src/records/listener.ts";
import { listenerRuleRecord } from "../../src/records/listener-rule.ts";
import { loadBalancerRecord } from "../../src/records/load-balancer.ts";
import { securityGroupRecord } from "../../src/records/security-group.ts";
import { tagsOf } from "../../src/records/tags.ts";
import { targetRecord } from "../../src/records/target.ts";
import { targetGroupRecord } from "../../src/records/target-group.ts";

describe("AWS's descriptions as records of the inventory", () => {
  it("a rule: actions in their order, conditions and transforms in lower case", () => {
    const record = listenerRuleRecord(
      {
        RuleArn: "arn:r",
        Priority: "12",
        Conditions: [
          { Field: "path-pattern", Values: ["/old"] },
          { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-A", Values: ["1"], RegexValues: [] } },
          { Field: "query-string", QueryStringConfig: { Values: [{ Key: "a", Value: "b" }, { Value: "c" }] } },
          { Field: "host-header", RegexValues: ["^a"], HostHeaderConfig: { RegexValues: ["^a"] } },
        ],
        Actions: [
          { Type: "forward", Order: 2, TargetGroupArn: "arn:tg" },
          {
            Type: "authenticate-oidc",
            Order: 1,
            AuthenticateOidcConfig: {
              Issuer: "i",
              AuthorizationEndpoint: "a",
              TokenEndpoint: "t",
              UserInfoEndpoint: "u",
              ClientId: "id",
              UseExistingClientSecret: true,
              AuthenticationRequestExtraParams: { Prompt: "login", __proto__x: "y" },
            },
          },
        ],
        Transforms: [{ Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "^/a", Replace: "/b" }] } }],
      },
      "arn:l",
      { tags: { a: "b" } },
    );
    expect(record).toEqual({
      arn: "arn:r",
      spec: {
        listenerArn: "arn:l",
        priority: 12,
        conditions: [
          { field: "path-pattern", pathPatternConfig: { values: ["/old"] } },
          { field: "http-header", httpHeaderConfig: { httpHeaderName: "X-A", values: ["1"] } },
          { field: "query-string", queryStringConfig: { values: [{ key: "a", value: "b" }, { value: "c" }] } },
          { field: "host-header", hostHeaderConfig: { regexValues: ["^a"] } },
        ],
        actions: [
          {
            type: "authenticate-oidc",
            authenticateOidcConfig: {
              issuer: "i",
              authorizationEndpoint: "a",
              tokenEndpoint: "t",
              userInfoEndpoint: "u",
              clientId: "id",
              authenticationRequestExtraParams: { Prompt: "login", __proto__x: "y" },
            },
          },
          { type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn: "arn:tg", weight: 1 }] } },
        ],
        transforms: [{ type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "^/a", replace: "/b" }] } }],
        tags: { a: "b" },
      },
    });
  });

  it("a listener: the default certificate first, then the others", () => {
    const record = listenerRecord(
      {
        ListenerArn: "arn:l",
        LoadBalancerArn: "arn:lb",
        Port: 443,
        Protocol: "HTTPS",
        SslPolicy: "P",
        Certificates: [{ CertificateArn: "arn:c1" }],
        DefaultActions: [{ Type: "fixed-response", Order: 1, FixedResponseConfig: { StatusCode: "404" } }],
        MutualAuthentication: {
          Mode: "verify",
          TrustStoreArn: "arn:ts",
          IgnoreClientCertificateExpiry: false,
          TrustStoreAssociationStatus: "active",
          AdvertiseTrustStoreCaNames: "off",
        },
      },
      {
        certificates: [
          { CertificateArn: "arn:c1", IsDefault: true },
          { CertificateArn: "arn:c2", IsDefault: false },
          { CertificateArn: "arn:c1", IsDefault: false },
        ],
        attributes: { x: "y" },
      },
    );
    expect(record).toEqual({
      arn: "arn:l",
      spec: {
        loadBalancerArn: "arn:lb",
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "P",
        certificates: ["arn:c1", "arn:c2", "arn:c1"],
        defaultActions: [{ type: "fixed-response", fixedResponseConfig: { statusCode: "404" } }],
        mutualAuthentication: {
          mode: "verify",
          trustStoreArn: "arn:ts",
          ignoreClientCertificateExpiry: false,
          advertiseTrustStoreCaNames: "off",
        },
        attributes: { x: "y" },
        tags: {},
      },
    });
  });

  it("a load balancer, with what else was asked", () => {
    const described = {
      LoadBalancerArn: "arn:lb",
      LoadBalancerName: "web",
      VpcId: "vpc-1",
      DNSName: "d",
      State: { Code: "active" as const },
      Type: "network" as const,
      Scheme: "internal" as const,
      IpAddressType: "dualstack" as const,
      AvailabilityZones: [
        { SubnetId: "s-1", LoadBalancerAddresses: [{ AllocationId: "eip-1" }] },
        { SubnetId: "s-2", LoadBalancerAddresses: [] },
      ],
      IpamPools: { Ipv4IpamPoolId: "pool" },
      CustomerOwnedIpv4Pool: "coip",
    };
    expect(
      loadBalancerRecord(described, { minimumCapacityUnits: 0, tags: { a: "b" }, attributes: { c: "d" } }),
    ).toEqual({
      arn: "arn:lb",
      vpcId: "vpc-1",
      dnsName: "d",
      state: "active",
      spec: {
        name: "web",
        type: "network",
        scheme: "internal",
        ipAddressType: "dualstack",
        subnetMappings: [{ subnetId: "s-1", allocationId: "eip-1" }, { subnetId: "s-2" }],
        customerOwnedIpv4Pool: "coip",
        ipv4IpamPoolId: "pool",
        minimumCapacityUnits: 0,
        attributes: { c: "d" },
        tags: { a: "b" },
      },
    });
    expect(loadBalancerRecord({ ...described, SecurityGroups: ["sg-1"] }).spec.securityGroups).toEqual(["sg-1"]);
  });

  it("a target group", () => {
    const described = {
      TargetGroupArn: "arn:tg",
      TargetGroupName: "tg",
      Protocol: "HTTP" as const,
      Port: 80,
      VpcId: "vpc-1",
      HealthCheckPort: "traffic-port",
      HealthCheckProtocol: "HTTP" as const,
      HealthCheckIntervalSeconds: 15,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      HealthCheckPath: "/",
      Matcher: { GrpcCode: "12" },
      LoadBalancerArns: ["arn:lb"],
      TargetType: "ip" as const,
      ProtocolVersion: "GRPC",
      IpAddressType: "ipv6" as const,
      TargetControlPort: 3000,
    };
    expect(targetGroupRecord(described)).toEqual({
      arn: "arn:tg",
      vpcId: "vpc-1",
      loadBalancerArns: ["arn:lb"],
      spec: {
        name: "tg",
        targetType: "ip",
        port: 80,
        protocol: "HTTP",
        protocolVersion: "GRPC",
        ipAddressType: "ipv6",
        targetControlPort: 3000,
        healthCheck: {
          port: "traffic-port",
          protocol: "HTTP",
          path: "/",
          matcher: { grpcCode: "12" },
          intervalSeconds: 15,
          timeoutSeconds: 5,
          healthyThresholdCount: 2,
          unhealthyThresholdCount: 2,
        },
        tags: {},
      },
    });
  });

  it("a security group: one permission for each source; all protocols have no ports", () => {
    const record = securityGroupRecord({
      GroupId: "sg-1",
      GroupName: "web",
      Description: "d",
      VpcId: "vpc-1",
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 80,
          ToPort: 81,
          IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "" }],
          Ipv6Ranges: [{ CidrIpv6: "::/0", Description: "six" }],
          PrefixListIds: [{ PrefixListId: "pl-1" }],
        },
        { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: "sg-2" }] },
      ],
      Tags: [{ Key: "a", Value: "b" }],
    });
    expect(record).toEqual({
      arn: "sg-1",
      vpcId: "vpc-1",
      spec: {
        name: "web",
        description: "d",
        ingress: [
          { protocol: "tcp", fromPort: 80, toPort: 81, source: { cidrIp: "10.0.0.0/8" } },
          { protocol: "tcp", fromPort: 80, toPort: 81, source: { cidrIpv6: "::/0" }, description: "six" },
          { protocol: "tcp", fromPort: 80, toPort: 81, source: { prefixListId: "pl-1" } },
          { protocol: "-1", fromPort: -1, toPort: -1, source: { securityGroupId: "sg-2" } },
        ],
        tags: { a: "b" },
      },
    });
  });

  it("targets and tags, also with hostile keys", () => {
    expect(
      targetRecord({
        Target: { Id: "i-1", Port: 80, AvailabilityZone: "all" },
        TargetHealth: { State: "unhealthy.draining" },
      }),
    ).toEqual({ id: "i-1", port: 80, availabilityZone: "all", state: "draining" });
    const tags = tagsOf([{ Key: "__proto__", Value: "x" }, { Key: "a" }, { Value: "lost" }]);
    expect(Object.entries(tags)).toEqual([
      ["__proto__", "x"],
      ["a", ""],
    ]);
  });
});
