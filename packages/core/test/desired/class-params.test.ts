import { describe, expect, it } from "vitest";
import { admissionRefusals } from "../../src/check/admission.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { IngressClassParamsSpec } from "../../src/model/ingress-class-params.ts";
import { DEFAULT_SETTINGS } from "../../src/read/default-settings.ts";
import { classWithParams, type IngressSketch, ingress, service, snapshot } from "../fixtures/cluster.ts";
import { codes, desired, errorCodes, listener, loadBalancer, specOf, specsOf, stackOf } from "../fixtures/desired.ts";
import { certificateArn } from "../fixtures/facts.ts";

/** One Ingress of a class with these params; annotations beside them. */
function withParams(
  params: IngressClassParamsSpec,
  annotations: IngressSketch["annotations"] = {},
  flags: Record<string, string> = {},
): DesiredGraph {
  const ingresses = [ingress({ className: "params", annotations })];
  return desired({ ...classWithParams("params", params), ingresses }, { flags });
}

/** Two members of group team: the first of the class with params, the second of a class without. */
function withPlainMember(params: IngressClassParamsSpec, first: object = {}, second: object = {}): DesiredGraph {
  const ingresses = [
    ingress({ name: "a", className: "params", annotations: { "group.name": "team", ...first } }),
    ingress({ name: "b", annotations: { "group.name": "team", ...second } }),
  ];
  return desired({ ...classWithParams("params", params), ingresses });
}

describe("group", () => {
  it("beats the annotation", () => {
    expect(stackOf(withParams({ group: { name: "team" } }, { "group.name": "other" })).id).toBe("team");
  });
  it("an empty or invalid name is invalid", () => {
    expect(withParams({ group: { name: "" } }).classErrors).toHaveLength(1);
    expect(withParams({ group: { name: "Team" } }, { "group.name": "fine" }).classErrors).toHaveLength(1);
  });
});

describe("scheme, ipAddressType", () => {
  it("replace the annotations of their member", () => {
    const graph = withParams(
      { scheme: "internal", ipAddressType: "ipv4" },
      { scheme: "public", "ip-address-type": "ipv9" },
    );
    expect(loadBalancer(graph)).toMatchObject({ scheme: "internal", ipAddressType: "ipv4" });
  });
  it("and not of other members", () => {
    expect(errorCodes(withPlainMember({ scheme: "internal" }, {}, { scheme: "internet-facing" }))).toEqual([
      "group.conflict",
    ]);
  });
});

describe("subnets by ids / by tags", () => {
  it("ids in AWS's order", () => {
    const graph = withParams({ subnets: { ids: ["subnet-1b", "subnet-0a"] } }, { subnets: "nowhere" });
    expect(loadBalancer(graph).subnetMappings).toEqual([{ subnetId: "subnet-0a" }, { subnetId: "subnet-1b" }]);
  });
  it("tags: every key, any of its values, which may hold EC2's wildcards; one a zone", () => {
    const tags = { Name: ["public-*", "private-?"], "kubernetes.io/role/elb": ["1"] };
    expect(loadBalancer(withParams({ subnets: { tags } })).subnetMappings).toEqual([
      { subnetId: "subnet-1a" },
      { subnetId: "subnet-1b" },
    ]);
  });
  it.each<{ readonly name: string; readonly subnets: NonNullable<IngressClassParamsSpec["subnets"]> }>([
    { name: "ids that don't exist", subnets: { ids: ["subnet-0a", "subnet-9"] } },
    { name: "ids twice", subnets: { ids: ["subnet-0a", "subnet-0a"] } },
    { name: "tags that nothing carries", subnets: { tags: { Name: ["nowhere"] } } },
    { name: "tags without values", subnets: { tags: { Name: [] } } },
    { name: "tags called like a property of every object", subnets: { tags: { constructor: ["*"] } } },
  ])("$name are an error", ({ subnets }) => {
    expect(errorCodes(withParams({ subnets }))).toEqual(["subnet.not-usable"]);
  });
  it("can't be mixed with another member's annotation", () => {
    const subnets = { ids: ["subnet-0a", "subnet-0b"] };
    expect(errorCodes(withPlainMember({ subnets }, {}, { subnets: "subnet-0a,subnet-0b" }))).toEqual([
      "group.conflict",
    ]);
    expect(errorCodes(withPlainMember({ subnets }))).toEqual([]);
  });
});

describe("inboundCIDRs, prefixListsIDs (with legacy field name)", () => {
  const sources = (graph: DesiredGraph) =>
    specOf(graph, "securityGroup", "ManagedLBSecurityGroup").ingress.map(({ source }) => Object.values(source)[0]);

  it("replace the annotations when they aren't empty", () => {
    const annotations = { "inbound-cidrs": "10.0.0.0/8", "security-group-prefix-lists": "pl-0" };
    expect(
      sources(withParams({ inboundCIDRs: ["12.0.0.0/8", "11.0.0.0/8"], prefixListsIDs: ["pl-1"] }, annotations)),
    ).toEqual(["11.0.0.0/8", "12.0.0.0/8", "pl-1"]);
    expect(sources(withParams({ inboundCIDRs: [], prefixListsIDs: [] }, annotations))).toEqual(["10.0.0.0/8", "pl-0"]);
  });
  it("the new spelling is preferred", () => {
    expect(sources(withParams({ PrefixListsIDs: ["pl-old"] }))).toEqual(["pl-old"]);
    expect(sources(withParams({ PrefixListsIDs: ["pl-old"], prefixListsIDs: ["pl-new"] }))).toEqual(["pl-new"]);
  });
  it("a CIDR must be one", () => {
    expect(errorCodes(withParams({ inboundCIDRs: ["10.0.0.0/33"] }))).toEqual(["listener.cidr-invalid"]);
  });
});

describe("certificateArn, sslPolicy", () => {
  it("replace the annotations and make HTTPS the default", () => {
    const graph = withParams(
      { certificateArn: [certificateArn("a"), certificateArn("b")], sslPolicy: "Class" },
      { "certificate-arn": "arn:x", "ssl-policy": "Annotation" },
    );
    expect(stackOf(graph).listenerPorts).toEqual([443]);
    expect(listener(graph, 443)).toMatchObject({
      certificates: [certificateArn("a"), certificateArn("b")],
      sslPolicy: "Class",
    });
  });
  it("empty ones leave the annotations alone", () => {
    const graph = withParams({ certificateArn: [], sslPolicy: "" }, { "certificate-arn": "arn:x", "ssl-policy": "P" });
    expect(listener(graph, 443)).toMatchObject({ certificates: ["arn:x"], sslPolicy: "P" });
  });
});

describe("sslRedirectPort", () => {
  const ports = { "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }], "certificate-arn": "arn:x" };
  it("replaces the annotation", () => {
    const graph = withParams({ sslRedirectPort: "443" }, { ...ports, "ssl-redirect": "8443" });
    expect(listener(graph, 80).defaultActions).toMatchObject([{ type: "redirect", redirectConfig: { port: "443" } }]);
  });
  it("that isn't a number switches the redirect off, for the whole group, with a warning", () => {
    const graph = withPlainMember({ sslRedirectPort: "https" }, ports, { ...ports, "ssl-redirect": "443" });
    expect(listener(graph, 80).defaultActions).toMatchObject([{ type: "fixed-response" }]);
    expect(codes(graph, "warning")).toContain("class.ssl-redirect-port-ignored");
  });
});

describe("tags, targetType", () => {
  it("tags beat the annotation's and the Service's, the last of equal keys wins", () => {
    const tags = [
      { key: "team", value: "old" },
      { key: "team", value: "class" },
      { key: "__proto__", value: "odd" },
    ];
    const graph = withParams({ tags }, { tags: "team=annotation,more=1" });
    expect(Object.entries(loadBalancer(graph).tags ?? {}).sort()).toEqual([
      ["__proto__", "odd"],
      ["more", "1"],
      ["team", "class"],
    ]);
  });
  it("targetType beats the Ingress's and the Service's annotation", () => {
    const ingresses = [ingress({ className: "params", annotations: { "target-type": "vm" } })];
    const services = [service("web", { annotations: { "target-type": "instance" } })];
    const graph = desired({ ...classWithParams("params", { targetType: "ip" }), ingresses, services });
    expect(specsOf(graph, "targetGroup").map(({ targetType, port }) => [targetType, port])).toEqual([["ip", 8080]]);
  });
});

describe("loadBalancerAttributes (key-wise override)", () => {
  const loadBalancerAttributes = [{ key: "a", value: "class" }];
  it("of the first member settle conflicts", () => {
    const graph = withPlainMember(
      { loadBalancerAttributes },
      { "load-balancer-attributes": "a=1,b=1" },
      { "load-balancer-attributes": "a=2,c=1" },
    );
    expect(loadBalancer(graph).attributes).toEqual({ a: "class", b: "1", c: "1" });
  });
  it("of a later member do nothing", () => {
    const graph = withPlainMember({ loadBalancerAttributes }, { "group.order": "1" });
    expect(loadBalancer(graph).attributes).toBeUndefined();
  });
});

describe("listeners (per protocol/port attributes)", () => {
  const listeners = [
    { protocol: "HTTPS", port: 80, listenerAttributes: [{ key: "a", value: "wrong protocol" }] },
    { protocol: "HTTP", port: 80, listenerAttributes: [{ key: "a", value: "first" }] },
    { protocol: "HTTP", port: 80, listenerAttributes: [{ key: "a", value: "second" }] },
  ];
  it("the first entry of the protocol and port overrides", () => {
    const graph = withParams({ listeners }, { "listener-attributes.HTTP-80": "a=annotation,b=1" });
    expect(listener(graph, 80).attributes).toEqual({ a: "first", b: "1" });
  });
});

describe("loadBalancerName, minimumLoadBalancerCapacity, ipamConfiguration", () => {
  it("replace the annotations", () => {
    const graph = withParams(
      {
        loadBalancerName: "class",
        minimumLoadBalancerCapacity: { capacityUnits: 100 },
        ipamConfiguration: { ipv4IPAMPoolId: "ipam-class" },
      },
      {
        "load-balancer-name": "x".repeat(40),
        "minimum-load-balancer-capacity": "nonsense",
        "ipam-ipv4-pool-id": "ipam-1",
      },
    );
    expect(loadBalancer(graph)).toMatchObject({
      name: "class",
      minimumCapacityUnits: 100,
      ipv4IpamPoolId: "ipam-class",
    });
  });
  it("the name is at most 32 bytes", () => {
    expect(errorCodes(withParams({ loadBalancerName: "é".repeat(17) }))).toEqual(["load-balancer.name-too-long"]);
    expect(errorCodes(withParams({ loadBalancerName: "é".repeat(16) }))).toEqual([]);
  });
});

describe("wafv2AclArn / wafv2AclName", () => {
  it("replace the annotations", () => {
    const byArn = withParams({ wafv2AclArn: "arn:class" }, { "wafv2-acl-arn": "arn:annotation" });
    expect(specOf(byArn, "webAclAssociation", "LoadBalancer").webAclArn).toBe("arn:class");
    const byName = withParams({ wafv2AclName: "edge" }, { "wafv2-acl-name": "nobody" });
    expect(specOf(byName, "webAclAssociation", "LoadBalancer").webAclArn).toMatch(/webacl\/edge/);
  });
});

describe("validation rules of the params webhook", () => {
  const refused = (spec: IngressClassParamsSpec) =>
    admissionRefusals(snapshot(classWithParams("params", spec)), DEFAULT_SETTINGS).map(
      ({ kind, name }) => `${kind} ${name}`,
    );
  it.each<IngressClassParamsSpec>([
    {},
    { inboundCIDRs: ["10.0.0.0/8", "::/0"] },
    { subnets: { ids: ["subnet-1", "subnet-2"] } },
    { subnets: { tags: { a: ["1", "2"], b: ["1"] } } },
  ])("%j is admitted", (spec) => {
    expect(refused(spec)).toEqual([]);
  });
  it.each<IngressClassParamsSpec>([
    { inboundCIDRs: ["10.0.0.0"] },
    { inboundCIDRs: ["10.0.0.1/8"] },
    { inboundCIDRs: ["2001:db8::1/64"] },
    { subnets: {} },
    { subnets: { ids: ["subnet-1"], tags: {} } },
    { subnets: { ids: ["subnet-1", "subnet-1"] } },
    { subnets: { tags: { a: ["1", "1"] } } },
  ])("%j is refused", (spec) => {
    expect(refused(spec)).toEqual(["IngressClassParams /params"]);
  });
});
