/** Hand-made stacks for the tests of rendering. */
import type { DesiredGraph, Stack } from "../../src/model/graph.ts";
import type { Resource } from "../../src/model/resource.ts";
import type { Settings } from "../../src/model/settings.ts";

export function stack(id: string, resources: readonly Resource[], rest: Partial<Stack> = {}): Stack {
  return {
    id,
    explicit: !id.includes("/"),
    status: "built",
    members: [id],
    inactiveMembers: [],
    resources: Object.fromEntries(resources.map((resource) => [`${resource.kind}/${resource.id}`, resource])),
    listenerPorts: [],
    secrets: [],
    usesBackendSecurityGroup: false,
    ...rest,
  };
}

export function graph(stacks: readonly Stack[], rest: Partial<DesiredGraph> = {}): DesiredGraph {
  return deepFreeze({
    kind: "desired",
    settings: {} as Settings,
    vpcId: "vpc-1",
    stacks: Object.fromEntries(stacks.map((it) => [it.id, it])),
    clusterStack: stack("(cluster)", [], { members: [] }),
    unmanaged: [],
    classErrors: [],
    diagnostics: [],
    ...rest,
  });
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}

export const loadBalancer: Resource = {
  kind: "loadBalancer",
  id: "LoadBalancer",
  spec: {
    name: "k8s-shop-web-0123456789",
    type: "application",
    scheme: "internet-facing",
    ipAddressType: "ipv4",
    subnetMappings: [{ subnetId: "subnet-a" }, { subnetId: "subnet-b", allocationId: "eipalloc-1" }],
    securityGroups: [
      { ref: "securityGroup/ManagedLBSecurityGroup", field: "id" },
      { ref: "securityGroup/backend", field: "id", stack: "(cluster)" },
    ],
    attributes: { "routing.http2.enabled": "true", "idle_timeout.timeout_seconds": "90" },
    tags: {},
  },
};

export const listener443: Resource = {
  kind: "listener",
  id: "443",
  spec: {
    loadBalancerArn: { ref: "loadBalancer/LoadBalancer", field: "arn" },
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-2016-08",
    certificates: [
      "arn:aws:acm:eu-west-1:111122223333:certificate/one",
      { ref: "certificate/amazon_issued/shop.example-01234567", field: "arn" },
    ],
    defaultActions: [{ type: "fixed-response", fixedResponseConfig: { contentType: "text/plain", statusCode: "404" } }],
    mutualAuthentication: { mode: "off" },
    attributes: { b: "2", a: "1" },
  },
};

export const listener80: Resource = {
  kind: "listener",
  id: "80",
  spec: {
    loadBalancerArn: { ref: "loadBalancer/LoadBalancer", field: "arn" },
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "redirect", redirectConfig: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
  },
};

export const targetGroup: Resource = {
  kind: "targetGroup",
  id: "shop/web-cart:80",
  spec: {
    name: { unknown: "hash of the Service's uid" },
    targetType: "instance",
    port: { unknown: "node port" },
    protocol: "HTTP",
    protocolVersion: "HTTP1",
    ipAddressType: "ipv4",
    healthCheck: {
      port: "traffic-port",
      protocol: "HTTP",
      path: "/health",
      matcher: { httpCode: "200" },
      intervalSeconds: 15,
      timeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
    tags: { 10: "ten", 9: "nine", __proto__x: "safe" },
  },
};

export const rule: Resource = {
  kind: "listenerRule",
  id: "443:1",
  spec: {
    listenerArn: { ref: "listener/443", field: "arn" },
    priority: 1,
    actions: [
      {
        type: "authenticate-oidc",
        authenticateOidcConfig: {
          issuer: "https://login.example",
          authorizationEndpoint: "https://login.example/a",
          tokenEndpoint: "https://login.example/t",
          userInfoEndpoint: "https://login.example/u",
          client: { secret: "shop/login", digest: "00ff" },
          scope: "openid",
        },
      },
      {
        type: "forward",
        forwardConfig: { targetGroups: [{ targetGroupArn: { ref: "targetGroup/shop/web-cart:80", field: "arn" } }] },
      },
    ],
    conditions: [
      { field: "path-pattern", pathPatternConfig: { values: ["/a&b/<*>"] } },
      { field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8"] } },
    ],
    transforms: [{ type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "^/a", replace: "" }] } }],
  },
};
