/** Generated calls, most of which make sense and some of which AWS refuses. */
import type { Account, RuleAction, RuleCondition } from "@elbplan/core";
import fc from "fast-check";
import type { Seed } from "../moto/seed.ts";
import { action, fixed, httpsListeners, type MakeAction, patterns, pick, pickGroup } from "./words.ts";

const at = fc.nat({ max: 1000 });
const name = fc.constantFrom("a", "b", "c");
const priority = fc.constantFrom(1, 2, 3, 4, 5, 50_000, 50_001);
const port = fc.constantFrom(80, 81, 443);
const tags = fc.constantFrom({}, { team: "a" }, { team: "b", "elbv2.k8s.aws/cluster": "e2e" });
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(usual, ...others) });

type MakeRuleActions = (account: Account) => readonly RuleAction[];

/** Actions of a rule or listener; the numbers choose target groups. */
const ruleActions: fc.Arbitrary<MakeRuleActions> = fc.oneof<fc.Arbitrary<MakeRuleActions>[]>(
  fc.constantFrom("404", "503", "99").map((statusCode) => () => [fixed(statusCode)]),
  fc.tuple(at, mostly(1, 0, 999, 1000)).map(([group, weight]) => (account: Account) => [
    {
      type: "forward",
      forwardConfig: { targetGroups: [{ targetGroupArn: pick(account.targetGroups, group), weight }] },
    },
  ]),
  fc.tuple(at, at, mostly(60, 0, 604_801)).map(([one, two, durationSeconds]) => (account: Account) => [
    {
      type: "forward",
      forwardConfig: {
        targetGroups: [one, two].map((group) => ({ targetGroupArn: pick(account.targetGroups, group) })),
        targetGroupStickinessConfig: { enabled: true, durationSeconds },
      },
    },
  ]),
  fc
    .constantFrom({ protocol: "HTTPS", port: "443" }, { host: "other.example.com" }, {}, { path: "no-slash" })
    .map((to) => () => [{ type: "redirect", redirectConfig: { statusCode: "HTTP_301", ...to } }]),
  fc.constant(() => [
    {
      type: "jwt-validation",
      jwtValidationConfig: { jwksEndpoint: "https://issuer.example.com/keys", issuer: "https://issuer.example.com" },
    },
    fixed("404"),
  ]),
);

const conditions: fc.Arbitrary<readonly RuleCondition[]> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("/a", "/b*", "/c?").map((path) => [patterns(path)]) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<readonly RuleCondition[]>(
      [{ field: "host-header", hostHeaderConfig: { values: ["*.example.com"] } }, patterns("/a")],
      [{ field: "path-pattern", pathPatternConfig: { regexValues: ["^/[a-z]+$"] } }],
      [{ field: "http-header", httpHeaderConfig: { httpHeaderName: "x-beta", values: ["1"] } }],
      [{ field: "query-string", queryStringConfig: { values: [{ key: "a", value: "b" }, { value: "c*" }] } }],
      [{ field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8"] } }],
      [{ field: "http-request-method", httpRequestMethodConfig: { values: ["GET"] } }],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<readonly RuleCondition[]>(
      [],
      [patterns("/1", "/2", "/3", "/4", "/5", "/6")],
      [patterns("/*/*/*/*/*/*")],
      [patterns("/a b")],
      [patterns("/a"), patterns("/b")],
      [patterns("/a".repeat(65))],
    ),
  },
);

const transforms = fc.constantFrom([], [
  { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "^/a", replace: "/b" }] } },
] as const);

const attributesOfLoadBalancer = fc.constantFrom<{ readonly [key: string]: string }>(
  { "idle_timeout.timeout_seconds": "120" },
  { "deletion_protection.enabled": "true" },
  { "deletion_protection.enabled": "false" },
  { "idle_timeout.timeout_seconds": "4001" },
  { "access_logs.s3.enabled": "true" },
  { nope: "1" },
);
const attributesOfTargetGroup = fc.constantFrom<{ readonly [key: string]: string }>(
  { "deregistration_delay.timeout_seconds": "30" },
  { "stickiness.enabled": "true", "stickiness.lb_cookie.duration_seconds": "60" },
  { "slow_start.duration_seconds": "29" },
  { nope: "1" },
);
const attributesOfListener = fc.constantFrom<{ readonly [key: string]: string }>(
  { "routing.http.response.server.enabled": "false" },
  { "routing.http.request.x_amzn_tls_version.header_name": "x-tls" },
  { "routing.http.response.server.enabled": "maybe" },
);
const checks = fc.constantFrom(
  { path: "/healthz" },
  { intervalSeconds: 20, timeoutSeconds: 10 },
  { timeoutSeconds: 60 },
  { healthyThresholdCount: 11 },
  { matcher: { httpCode: "200-299" } },
  { port: 8081 },
);
const permission = fc
  .tuple(fc.constantFrom(80, 443), fc.constantFrom("0.0.0.0/0", "10.0.0.0/8", "::/0"), fc.constantFrom("", "shared"))
  .map(([number, cidr, description]) => ({
    protocol: "tcp",
    fromPort: number,
    toPort: number,
    source: cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIp: cidr },
    ...(description === "" ? {} : { description }),
  }));
const target = fc.constantFrom("10.0.100.50", "10.0.100.51", "10.0.101.50").map((id) => ({ id, port: 8080 }));

/** Any call, in an account that was seeded. */
export function anyCall(seed: Seed): fc.Arbitrary<MakeAction> {
  const subnets = fc.constantFrom(
    seed.publicSubnets,
    seed.publicSubnets.slice(0, 2),
    seed.publicSubnets.slice(1),
    seed.publicSubnets.slice(0, 1),
    [seed.publicSubnets[0] ?? "", seed.privateSubnets[0] ?? ""],
  );
  const mappings = subnets.map((ids) => ids.map((subnetId) => ({ subnetId })));
  const certificate = fc.constantFrom(...Object.values(seed.certificates));
  const create = fc.oneof(
    fc.tuple(name, at, mappings, tags, mostly("internal", "internet-facing")).map(
      ([text, group, subnetMappings, given, scheme]) =>
        (account: Account) =>
          action("createLoadBalancer", {
            spec: {
              name: text,
              type: "application",
              scheme: scheme as "internal" | "internet-facing",
              ipAddressType: "ipv4",
              subnetMappings,
              securityGroups: [pickGroup(account, group)],
              tags: given,
            },
          }),
    ),
    fc.tuple(name, fc.constantFrom(80, 8080), tags, mostly("HTTP1", "HTTP2", "GRPC")).map(
      ([text, number, given, protocolVersion]) =>
        () =>
          action("createTargetGroup", {
            vpcId: seed.vpcId,
            spec: {
              name: text,
              targetType: "ip",
              port: number,
              protocol: "HTTP",
              protocolVersion,
              healthCheck: {
                port: "traffic-port",
                protocol: "HTTP",
                intervalSeconds: 15,
                timeoutSeconds: 5,
                healthyThresholdCount: 2,
                unhealthyThresholdCount: 2,
                ...(protocolVersion === "GRPC" ? {} : { path: "/", matcher: { httpCode: "200" } }),
              },
              tags: given,
            },
          }),
    ),
    fc.tuple(name, tags).map(
      ([text, given]) =>
        () =>
          action("createSecurityGroup", {
            vpcId: seed.vpcId,
            spec: { name: text, description: "judged", ingress: [], tags: given },
          }),
    ),
  );
  const createBelow = fc.oneof(
    fc.tuple(at, port, ruleActions, fc.option(certificate, { nil: undefined }), tags).map(
      ([balancer, number, make, arn, given]) =>
        (account: Account) =>
          action("createListener", {
            spec: {
              loadBalancerArn: pick(account.loadBalancers, balancer),
              port: number,
              protocol: arn === undefined ? "HTTP" : "HTTPS",
              defaultActions: make(account),
              ...(arn === undefined ? {} : { certificates: [arn] }),
              tags: given,
            },
          }),
    ),
    fc.tuple(at, priority, conditions, ruleActions, transforms, tags).map(
      ([listener, number, wanted, make, rewrites, given]) =>
        (account: Account) =>
          action("createRule", {
            spec: {
              listenerArn: pick(account.listeners, listener),
              priority: number,
              conditions: wanted,
              actions: make(account),
              transforms: rewrites,
              tags: given,
            },
          }),
    ),
  );
  const modify = fc.oneof(
    fc.tuple(at, ruleActions).map(
      ([rule, make]) =>
        (account: Account) =>
          action("modifyRule", { ruleArn: pick(account.listenerRules, rule), actions: make(account) }),
    ),
    fc.tuple(at, conditions, transforms).map(
      ([rule, wanted, rewrites]) =>
        (account: Account) =>
          action("modifyRule", {
            ruleArn: pick(account.listenerRules, rule),
            conditions: wanted,
            ...(rewrites.length === 0 ? { resetTransforms: true } : { transforms: rewrites }),
          }),
    ),
    fc.array(fc.tuple(at, priority), { minLength: 1, maxLength: 3 }).map((pairs) => (account: Account) => {
      const wanted = pairs.map(([rule, number]) => [pick(account.listenerRules, rule), number] as const);
      const priorities = [...new Map(wanted)].map(([ruleArn, number]) => ({ ruleArn, priority: number }));
      return action("setRulePriorities", { priorities });
    }),
    fc.tuple(at, ruleActions).map(
      ([listener, make]) =>
        (account: Account) =>
          action("modifyListener", { listenerArn: pick(account.listeners, listener), defaultActions: make(account) }),
    ),
    fc.tuple(at, certificate).map(
      ([listener, defaultCertificate]) =>
        (account: Account) =>
          action("modifyListener", { listenerArn: pick(httpsListeners(account), listener), defaultCertificate }),
    ),
    fc.tuple(at, certificate, fc.boolean()).map(
      ([listener, certificateArn, add]) =>
        (account: Account) =>
          action(add ? "addListenerCertificates" : "removeListenerCertificates", {
            listenerArn: pick(account.listeners, listener),
            certificateArn,
          }),
    ),
    fc.tuple(at, attributesOfListener).map(
      ([listener, attributes]) =>
        (account: Account) =>
          action("modifyListenerAttributes", { listenerArn: pick(account.listeners, listener), attributes }),
    ),
    fc.tuple(at, attributesOfLoadBalancer).map(
      ([balancer, attributes]) =>
        (account: Account) =>
          action("modifyLoadBalancerAttributes", {
            loadBalancerArn: pick(account.loadBalancers, balancer),
            attributes,
          }),
    ),
    fc.tuple(at, mappings).map(
      ([balancer, subnetMappings]) =>
        (account: Account) =>
          action("setSubnets", { loadBalancerArn: pick(account.loadBalancers, balancer), subnetMappings }),
    ),
    fc.tuple(at, at).map(
      ([balancer, group]) =>
        (account: Account) =>
          action("setSecurityGroups", {
            loadBalancerArn: pick(account.loadBalancers, balancer),
            securityGroups: [pickGroup(account, group)],
          }),
    ),
    fc.tuple(at, fc.constantFrom("ipv4", "dualstack", "ipv5")).map(
      ([balancer, ipAddressType]) =>
        (account: Account) =>
          action("setIpAddressType", { loadBalancerArn: pick(account.loadBalancers, balancer), ipAddressType }),
    ),
    fc.tuple(at, fc.constantFrom(null, "ipam-pool-1")).map(
      ([balancer, ipv4IpamPoolId]) =>
        (account: Account) =>
          action("modifyIpPools", { loadBalancerArn: pick(account.loadBalancers, balancer), ipv4IpamPoolId }),
    ),
    fc.tuple(at, fc.constantFrom(null, 500)).map(
      ([balancer, capacityUnits]) =>
        (account: Account) =>
          action("modifyCapacityReservation", {
            loadBalancerArn: pick(account.loadBalancers, balancer),
            capacityUnits,
          }),
    ),
    fc.tuple(at, checks).map(
      ([group, healthCheck]) =>
        (account: Account) =>
          action("modifyTargetGroup", { targetGroupArn: pick(account.targetGroups, group), healthCheck }),
    ),
    fc.tuple(at, attributesOfTargetGroup).map(
      ([group, attributes]) =>
        (account: Account) =>
          action("modifyTargetGroupAttributes", { targetGroupArn: pick(account.targetGroups, group), attributes }),
    ),
    fc.tuple(at, target, fc.boolean()).map(
      ([group, one, add]) =>
        (account: Account) =>
          action(add ? "registerTargets" : "deregisterTargets", {
            targetGroupArn: pick(account.targetGroups, group),
            targets: [one],
          }),
    ),
    fc.tuple(at, fc.array(permission, { minLength: 1, maxLength: 2 }), fc.boolean()).map(
      ([group, permissions, add]) =>
        (account: Account) =>
          action(add ? "authorizeSecurityGroupIngress" : "revokeSecurityGroupIngress", {
            securityGroupId: pickGroup(account, group),
            permissions,
          }),
    ),
    fc.tuple(at, at).map(([group, number]) => (account: Account) => {
      const securityGroupId = pickGroup(account, group);
      const present = account.securityGroups[securityGroupId]?.spec.ingress ?? [];
      return action("revokeSecurityGroupIngress", { securityGroupId, permissions: present.slice(0, 1 + (number % 2)) });
    }),
    fc.tuple(at, at).map(
      ([group, other]) =>
        (account: Account) =>
          action("authorizeSecurityGroupIngress", {
            securityGroupId: pickGroup(account, group),
            permissions: [
              {
                protocol: "tcp",
                fromPort: 0,
                toPort: 65_535,
                source: { securityGroupId: pickGroup(account, other) },
              },
            ],
          }),
    ),
    fc.tuple(at, fc.boolean()).map(([balancer, add]) => (account: Account) => {
      const resourceArn = pick(account.loadBalancers, balancer);
      return add
        ? action("associateWebAcl", { webAclArn: seed.webAcl, resourceArn })
        : action("disassociateWebAcl", { resourceArn });
    }),
  );
  const tag = fc.tuple(at, fc.nat({ max: 3 }), fc.boolean()).map(([number, kind, add]) => (account: Account) => {
    const kinds = [account.loadBalancers, account.targetGroups, account.listeners, account.listenerRules];
    const resourceArn = pick(kinds[kind] ?? {}, number);
    return add
      ? action("addTags", { resourceArn, tags: { owner: String(number % 3) } })
      : action("removeTags", { resourceArn, keys: ["owner"] });
  });
  const remove = fc.oneof(
    at.map((rule) => (account: Account) => action("deleteRule", { ruleArn: pick(account.listenerRules, rule) })),
    at.map((one) => (account: Account) => action("deleteListener", { listenerArn: pick(account.listeners, one) })),
    at.map(
      (one) => (account: Account) =>
        action("deleteLoadBalancer", { loadBalancerArn: pick(account.loadBalancers, one) }),
    ),
    at.map(
      (one) => (account: Account) => action("deleteTargetGroup", { targetGroupArn: pick(account.targetGroups, one) }),
    ),
    at.map((one) => (account: Account) => action("deleteSecurityGroup", { securityGroupId: pickGroup(account, one) })),
  );
  return fc.oneof(
    { weight: 5, arbitrary: create },
    { weight: 8, arbitrary: createBelow },
    { weight: 12, arbitrary: modify },
    { weight: 2, arbitrary: tag },
    { weight: 2, arbitrary: remove },
  );
}
