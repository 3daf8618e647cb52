import { describe, expect, it } from "vitest";
import { callFor } from "../src/call-for.ts";
import type { Action, ActionDetails, ActionKind } from "../src/model/action.ts";
import { NOT_FOUND, path, ref, targetGroupSpec, tcp } from "./fixtures/graph.ts";

const callOf = <K extends ActionKind>(kind: K, details: ActionDetails[K]) =>
  callFor({
    id: "a",
    kind,
    stack: "s",
    resource: "r",
    details,
    dependsOn: [],
    reason: "",
    disruption: "none",
  } as Action);

const listenerArn = ref("listener/443");
const ruleArn = "arn:rule";
const loadBalancerArn = ref("loadBalancer/LoadBalancer");
const targetGroupArn = ref("targetGroup/shop/web-web:80");
const tags = { b: "2", a: "1" };
const tagList = [
  { Key: "a", Value: "1" },
  { Key: "b", Value: "2" },
];
const elb = "elasticloadbalancingv2";
const group = { securityGroupId: "sg-1", permissions: [tcp(80)] };
const permission = { IpProtocol: "tcp", FromPort: 80, ToPort: 80 };
const certificate = { listenerArn, certificateArn: "arn:cert" };
const targets = {
  targetGroupArn,
  targets: [
    { id: "i-1", port: 80 },
    { id: "10.0.0.1", port: 8080, availabilityZone: "all" },
  ],
};
const targetList = [
  { Id: "i-1", Port: 80 },
  { Id: "10.0.0.1", Port: 8080, AvailabilityZone: "all" },
];
const notFound = {
  Type: "fixed-response",
  FixedResponseConfig: { ContentType: "text/plain", StatusCode: "404" },
  Order: 1,
};
const binding = {
  namespace: "shop",
  name: "tg",
  labels: { l: "1" },
  targetGroupArn,
  targetType: "ip" as const,
  serviceRef: { name: "web", port: "http" },
  networking: { ingress: [{ from: [{ securityGroupId: "sg-1" }], ports: [{ protocol: "TCP" as const, port: 80 }] }] },
  ipAddressType: "ipv4" as const,
  vpcId: "vpc-1",
  targetGroupProtocol: "HTTP",
};

const RECORD = { certificateArn: "arn:cert", domainName: "a.io" };

/** Every kind of action, so that none is forgotten. */
const CASES: { readonly [K in ActionKind]: readonly [ActionDetails[K], string | null, string | null, unknown] } = {
  createSecurityGroup: [
    { vpcId: "vpc-1", spec: { name: "n", description: "d", ingress: [], tags } },
    "ec2",
    "CreateSecurityGroup",
    {
      GroupName: "n",
      Description: "d",
      VpcId: "vpc-1",
      TagSpecifications: [{ ResourceType: "security-group", Tags: tagList }],
    },
  ],
  authorizeSecurityGroupIngress: [
    {
      securityGroupId: "sg-1",
      permissions: [
        { ...tcp(80), description: "x" },
        tcp(80, { cidrIpv6: "::/0" }),
        tcp(80, { prefixListId: "pl-1" }),
        tcp(80, { securityGroupId: ref("securityGroup/x", "id") }),
      ],
    },
    "ec2",
    "AuthorizeSecurityGroupIngress",
    {
      GroupId: "sg-1",
      IpPermissions: [
        { ...permission, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "x" }] },
        { ...permission, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
        { ...permission, PrefixListIds: [{ PrefixListId: "pl-1" }] },
        { ...permission, UserIdGroupPairs: [{ GroupId: ref("securityGroup/x", "id") }] },
      ],
    },
  ],
  revokeSecurityGroupIngress: [
    group,
    "ec2",
    "RevokeSecurityGroupIngress",
    { GroupId: "sg-1", IpPermissions: [{ ...permission, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] },
  ],
  deleteSecurityGroup: [{ securityGroupId: "sg-1" }, "ec2", "DeleteSecurityGroup", { GroupId: "sg-1" }],
  createTags: [{ resourceId: "sg-1", tags }, "ec2", "CreateTags", { Resources: ["sg-1"], Tags: tagList }],
  deleteTags: [
    { resourceId: "sg-1", keys: ["a", "b"] },
    "ec2",
    "DeleteTags",
    { Resources: ["sg-1"], Tags: [{ Key: "a" }, { Key: "b" }] },
  ],
  upsertValidationRecord: [
    { certificateArn: "arn:cert", domainName: "a.io" },
    "route53",
    "ChangeResourceRecordSets",
    {
      HostedZoneId: { ...RECORD, unknown: "hosted zone of a.io", part: "hostedZoneId" },
      ChangeBatch: {
        Changes: [
          {
            Action: "UPSERT",
            ResourceRecordSet: {
              Name: { ...RECORD, unknown: "name of the validation record of a.io", part: "name" },
              Type: "CNAME",
              TTL: 60,
              ResourceRecords: [
                { Value: { ...RECORD, unknown: "value of the validation record of a.io", part: "value" } },
              ],
            },
          },
        ],
      },
    },
  ],
  requestCertificate: [
    {
      spec: {
        type: "PRIVATE",
        certificateAuthorityArn: "arn:ca",
        domainName: "a.io",
        subjectAlternativeNames: ["a.io"],
        validationMethod: "DNS",
        keyAlgorithm: "RSA_2048",
        tags,
      },
      idempotencyToken: "t",
    },
    "acm",
    "RequestCertificate",
    {
      DomainName: "a.io",
      SubjectAlternativeNames: ["a.io"],
      CertificateAuthorityArn: "arn:ca",
      KeyAlgorithm: "RSA_2048",
      IdempotencyToken: "t",
      Tags: tagList,
    },
  ],
  deleteCertificate: [{ certificateArn: "arn:cert" }, "acm", "DeleteCertificate", { CertificateArn: "arn:cert" }],
  createTargetGroup: [
    { vpcId: "vpc-1", spec: targetGroupSpec("tg", { targetControlPort: 3000, tags }) },
    elb,
    "CreateTargetGroup",
    {
      Name: "tg",
      TargetType: "instance",
      Protocol: "HTTP",
      ProtocolVersion: "HTTP1",
      Port: 30080,
      VpcId: "vpc-1",
      HealthCheckEnabled: true,
      HealthCheckPort: "traffic-port",
      HealthCheckProtocol: "HTTP",
      HealthCheckPath: "/",
      HealthCheckIntervalSeconds: 15,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: "200" },
      TargetControlPort: 3000,
      Tags: tagList,
    },
  ],
  modifyTargetGroup: [
    { targetGroupArn, healthCheck: { port: 8080, matcher: { grpcCode: "0" } } },
    elb,
    "ModifyTargetGroup",
    { TargetGroupArn: targetGroupArn, HealthCheckPort: "8080", Matcher: { GrpcCode: "0" } },
  ],
  modifyTargetGroupAttributes: [
    { targetGroupArn, attributes: tags },
    elb,
    "ModifyTargetGroupAttributes",
    { TargetGroupArn: targetGroupArn, Attributes: tagList },
  ],
  deleteTargetGroup: [{ targetGroupArn }, elb, "DeleteTargetGroup", { TargetGroupArn: targetGroupArn }],
  registerTargets: [targets, elb, "RegisterTargets", { TargetGroupArn: targetGroupArn, Targets: targetList }],
  deregisterTargets: [targets, elb, "DeregisterTargets", { TargetGroupArn: targetGroupArn, Targets: targetList }],
  createLoadBalancer: [
    {
      spec: {
        name: "lb",
        type: "application",
        scheme: "internal",
        ipAddressType: "ipv4",
        subnetMappings: [{ subnetId: "subnet-a", allocationId: "eip" }],
        securityGroups: ["sg-1", ref("securityGroup/x", "id")],
        customerOwnedIpv4Pool: "co",
        ipv4IpamPoolId: "ipam-pool-1",
        tags,
      },
    },
    elb,
    "CreateLoadBalancer",
    {
      Name: "lb",
      Type: "application",
      Scheme: "internal",
      IpAddressType: "ipv4",
      SubnetMappings: [{ SubnetId: "subnet-a", AllocationId: "eip" }],
      SecurityGroups: ["sg-1", ref("securityGroup/x", "id")],
      CustomerOwnedIpv4Pool: "co",
      IpamPools: { Ipv4IpamPoolId: "ipam-pool-1" },
      Tags: tagList,
    },
  ],
  modifyLoadBalancerAttributes: [
    { loadBalancerArn, attributes: tags },
    elb,
    "ModifyLoadBalancerAttributes",
    { LoadBalancerArn: loadBalancerArn, Attributes: tagList },
  ],
  setSecurityGroups: [
    { loadBalancerArn, securityGroups: ["sg-1"] },
    elb,
    "SetSecurityGroups",
    { LoadBalancerArn: loadBalancerArn, SecurityGroups: ["sg-1"] },
  ],
  setSubnets: [
    { loadBalancerArn, subnetMappings: [{ subnetId: "subnet-a" }] },
    elb,
    "SetSubnets",
    { LoadBalancerArn: loadBalancerArn, SubnetMappings: [{ SubnetId: "subnet-a" }] },
  ],
  setIpAddressType: [
    { loadBalancerArn, ipAddressType: "dualstack" },
    elb,
    "SetIpAddressType",
    { LoadBalancerArn: loadBalancerArn, IpAddressType: "dualstack" },
  ],
  modifyIpPools: [
    { loadBalancerArn, ipv4IpamPoolId: null },
    elb,
    "ModifyIpPools",
    { LoadBalancerArn: loadBalancerArn, RemoveIpamPools: ["ipv4"] },
  ],
  modifyCapacityReservation: [
    { loadBalancerArn, capacityUnits: null },
    elb,
    "ModifyCapacityReservation",
    { LoadBalancerArn: loadBalancerArn, ResetCapacityReservation: true },
  ],
  deleteLoadBalancer: [{ loadBalancerArn }, elb, "DeleteLoadBalancer", { LoadBalancerArn: loadBalancerArn }],
  createListener: [
    {
      spec: {
        loadBalancerArn,
        port: 443,
        protocol: "HTTPS",
        defaultActions: [NOT_FOUND],
        certificates: ["arn:cert"],
        sslPolicy: "p",
        mutualAuthentication: { mode: "off", trustStoreArn: "" },
        tags,
      },
    },
    elb,
    "CreateListener",
    {
      LoadBalancerArn: loadBalancerArn,
      Port: 443,
      Protocol: "HTTPS",
      DefaultActions: [notFound],
      Certificates: [{ CertificateArn: "arn:cert" }],
      SslPolicy: "p",
      MutualAuthentication: { Mode: "off" },
      Tags: tagList,
    },
  ],
  modifyListener: [
    {
      listenerArn,
      defaultCertificate: "arn:cert",
      mutualAuthentication: {
        mode: "verify",
        trustStoreArn: "arn:ts",
        ignoreClientCertificateExpiry: false,
        advertiseTrustStoreCaNames: "on",
      },
    },
    elb,
    "ModifyListener",
    {
      ListenerArn: listenerArn,
      Certificates: [{ CertificateArn: "arn:cert" }],
      MutualAuthentication: {
        Mode: "verify",
        TrustStoreArn: "arn:ts",
        IgnoreClientCertificateExpiry: false,
        AdvertiseTrustStoreCaNames: "on",
      },
    },
  ],
  addListenerCertificates: [
    certificate,
    elb,
    "AddListenerCertificates",
    { ListenerArn: listenerArn, Certificates: [{ CertificateArn: "arn:cert" }] },
  ],
  removeListenerCertificates: [
    certificate,
    elb,
    "RemoveListenerCertificates",
    { ListenerArn: listenerArn, Certificates: [{ CertificateArn: "arn:cert" }] },
  ],
  modifyListenerAttributes: [
    { listenerArn, attributes: tags },
    elb,
    "ModifyListenerAttributes",
    { ListenerArn: listenerArn, Attributes: tagList },
  ],
  deleteListener: [{ listenerArn }, elb, "DeleteListener", { ListenerArn: listenerArn }],
  createRule: [
    {
      spec: {
        listenerArn,
        priority: 3,
        conditions: [
          path("/a"),
          { field: "query-string", queryStringConfig: { values: [{ key: "k", value: "v" }] } },
          { field: "http-header", httpHeaderConfig: { httpHeaderName: "x", values: ["1"] } },
        ],
        actions: [
          {
            type: "authenticate-oidc",
            authenticateOidcConfig: {
              issuer: "i",
              authorizationEndpoint: "a",
              tokenEndpoint: "t",
              userInfoEndpoint: "u",
              authenticationRequestExtraParams: { display: "page" },
              client: { secret: "shop/oidc", digest: "d" },
            },
          },
          {
            type: "forward",
            forwardConfig: {
              targetGroups: [{ targetGroupArn, weight: 2 }],
              targetGroupStickinessConfig: { enabled: true, durationSeconds: 60 },
            },
          },
        ],
        transforms: [{ type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "^/a", replace: "/b" }] } }],
        tags,
      },
    },
    elb,
    "CreateRule",
    {
      ListenerArn: listenerArn,
      Priority: 3,
      Conditions: [
        { Field: "path-pattern", PathPatternConfig: { Values: ["/a"] } },
        { Field: "query-string", QueryStringConfig: { Values: [{ Key: "k", Value: "v" }] } },
        { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x", Values: ["1"] } },
      ],
      Actions: [
        {
          Type: "authenticate-oidc",
          AuthenticateOidcConfig: {
            Issuer: "i",
            AuthorizationEndpoint: "a",
            TokenEndpoint: "t",
            UserInfoEndpoint: "u",
            AuthenticationRequestExtraParams: { display: "page" },
            ClientId: { unknown: "clientID of Secret shop/oidc", secret: "shop/oidc", key: "clientID" },
            ClientSecret: { unknown: "clientSecret of Secret shop/oidc", secret: "shop/oidc", key: "clientSecret" },
          },
          Order: 1,
        },
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: targetGroupArn, Weight: 2 }],
            TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
          },
          Order: 2,
        },
      ],
      Transforms: [{ Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "^/a", Replace: "/b" }] } }],
      Tags: tagList,
    },
  ],
  modifyRule: [
    { ruleArn, actions: [NOT_FOUND], resetTransforms: true },
    elb,
    "ModifyRule",
    { RuleArn: ruleArn, Actions: [notFound], ResetTransforms: true },
  ],
  setRulePriorities: [
    { priorities: [{ ruleArn: ref("listenerRule/443:1"), priority: 1 }] },
    elb,
    "SetRulePriorities",
    { RulePriorities: [{ RuleArn: ref("listenerRule/443:1"), Priority: 1 }] },
  ],
  deleteRule: [{ ruleArn }, elb, "DeleteRule", { RuleArn: ruleArn }],
  addTags: [{ resourceArn: "arn:x", tags }, elb, "AddTags", { ResourceArns: ["arn:x"], Tags: tagList }],
  removeTags: [{ resourceArn: "arn:x", keys: ["a"] }, elb, "RemoveTags", { ResourceArns: ["arn:x"], TagKeys: ["a"] }],
  associateWebAcl: [
    { webAclArn: "arn:acl", resourceArn: loadBalancerArn },
    "wafv2",
    "AssociateWebACL",
    { WebACLArn: "arn:acl", ResourceArn: loadBalancerArn },
  ],
  disassociateWebAcl: [{ resourceArn: "arn:lb" }, "wafv2", "DisassociateWebACL", { ResourceArn: "arn:lb" }],
  associateWafRegional: [
    { webAclId: "id", resourceArn: "arn:lb" },
    "waf-regional",
    "AssociateWebACL",
    { WebACLId: "id", ResourceArn: "arn:lb" },
  ],
  disassociateWafRegional: [{ resourceArn: "arn:lb" }, "waf-regional", "DisassociateWebACL", { ResourceArn: "arn:lb" }],
  createShieldProtection: [
    { name: "n", resourceArn: "arn:lb" },
    "shield",
    "CreateProtection",
    { Name: "n", ResourceArn: "arn:lb" },
  ],
  deleteShieldProtection: [
    { protectionId: "p", resourceArn: "arn:lb" },
    "shield",
    "DeleteProtection",
    { ProtectionId: "p" },
  ],
  createTargetGroupBinding: [
    { spec: binding },
    "kubernetes",
    "create",
    {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { namespace: "shop", name: "tg", labels: { l: "1" } },
      spec: {
        targetGroupARN: targetGroupArn,
        targetType: "ip",
        serviceRef: { name: "web", port: "http" },
        networking: {
          ingress: [{ from: [{ securityGroup: { groupID: "sg-1" } }], ports: [{ protocol: "TCP", port: 80 }] }],
        },
        ipAddressType: "ipv4",
        vpcID: "vpc-1",
        targetGroupProtocol: "HTTP",
      },
    },
  ],
  patchTargetGroupBinding: [
    {
      spec: {
        ...binding,
        networking: { ingress: [] },
        nodeSelector: { matchLabels: { a: "b" } },
        multiClusterTargetGroup: true,
      },
    },
    "kubernetes",
    "patch",
    {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { namespace: "shop", name: "tg", labels: { l: "1" } },
      spec: {
        targetGroupARN: targetGroupArn,
        targetType: "ip",
        serviceRef: { name: "web", port: "http" },
        networking: { ingress: [] },
        nodeSelector: { matchLabels: { a: "b" } },
        ipAddressType: "ipv4",
        vpcID: "vpc-1",
        multiClusterTargetGroup: true,
        targetGroupProtocol: "HTTP",
      },
    },
  ],
  deleteTargetGroupBinding: [
    { namespace: "shop", name: "tg" },
    "kubernetes",
    "delete",
    {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { namespace: "shop", name: "tg" },
    },
  ],
  wait: [{ until: "targets-healthy", subject: "arn:tg", deadlineSeconds: 60, onDeadline: "stop" }, null, null, null],
};

describe("callFor", () => {
  it.each(
    Object.entries(CASES).map(([kind, [details, service, operation, input]]) => ({
      kind,
      details,
      service,
      operation,
      input,
    })),
  )("$kind is $service $operation", ({ kind, details, service, operation, input }) => {
    const call = callOf(kind as ActionKind, details as never);
    expect(call).toEqual(service === null ? null : { service, operation, input });
  });

  it.each([
    {
      name: "a pool",
      kind: "modifyIpPools",
      details: { loadBalancerArn, ipv4IpamPoolId: "p" },
      input: { IpamPools: { Ipv4IpamPoolId: "p" } },
    },
    {
      name: "capacity",
      kind: "modifyCapacityReservation",
      details: { loadBalancerArn, capacityUnits: 100 },
      input: { MinimumLoadBalancerCapacity: { CapacityUnits: 100 } },
    },
    {
      name: "an IPv6 target group",
      kind: "createTargetGroup",
      details: { vpcId: "v", spec: targetGroupSpec("t", { ipAddressType: "ipv6" }) },
      input: { IpAddressType: "ipv6" },
    },
    {
      name: "a public certificate",
      kind: "requestCertificate",
      details: {
        spec: { type: "AMAZON_ISSUED", domainName: "a", subjectAlternativeNames: ["a"], validationMethod: "DNS" },
        idempotencyToken: "t",
      },
      input: { ValidationMethod: "DNS" },
    },
  ])("sends $name", ({ kind, details, input }) => {
    expect(callOf(kind as ActionKind, details as never)?.input).toMatchObject(input);
  });
});
