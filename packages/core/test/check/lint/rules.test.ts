import { describe, expect, it } from "vitest";
import { addCover, findCover, newRuleCoverIndex } from "../../../src/check/lint/rule-cover-index.ts";
import { diagnose } from "../../../src/diagnostics/diagnose.ts";
import type { Ingress, IngressRule } from "../../../src/model/kubernetes.ts";
import type { ClusterSnapshot } from "../../../src/model/snapshot.ts";
import {
  act,
  anyPath,
  backend,
  exact,
  type IngressSketch,
  ingress,
  prefix,
  rule,
  service,
} from "../../fixtures/cluster.ts";
import { type Around, lintOf, placesOf } from "./findings.ts";

const one = (annotations: IngressSketch["annotations"], sketch: IngressSketch = {}): Partial<ClusterSnapshot> => ({
  ingresses: [ingress({ ...sketch, annotations: annotations ?? {} })],
});

const withRules = (...rules: readonly IngressRule[]): Partial<ClusterSnapshot> => one({}, { rules });

const UNREACHABLE = "lint.rule-unreachable";
const path = (ruleIndex: number, index: number): string =>
  `Ingress shop/web /spec/rules/${ruleIndex}/http/paths/${index}`;
const header = (...values: readonly string[]): object => ({
  field: "http-header",
  httpHeaderConfig: { httpHeaderName: "x-env", values },
});
const webAndApi = (web: readonly object[], api: readonly object[]): Partial<ClusterSnapshot> =>
  one(
    { "conditions.web": web, "conditions.api": api },
    { rules: [rule(undefined, prefix("/a"), prefix("/a", backend("api")))] },
  );

describe("lint.rule-unreachable", () => {
  it.each<{ name: string; objects: Partial<ClusterSnapshot>; at: readonly string[] }>([
    {
      name: "a catch-all before a narrower path of a later rule",
      objects: withRules(rule(undefined, prefix("/")), rule(undefined, prefix("/a", backend("api")))),
      at: [path(1, 0)],
    },
    {
      name: "a catch-all before the path of a host",
      objects: withRules(rule(undefined, anyPath("/*")), rule("a.example", exact("/a"))),
      at: [path(1, 0)],
    },
    {
      name: "a wildcard host before one of its hosts",
      objects: withRules(rule("*.a.example", prefix("/")), rule("x.a.example", prefix("/a"))),
      at: [path(1, 0)],
    },
    {
      name: "one path twice",
      objects: withRules(rule("a.example", prefix("/a"), prefix("/a", backend("api")))),
      at: [path(0, 1)],
    },
    {
      name: "a prefix before a longer wildcard path",
      objects: withRules(rule(undefined, prefix("/a"), anyPath("/a/b*", backend("api")))),
      at: [path(0, 1)],
    },
    { name: "the same header", objects: webAndApi([header("b", "a")], [header("a", "b")]), at: [path(0, 1)] },
    { name: "no header before one", objects: webAndApi([], [header("a")]), at: [path(0, 1)] },
    { name: "a path that begins with no slash", objects: withRules(rule(undefined, anyPath("a*"))), at: [path(0, 0)] },
    { name: "longer prefixes first", objects: withRules(rule(undefined, prefix("/"), prefix("/a"))), at: [] },
    {
      name: "another host",
      objects: withRules(rule("a.example", prefix("/")), rule("b.example", prefix("/a"))),
      at: [],
    },
    {
      name: "a host with one label more matches the wildcard, as for AWS",
      objects: withRules(rule("*.a.example", prefix("/")), rule("x.y.a.example", prefix("/"))),
      at: [path(1, 0)],
    },
    {
      name: "a host before any host",
      objects: withRules(rule("a.example", prefix("/")), rule(undefined, prefix("/"))),
      at: [],
    },
    { name: "another header", objects: webAndApi([header("a")], [header("b")]), at: [] },
    { name: "a header before none", objects: webAndApi([header("a")], []), at: [] },
    {
      name: "a path that only begins alike",
      objects: withRules(rule(undefined, prefix("/a"), prefix("/ab"))),
      at: [],
    },
  ])("$name", ({ objects, at }) => {
    expect(placesOf(UNREACHABLE, objects)).toEqual(at);
  });

  it("names both owners, across namespaces", () => {
    const first = ingress({ name: "a", annotations: { "group.name": "g" } });
    const second = ingress({ name: "b", namespace: "team", annotations: { "group.name": "g" } });
    const objects = { ingresses: [second, first], services: [service("web"), service("web", { namespace: "team" })] };
    const found = lintOf(objects).filter(({ code }) => code === UNREACHABLE);
    expect(found).toEqual([
      expect.objectContaining({
        severity: "warning",
        stack: "g",
        resource: "listenerRule/80:2",
        object: { kind: "Ingress", namespace: "team", name: "b" },
        field: "/spec/rules/0/http/paths/0",
        message:
          "Ingress team/b, spec.rules[0].http.paths[0]: its rule on port 80 is never reached: the earlier rule of Ingress shop/a, spec.rules[0].http.paths[0], answers all its requests",
      }),
    ]);
  });

  it("says it once for all ports", () => {
    const annotations = { "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }] };
    const found = lintOf(one(annotations, { rules: [rule(undefined, exact("/a"), exact("/a", backend("api")))] }));
    expect(found.filter(({ code }) => code === UNREACHABLE).map(({ message }) => message)).toEqual([
      expect.stringContaining("its rule on ports 80, 8080 is never reached"),
    ]);
  });

  it("doesn't compare each rule with each", () => {
    const index = newRuleCoverIndex<number>();
    const began = performance.now();
    for (let rank = 0; rank < 30_000; rank++) {
      const shape = { hosts: [`h${rank % 100}.example`], paths: [`/p/${rank}`, `/p/${rank}/*`], others: [] };
      expect(findCover(index, shape)).toBe(undefined);
      addCover(index, shape, rank);
    }
    expect(findCover(index, { hosts: ["h7.example"], paths: ["/p/2007/x"], others: ["y"] })).toBe(2007);
    expect(performance.now() - began).toBeLessThan(4000);
  });
});

const CONDITIONS = (values: readonly string[]): object[] => [{ field: "host-header", hostHeaderConfig: { values } }];
const hosts = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `h${index}.example`);
const forward = (count: number, weight: number): object => ({
  type: "forward",
  forwardConfig: {
    targetGroups: Array.from({ length: count }, (_, index) => ({ targetGroupARN: `arn:tg/${index}`, weight })),
  },
});
const acting = (action: object): Partial<ClusterSnapshot> =>
  one({ "actions.x": action }, { rules: [rule(undefined, prefix("/", act("x")))] });
const auth = {
  "auth-type": "cognito",
  "auth-idp-cognito": { userPoolARN: "a", userPoolClientID: "b", userPoolDomain: "c" },
  "certificate-arn": "arn:c",
};
const BOTH = { "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }], "certificate-arn": "arn:c" };
const pair = (first: IngressSketch["annotations"], second: IngressSketch["annotations"]): Partial<ClusterSnapshot> => ({
  ingresses: [
    ingress({ annotations: { "group.name": "g", ...first } }),
    ingress({ name: "zoo", annotations: { "group.name": "g", ...second } }),
  ],
});

describe("rules", () => {
  it.each<{
    name: string;
    code: string;
    bad: Partial<ClusterSnapshot>;
    at: readonly string[];
    good: Partial<ClusterSnapshot>;
    around?: Around;
  }>([
    {
      name: "a path that is OR-ed with the rule's",
      code: "lint.condition-joined",
      bad: one({
        "conditions.web": [{ field: "path-pattern", pathPatternConfig: { values: ["/b"] } }],
      }),
      at: ["Ingress shop/web conditions.web"],
      good: one({ "conditions.web": CONDITIONS(["b.example"]) }, { rules: [rule("a.example", prefix("/"))] }),
    },
    {
      name: "a tls section without an HTTPS port",
      code: "lint.tls-without-https",
      bad: one({}, { tlsHosts: ["a.example"] }),
      at: ["Ingress shop/web /spec/tls"],
      good: one({ "certificate-arn": "arn:c" }, { tlsHosts: ["a.example"] }),
    },
    {
      name: "a tls section beside HTTP ports only",
      code: "lint.tls-without-https",
      bad: one(
        { "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }], "certificate-arn": "arn:c" },
        { tlsHosts: ["a.example"] },
      ),
      at: ["Ingress shop/web /spec/tls"],
      good: one({ "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }] }, { tlsHosts: ["a.example"] }),
    },
    {
      name: "a condition of an unknown field",
      code: "lint.condition-unknown-field",
      bad: one({ "conditions.web": [{ field: "host" }] }),
      at: ["Ingress shop/web conditions.web"],
      good: one({ "conditions.web": CONDITIONS(["b.example"]) }),
    },
    {
      name: "a path without a regular expression",
      code: "lint.regex-path-empty",
      bad: one({ "use-regex-path-match": "true" }, { rules: [rule(undefined, anyPath("/"))] }),
      at: ["Ingress shop/web /spec/rules/0/http/paths/0/path"],
      good: one({ "use-regex-path-match": "true" }, { rules: [rule(undefined, anyPath("/^/$"))] }),
    },
    {
      name: "authentication beside plain HTTP",
      code: "lint.auth-not-on-http",
      bad: one({ ...auth, ...BOTH }),
      at: ["Ingress shop/web auth-type"],
      good: one({ ...auth, ...BOTH, "ssl-redirect": "443" }),
    },
    {
      name: "authentication of the Service beside plain HTTP",
      code: "lint.auth-not-on-http",
      bad: { ...one(BOTH), services: [service("web", { annotations: auth }), service("api")] },
      at: ["Service shop/web auth-type"],
      good: { ...one(BOTH), services: [service("web", { annotations: { "auth-type": "none" } }), service("api")] },
    },
    {
      name: "token validation beside plain HTTP",
      code: "lint.auth-not-on-http",
      bad: one({ ...BOTH, "jwt-validation": { jwksEndpoint: "https://a", issuer: "b" } }),
      at: ["Ingress shop/web jwt-validation"],
      good: one({ "certificate-arn": "arn:c", "jwt-validation": { jwksEndpoint: "https://a", issuer: "b" } }),
    },
    {
      name: "rules emptied by another member's redirect",
      code: "lint.rules-emptied-by-redirect",
      bad: pair({ ...BOTH, "ssl-redirect": "443" }, {}),
      at: ["Ingress shop/zoo /spec/rules"],
      good: pair({ ...BOTH, "ssl-redirect": "443" }, { ...BOTH, "ssl-redirect": "443" }),
    },
    {
      name: "one Service port by name and by number",
      code: "lint.target-group-twice",
      bad: one({}, { rules: [rule(undefined, prefix("/"), prefix("/a", backend("web", "http")))] }),
      at: ["Ingress shop/web /spec/rules/0/http/paths/1/backend"],
      good: one({}, { rules: [rule(undefined, prefix("/"), prefix("/a", backend("web", "https")))] }),
    },
    {
      name: "six condition values",
      code: "lint.too-many-condition-values",
      bad: one({ "conditions.web": CONDITIONS(hosts(5)) }),
      at: [path(0, 0)],
      good: one({ "conditions.web": CONDITIONS(hosts(4)) }),
    },
    {
      name: "six wildcards",
      code: "lint.too-many-wildcards",
      bad: one({}, { rules: [rule(undefined, anyPath("/*a*b*c*d*e*"))] }),
      at: [path(0, 0)],
      good: one({}, { rules: [rule(undefined, anyPath("/*a*b*c*d*"))] }),
    },
    {
      name: "two conditions of one kind",
      code: "lint.condition-repeated",
      bad: one({
        "conditions.web": [
          { field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8"] } },
          { field: "source-ip", sourceIpConfig: { values: ["11.0.0.0/8"] } },
        ],
      }),
      at: [path(0, 0)],
      good: one({ "conditions.web": [header("a"), header("b")] }),
    },
    {
      name: "a path of 129 characters",
      code: "lint.pattern-too-long",
      bad: one({}, { rules: [rule(undefined, exact(`/${"a".repeat(128)}`))] }),
      at: [path(0, 0)],
      good: one({}, { rules: [rule(undefined, exact(`/${"a".repeat(127)}`))] }),
    },
    {
      name: "six target groups",
      code: "lint.too-many-target-groups",
      bad: acting(forward(6, 1)),
      at: [path(0, 0)],
      good: acting(forward(5, 1)),
    },
    {
      name: "a weight of 1000",
      code: "lint.weight-out-of-range",
      bad: acting(forward(1, 1000)),
      at: [path(0, 0)],
      good: acting(forward(1, 999)),
    },
    {
      name: "more rules than the quota",
      code: "lint.quota-exceeded",
      bad: withRules(rule(undefined, exact("/a"), exact("/b"), exact("/c"))),
      at: ["Ingress shop/web"],
      good: withRules(rule(undefined, exact("/a"), exact("/b"))),
      around: { facts: { quotas: { rulesPerLoadBalancer: 2 } } },
    },
    {
      name: "more permissions than AWS's default quota",
      code: "lint.quota-exceeded",
      bad: one({ "inbound-cidrs": Array.from({ length: 61 }, (_, index) => `10.0.${index}.0/24`).join(",") }),
      at: ["Ingress shop/web"],
      good: one({ "inbound-cidrs": Array.from({ length: 60 }, (_, index) => `10.0.${index}.0/24`).join(",") }),
    },
    {
      name: "more tags than AWS's default quota",
      code: "lint.quota-exceeded",
      bad: one({ tags: Array.from({ length: 48 }, (_, index) => `t${index}=v`).join(",") }),
      at: Array.from({ length: 5 }, () => "Ingress shop/web"),
      good: one({ tags: Array.from({ length: 47 }, (_, index) => `t${index}=v`).join(",") }),
    },
    {
      name: "a name that AWS doesn't take",
      code: "lint.load-balancer-name-invalid",
      bad: one({ "load-balancer-name": "internal-shop" }),
      at: ["Ingress shop/web"],
      good: one({ "load-balancer-name": "shop-internal" }),
    },
  ])("$name: $code", ({ code, bad, at, good, around = {} }) => {
    expect(placesOf(code, bad, around)).toEqual(at);
    expect(placesOf(code, good, around)).toEqual([]);
  });

  it("warns of a path condition that the Ingress's own path covers", () => {
    const values = [{ field: "path-pattern", pathPatternConfig: { values: ["/only/this"] } }];
    const severity = (own: string): string | undefined =>
      lintOf(one({ "conditions.web": values }, { rules: [rule(undefined, prefix(own))] })).find(
        ({ code }) => code === "lint.condition-joined",
      )?.severity;
    expect(severity("/")).toBe("warning");
    expect(severity("/other")).toBe("info");
  });

  it("says nothing of host conditions, which are joined with the Ingress's own host on purpose", () => {
    const objects = one({ "conditions.web": CONDITIONS(["a.example"]) }, { rules: [rule("a.example", prefix("/"))] });
    expect(placesOf("lint.condition-joined", objects)).toEqual([]);
  });

  it("doesn't say that TLS hosts are served without TLS when another member redirects", () => {
    const tls = ingress({
      name: "a",
      tlsHosts: ["a.example"],
      annotations: { "group.name": "g", "listen-ports": [{ HTTP: 80 }] },
    });
    const secure = ingress({
      name: "b",
      annotations: {
        "group.name": "g",
        "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }],
        "certificate-arn": "arn:c",
        "ssl-redirect": "443",
      },
    });
    const messages = (...ingresses: readonly Ingress[]): readonly string[] =>
      lintOf({ ingresses }).flatMap(({ code, message }) => (code === "lint.tls-without-https" ? [message] : []));
    const start = "Ingress shop/a: there is a tls section, but the Ingress listens on HTTP port 80 only";
    expect(messages(tls, secure)).toEqual([start]);
    expect(messages(tls)).toEqual([`${start}, so its hosts are served without TLS`]);
  });

  it("leaves rules beyond the quota to planning when that has told of the stack, and nothing else", () => {
    const tags = Array.from({ length: 48 }, (_, index) => `t${index}=v`).join(",");
    const objects = one({ tags }, { rules: [rule(undefined, exact("/a"), exact("/b"))] });
    const around = { facts: { quotas: { rulesPerLoadBalancer: 1 } } };
    const found = (stack: string): readonly string[] =>
      lintOf(objects, around, [diagnose("rules.over-quota", "too many", { stack })]).flatMap(({ code, message }) =>
        code === "lint.quota-exceeded" ? [message] : [],
      );
    const ofRules = "group shop/web needs 2 rules, its quota is 1";
    expect(found("shop/other")).toContain(ofRules);
    expect(found("shop/web")).toEqual(found("shop/other").filter((message) => message !== ofRules));
    expect(found("shop/web")).not.toEqual([]);
  });
});
