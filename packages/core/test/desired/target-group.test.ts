import { describe, expect, it } from "vitest";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { TargetGroupSpec } from "../../src/model/target-group.ts";
import type { TargetGroupBindingSpec } from "../../src/model/target-group-binding.ts";
import { backend, classWithParams, ingress, prefix, rule, type ServiceSketch, service } from "../fixtures/cluster.ts";
import { annotated, desired, errorCodes, type Surroundings, specsOf, stackOf } from "../fixtures/desired.ts";
import { PRIVATE, subnet, VPC } from "../fixtures/facts.ts";

/** The target group of Service web and its binding. */
function built(
  annotations: object,
  sketch: ServiceSketch = {},
  around: Surroundings = {},
): { readonly group: TargetGroupSpec; readonly binding: TargetGroupBindingSpec; readonly graph: DesiredGraph } {
  const graph = annotated({ ...annotations }, {}, { services: [service("web", sketch)] }, around);
  const [group] = specsOf(graph, "targetGroup");
  const [binding] = specsOf(graph, "targetGroupBinding");
  if (group === undefined || binding === undefined) throw new Error(JSON.stringify(graph.diagnostics));
  return { group, binding, graph };
}

function failing(annotations: object, sketch: ServiceSketch = {}, around: Surroundings = {}): readonly string[] {
  return errorCodes(annotated({ ...annotations }, {}, { services: [service("web", sketch)] }, around));
}

const ip = { "target-type": "ip" };

describe("target type precedence ICP > Service > Ingress > flag", () => {
  it.each([
    { params: "ip", onService: "instance", onIngress: "instance", flag: "instance", expected: "ip" },
    { params: undefined, onService: "ip", onIngress: "instance", flag: "instance", expected: "ip" },
    { params: undefined, onService: undefined, onIngress: "ip", flag: "instance", expected: "ip" },
    { params: undefined, onService: undefined, onIngress: undefined, flag: "ip", expected: "ip" },
  ])("$params > $onService > $onIngress > $flag", ({ params, onService, onIngress, flag, expected }) => {
    const objects = {
      ...classWithParams("params", params ? { targetType: params } : {}),
      ingresses: [ingress({ className: "params", annotations: onIngress ? { "target-type": onIngress } : {} })],
      services: [service("web", onService ? { annotations: { "target-type": onService } } : {})],
    };
    const graph = desired(objects, { flags: { "default-target-type": flag } });
    expect(specsOf(graph, "targetGroup").map(({ targetType }) => targetType)).toEqual([expected]);
  });
  it.each(["", "Instance", "alb", "lambda"])("%j is refused", (type) => {
    expect(failing({ "target-type": type })).toEqual(["annotation.value-not-allowed"]);
  });
  it("ip needs its gate", () => {
    const flags = { "feature-gates": "EnableIPTargetType=false" };
    expect(failing(ip, {}, { flags })).toEqual(["target-group.ip-type-disabled"]);
    expect(failing({}, {}, { flags })).toEqual([]);
  });
});

describe("TG port rules (nodePort, numeric, 1)", () => {
  const port = (sketch: object) => ({ ports: [{ port: 80, ...sketch }] });
  it.each([
    {
      name: "instance: the node port",
      annotations: {},
      sketch: port({ targetPort: 8080, nodePort: 31000 }),
      expected: 31000,
    },
    {
      name: "ip: the target port",
      annotations: ip,
      sketch: port({ targetPort: 8080, nodePort: 31000 }),
      expected: 8080,
    },
    { name: "ip: 1 for a named target port", annotations: ip, sketch: port({ targetPort: "http" }), expected: 1 },
    { name: "ip: the port itself without a target port", annotations: ip, sketch: port({}), expected: 80 },
  ])("$name", ({ annotations, sketch, expected }) => {
    expect(built(annotations, sketch).group.port).toBe(expected);
  });
  it.each([
    { name: "a stored ClusterIP Service", sketch: { ...port({}), type: "ClusterIP" } },
    { name: "node port 0", sketch: port({ nodePort: 0 }) },
    { name: "a ClusterIP Service from a file", sketch: { ...port({}), type: "ClusterIP", uid: undefined } },
  ])("instance targets fail with $name", ({ sketch }) => {
    expect(failing({}, sketch)).toEqual(["target-group.no-node-port"]);
  });
  it.each(["NodePort", "LoadBalancer"])("a %s Service from a file has a node port that isn't known yet", (type) => {
    const { group } = built({}, { ...port({}), type, uid: undefined });
    expect(group).toMatchObject({ port: { unknown: expect.any(String) }, name: { unknown: expect.any(String) } });
  });
});

describe("protocol and version; GRPC defaults", () => {
  it("HTTP and HTTP1 by default", () => {
    expect(built({}).group).toMatchObject({ protocol: "HTTP", protocolVersion: "HTTP1" });
  });
  it("GRPC has a health check of its own", () => {
    const { group } = built({ "backend-protocol-version": "GRPC", "backend-protocol": "HTTPS" });
    expect(group).toMatchObject({
      protocol: "HTTPS",
      protocolVersion: "GRPC",
      healthCheck: { protocol: "HTTPS", path: "/AWS.ALB/healthcheck", matcher: { grpcCode: "12" } },
    });
    expect(built({ "backend-protocol-version": "GRPC", "success-codes": "0-99" }).group.healthCheck.matcher).toEqual({
      grpcCode: "0-99",
    });
  });
  it.each([
    { "backend-protocol": "http" },
    { "backend-protocol": "TCP" },
    { "backend-protocol": "" },
    { "backend-protocol-version": "HTTP3" },
    { "backend-protocol-version": "grpc" },
    { "healthcheck-protocol": "TCP" },
  ])("%j is refused", (annotations) => {
    expect(failing(annotations)).toEqual(["annotation.value-not-allowed"]);
  });
});

describe("health check fields and defaults", () => {
  it("all are set", () => {
    expect(built({}).group.healthCheck).toEqual({
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
  it("the Service's annotations win one by one; numbers aren't range-checked; empty texts stay", () => {
    const onIngress = {
      "healthcheck-path": "/ingress",
      "healthcheck-interval-seconds": "-1",
      "healthcheck-timeout-seconds": "2147483647",
      "success-codes": "",
    };
    const { group } = built(onIngress, { annotations: { "healthcheck-path": "", "healthy-threshold-count": "9" } });
    expect(group.healthCheck).toMatchObject({
      path: "",
      intervalSeconds: -1,
      timeoutSeconds: 2147483647,
      healthyThresholdCount: 9,
      matcher: { httpCode: "" },
    });
  });
  it.each([
    { annotations: {}, text: "9000", expected: 9000 },
    { annotations: {}, text: "-1", expected: -1 },
    { annotations: {}, text: "traffic-port", expected: "traffic-port" },
    { annotations: {}, text: "http", expected: 30080 },
    { annotations: ip, text: "http", expected: 8080 },
  ])("port $text with $annotations", ({ annotations, text, expected }) => {
    expect(built({ ...annotations, "healthcheck-port": text }).group.healthCheck.port).toBe(expected);
  });
  it("an empty port name is the unnamed port's", () => {
    const sketch = { ports: [{ port: 80, nodePort: 31000 }] };
    expect(built({ "healthcheck-port": "" }, sketch).group.healthCheck.port).toBe(31000);
    expect(failing({ "healthcheck-port": "" })).toEqual(["target-group.health-check-port"]);
  });
  it.each([
    { annotations: {}, text: "nobody" },
    { annotations: {}, text: "2147483648" },
    { annotations: ip, text: "https" },
  ])("port $text with $annotations is refused", ({ annotations, text }) => {
    expect(failing({ ...annotations, "healthcheck-port": text })).toEqual(["target-group.health-check-port"]);
  });
});

describe("TG attributes", () => {
  it("the Service's annotation replaces the Ingress's as a whole", () => {
    const onIngress = { "target-group-attributes": "a=1,b=1" };
    expect(built(onIngress).group.attributes).toEqual({ a: "1", b: "1" });
    expect(built(onIngress, { annotations: { "target-group-attributes": "a=2" } }).group.attributes).toEqual({
      a: "2",
    });
    expect(built(onIngress, { annotations: { "target-group-attributes": "" } }).group.attributes).toBeUndefined();
  });
  it("what the Service overrides isn't read", () => {
    expect(
      failing({ "target-group-attributes": "broken" }, { annotations: { "target-group-attributes": "a=1" } }),
    ).toEqual([]);
  });
});

describe("IPv6 TGs by ipFamilies", () => {
  const v6 = { ipv6Cidrs: ["2001:db8::/64"], tags: PRIVATE };
  const around = { facts: { subnets: [subnet("subnet-1", "a", v6), subnet("subnet-2", "b", v6)] } };
  it.each([
    { ipFamilies: ["IPv4"], expected: "ipv4" },
    { ipFamilies: ["IPv6"], expected: "ipv6" },
    { ipFamilies: ["IPv4", "IPv6"], expected: "ipv6" },
  ])("$ipFamilies: $expected", ({ ipFamilies, expected }) => {
    const { group, binding } = built({ "ip-address-type": "dualstack" }, { ipFamilies }, around);
    expect([group.ipAddressType, binding.ipAddressType]).toEqual([expected, expected]);
  });
  it("need a dualstack load balancer", () => {
    expect(failing({}, { ipFamilies: ["IPv6"] })).toEqual(["target-group.ipv6-needs-dualstack"]);
  });
});

describe("target-control-port", () => {
  it("concerns the Service and port as written, and is part of the name", () => {
    const plain = built(ip);
    const { group, binding } = built({
      ...ip,
      "target-control-port.web.80": "3000",
      "target-control-port.web.http": "4000",
    });
    expect(group.targetControlPort).toBe(3000);
    expect(group.name).not.toBe(plain.group.name);
    expect(binding.networking?.ingress.at(-1)?.ports).toEqual([{ protocol: "TCP", port: 3000 }]);
  });
  it("can stand on the Service, and needs ip targets", () => {
    expect(built(ip, { annotations: { "target-control-port.web.80": "3000" } }).group.targetControlPort).toBe(3000);
    expect(failing({ "target-control-port.web.80": "3000" })).toEqual(["target-group.control-port-needs-ip"]);
    expect(failing({ ...ip, "target-control-port.web.80": "x" })).toEqual(["annotation.invalid"]);
  });
});

describe("node selector", () => {
  it("of instance targets only", () => {
    const labels = { "target-node-labels": "pool=web,__proto__=x" };
    expect(Object.entries(built(labels).binding.nodeSelector?.matchLabels ?? {})).toEqual([
      ["pool", "web"],
      ["__proto__", "x"],
    ]);
    expect(built({ ...labels, ...ip }).binding.nodeSelector).toBeUndefined();
    expect(built({ "target-node-labels": "" }).binding.nodeSelector).toBeUndefined();
    expect(failing({ "target-node-labels": "broken", ...ip })).toEqual([]);
  });
});

describe("multi-cluster flag (Ingress wins when true)", () => {
  it.each([
    { onIngress: "true", onService: "false", expected: true },
    { onIngress: "false", onService: "true", expected: true },
    { onIngress: undefined, onService: "1", expected: true },
    { onIngress: "false", onService: undefined, expected: undefined },
  ])("$onIngress and $onService: $expected", ({ onIngress, onService, expected }) => {
    const name = "multi-cluster-target-group";
    const { binding } = built(
      onIngress ? { [name]: onIngress } : {},
      onService ? { annotations: { [name]: onService } } : {},
    );
    expect(binding.multiClusterTargetGroup).toBe(expected);
  });
});

describe("TGB spec, labels, networking", () => {
  it("ties the target group to the Service", () => {
    const { binding, group } = built({});
    expect(binding).toEqual({
      namespace: "shop",
      name: group.name,
      labels: { "ingress.k8s.aws/stack-namespace": "shop", "ingress.k8s.aws/stack-name": "web" },
      targetGroupArn: { ref: "targetGroup/shop/web-web:80", field: "arn" },
      targetType: "instance",
      serviceRef: { name: "web", port: 80 },
      networking: {
        ingress: [
          {
            from: [{ securityGroupId: { ref: "securityGroup/backend-sg", field: "id", stack: "(cluster)" } }],
            ports: [{ protocol: "TCP", port: 30080 }],
          },
        ],
      },
      ipAddressType: "ipv4",
      vpcId: VPC,
      targetGroupProtocol: "HTTP",
    });
  });
  it("a rule a port: target port (a name for ip), health check, control port; repetitions stay", () => {
    const rules = [rule(undefined, prefix("/", backend("web", 443)))];
    const annotations = { ...ip, "healthcheck-port": "8080", "target-control-port.web.443": "8080" };
    const [binding] = specsOf(annotated(annotations, { rules }), "targetGroupBinding");
    expect(binding?.networking?.ingress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([
      "tls",
      8080,
      8080,
    ]);
  });
});

describe("TG identity per (Ingress, Service, port ref)", () => {
  it("one is shared by rules and listeners, another reference is another target group", () => {
    const rules = [rule("a.io", prefix("/"), prefix("/b", backend("web", "http"))), rule("b.io", prefix("/"))];
    const graph = annotated({ "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }] }, { rules });
    const keys = Object.keys(stackOf(graph).resources).filter((key) => key.startsWith("targetGroup/"));
    expect(keys.sort()).toEqual(["targetGroup/shop/web-web:80", "targetGroup/shop/web-web:http"]);
    const names = specsOf(graph, "targetGroup").map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
  });
  it("two Ingresses of a group have two of the same Service", () => {
    const ingresses = ["a", "b"].map((name) => ingress({ name, annotations: { "group.name": "team" } }));
    expect(specsOf(desired({ ingresses }), "targetGroup")).toHaveLength(2);
  });
});
