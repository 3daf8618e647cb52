import { describe, expect, it } from "vitest";
import type { ClusterSnapshot } from "../../../src/model/snapshot.ts";
import { service } from "../../fixtures/cluster.ts";
import { PRIVATE, subnet } from "../../fixtures/facts.ts";
import { endpoint, endpointsOf, node, nodeInterface, pod, slice } from "../../fixtures/workloads.ts";
import { codesIn, partial, resolved, type Scene, targetsIn } from "./resolved.ts";

const withPods = (objects: Partial<ClusterSnapshot>, scene: Scene = {}): Scene => ({
  ...scene,
  objects: { nodes: [node("a"), node("b", { ready: "Unknown" }), node("c", { ready: "False" })], ...objects },
  facts: { networkInterfaces: [], ...scene.facts },
  annotations: { "target-type": "ip", "security-groups": "sg-0a" },
});
const pods = [pod("p1"), pod("p2"), pod("p3")];
const address = { ip: "10.0.0.1", targetRef: { kind: "Pod", name: "p1" } };

describe("ip targets", () => {
  it("are the ready addresses of all slices of the Service, ascending and once", () => {
    const endpointSlices = [
      slice([endpoint("10.0.0.2", "p2", { ready: true }), endpoint("10.0.0.1", "p1")]),
      slice([endpoint("10.0.0.3", "p3"), endpoint("10.0.0.2", "p2", { ready: false })], { name: "web-2" }),
      slice([endpoint("10.0.9.9", "p3")], { name: "api-1", service: "api" }),
      slice([endpoint("10.0.9.8", "p3")], { name: "web-1", namespace: "other" }),
    ];
    const result = resolved(withPods({ pods, endpointSlices }));
    expect(targetsIn(result)).toEqual(["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"]);
    expect(result.diagnostics).toEqual([]);
    expect(partial(result)).toBe(false);
  });

  it.each([
    { name: "no ready condition", conditions: {}, expected: ["10.0.0.1:8080"] },
    { name: "ready", conditions: { ready: true }, expected: ["10.0.0.1:8080"] },
    { name: "ready although terminating", conditions: { ready: true, terminating: true }, expected: ["10.0.0.1:8080"] },
    { name: "only its gates missing", conditions: { ready: false }, expected: ["10.0.0.1:8080"] },
    { name: "terminating", conditions: { ready: false, terminating: true }, expected: [] },
    {
      name: "a container that isn't ready",
      conditions: { ready: false },
      sketch: { containersReady: "False" },
      expected: [],
    },
    { name: "a node that isn't ready", conditions: { ready: false }, sketch: { node: "c" }, expected: [] },
    { name: "a node that is gone", conditions: { ready: false }, sketch: { node: "z" }, expected: [] },
  ])("with $name: $expected", ({ conditions, sketch = {}, expected }) => {
    const endpointSlices = [slice([endpoint("10.0.0.1", "p1", conditions)])];
    expect(targetsIn(resolved(withPods({ pods: [pod("p1", sketch)], endpointSlices })))).toEqual(expected);
  });

  describe("on a node of unknown state", () => {
    const unknown = [pod("p1", { node: "b" }), pod("p2")];
    const lost = endpoint("10.0.0.1", "p1", { ready: false, terminating: true });

    it("serve when nothing else does", () => {
      const result = resolved(withPods({ pods: unknown, endpointSlices: [slice([lost])] }));
      expect(targetsIn(result)).toEqual(["10.0.0.1:8080"]);
      expect(codesIn(result)).toEqual(["targets.fail-open"]);
    });

    it("don't serve beside a ready one", () => {
      const endpointSlices = [slice([lost, endpoint("10.0.0.2", "p2")])];
      expect(targetsIn(resolved(withPods({ pods: unknown, endpointSlices })))).toEqual(["10.0.0.2:8080"]);
    });

    it("don't serve without the gate", () => {
      const flags = { "feature-gates": "EndpointsFailOpen=false" };
      const result = resolved(withPods({ pods: unknown, endpointSlices: [slice([lost])] }, { flags }));
      expect(targetsIn(result)).toEqual([]);
    });
  });

  it.each([
    { name: "a Pod the input doesn't hold", ref: { kind: "Pod", name: "p9" }, codes: ["targets.pod-unknown"] },
    {
      name: "a Pod of another namespace",
      ref: { kind: "Pod", name: "p1", namespace: "x" },
      codes: ["targets.pod-unknown"],
    },
    { name: "another kind", ref: { kind: "Node", name: "p1" }, codes: [] },
    { name: "nothing", ref: undefined, codes: [] },
  ])("aren't addresses of $name", ({ ref, codes }) => {
    const endpointSlices = [slice([{ addresses: ["10.0.0.1"], ...(ref && { targetRef: ref }) }])];
    const result = resolved(withPods({ pods, endpointSlices }));
    expect(targetsIn(result)).toEqual([]);
    expect(codesIn(result)).toEqual(codes);
  });

  it("need no Pods when nobody looked for them, but are then ready by the slice alone", () => {
    const endpointSlices = [slice([endpoint("10.0.0.1", "p1"), endpoint("10.0.0.2", "p2", { ready: false })])];
    expect(targetsIn(resolved(withPods({ endpointSlices })))).toEqual(["10.0.0.1:8080"]);
  });

  it("use the first address of an endpoint only", () => {
    const two = { ...endpoint("10.0.0.1", "p1"), addresses: ["10.0.0.1", "10.0.0.2"] };
    const empty = { ...endpoint("10.0.0.3", "p2"), addresses: [] };
    expect(targetsIn(resolved(withPods({ pods, endpointSlices: [slice([two, empty])] })))).toEqual(["10.0.0.1:8080"]);
  });

  it.each([
    { name: "named as the Service's", servicePort: { name: "http", port: 80 }, expected: ["10.0.0.1:8080"] },
    {
      name: "all, when the Service's has no name",
      servicePort: { port: 80 },
      expected: ["10.0.0.1:8080", "10.0.0.1:8443"],
    },
    { name: "none of that name", servicePort: { name: "grpc", port: 80 }, expected: [] },
  ])("have ports $name", ({ servicePort, expected }) => {
    const services = [service("web", { ports: [servicePort] })];
    const ports = [{ name: "http", port: 8080 }, { name: "https", port: 8443 }, { name: "any" }];
    const endpointSlices = [slice([endpoint("10.0.0.1", "p1")], { ports })];
    expect(targetsIn(resolved(withPods({ services, pods, endpointSlices })))).toEqual(expected);
  });

  it.each([
    { name: "IPv4", ipFamilies: ["IPv4"], expected: ["10.0.0.1:8080"] },
    { name: "IPv6", ipFamilies: ["IPv6"], expected: ["2001:db8::1:8080"] },
    { name: "both: IPv6", ipFamilies: ["IPv4", "IPv6"], expected: ["2001:db8::1:8080"] },
  ])("are of the family of the target group: $name", ({ ipFamilies, expected }) => {
    const services = [service("web", { ipFamilies })];
    const endpointSlices = [
      slice([endpoint("10.0.0.1", "p1")]),
      slice([endpoint("2001:DB8:0::1", "p1")], { name: "web-6", addressType: "IPv6" }),
      slice([endpoint("web.example.com", "p1")], { name: "web-n", addressType: "FQDN" }),
    ];
    const vpc = { id: "vpc-0a", cidrBlocks: ["10.0.0.0/16"], ipv6CidrBlocks: ["2001:db8::/56"] };
    const subnets = ["a", "b"].map((zone) =>
      subnet(`subnet-0${zone}`, zone, { tags: PRIVATE, ipv6Cidrs: ["2001:db8::/64"] }),
    );
    const scene = withPods({ services, pods, endpointSlices }, { facts: { vpc, subnets } });
    const annotations = { ...scene.annotations, "ip-address-type": "dualstack" };
    expect(targetsIn(resolved({ ...scene, annotations }))).toEqual(expected);
  });

  it.each([
    { name: "inside", cidrBlocks: ["10.0.0.0/16"], expected: ["10.0.0.1:8080"] },
    { name: "inside a further block", cidrBlocks: ["192.168.0.0/16", "10.0.0.0/24"], expected: ["10.0.0.1:8080"] },
    { name: "outside", cidrBlocks: ["10.1.0.0/16"], expected: ["10.0.0.1:8080@all"] },
    { name: "of a VPC that isn't known", cidrBlocks: [], expected: ["10.0.0.1:8080"] },
  ])("$name the VPC: $expected", ({ cidrBlocks, expected }) => {
    const vpc = { id: "vpc-0a", cidrBlocks, ipv6CidrBlocks: [] };
    const scene = withPods({ pods, endpointSlices: [slice([endpoint("10.0.0.1", "p1")])] }, { facts: { vpc } });
    expect(targetsIn(resolved(scene))).toEqual(expected);
  });

  it("are left alone when an address is none", () => {
    const endpointSlices = [slice([endpoint("10.0.0.1", "p1"), endpoint("10.0.0.01", "p2")])];
    const result = resolved(withPods({ pods, endpointSlices }));
    expect(targetsIn(result)).toBe("unresolved");
    expect(result.diagnostics).toMatchObject([{ code: "targets.address-invalid", object: { kind: "EndpointSlice" } }]);
  });

  it("are left alone when the input has neither EndpointSlices nor Endpoints", () => {
    const result = resolved(withPods({ pods }));
    expect(targetsIn(result)).toBe("unresolved");
    expect(codesIn(result)).toEqual(["targets.not-given"]);
  });

  it("are none when the Service's slices have no endpoint", () => {
    const result = resolved(withPods({ pods, endpointSlices: [slice([])] }));
    expect(targetsIn(result)).toEqual([]);
    expect(partial(result)).toBe(false);
    expect(result.permissions.complete).toBe(true);
  });
});

describe("ip targets that may be more than the input tells", () => {
  const one = [slice([endpoint("10.0.0.1", "p1")])];
  const unready = [slice([endpoint("10.0.0.1", "p1"), endpoint("10.0.0.2", "p2", { ready: false })])];
  const all = ["10.0.0.1:8080"];

  it.each<{ name: string; objects: Partial<ClusterSnapshot>; expected: readonly string[]; code: string }>([
    {
      name: "slices of unknown number",
      objects: { pods, endpointSlices: one, whole: [] },
      expected: all,
      code: "partial",
    },
    {
      name: "slices that aren't whole, beside Pods and Nodes that are",
      objects: { pods, endpointSlices: one, whole: ["Service", "Node", "Pod", "Endpoints"] },
      expected: all,
      code: "partial",
    },
    {
      name: "Endpoints of unknown number",
      objects: { pods, endpoints: [endpointsOf([{ addresses: [address], ports: [{ port: 8080 }] }])], whole: [] },
      expected: [],
      code: "partial",
    },
    {
      name: "only slices of another Service",
      objects: { pods, endpointSlices: [slice([endpoint("10.0.0.1", "p1")], { name: "api-1", service: "api" })] },
      expected: [],
      code: "service-untold",
    },
    { name: "no slice at all", objects: { pods, endpointSlices: [] }, expected: [], code: "service-untold" },
    {
      name: "a Pod that isn't listed",
      objects: { pods: [pod("p1")], endpointSlices: [slice([endpoint("10.0.0.1", "p1"), endpoint("10.0.0.2", "p2")])] },
      expected: all,
      code: "pod-unknown",
    },
    {
      name: "no Pods to say why one isn't ready",
      objects: { endpointSlices: unready },
      expected: all,
      code: "readiness-untold",
    },
    {
      name: "no Node to say whether a Pod lacks only its gates",
      objects: { nodes: [], pods, endpointSlices: unready, whole: ["Service", "Pod", "EndpointSlice"] },
      expected: all,
      code: "readiness-untold",
    },
  ])("$name: registered only, a warning, and no permission is revoked", ({ objects, expected, code }) => {
    const networkInterfaces = [nodeInterface("a", { privateIps: ["10.0.0.1"] })];
    const annotations = { "target-type": "ip" };
    const result = resolved({ ...withPods(objects), annotations, facts: { networkInterfaces } });
    expect(targetsIn(result)).toEqual(expected);
    expect(partial(result)).toBe(true);
    expect(result.permissions.complete).toBe(false);
    expect(result.diagnostics.filter(({ severity }) => severity === "warning").map((each) => each.code)).toEqual([
      `targets.${code}`,
    ]);
  });
});

describe("ip targets by Endpoints", () => {
  const off = { "enable-endpoint-slices": "false" };
  const ports = [{ name: "http", port: 9090 }];

  it.each([
    { name: "by flag", flags: off, slices: true, expected: ["10.0.0.1:9090"] },
    { name: "against the flag, with slices", flags: {}, slices: true, expected: ["10.0.0.1:8080"] },
    { name: "for want of slices", flags: {}, slices: false, expected: ["10.0.0.1:9090"] },
  ])("$name: $expected", ({ flags, slices, expected }) => {
    const endpointSlices = [slice([endpoint("10.0.0.1", "p1")])];
    const endpoints = [
      endpointsOf([{ addresses: [address], ports }]),
      endpointsOf([{ addresses: [address], ports }], "api"),
    ];
    const scene = withPods({ pods, endpoints, ...(slices && { endpointSlices }) }, { flags });
    expect(targetsIn(resolved(scene))).toEqual(expected);
  });

  it("want slices when only those are given", () => {
    const scene = withPods({ pods, endpointSlices: [slice([endpoint("10.0.0.1", "p1")])] }, { flags: off });
    expect(targetsIn(resolved(scene))).toEqual(["10.0.0.1:8080"]);
  });

  it.each([
    { name: "with ready containers on a ready node", sketch: {}, expected: ["10.0.0.1:9090"] },
    { name: "being deleted", sketch: { deleting: true }, expected: [] },
    { name: "with a container that isn't ready", sketch: { containersReady: "False" }, expected: [] },
  ])("that aren't ready, $name: $expected", ({ sketch, expected }) => {
    const endpoints = [endpointsOf([{ notReadyAddresses: [address], ports }])];
    const scene = withPods({ pods: [pod("p1", sketch)], endpoints }, { flags: off });
    expect(targetsIn(resolved(scene))).toEqual(expected);
  });

  it("leave other address families and subsets without addresses out", () => {
    const other = { ip: "2001:db8::1", targetRef: { kind: "Pod", name: "p2" } };
    const endpoints = [endpointsOf([{ addresses: [other, { targetRef: address.targetRef }], ports }, { ports }])];
    expect(targetsIn(resolved(withPods({ pods, endpoints }, { flags: off })))).toEqual([]);
  });
});
