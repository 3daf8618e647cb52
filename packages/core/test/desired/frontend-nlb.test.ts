import { describe, expect, it } from "vitest";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { SpecByKind } from "../../src/model/resource.ts";
import { ingress } from "../fixtures/cluster.ts";
import { annotated, codes, desired, errorCodes, loadBalancer, specOf, specsOf } from "../fixtures/desired.ts";

const ON = { "enable-frontend-nlb": "true" };
const PORTS = { "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }] };
const member = (name: string, annotations: object) =>
  ingress({ name, annotations: { "group.name": "team", ...ON, ...annotations } });

function nlb(graph: DesiredGraph): SpecByKind["loadBalancer"] {
  return specOf(graph, "loadBalancer", "FrontendNlb");
}

/** `NLB port → ALB port`. */
function ports(graph: DesiredGraph): readonly string[] {
  return specsOf(graph, "frontendNlbTarget").map(({ port, targetPort }) => `${port} → ${targetPort}`);
}

function health(graph: DesiredGraph) {
  return specOf(graph, "targetGroup", "FrontendNlb-tg-TCP-80").healthCheck;
}

describe("frontend NLB (LB, listeners, ALB-type TGs)", () => {
  it("stands in front of every port of the ALB", () => {
    const graph = annotated({ ...ON, ...PORTS });
    expect(nlb(graph)).toEqual({
      name: `${loadBalancer(graph).name}-nlb`,
      type: "network",
      scheme: "internal",
      ipAddressType: "ipv4",
      subnetMappings: [{ subnetId: "subnet-0a" }, { subnetId: "subnet-0b" }],
      securityGroups: loadBalancer(graph).securityGroups,
    });
    expect(ports(graph)).toEqual(["80 → 80", "8080 → 8080"]);
    expect(specOf(graph, "listener", "FrontendNlb-ls-TCP-80")).toEqual({
      loadBalancerArn: { ref: "loadBalancer/FrontendNlb", field: "arn" },
      port: 80,
      protocol: "TCP",
      defaultActions: [
        {
          type: "forward",
          forwardConfig: {
            targetGroups: [{ targetGroupArn: { ref: "targetGroup/FrontendNlb-tg-TCP-80", field: "arn" } }],
          },
        },
      ],
    });
    expect(specOf(graph, "targetGroup", "FrontendNlb-tg-TCP-80")).toMatchObject({
      targetType: "alb",
      port: 80,
      protocol: "TCP",
      ipAddressType: "ipv4",
    });
  });
  it("isn't there unless asked for; what it would need isn't read then", () => {
    const off = { "frontend-nlb-scheme": "broken", "frontend-nlb-tags": "broken", "enable-frontend-nlb": "false" };
    expect(errorCodes(annotated(off))).toEqual([]);
    expect(specsOf(annotated(off), "loadBalancer")).toHaveLength(1);
  });
  it("its scheme defaults to the flag's, not to the ALB's", () => {
    expect(nlb(annotated({ ...ON, scheme: "internet-facing" })).scheme).toBe("internal");
    expect(nlb(annotated({ ...ON, "frontend-nlb-scheme": "internet-facing" })).scheme).toBe("internet-facing");
    expect(errorCodes(annotated({ ...ON, "frontend-nlb-scheme": "public" }))).toEqual(["annotation.value-not-allowed"]);
  });
  it("one subnet is enough for it", () => {
    const graph = annotated({ ...ON, "frontend-nlb-subnets": "public-a" });
    expect(nlb(graph).subnetMappings).toEqual([{ subnetId: "subnet-1a" }]);
    expect(errorCodes(annotated({ ...ON, "frontend-nlb-subnets": "nowhere" }))).toEqual(["subnet.not-usable"]);
    expect(errorCodes(annotated({ ...ON, "frontend-nlb-subnets": "" }))).toEqual(["subnet.not-usable"]);
  });
  it("security groups of its own replace the ALB's", () => {
    expect(nlb(annotated({ ...ON, "frontend-nlb-security-groups": "alpha,sg-0b" })).securityGroups).toEqual([
      "sg-0b",
      "sg-0a",
    ]);
    expect(errorCodes(annotated({ ...ON, "frontend-nlb-security-groups": "nobody" }))).toEqual([
      "security-group.not-found",
    ]);
  });
});

describe("frontend NLB port mapping, health, tags, attributes quirks", () => {
  it.each([
    { mapping: "8000=80", expected: ["8000 → 80"] },
    { mapping: "81=80,82=80", expected: ["81 → 80", "82 → 80"] },
    { mapping: "81=80,82=9999", expected: ["81 → 80"] },
    { mapping: "81=9999", expected: [] },
    { mapping: "", expected: ["80 → 80", "8080 → 8080"] },
  ])("mapping $mapping: $expected", ({ mapping, expected }) => {
    const graph = annotated({ ...ON, ...PORTS, "frontend-nlb-listener-port-mapping": mapping });
    expect(errorCodes(graph)).toEqual([]);
    expect(ports(graph)).toEqual(expected);
  });
  it.each(["http=80", "80=http", "80.0=80"])("mapping %s is refused", (mapping) => {
    expect(errorCodes(annotated({ ...ON, "frontend-nlb-listener-port-mapping": mapping }))).toEqual([
      "annotation.value-not-allowed",
    ]);
  });
  it("one NLB port can't lead to two ALB ports", () => {
    const ingresses = [
      member("a", { "frontend-nlb-listener-port-mapping": "81=80" }),
      member("b", { ...PORTS, "frontend-nlb-listener-port-mapping": "81=8080" }),
    ];
    expect(errorCodes(desired({ ingresses }))).toEqual(["group.conflict"]);
  });

  it("health has its defaults", () => {
    expect(health(annotated(ON))).toEqual({
      port: "traffic-port",
      protocol: "HTTP",
      path: "/",
      matcher: { httpCode: "200" },
      intervalSeconds: 15,
      timeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    });
  });
  it("what a member says beats another's default, two things said conflict", () => {
    const path = (text: string) => ({ "frontend-nlb-healthcheck-path": text });
    const agreed = [
      member("a", { "frontend-nlb-healthcheck-port": "81" }),
      member("b", path("/b")),
      member("c", path("/b")),
    ];
    expect(health(desired({ ingresses: agreed }))).toMatchObject({ port: 81, path: "/b" });
    expect(errorCodes(desired({ ingresses: [member("a", path("/a")), member("b", path("/"))] }))).toEqual([
      "group.conflict",
    ]);
  });
  it("equal success codes of two members conflict, as in LBC, unless the setting says otherwise", () => {
    const ingresses = ["a", "b"].map((name) => member(name, { "frontend-nlb-healthcheck-success-codes": "200" }));
    expect(errorCodes(desired({ ingresses }))).toEqual(["group.conflict"]);
    const apart = [
      member("a", { "frontend-nlb-healthcheck-success-codes": "200" }),
      member("b", { "listen-ports": [{ HTTP: 81 }], "frontend-nlb-healthcheck-success-codes": "200" }),
    ];
    expect(errorCodes(desired({ ingresses: apart }))).toEqual([]);
  });
  it.each([
    { "frontend-nlb-healthcheck-protocol": "TCP" },
    { "frontend-nlb-healthcheck-port": "http" },
    { "frontend-nlb-attributes": "dns_record.client_routing_policy=everywhere" },
  ])("%j is refused", (annotations) => {
    expect(errorCodes(annotated({ ...ON, ...annotations }))).toEqual(["annotation.value-not-allowed"]);
  });

  it("tags of its own leave out the default tags, too", () => {
    const flags = { "default-tags": "d=1" };
    expect(nlb(annotated({ ...ON, tags: "a=1" }, {}, {}, { flags })).tags).toEqual({ a: "1", d: "1" });
    const own = annotated({ ...ON, tags: "a=1", "frontend-nlb-tags": "b=1" }, {}, {}, { flags });
    expect([nlb(own).tags, specOf(own, "targetGroup", "FrontendNlb-tg-TCP-80").tags]).toEqual([{ b: "1" }, { b: "1" }]);
  });
  it.each([
    { members: ["a=1", "a=1"], conflict: false },
    { members: [undefined, "a=1"], conflict: false },
    { members: ["a=1", undefined], conflict: true },
    { members: ["a=1", "a=2"], conflict: true },
  ])("attributes $members: conflict $conflict", ({ members, conflict }) => {
    const ingresses = members.map((text, index) =>
      member(`m${index}`, text === undefined ? {} : { "frontend-nlb-attributes": text }),
    );
    const graph = desired({ ingresses });
    expect(errorCodes(graph)).toEqual(conflict ? ["group.conflict"] : []);
    if (!conflict) expect(nlb(graph).attributes).toEqual({ a: "1" });
  });
});

describe("frontend NLB EIP allocations", () => {
  const facing = { ...ON, "frontend-nlb-scheme": "internet-facing" };
  it("are paired with the subnets by position", () => {
    const graph = annotated({ ...facing, "frontend-nlb-eip-allocations": "eipalloc-2,eipalloc-1" });
    expect(nlb(graph).subnetMappings).toEqual([
      { subnetId: "subnet-1a", allocationId: "eipalloc-2" },
      { subnetId: "subnet-1b", allocationId: "eipalloc-1" },
    ]);
  });
  it.each([
    { annotations: { ...ON, "frontend-nlb-eip-allocations": "eipalloc-1,eipalloc-2" }, why: "internal" },
    { annotations: { ...facing, "frontend-nlb-eip-allocations": "eipalloc-1" }, why: "too few" },
    { annotations: { ...facing, "frontend-nlb-eip-allocations": "eipalloc-1,eipalloc-2,eipalloc-3" }, why: "too many" },
  ])("$why is refused", ({ annotations }) => {
    expect(errorCodes(annotated(annotations))).toEqual(["frontend-nlb.eip-allocations"]);
  });
  it("members may list them in another order", () => {
    const allocations = (text: string) => ({
      "frontend-nlb-scheme": "internet-facing",
      "frontend-nlb-eip-allocations": text,
    });
    const ingresses = [
      member("a", allocations("eipalloc-2,eipalloc-1")),
      member("b", allocations("eipalloc-1,eipalloc-2")),
    ];
    expect(codes(desired({ ingresses }), "error")).toEqual([]);
  });
});
