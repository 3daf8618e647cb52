import { describe, expect, it } from "vitest";
import { buildDesired, explainDesired } from "../src/build-desired.ts";
import type { DesiredGraph } from "../src/model/graph.ts";
import { settingsFromFlags } from "../src/read/settings.ts";
import { renderLbcPlanAnnotation, renderLbcStack } from "../src/render/lbc-stack.ts";
import { ingress, service, snapshot } from "./fixtures/cluster.ts";
import { annotated, desired, stackOf } from "./fixtures/desired.ts";
import { facts } from "./fixtures/facts.ts";

describe("stack JSON identical to upstream's (plan annotation / log line)", () => {
  it("has LBC's types, ids and field names", () => {
    const { stack } = renderLbcStack(desired()).groups[0] ?? {};
    expect(stack).toMatchObject({
      id: "shop/web",
      resources: {
        "AWS::EC2::SecurityGroup": { ManagedLBSecurityGroup: { spec: { groupName: expect.any(String) } } },
        "AWS::ElasticLoadBalancingV2::LoadBalancer": { LoadBalancer: { spec: { type: "application" } } },
        "AWS::ElasticLoadBalancingV2::Listener": { 80: { spec: { port: 80 } } },
        "AWS::ElasticLoadBalancingV2::ListenerRule": { "80:1": { spec: { priority: 1 } } },
        "AWS::ElasticLoadBalancingV2::TargetGroup": { "shop/web-web:80": { spec: { targetType: "instance" } } },
        "K8S::ElasticLoadBalancingV2::TargetGroupBinding": { "shop/web-web:80": { spec: {} } },
        FrontendNLBTargetGroup: { FrontendNLBTargetGroup: { TargetGroups: {} } },
      },
    });
  });
  it("a group without members still holds the empty frontend target", () => {
    const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["ingress.k8s.aws/resources"] };
    expect(renderLbcStack(desired({ ingresses: [ingress({ metadata })] })).groups[0]?.stack).toEqual({
      id: "shop/web",
      resources: { FrontendNLBTargetGroup: { FrontendNLBTargetGroup: { TargetGroups: {} } } },
    });
  });
});

describe("Go-style JSON escaping and key order", () => {
  it("escapes what Go escapes and sorts the types", () => {
    const text = renderLbcPlanAnnotation(stackOf(annotated({ tags: "k=<a&b>" })));
    expect(text).toContain('"k":"\\u003ca\\u0026b\\u003e"');
    const types = Object.keys((JSON.parse(text) as { resources: object }).resources);
    expect(types).toEqual([...types].sort());
  });
});

describe("`$ref` tokens for ARNs/IDs of other resources", () => {
  it("name type, id and status field; existing certificates are nameless in the annotation", () => {
    const text = renderLbcPlanAnnotation(stackOf(annotated({ "certificate-arn": "arn:a" })));
    for (const ref of [
      "#/resources/AWS::EC2::SecurityGroup/ManagedLBSecurityGroup/status/groupID",
      "#/resources/AWS::ElasticLoadBalancingV2::LoadBalancer/LoadBalancer/status/loadBalancerARN",
      "#/resources/AWS::ElasticLoadBalancingV2::Listener/443/status/listenerARN",
      "#/resources/AWS::ElasticLoadBalancingV2::TargetGroup/shop/web-web:80/status/targetGroupARN",
      "#/resources///status/certificateARN",
    ])
      expect(text).toContain(`{"$ref":"${ref}"}`);
  });
});

describe("errors name the Ingress, annotation and offending value", () => {
  it("as data: code, object, field, message, stack", () => {
    expect(annotated({ scheme: "public" }).diagnostics).toMatchObject([
      {
        code: "annotation.value-not-allowed",
        severity: "error",
        object: { kind: "Ingress", namespace: "shop", name: "web" },
        field: "/metadata/annotations/alb.ingress.kubernetes.io~1scheme",
        message: expect.stringMatching(/shop\/web.*"public"/),
        stack: "shop/web",
      },
    ]);
  });
});

describe('annotation "exists but empty" distinguished from absent', () => {
  it.each([
    { name: "wafv2-acl-arn", resources: ["webAclAssociation/LoadBalancer"] },
    { name: "waf-acl-id", resources: [] },
  ])("$name", ({ name, resources }) => {
    const before = Object.keys(stackOf(desired()).resources);
    const after = Object.keys(stackOf(annotated({ [name]: "" })).resources);
    expect(after.filter((key) => !before.includes(key))).toEqual(resources);
  });
  it.each([
    "scheme",
    "ip-address-type",
    "target-type",
    "subnets",
    "listen-ports",
    "ssl-redirect",
    "group.order",
    "enable-frontend-nlb",
  ])("an empty %s is an error, not the default", (name) => {
    expect(stackOf(annotated({ [name]: "" })).status).toBe("failed");
  });
  it.each([
    "security-groups",
    "inbound-cidrs",
    "certificate-arn",
    "tags",
    "load-balancer-attributes",
    "ipam-ipv4-pool-id",
  ])("an empty %s is as good as none", (name) => {
    expect(stackOf(annotated({ [name]: "" })).resources).toEqual(stackOf(desired()).resources);
  });
});

describe("canonical order where upstream iterates maps", () => {
  it("resources come by listener port, whatever the annotations say first", () => {
    const listeners = (graph: DesiredGraph) =>
      Object.keys(stackOf(graph).resources).filter((key) => key.startsWith("listener/"));
    const text = (ports: object) => listeners(annotated({ "listen-ports": ports }));
    expect(text([{ HTTP: 8080 }, { HTTP: 80 }, { HTTP: 443 }])).toEqual([
      "listener/80",
      "listener/443",
      "listener/8080",
    ]);
  });
  it("the order of objects never shows", () => {
    const ingresses = ["c", "a", "b"].map((name) =>
      ingress({ name, annotations: { "group.name": "team", "ssl-redirect": "x" } }),
    );
    const services = [service("web"), service("api"), service("other")];
    const one = desired({ ingresses, services });
    const other = desired({ ingresses: ingresses.toReversed(), services: services.toReversed() });
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });
});

describe("where values come from", () => {
  it("explaining builds the same graph and names places in it", () => {
    const { settings } = settingsFromFlags({ "cluster-name": "demo" });
    const objects = snapshot({ ingresses: [ingress({ annotations: { scheme: "internet-facing" } })] });
    const provenance = explainDesired(objects, facts(), undefined, settings);
    expect(provenance["shop/web"]?.["loadBalancer/LoadBalancer#/scheme"]).toMatchObject({
      object: { name: "web" },
      field: "/metadata/annotations/alb.ingress.kubernetes.io~1scheme",
    });
    const resources = stackOf(buildDesired(objects, facts(), undefined, settings)).resources;
    for (const place of Object.keys(provenance["shop/web"] ?? {}))
      expect(resources).toHaveProperty([place.split("#")[0] ?? ""]);
  });
});
