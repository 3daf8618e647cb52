/** Input that nobody writes by accident: a diagnostic or a right plan, never a crash, a hang or a silent change. */
import { describe, expect, it } from "vitest";
import { exact, ingress, prefix, rule, service } from "./fixtures/cluster.ts";
import { annotated, desired, errorCodes, loadBalancer, rulesOf, specsOf, stackOf } from "./fixtures/desired.ts";

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
const MEGABYTE = 1_000_000;

describe("names of properties that every object has", () => {
  it.each(NAMES)("%s as a key of tags, attributes and labels", (key) => {
    const pair = `${key}=x`;
    const graph = annotated({
      tags: pair,
      "load-balancer-attributes": pair,
      "target-group-attributes": pair,
      "target-node-labels": pair,
      "listener-attributes.HTTP-80": pair,
    });
    const [group] = specsOf(graph, "targetGroup");
    const [binding] = specsOf(graph, "targetGroupBinding");
    const [found] = specsOf(graph, "listener");
    for (const map of [
      loadBalancer(graph).tags,
      loadBalancer(graph).attributes,
      group?.tags,
      group?.attributes,
      binding?.nodeSelector?.matchLabels,
      found?.attributes,
    ])
      expect(Object.entries(map ?? {})).toEqual([[key, "x"]]);
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
  });
  it.each(NAMES)("%s as an annotation, a label and a finalizer of an Ingress", (name) => {
    const metadata = { annotations: { [name]: "x" }, labels: { [name]: "x" }, finalizers: [name] };
    expect(Object.keys(desired({ ingresses: [ingress({ metadata })] }).stacks)).toEqual(["shop/web"]);
  });
  it.each(NAMES)("%s as the name of a Service, its port, an Ingress and a namespace", (name) => {
    const rules = [rule(undefined, prefix("/", { service: { name, port: { name } } }))];
    const graph = desired({
      ingresses: [ingress({ name, namespace: name, rules })],
      services: [service(name, { namespace: name, ports: [{ name, port: 80, nodePort: 31000 }] })],
    });
    expect(errorCodes(graph)).toEqual([]);
    expect(stackOf(graph, `${name}/${name}`).members).toEqual([`${name}/${name}`]);
    expect(specsOf(graph, "targetGroup").map(({ port }) => port)).toEqual([31000]);
  });
  it.each(NAMES)("%s as a target group, trust store, web ACL, subnet and security group that don't exist", (name) => {
    const graph = annotated({
      "wafv2-acl-name": name,
      subnets: name,
      "security-groups": name,
      "mutual-authentication": [{ port: 443, mode: "verify", trustStore: name }],
    });
    expect(errorCodes(graph)).toEqual([
      "listener.mutual-authentication-invalid",
      "security-group.not-found",
      "subnet.not-usable",
      "web-acl.not-found",
    ]);
  });
});

describe("characters", () => {
  it.each(["\u0000", "\ud800", "\udfff\ud800", "\u2028", "😀", "\u202e"])(
    "%j survives in tags and conditions",
    (text) => {
      const rules = [rule(`a${text}.io`, exact(`/${text}`))];
      const graph = annotated({ tags: `k${text}k=v${text}v`, "healthcheck-path": `/${text}` }, { rules });
      expect(loadBalancer(graph).tags).toEqual({ [`k${text}k`]: `v${text}v` });
      expect(rulesOf(graph)[0]?.conditions).toEqual([
        { field: "host-header", hostHeaderConfig: { values: [`a${text}.io`] } },
        { field: "path-pattern", pathPatternConfig: { values: [`/${text}`] } },
      ]);
      expect(specsOf(graph, "targetGroup")[0]?.healthCheck.path).toBe(`/${text}`);
    },
  );
  it("names of AWS resources hold none of them", () => {
    const name = "a\u0000é\ud800😀b";
    const services = [service(name)];
    const rules = [rule(undefined, prefix("/", { service: { name, port: { number: 80 } } }))];
    const graph = desired({ ingresses: [ingress({ name, rules })], services });
    expect(specsOf(graph, "targetGroup")[0]?.name).toMatch(/^k8s-shop-ab-[0-9a-f]{10}$/);
    expect(loadBalancer(graph).name).toMatch(/^k8s-shop-ab-[0-9a-f]{10}$/);
  });
});

describe("numbers", () => {
  it.each(["2147483648", "-2147483649", "1e3", "0x50", "80.0", "9".repeat(1000), "٣"])(
    "%s is no 32-bit integer",
    (text) => {
      const graph = annotated({ "healthcheck-interval-seconds": text, "group.order": "0" });
      expect(errorCodes(graph)).toEqual(["annotation.invalid"]);
    },
  );
  it.each(["9223372036854775808", `-${"9".repeat(30)}`])("%s is no 64-bit integer", (text) => {
    expect(errorCodes(annotated({ "auth-session-timeout": text }))).toEqual(["annotation.invalid"]);
  });
});

describe("size", () => {
  it("a megabyte of JSON is read, or refused with a short message", () => {
    const conditions = [
      { field: "source-ip", sourceIpConfig: { values: Array.from({ length: 60_000 }, () => "10.0.0.0/32") } },
    ];
    expect(rulesOf(annotated({ "conditions.web": conditions }))).toHaveLength(1);
    for (const text of [
      "[".repeat(MEGABYTE),
      `"${"x".repeat(MEGABYTE)}"`,
      `{"a":${"9".repeat(MEGABYTE)}}`,
      " ".repeat(MEGABYTE),
    ]) {
      const graph = annotated({ "conditions.web": text });
      expect(errorCodes(graph)).toEqual(["annotation.invalid"]);
      expect(JSON.stringify(graph.diagnostics).length).toBeLessThan(5000);
    }
  });
  it.each([
    "subnets",
    "security-groups",
    "frontend-nlb-subnets",
    "frontend-nlb-eip-allocations",
    "frontend-nlb-security-groups",
    "inbound-cidrs",
    "certificate-arn",
    "tags",
    "scheme",
    "listen-ports",
    "load-balancer-name",
    "wafv2-acl-name",
    "group.name",
    "healthcheck-port",
  ])("a megabyte of %s is an answer in seconds, in short messages", (name) => {
    const pieces = Array.from({ length: MEGABYTE / 10 }, (_, index) => `x-${index}`.padEnd(9, "y"));
    const graph = annotated({
      "enable-frontend-nlb": "true",
      "listen-ports": [{ HTTPS: 443 }],
      [name]: pieces.join(","),
    });
    const longest = Math.max(0, ...graph.diagnostics.map(({ message }) => message.length));
    expect(longest).toBeLessThan(2000);
  });
  it("ten thousand paths become ten thousand rules", () => {
    const paths = Array.from({ length: 10_000 }, (_, index) => exact(`/p${index}`));
    const graph = annotated({ "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }] }, { rules: [rule("a.io", ...paths)] });
    expect(rulesOf(graph).map(({ priority }) => priority)).toEqual(paths.map((_, index) => index + 1));
    expect(rulesOf(graph, 8080)).toHaveLength(10_000);
  });
  it("a thousand Ingresses in one group", () => {
    const ingresses = Array.from({ length: 1000 }, (_, index) =>
      ingress({ name: `i${index}`, annotations: { "group.name": "team", tags: `t${index}=1` } }),
    );
    expect(rulesOf(desired({ ingresses }))).toHaveLength(1000);
  });
});
