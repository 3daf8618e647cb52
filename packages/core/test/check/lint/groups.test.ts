import { describe, expect, it } from "vitest";
import type { Facts } from "../../../src/model/facts.ts";
import type { ClusterSnapshot } from "../../../src/model/snapshot.ts";
import { type IngressSketch, ingress, prefix, rule, service } from "../../fixtures/cluster.ts";
import { certificate, certificateArn } from "../../fixtures/facts.ts";
import { type Around, lintOf, placesOf } from "./findings.ts";

const one = (annotations: IngressSketch["annotations"], sketch: IngressSketch = {}): Partial<ClusterSnapshot> => ({
  ingresses: [ingress({ ...sketch, annotations: annotations ?? {} })],
});

const HTTPS = { "listen-ports": [{ HTTPS: 443 }] };
const host = (name: string): IngressSketch => ({ rules: [rule(name, prefix("/"))] });
const certificates = (...all: Facts["certificates"]): Around => ({ facts: { certificates: all } });
const onHosts = (first: string, second: string): Partial<ClusterSnapshot> => ({
  ingresses: [
    ingress({ ...host(first), annotations: { "group.name": "g", ...HTTPS } }),
    ingress({ ...host(second), name: "zoo", annotations: { "group.name": "g", ...HTTPS } }),
  ],
});
const shared = certificates(certificate("a", ["a.example", "b.example"]), certificate("z", ["z.example"]));
const privately = certificates(
  certificate("a", ["a.example"]),
  certificate("z", ["z.example"], { type: "PRIVATE", caArn: "arn:ca" }),
);
const NLB = { "enable-frontend-nlb": "true" };
const REMOVED = "lint.web-acl-removed";

describe("groups, listeners and certificates", () => {
  it.each<{
    name: string;
    code: string;
    bad: Partial<ClusterSnapshot>;
    at: readonly string[];
    good: Partial<ClusterSnapshot>;
    around?: Around;
  }>([
    {
      name: "a tls host that the named certificate doesn't cover",
      code: "lint.tls-host-without-certificate",
      bad: one({ "certificate-arn": certificateArn("a") }, { tlsHosts: ["a.example", "c.example"] }),
      at: ["Ingress shop/web /spec/tls/0/hosts/1"],
      good: one({ "certificate-arn": certificateArn("a") }, { tlsHosts: ["a.example", "x.b.example"] }),
      around: certificates(certificate("a", ["A.example", "*.b.example"])),
    },
    {
      name: "the host of a rule that the named certificate doesn't cover",
      code: "lint.tls-host-without-certificate",
      bad: one({ "certificate-arn": certificateArn("a") }, host("c.example")),
      at: ["Ingress shop/web /spec/rules/0/host"],
      good: one({ "certificate-arn": `${certificateArn("a")},arn:not-among-the-facts` }, host("c.example")),
      around: certificates(certificate("a", ["a.example"])),
    },
    {
      name: "HTTPS without any host or certificate",
      code: "lint.https-without-certificate",
      bad: one(HTTPS),
      at: ["Ingress shop/web listen-ports"],
      good: one({ ...HTTPS, "certificate-arn": "arn:c" }),
    },
    {
      name: "a certificate that one member adds for all",
      code: "lint.certificate-for-all",
      bad: onHosts("a.example", "z.example"),
      at: ["Ingress shop/web /spec/rules", "Ingress shop/zoo /spec/rules"],
      good: onHosts("a.example", "b.example"),
      around: shared,
    },
    {
      name: "a default certificate by chance",
      code: "lint.default-certificate-by-arn",
      bad: one(HTTPS, host("x.example.com")),
      at: ["Ingress shop/web /spec/rules"],
      good: one(HTTPS, host("y.example.com")),
      around: certificates(certificate("1", ["*.example.com"]), certificate("2", ["x.example.com"])),
    },
    {
      name: "a tag that a default tag beats",
      code: "lint.tag-loses-to-default",
      bad: one({ tags: "team=a" }),
      at: ["Ingress shop/web tags"],
      good: one({ tags: "team=b" }),
      around: { flags: { "default-tags": "team=b" } },
    },
    {
      name: "a port named twice",
      code: "lint.listen-port-repeated",
      bad: one({ "listen-ports": [{ HTTP: 80 }, { HTTPS: 80 }], "certificate-arn": "arn:c" }),
      at: ["Ingress shop/web listen-ports"],
      good: one({ "listen-ports": [{ HTTP: 80, HTTPS: 443 }], "certificate-arn": "arn:c" }),
    },
    {
      name: "IPv6 ranges of a load balancer with IPv4 only",
      code: "lint.cidr-ipv6-ignored",
      bad: one({ "inbound-cidrs": "2001:db8::/32" }),
      at: ["Ingress shop/web inbound-cidrs"],
      good: one({ "inbound-cidrs": "10.0.0.0/8" }),
    },
    {
      name: "an empty ACL",
      code: REMOVED,
      bad: one({ "wafv2-acl-arn": "" }),
      at: ["Ingress shop/web wafv2-acl-arn"],
      good: one({ "wafv2-acl-arn": "none" }),
    },
    {
      name: "a network load balancer with another scheme than the ALB",
      code: "lint.nlb-scheme-differs",
      bad: one({ ...NLB, scheme: "internet-facing" }),
      at: ["Ingress shop/web enable-frontend-nlb"],
      good: one({ ...NLB, scheme: "internet-facing", "frontend-nlb-scheme": "internal" }),
    },
    {
      name: "a network load balancer without listeners",
      code: "lint.nlb-without-listeners",
      bad: one({ ...NLB, "frontend-nlb-listener-port-mapping": "443=443" }),
      at: ["Ingress shop/web enable-frontend-nlb"],
      good: one(NLB),
    },
    {
      name: "tags of the network load balancer instead of default tags",
      code: "lint.nlb-tags-without-defaults",
      bad: one({ ...NLB, "frontend-nlb-tags": "a=b" }),
      at: ["Ingress shop/web frontend-nlb-tags"],
      good: one({ ...NLB, "frontend-nlb-tags": "team=b" }),
      around: { flags: { "default-tags": "team=b" } },
    },
    {
      name: "a Service's map instead of the Ingress's",
      code: "lint.service-map-replaces",
      bad: {
        ...one({ "target-group-attributes": "a=1,b=2" }),
        services: [service("web", { annotations: { "target-group-attributes": "a=3" } })],
      },
      at: ["Service shop/web target-group-attributes"],
      good: {
        ...one({ "target-group-attributes": "a=1" }),
        services: [service("web", { annotations: { "target-group-attributes": "a=3,b=2" } })],
      },
    },
  ])("$name: $code", ({ code, bad, at, good, around = {} }) => {
    expect(placesOf(code, bad, around)).toEqual(at);
    expect(placesOf(code, good, around)).toEqual([]);
  });

  it("warns of a private certificate for all, and only mentions a public one", () => {
    const found = lintOf(onHosts("a.example", "z.example"), privately);
    expect(
      found
        .filter(({ code }) => code === "lint.certificate-for-all")
        .map(({ severity, object }) => [severity, object?.name]),
    ).toEqual([
      ["info", "web"],
      ["warning", "zoo"],
    ]);
  });

  it("has nothing to say about a plain Ingress", () => {
    expect(lintOf({})).toEqual([]);
  });

  it.each([
    ["bestMatchDefaultCertificate", "lint.default-certificate-by-arn", one(HTTPS, host("x.example.com"))],
    ["emptyWebAclArnIsAbsent", REMOVED, one({ "wafv2-acl-arn": "" })],
  ] as const)("says nothing of a trap that compat.%s closes", (name, code, objects) => {
    const world = certificates(certificate("1", ["*.example.com"]), certificate("2", ["x.example.com"]));
    expect(placesOf(code, objects, { ...world, compat: { [name]: true } })).toEqual([]);
  });
});
