/** Generated desired graphs: small, varied, and each of them possible in AWS. */
import fc from "fast-check";
import { CLUSTER_STACK, type DesiredGraph, type Stack } from "../../src/model/graph.ts";
import type { RuleCondition } from "../../src/model/listener-rule.ts";
import type { Resource } from "../../src/model/resource.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import type { Permission } from "../../src/model/security-group.ts";
import type { Settings } from "../../src/model/settings.ts";
import type { HealthCheck } from "../../src/model/target-group.ts";
import type { Reference } from "../../src/model/value.ts";
import { DEFAULT_SETTINGS } from "../../src/read/default-settings.ts";
import { permissionsFor } from "../fixtures/targets.ts";
import { someTargets, targetsResource } from "./targets.ts";

export const SETTINGS: Settings = { ...DEFAULT_SETTINGS, clusterName: "prod" };

const ref = (resource: string, field: Reference["field"] = "arn", stack?: string): Reference => ({
  ref: resource,
  field,
  ...(stack === undefined ? {} : { stack }),
});

const SERVICES = ["web", "cart", "login"];
const CERTIFICATES = ["a", "b", "c"].map((id) => `arn:aws:acm:us-west-2:123456789012:certificate/${id}`);
const groupId = (stack: string, service: string): string => `${stack}-${service}:80`;

const healthCheck: fc.Arbitrary<HealthCheck> = fc.record({
  port: fc.constantFrom("traffic-port", 8081),
  protocol: fc.constantFrom("HTTP", "HTTPS"),
  path: fc.constantFrom("/", "/health"),
  matcher: fc.constantFrom({ httpCode: "200" }, { httpCode: "200-299" }),
  intervalSeconds: fc.constantFrom(15, 30),
  timeoutSeconds: fc.constant(5),
  healthyThresholdCount: fc.constantFrom(2, 3),
  unhealthyThresholdCount: fc.constant(2),
});

const tags = fc.dictionary(fc.constantFrom("team", "stage"), fc.constantFrom("a", "b"), { noNullPrototype: true });

/** Exact and wildcard paths and hosts that overlap often. */
const conditions: fc.Arbitrary<readonly RuleCondition[]> = fc
  .tuple(
    fc.option(fc.constantFrom("a.example.com", "*.example.com"), { nil: undefined }),
    fc.constantFrom("/*", "/a", "/a/*", "/b*"),
  )
  .map(([host, path]) => [
    ...(host === undefined ? [] : [{ field: "host-header", hostHeaderConfig: { values: [host] } } as const]),
    { field: "path-pattern", pathPatternConfig: { values: [path] } },
  ]);

/** A final action; the names of services stand for the stack's target groups. */
function action(stack: string): fc.Arbitrary<RuleAction> {
  const to = (service: string): Reference => ref(`targetGroup/${groupId(stack, service)}`);
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom(...SERVICES).map(
        (service): RuleAction => ({
          type: "forward",
          forwardConfig: { targetGroups: [{ targetGroupArn: to(service) }] },
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()).map(
        ([weight, sticky]): RuleAction => ({
          type: "forward",
          forwardConfig: {
            targetGroups: [
              { targetGroupArn: to("web"), weight },
              { targetGroupArn: to("cart"), weight: 9 },
            ],
            ...(sticky ? { targetGroupStickinessConfig: { enabled: true, durationSeconds: 60 } } : {}),
          },
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom("404", "503").map(
        (statusCode): RuleAction => ({
          type: "fixed-response",
          fixedResponseConfig: { statusCode, contentType: "text/plain" },
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom("8443", "9443").map(
        (port): RuleAction => ({
          type: "redirect",
          redirectConfig: { port, protocol: "HTTPS", statusCode: "HTTP_301" },
        }),
      ),
    },
  );
}

interface ListenerSeed {
  readonly port: number;
  readonly tls: boolean;
  readonly certificates: readonly string[];
  readonly sslPolicy: string;
  readonly defaultAction: RuleAction;
  readonly attributes: { readonly [key: string]: string };
  readonly rules: readonly {
    readonly conditions: readonly RuleCondition[];
    readonly action: RuleAction;
    readonly tags: { readonly [key: string]: string };
  }[];
}

function listener(stack: string): fc.Arbitrary<ListenerSeed> {
  return fc.record({
    port: fc.constantFrom(80, 443, 8080),
    tls: fc.boolean(),
    certificates: fc
      .subarray(CERTIFICATES, { minLength: 1 })
      .chain((list) => fc.shuffledSubarray(list, { minLength: list.length })),
    sslPolicy: fc.constantFrom("ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
    defaultAction: action(stack),
    attributes: fc.constantFrom<ListenerSeed["attributes"]>({}, { "routing.http.response.server.enabled": "false" }),
    rules: fc.uniqueArray(fc.record({ conditions, action: action(stack), tags }), {
      maxLength: 5,
      selector: (rule) => JSON.stringify(rule.conditions),
    }),
  });
}

function listenerResources({
  port,
  tls,
  certificates,
  sslPolicy,
  defaultAction,
  attributes,
  rules,
}: ListenerSeed): Resource[] {
  return [
    {
      kind: "listener",
      id: String(port),
      spec: {
        loadBalancerArn: ref("loadBalancer/LoadBalancer"),
        port,
        protocol: tls ? "HTTPS" : "HTTP",
        defaultActions: [defaultAction],
        ...(tls ? { certificates, sslPolicy } : {}),
        ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
      },
    },
    ...rules.map(
      (rule, index): Resource => ({
        kind: "listenerRule",
        id: `${port}:${index + 1}`,
        spec: {
          listenerArn: ref(`listener/${port}`),
          priority: index + 1,
          actions: [rule.action],
          conditions: rule.conditions,
          tags: rule.tags,
        },
      }),
    ),
  ];
}

const permission: fc.Arbitrary<Permission> = fc.record({
  protocol: fc.constant("tcp"),
  fromPort: fc.constantFrom(80, 443),
  toPort: fc.constant(443),
  source: fc.constantFrom<Permission["source"]>(
    { cidrIp: "0.0.0.0/0" },
    { cidrIp: "10.0.0.0/8" },
    { cidrIpv6: "::/0" },
  ),
});

/** A stack of one load balancer, with the target groups that its actions name. */
function stackOf(id: string): fc.Arbitrary<Stack> {
  return fc
    .record({
      scheme: fc.constantFrom("internal", "internet-facing"),
      ipAddressType: fc.constantFrom("ipv4", "dualstack"),
      subnets: fc.subarray(["subnet-a", "subnet-b", "subnet-c"], { minLength: 2 }),
      attributes: fc.constantFrom<{ [key: string]: string }>(
        {},
        { "idle_timeout.timeout_seconds": "90" },
        { "routing.http2.enabled": "false", "idle_timeout.timeout_seconds": "60" },
      ),
      tags,
      ownGroup: fc.boolean(),
      sharedGroup: fc.boolean(),
      permissions: fc.uniqueArray(permission, { maxLength: 4, selector: (rule) => JSON.stringify(rule) }),
      listeners: fc.uniqueArray(listener(id), { maxLength: 3, selector: ({ port }) => port }),
      targetType: fc.constantFrom("instance", "ip"),
      healthCheck,
      delay: fc.constantFrom(undefined, "60"),
      targets: fc.tuple(...SERVICES.map(() => someTargets)),
      webAcl: fc.constantFrom(undefined, "", "arn:aws:wafv2:us-west-2:123456789012:regional/webacl/x/1"),
      shield: fc.constantFrom(undefined, true, false),
    })
    .map((seed) => {
      const listeners = seed.listeners.flatMap(listenerResources);
      const named = JSON.stringify(listeners);
      const services = SERVICES.filter((service) => named.includes(`targetGroup/${groupId(id, service)}`));
      const usesShared = seed.sharedGroup || !seed.ownGroup;
      const name = `${id.replace("/", "-")}-${seed.scheme === "internal" ? "int" : "pub"}`;
      const resources: Resource[] = [
        ...(seed.ownGroup
          ? [
              {
                kind: "securityGroup",
                id: "ManagedLBSecurityGroup",
                spec: { name, description: "of the load balancer", ingress: seed.permissions, tags: seed.tags },
              } as const,
            ]
          : []),
        ...services.flatMap((service): readonly Resource[] => {
          const known = seed.targets[SERVICES.indexOf(service)];
          return known === undefined ? [] : [targetsResource(groupId(id, service), seed.targetType, known)];
        }),
        ...services.map(
          (service): Resource => ({
            kind: "targetGroup",
            id: groupId(id, service),
            spec: {
              name: `k8s-${id.replace("/", "-")}-${service}-${seed.targetType}`,
              targetType: seed.targetType,
              port: 30080,
              protocol: "HTTP",
              protocolVersion: "HTTP1",
              ipAddressType: "ipv4",
              healthCheck: seed.healthCheck,
              ...(seed.delay === undefined
                ? {}
                : { attributes: { "deregistration_delay.timeout_seconds": seed.delay } }),
              tags: seed.tags,
            },
          }),
        ),
        {
          kind: "loadBalancer",
          id: "LoadBalancer",
          spec: {
            name,
            type: "application",
            scheme: seed.scheme,
            ipAddressType: seed.ipAddressType,
            subnetMappings: seed.subnets.map((subnetId) => ({ subnetId })),
            securityGroups: [
              ...(seed.ownGroup ? [ref("securityGroup/ManagedLBSecurityGroup", "id")] : []),
              ...(usesShared ? [ref("securityGroup/backend-sg", "id", CLUSTER_STACK)] : []),
            ],
            ...(Object.keys(seed.attributes).length === 0 ? {} : { attributes: seed.attributes }),
            tags: seed.tags,
          },
        },
        ...listeners,
        ...(seed.webAcl === undefined
          ? []
          : [
              {
                kind: "webAclAssociation",
                id: "LoadBalancer",
                spec: { webAclArn: seed.webAcl, resourceArn: ref("loadBalancer/LoadBalancer") },
              } as const,
            ]),
        ...(seed.shield === undefined
          ? []
          : [
              {
                kind: "shieldProtection",
                id: "LoadBalancer",
                spec: { enabled: seed.shield, resourceArn: ref("loadBalancer/LoadBalancer") },
              } as const,
            ]),
      ];
      return builtStack(id, resources, usesShared);
    });
}

function builtStack(id: string, resources: readonly Resource[], usesBackendSecurityGroup: boolean): Stack {
  return {
    id,
    explicit: false,
    status: "built",
    members: [id],
    inactiveMembers: [],
    resources: Object.fromEntries(resources.map((resource) => [`${resource.kind}/${resource.id}`, resource])),
    listenerPorts: [],
    secrets: [],
    usesBackendSecurityGroup,
  };
}

/** What a group leaves when its last Ingress is being deleted. */
function emptied(id: string): Stack {
  return { ...builtStack(id, [], false), members: [], inactiveMembers: [id] };
}

const STACKS = ["shop/web", "blog/main"];

/** A graph of up to two stacks; one may have been emptied. */
export const desiredGraph: fc.Arbitrary<DesiredGraph> = fc
  .tuple(
    fc.tuple(
      ...STACKS.map((id) =>
        fc.oneof({ weight: 4, arbitrary: stackOf(id) }, { weight: 1, arbitrary: fc.constant(emptied(id)) }),
      ),
    ),
    fc.constantFrom<DesiredGraph["endpointPermissions"]>("complete", "complete", "complete", "incomplete", undefined),
    fc.boolean(),
  )
  .map(([stacks, endpointPermissions, restricted]) => {
    const isShared = stacks.some((stack) => stack.usesBackendSecurityGroup);
    const shared: Resource = {
      kind: "securityGroup",
      id: "backend-sg",
      spec: { name: "k8s-traffic-prod", description: "shared", ingress: [], tags: {} },
    };
    return {
      kind: "desired",
      settings: SETTINGS,
      vpcId: "vpc-1",
      stacks: Object.fromEntries(stacks.map((stack) => [stack.id, stack])),
      clusterStack: {
        ...builtStack(
          CLUSTER_STACK,
          [
            ...(isShared ? [shared] : []),
            ...(endpointPermissions === undefined ? [] : permissionsFor(stacks, restricted)),
          ],
          isShared,
        ),
        members: [],
      },
      ...(endpointPermissions && { endpointPermissions }),
      unmanaged: [],
      classErrors: [],
      diagnostics: [],
    };
  });
