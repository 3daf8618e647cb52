import { describe, expect, it } from "vitest";
import type { DesiredGraph } from "../../src/model/graph.ts";
import { allTags, ownershipTags } from "../../src/resolve/ownership-tags.ts";
import { classWithParams, ingress, service } from "../fixtures/cluster.ts";
import {
  annotated,
  desired,
  errorCodes,
  listener,
  loadBalancer,
  rulesOf,
  specOf,
  specsOf,
} from "../fixtures/desired.ts";

const LOW_PRIORITY = { "feature-gates": "EnableDefaultTagsLowPriority=true" };

function targetGroupTags(graph: DesiredGraph) {
  return specsOf(graph, "targetGroup").map(({ tags }) => tags);
}

describe("default-tags precedence and EnableDefaultTagsLowPriority", () => {
  const params = {
    tags: [
      { key: "b", value: "class" },
      { key: "c", value: "class" },
    ],
  };
  const objects = {
    ...classWithParams("params", params),
    ingresses: [ingress({ className: "params", annotations: { tags: "a=ingress,b=ingress,c=ingress,d=ingress" } })],
    services: [service("web", { annotations: { tags: "b=service,d=service" } })],
  };
  const flags = { "default-tags": "a=default,b=default,e=default" };

  it("default tags beat class params, which beat annotations", () => {
    const graph = desired(objects, { flags });
    const expected = { a: "default", b: "default", c: "class", d: "ingress", e: "default" };
    for (const { tags } of [
      loadBalancer(graph),
      listener(graph, 80),
      specOf(graph, "securityGroup", "ManagedLBSecurityGroup"),
      ...rulesOf(graph),
    ])
      expect(tags).toEqual(expected);
    expect(targetGroupTags(graph)).toEqual([{ ...expected, d: "service" }]);
  });
  it("with the gate they come last", () => {
    const graph = desired(objects, { flags: { ...flags, ...LOW_PRIORITY } });
    expect(loadBalancer(graph).tags).toEqual({ a: "ingress", b: "class", c: "class", d: "ingress", e: "default" });
    expect(targetGroupTags(graph)).toEqual([{ a: "ingress", b: "class", c: "class", d: "service", e: "default" }]);
  });
  it("but not on certificates, where they always win", () => {
    const gates = { "feature-gates": "EnableDefaultTagsLowPriority=true,EnableCertificateManagement=true" };
    const graph = annotated(
      { "create-acm-cert": "true", tags: "a=ingress" },
      { tlsHosts: ["a.io"] },
      {},
      { flags: { "default-tags": "a=default", ...gates } },
    );
    expect(specsOf(graph, "certificate").map(({ tags }) => tags)).toEqual([{ a: "default" }]);
  });
});

describe("stack, resource and cluster tracking tags", () => {
  it("mark what a stack owns", () => {
    const marks = {
      "elbv2.k8s.aws/cluster": "demo",
      "ingress.k8s.aws/stack": "shop/web",
      "ingress.k8s.aws/resource": "LoadBalancer",
    };
    expect(ownershipTags("demo", "shop/web", "LoadBalancer")).toEqual(marks);
    const asked = { team: "a", "ingress.k8s.aws/stack": "somebody else's" };
    expect(allTags("demo", "shop/web", "LoadBalancer", asked)).toEqual({ team: "a", ...marks });
  });
  it("aren't part of the graph", () => {
    expect(loadBalancer(desired()).tags).toBeUndefined();
  });
});

describe("legacy stack tags for lookup, legacy keys protected", () => {
  it("a load balancer with the old cluster tag is found", () => {
    const live = {
      arn: "arn:lb",
      name: "x",
      type: "application",
      scheme: "internal",
      subnetIds: ["subnet-1b"],
      tags: { "ingress.k8s.aws/cluster": "demo", "ingress.k8s.aws/stack": "shop/web" },
    };
    expect(loadBalancer(desired({}, { facts: { loadBalancers: [live] } })).subnetMappings).toEqual([
      { subnetId: "subnet-1b" },
    ]);
  });
});

describe("external-managed-tags: ignored in diff, forbidden in annotations", () => {
  const flags = { "external-managed-tags": "cost,__proto__" };
  it.each(["cost=1", "a=1,cost=", "__proto__=1"])("%s on an Ingress", (tags) => {
    expect(errorCodes(annotated({ tags }, {}, {}, { flags }))).toEqual(["tags.externally-managed"]);
  });
  it("on a Service and in class params", () => {
    const services = [service("web", { annotations: { tags: "cost=1" } })];
    expect(errorCodes(desired({ services }, { flags }))).toEqual(["tags.externally-managed"]);
    const objects = {
      ...classWithParams("params", { tags: [{ key: "cost", value: "1" }] }),
      ingresses: [ingress({ className: "params" })],
    };
    expect(errorCodes(desired(objects, { flags }))).toEqual(["tags.externally-managed"]);
  });
  it("a key that no flag names is fine, also when it is an inherited name", () => {
    expect(errorCodes(annotated({ tags: "constructor=1" }, {}, {}, { flags }))).toEqual([]);
  });
});

describe("tag merge across members with conflict error", () => {
  const member = (name: string, tags: string, ports?: string) =>
    ingress({ name, annotations: { "group.name": "team", tags, ...(ports && { "listen-ports": ports }) } });
  it("the load balancer has the union, a listener those of its members", () => {
    const graph = desired({ ingresses: [member("a", "a=1,x=1"), member("b", "b=1,x=1", '[{"HTTP":8080}]')] });
    expect(loadBalancer(graph).tags).toEqual({ a: "1", b: "1", x: "1" });
    expect(listener(graph, 80).tags).toEqual({ a: "1", x: "1" });
    expect(listener(graph, 8080).tags).toEqual({ b: "1", x: "1" });
  });
  it.each(["x", "constructor", "__proto__"])("key %s with two values", (key) => {
    expect(errorCodes(desired({ ingresses: [member("a", `${key}=1`), member("b", `${key}=2`)] }))).toEqual([
      "group.conflict",
    ]);
  });
});

describe("Service tags for TGs", () => {
  it("beat the Ingress's and stay on the target group", () => {
    const services = [service("web", { annotations: { tags: "a=service" } })];
    const graph = annotated({ tags: "a=ingress,b=ingress" }, {}, { services });
    expect(targetGroupTags(graph)).toEqual([{ a: "service", b: "ingress" }]);
    expect(loadBalancer(graph).tags).toEqual({ a: "ingress", b: "ingress" });
  });
});

describe("tags on listeners and rules (gate)", () => {
  it("a rule has those of its own Ingress only; they are in the graph whatever the gate says", () => {
    const ingresses = ["a", "b"].map((name) =>
      ingress({ name, annotations: { "group.name": "team", tags: `${name}=1` } }),
    );
    for (const gate of ["true", "false"]) {
      const graph = desired({ ingresses }, { flags: { "feature-gates": `ListenerRulesTagging=${gate}` } });
      expect(rulesOf(graph).map(({ tags }) => tags)).toEqual([{ a: "1" }, { b: "1" }]);
      expect(listener(graph, 80).tags).toEqual({ a: "1", b: "1" });
    }
  });
});

describe("stack labels on TGBs", () => {
  it("name the group, or namespace and name of the only Ingress", () => {
    const labels = (graph: DesiredGraph) => specsOf(graph, "targetGroupBinding").map((spec) => spec.labels);
    expect(labels(desired())).toEqual([
      { "ingress.k8s.aws/stack-namespace": "shop", "ingress.k8s.aws/stack-name": "web" },
    ]);
    expect(labels(annotated({ "group.name": "team" }))).toEqual([{ "ingress.k8s.aws/stack": "team" }]);
  });
});
