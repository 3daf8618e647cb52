import { describe, expect, it } from "vitest";
import type { ClusterSnapshot } from "../../../src/model/snapshot.ts";
import {
  act,
  anyPath,
  backend,
  classWithParams,
  type IngressSketch,
  ingress,
  ingressClass,
  prefix,
  rule,
  service,
} from "../../fixtures/cluster.ts";
import { type Around, lintOf, placesOf } from "./findings.ts";

interface Row {
  readonly name: string;
  readonly code: string;
  /** What is wrong; the finding is at `at`. */
  readonly bad: Partial<ClusterSnapshot>;
  readonly at: readonly string[];
  /** Nearly the same, and nothing wrong. */
  readonly good: Partial<ClusterSnapshot>;
  readonly around?: Around;
}

const one = (annotations: IngressSketch["annotations"], sketch: IngressSketch = {}): Partial<ClusterSnapshot> => ({
  ingresses: [ingress({ ...sketch, annotations: annotations ?? {} })],
});

/** Two members of group g; the second is shop/zoo. */
const two = (
  first: IngressSketch["annotations"],
  second: IngressSketch["annotations"],
  sketch: IngressSketch = {},
): Partial<ClusterSnapshot> => ({
  ingresses: [
    ingress({ annotations: { "group.name": "g", ...first } }),
    ingress({ name: "zoo", ...sketch, annotations: { "group.name": "g", ...second } }),
  ],
});

const HTTP = { "listen-ports": [{ HTTP: 80 }] };
const HTTPS = { "listen-ports": [{ HTTPS: 443 }], "certificate-arn": "arn:c" };
const ACL = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/edge/1";
const redirect = { type: "redirect", redirectConfig: { statusCode: "HTTP_301", host: "other.example" } };
const response = { type: "fixed-response", fixedResponseConfig: { statusCode: "200" } };
const cognito = {
  "auth-type": "cognito",
  "auth-idp-cognito": { userPoolARN: "a", userPoolClientID: "b", userPoolDomain: "c" },
};
const UNKNOWN = "lint.annotation-unknown";
const IGNORED = "lint.annotation-ignored";
const REPLACED = "lint.annotation-replaced";
const DEFAULT = "lint.value-is-default";

const params = (
  spec: Parameters<typeof classWithParams>[1],
  annotations: IngressSketch["annotations"],
): Partial<ClusterSnapshot> => ({
  ...classWithParams("team", spec),
  ingresses: [ingress({ className: "team", annotations: annotations ?? {} })],
});

const rows: readonly Row[] = [
  {
    name: "a misspelt name",
    code: UNKNOWN,
    bad: one({ shceme: "internal" }),
    at: ["Ingress shop/web shceme"],
    good: one({ scheme: "internal" }),
  },
  {
    name: "a name of another controller behind our prefix",
    code: UNKNOWN,
    bad: one({ "rewrite-target": "/" }),
    at: ["Ingress shop/web rewrite-target"],
    good: one({ "kubernetes.io/rewrite-target": "/" }),
  },
  {
    name: "a family without a name",
    code: UNKNOWN,
    bad: one({ actions: "{}" }),
    at: ["Ingress shop/web actions"],
    good: one({ "actions.web": response }, { rules: [rule(undefined, prefix("/", act("web")))] }),
  },
  {
    name: "an unknown name on a Service",
    code: UNKNOWN,
    bad: { services: [service("web", { annotations: { "healthcheck-pth": "/" } }), service("api")] },
    at: ["Service shop/web healthcheck-pth"],
    good: { services: [service("web", { annotations: { "healthcheck-path": "/up" } }), service("api")] },
  },
  {
    name: "an annotation that Services don't take",
    code: "lint.annotation-on-service",
    bad: { services: [service("web", { annotations: { scheme: "internal" } }), service("api")] },
    at: ["Service shop/web scheme"],
    good: { services: [service("web", { annotations: { "target-type": "ip" } }), service("api")] },
  },
  {
    name: "inbound-cidrs beside explicit security groups",
    code: IGNORED,
    bad: one({ "inbound-cidrs": "10.0.0.0/8", "security-groups": "alpha" }),
    at: ["Ingress shop/web inbound-cidrs"],
    good: one({ "inbound-cidrs": "10.0.0.0/8" }),
  },
  {
    name: "prefix lists beside security groups of another member",
    code: IGNORED,
    bad: two({ "security-groups": "alpha" }, { "security-group-prefix-lists": "pl-1" }),
    at: ["Ingress shop/zoo security-group-prefix-lists"],
    good: two({}, { "security-group-prefix-lists": "pl-1" }),
  },
  {
    name: "backend rules without security groups",
    code: IGNORED,
    bad: one({ "manage-backend-security-group-rules": "true" }),
    at: ["Ingress shop/web manage-backend-security-group-rules"],
    good: one({ "manage-backend-security-group-rules": "true", "security-groups": "alpha" }),
  },
  {
    name: "a certificate without an HTTPS listener",
    code: IGNORED,
    bad: one({ ...HTTP, "certificate-arn": "arn:c" }),
    at: ["Ingress shop/web certificate-arn"],
    good: one({ "certificate-arn": "arn:c" }),
  },
  {
    name: "a security policy without an HTTPS listener",
    code: IGNORED,
    bad: one({ "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
    at: ["Ingress shop/web ssl-policy"],
    good: one({ ...HTTPS, "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
  },
  {
    name: "mutual TLS of a port that isn't HTTPS",
    code: IGNORED,
    bad: one({ ...HTTPS, "mutual-authentication": [{ port: 8443, mode: "passthrough" }] }),
    at: ["Ingress shop/web mutual-authentication"],
    good: one({ ...HTTPS, "mutual-authentication": [{ port: 443, mode: "passthrough" }] }),
  },
  {
    name: "attributes of a listener that isn't there",
    code: IGNORED,
    bad: one({ "listener-attributes.HTTPS-443": "a=b" }),
    at: ["Ingress shop/web listener-attributes.HTTPS-443"],
    good: one({ "listener-attributes.HTTP-80": "a=b" }),
  },
  {
    name: "ssl-redirect without an HTTP listener",
    code: IGNORED,
    bad: one({ ...HTTPS, "ssl-redirect": "443" }),
    at: ["Ingress shop/web ssl-redirect"],
    good: one({ ...HTTPS, "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }], "ssl-redirect": "443" }),
  },
  {
    name: "an order without a group",
    code: IGNORED,
    bad: one({ "group.order": "5" }),
    at: ["Ingress shop/web group.order"],
    good: one({ "group.order": "5", "group.name": "g" }),
  },
  {
    name: "an ACL's ARN beside another member's name",
    code: IGNORED,
    bad: two({ "wafv2-acl-name": "edge" }, { "wafv2-acl-arn": ACL }),
    at: ["Ingress shop/zoo wafv2-acl-arn"],
    good: two({}, { "wafv2-acl-arn": ACL }),
  },
  {
    name: "the deprecated alias beside its successor",
    code: IGNORED,
    bad: one({ "waf-acl-id": "a", "web-acl-id": "b" }),
    at: ["Ingress shop/web web-acl-id"],
    good: one({ "web-acl-id": "b" }),
  },
  {
    name: "an ACL while flag enable-wafv2 is off",
    code: IGNORED,
    bad: one({ "wafv2-acl-arn": ACL }),
    at: ["Ingress shop/web wafv2-acl-arn"],
    good: one({}),
    around: { flags: { "enable-wafv2": "false" } },
  },
  {
    name: "a certificate request while its gate is off",
    code: IGNORED,
    bad: one({ "create-acm-cert": "true" }),
    at: ["Ingress shop/web create-acm-cert"],
    good: one({}),
  },
  {
    name: "a certificate request that isn't a boolean",
    code: IGNORED,
    bad: one({ "create-acm-cert": "yes" }, { rules: [rule("a.example", prefix("/"))] }),
    at: ["Ingress shop/web create-acm-cert"],
    good: one({ "create-acm-cert": "true" }, { rules: [rule("a.example", prefix("/"))] }),
    around: { flags: { "feature-gates": "EnableCertificateManagement=true" } },
  },
  {
    name: "an authority without a certificate request",
    code: IGNORED,
    bad: one({ "acm-pca-arn": "arn:ca" }),
    at: ["Ingress shop/web acm-pca-arn"],
    good: one({ "acm-pca-arn": "arn:ca", "create-acm-cert": "true" }, { rules: [rule("a.example", prefix("/"))] }),
    around: { flags: { "feature-gates": "EnableCertificateManagement=true" } },
  },
  {
    name: "an action that no path names",
    code: IGNORED,
    bad: one({ "actions.hello": response }),
    at: ["Ingress shop/web actions.hello"],
    good: one({ "actions.hello": response }, { rules: [rule(undefined, prefix("/", act("hello")))] }),
  },
  {
    name: "an action of a backend with a port of its own",
    code: IGNORED,
    bad: one({ "actions.web": redirect }),
    at: ["Ingress shop/web actions.web"],
    good: one({ "actions.web": redirect }, { defaultBackend: act("web") }),
  },
  {
    name: "conditions that no path names",
    code: IGNORED,
    bad: one({ "conditions.api": [{ field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8"] } }] }),
    at: ["Ingress shop/web conditions.api"],
    good: one({ "conditions.web": [{ field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8"] } }] }),
  },
  {
    name: "transforms of the default backend",
    code: IGNORED,
    bad: one({ "transforms.api": [] }, { defaultBackend: backend("api") }),
    at: ["Ingress shop/web transforms.api"],
    good: one({ "transforms.web": [] }),
  },
  {
    name: "use-regex-path-match without a path that it concerns",
    code: IGNORED,
    bad: one({ "use-regex-path-match": "true" }),
    at: ["Ingress shop/web use-regex-path-match"],
    good: one({ "use-regex-path-match": "true" }, { rules: [rule(undefined, anyPath("/^/a$"))] }),
  },
  {
    name: "authentication without an HTTPS listener",
    code: IGNORED,
    bad: one(cognito),
    at: ["Ingress shop/web auth-idp-cognito", "Ingress shop/web auth-type"],
    good: one({ ...HTTPS, ...cognito }),
  },
  {
    name: "an identity provider of another kind",
    code: IGNORED,
    bad: one({ ...HTTPS, ...cognito, "auth-idp-oidc": "{}" }),
    at: ["Ingress shop/web auth-idp-oidc"],
    good: one({ ...HTTPS, ...cognito }),
  },
  {
    name: "a scope without authentication",
    code: IGNORED,
    bad: one({ ...HTTPS, "auth-scope": "email" }),
    at: ["Ingress shop/web auth-scope"],
    good: {
      ...one({ ...HTTPS, "auth-scope": "email" }),
      services: [service("web", { annotations: cognito }), service("api")],
    },
  },
  {
    name: "token validation without an HTTPS listener",
    code: IGNORED,
    bad: one({ "jwt-validation": { jwksEndpoint: "a", issuer: "b" } }),
    at: ["Ingress shop/web jwt-validation"],
    good: one({ ...HTTPS, "jwt-validation": { jwksEndpoint: "a", issuer: "b" } }),
  },
  {
    name: "node labels with ip targets",
    code: IGNORED,
    bad: one({ "target-type": "ip", "target-node-labels": "a=b" }),
    at: ["Ingress shop/web target-node-labels"],
    good: one({ "target-node-labels": "a=b" }),
  },
  {
    name: "a health check of an Ingress without Services",
    code: IGNORED,
    bad: one({ "healthcheck-path": "/up", "actions.x": response }, { rules: [rule(undefined, prefix("/", act("x")))] }),
    at: ["Ingress shop/web healthcheck-path"],
    good: one({ "healthcheck-path": "/up" }),
  },
  {
    name: "a health check that the Service sets itself",
    code: IGNORED,
    bad: {
      ...one({ "healthcheck-path": "/up" }),
      services: [service("web", { annotations: { "healthcheck-path": "/own" } }), service("api")],
    },
    at: ["Ingress shop/web healthcheck-path"],
    good: one({ "healthcheck-path": "/up" }),
  },
  {
    name: "a control port of a port that no path names",
    code: IGNORED,
    bad: one({ "target-type": "ip", "target-control-port.web.http": "9000" }),
    at: ["Ingress shop/web target-control-port.web.http"],
    good: one({ "target-type": "ip", "target-control-port.web.80": "9000" }),
  },
  {
    name: "a setting of the network load balancer without one",
    code: IGNORED,
    bad: one({ "frontend-nlb-scheme": "internal" }),
    at: ["Ingress shop/web frontend-nlb-scheme"],
    good: two({ "enable-frontend-nlb": "true" }, { "frontend-nlb-scheme": "internal" }),
  },
  {
    name: "a mapping to a port that nobody listens on",
    code: IGNORED,
    bad: one({ "enable-frontend-nlb": "true", "frontend-nlb-listener-port-mapping": "80=80,443=443" }),
    at: ["Ingress shop/web frontend-nlb-listener-port-mapping"],
    good: one({ "enable-frontend-nlb": "true", "frontend-nlb-listener-port-mapping": "443=80" }),
  },
  {
    name: "a Service's false against the Ingress's true",
    code: IGNORED,
    bad: {
      ...one({ "multi-cluster-target-group": "true" }),
      services: [service("web", { annotations: { "multi-cluster-target-group": "false" } }), service("api")],
    },
    at: ["Service shop/web multi-cluster-target-group"],
    good: one({ "multi-cluster-target-group": "true" }),
  },
  {
    name: "an annotation that class params replace",
    code: REPLACED,
    bad: params({ scheme: "internal" }, { scheme: "internet-facing" }),
    at: ["Ingress shop/web scheme"],
    good: params({ ipAddressType: "ipv4" }, { scheme: "internet-facing" }),
  },
  {
    name: "tags of which class params set every key",
    code: REPLACED,
    bad: params({ tags: [{ key: "team", value: "a" }] }, { tags: "team=b" }),
    at: ["Ingress shop/web tags"],
    good: params({ tags: [{ key: "team", value: "a" }] }, { tags: "team=b,env=c" }),
  },
  {
    name: "a group name that class params replace",
    code: REPLACED,
    bad: params({ group: { name: "a" } }, { "group.name": "b" }),
    at: ["Ingress shop/web group.name"],
    good: params({}, { "group.name": "b" }),
  },
  {
    name: "capacity that the first member's class params replace",
    code: REPLACED,
    bad: params(
      { minimumLoadBalancerCapacity: { capacityUnits: 5 } },
      { "minimum-load-balancer-capacity": "CapacityUnits=9" },
    ),
    at: ["Ingress shop/web minimum-load-balancer-capacity"],
    good: params({}, { "minimum-load-balancer-capacity": "CapacityUnits=9" }),
  },
  {
    name: "a default value",
    code: DEFAULT,
    bad: one({ "healthcheck-interval-seconds": "15" }),
    at: ["Ingress shop/web healthcheck-interval-seconds"],
    good: one({ "healthcheck-interval-seconds": "16" }),
  },
  {
    name: "a default that follows another annotation",
    code: DEFAULT,
    bad: one({ "backend-protocol": "HTTPS", "healthcheck-protocol": "HTTPS" }),
    at: ["Ingress shop/web healthcheck-protocol"],
    good: one({ "backend-protocol": "HTTPS", "healthcheck-protocol": "HTTP" }),
  },
  {
    name: "the default of GRPC",
    code: DEFAULT,
    bad: one({ "backend-protocol-version": "GRPC", "success-codes": "12" }),
    at: ["Ingress shop/web success-codes"],
    good: one({ "backend-protocol-version": "GRPC", "success-codes": "200" }),
  },
  {
    name: "the default port without certificates",
    code: DEFAULT,
    bad: one(HTTP),
    at: ["Ingress shop/web listen-ports"],
    good: one({ ...HTTP, "certificate-arn": "arn:c" }),
  },
  {
    name: "a default value, but not of an annotation that has no effect",
    code: DEFAULT,
    bad: one({ "group.name": "g", "group.order": "0" }),
    at: ["Ingress shop/web group.order"],
    good: one({ "group.order": "0" }),
  },
  {
    name: "a default value, but not of an annotation that class params replace",
    code: DEFAULT,
    bad: params({}, { "ip-address-type": "ipv4" }),
    at: ["Ingress shop/web ip-address-type"],
    good: params({ ipAddressType: "dualstack" }, { "ip-address-type": "ipv4" }),
  },
  {
    name: "the default port with certificates",
    code: DEFAULT,
    bad: one(HTTPS),
    at: ["Ingress shop/web listen-ports"],
    good: one({ ...HTTPS, "listen-ports": [{ HTTPS: 443 }, { HTTP: 80 }] }),
  },
  {
    name: "the class annotation",
    code: "lint.deprecated",
    bad: one({ "kubernetes.io/ingress.class": "alb" }),
    at: ["Ingress shop/web kubernetes.io~1ingress.class"],
    good: one({}),
  },
  {
    name: "web-acl-id",
    code: "lint.deprecated",
    bad: one({ "web-acl-id": "a" }),
    at: ["Ingress shop/web web-acl-id"],
    good: one({ "waf-acl-id": "a" }),
  },
  {
    name: "the old spelling of prefix lists",
    code: "lint.deprecated",
    bad: params({ PrefixListsIDs: ["pl-1"] }, {}),
    at: ["IngressClassParams /team /spec/PrefixListsIDs"],
    good: params({ prefixListsIDs: ["pl-1"] }, {}),
  },
  {
    name: "a placeholder",
    code: "lint.placeholder",
    bad: one({ "certificate-arn": "arn:aws:acm:eu-central-1:<account>:certificate/1" }),
    at: ["Ingress shop/web certificate-arn"],
    good: one({ "certificate-arn": "arn:aws:acm:eu-central-1:1:certificate/1" }),
  },
  {
    name: "a number that AWS doesn't take",
    code: "lint.number-out-of-range",
    bad: one({ "healthy-threshold-count": "1" }),
    at: ["Ingress shop/web healthy-threshold-count"],
    good: one({ "healthy-threshold-count": "10" }),
  },
  {
    name: "a number on a Service that AWS doesn't take",
    code: "lint.number-out-of-range",
    bad: { services: [service("web", { annotations: { "healthcheck-timeout-seconds": "121" } }), service("api")] },
    at: ["Service shop/web healthcheck-timeout-seconds"],
    good: { services: [service("web", { annotations: { "healthcheck-timeout-seconds": "120" } }), service("api")] },
  },
  {
    name: "a class name beside the class annotation",
    code: "lint.class-name-ignored",
    bad: one({ "kubernetes.io/ingress.class": "alb" }),
    at: ["Ingress shop/web /spec/ingressClassName"],
    good: one({ "kubernetes.io/ingress.class": "alb" }, { className: undefined }),
  },
  {
    name: "several default classes, though each Ingress names one",
    code: "lint.several-default-classes",
    bad: { ingressClasses: [asDefault(ingressClass()), asDefault(ingressClass("nginx", { controller: "nginx" }))] },
    at: [
      "IngressClass /alb ingressclass.kubernetes.io~1is-default-class",
      "IngressClass /nginx ingressclass.kubernetes.io~1is-default-class",
    ],
    good: { ingressClasses: [asDefault(ingressClass()), ingressClass("nginx", { controller: "nginx" })] },
  },
  {
    name: "class params that only count on the first member",
    code: "lint.class-params-ignored",
    bad: {
      ...classWithParams("team", { loadBalancerAttributes: [{ key: "a", value: "b" }] }),
      ...two({}, {}, { className: "team" }),
    },
    at: ["IngressClassParams /team /spec/loadBalancerAttributes"],
    good: {
      ...classWithParams("team", { loadBalancerAttributes: [{ key: "a", value: "b" }] }),
      ...two({ "group.order": "1" }, {}, { className: "team" }),
    },
  },
  {
    name: "annotations of an Ingress without a class",
    code: "lint.ingress-unmanaged",
    bad: one({ scheme: "internal" }, { className: undefined }),
    at: ["Ingress shop/web /spec"],
    good: one({}, { className: undefined }),
  },
  {
    name: "annotations of an Ingress of another controller",
    code: "lint.ingress-unmanaged",
    bad: {
      ...one({ scheme: "internal" }, { className: "nginx" }),
      ingressClasses: [ingressClass("nginx", { controller: "k8s.io/ingress-nginx" })],
    },
    at: ["Ingress shop/web /spec/ingressClassName"],
    good: one({ scheme: "internal" }),
  },
];

function asDefault(found: ReturnType<typeof ingressClass>): ReturnType<typeof ingressClass> {
  const annotations = { "ingressclass.kubernetes.io/is-default-class": "true" };
  return { ...found, metadata: { ...found.metadata, annotations } };
}

describe("annotations and classes", () => {
  it.each(rows)("$name: $code", ({ code, bad, at, good, around = {} }) => {
    expect(placesOf(code, bad, around)).toEqual(at);
    expect(placesOf(code, good, around)).toEqual([]);
  });

  it.each([
    ["shceme", "alb.ingress.kubernetes.io/scheme"],
    ["Target-Type", "alb.ingress.kubernetes.io/target-type"],
    ["action.web", "alb.ingress.kubernetes.io/actions.web"],
    ["listener-attribute.HTTP-80", "alb.ingress.kubernetes.io/listener-attributes.HTTP-80"],
    ["group-name", "alb.ingress.kubernetes.io/group.name"],
    ["conditions", "alb.ingress.kubernetes.io/conditions.<name>"],
  ])("%s: did you mean %s?", (written, meant) => {
    const [found] = lintOf(one({ [written]: "x" })).filter(({ code }) => code === UNKNOWN);
    expect(found?.message).toContain(`did you mean ${meant}?`);
  });

  it("knows a prefix that is nearly ours", () => {
    const annotations = { "alb.ingress.k8s.io/scheme": "internal", "alb.example.com/colour": "red" };
    const found = lintOf({ ingresses: [ingress({ metadata: { annotations } })] });
    expect(found.map(({ code, field }) => [code, field])).toEqual([
      [UNKNOWN, "/metadata/annotations/alb.ingress.k8s.io~1scheme"],
    ]);
  });

  it("warns when the class whose name is ignored has params", () => {
    const objects = {
      ...classWithParams("team", { scheme: "internal" }),
      ...one({ "kubernetes.io/ingress.class": "alb" }, { className: "team" }),
    };
    const [found] = lintOf(objects).filter(({ code }) => code === "lint.class-name-ignored");
    expect(found?.severity).toBe("warning");
  });

  it("looks at the annotations of an Ingress whose class is missing, too", () => {
    expect(placesOf(UNKNOWN, { ...one({ shceme: "x" }), ingressClasses: [] })).toEqual(["Ingress shop/web shceme"]);
  });
});
