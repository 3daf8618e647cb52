import { describe, expect, it } from "vitest";
import { act, anyPath, backend, exact, ingress, prefix, rule, service } from "../../fixtures/cluster.ts";
import { endpoint, node, nodeInterface, pod, slice } from "../../fixtures/workloads.ts";
import { codesIn, names, permissionsIn, resolved, type Scene, targetsIn } from "./resolved.ts";

const SHARED = ">securityGroup/backend-sg";
const a = nodeInterface("a");
const b = nodeInterface("b");
const group = (id: string, tags: Record<string, string> = {}) => ({ id, name: id, tags });
const owned = { "kubernetes.io/cluster/demo": "owned" };

function nodes(scene: Scene = {}): Scene {
  return {
    ...scene,
    objects: { nodes: [node("a"), node("b")], ...scene.objects },
    facts: { networkInterfaces: [a, b], ...scene.facts },
  };
}

/** Two pods of port 8080 on one interface. */
function pods(scene: Scene = {}): Scene {
  const endpointSlices = [slice([endpoint("10.0.0.1", "p1"), endpoint("10.0.0.2", "p2")])];
  const networkInterfaces = [nodeInterface("a", { privateIps: ["10.0.0.1", "10.0.0.2"] })];
  return {
    ...scene,
    annotations: { "target-type": "ip", ...scene.annotations },
    objects: { pods: [pod("p1"), pod("p2")], endpointSlices, ...scene.objects },
    facts: { networkInterfaces, ...scene.facts },
  };
}

const toBoth = [rule(undefined, exact("/a", backend("web")), prefix("/b", backend("api", 443)))];
const api = service("api", { ports: [{ name: "https", port: 443, targetPort: 8443, nodePort: 31000 }] });

describe("permissions on the security groups of nodes", () => {
  it("are the node port from the shared group, as one marked permission", () => {
    const { permissions, diagnostics } = resolved(nodes());
    expect(diagnostics).toEqual([]);
    expect(permissions).toEqual({
      complete: true,
      bySecurityGroup: {
        "sg-nodes": [
          {
            protocol: "tcp",
            fromPort: 30080,
            toPort: 30080,
            source: { securityGroupId: { ref: "securityGroup/backend-sg", field: "id" } },
            description: "elbv2.k8s.aws/targetGroupBinding=shared",
          },
        ],
      },
    });
  });

  it("are one range over all target groups of all stacks", () => {
    const ingresses = [
      ingress({ rules: toBoth }),
      ingress({ name: "other", annotations: { "healthcheck-port": "9000" } }),
    ];
    const result = resolved(nodes({ objects: { ingresses, services: [service("web"), api] } }));
    expect(permissionsIn(result)).toEqual({ "sg-nodes": [`tcp 9000-31000 ${SHARED}`] });
  });

  it("are all ports by themselves when rules aren't restricted", () => {
    const scene = nodes({
      flags: { "disable-restricted-sg-rules": "true" },
      objects: { services: [service("web"), api] },
    });
    expect(permissionsIn(resolved(scene))).toEqual({ "sg-nodes": [`tcp 0-65535 ${SHARED}`] });
  });

  it("are asked of each group that nodes have", () => {
    const networkInterfaces = [a, nodeInterface("b", { securityGroupIds: ["sg-other"] })];
    expect(permissionsIn(resolved(nodes({ facts: { networkInterfaces } })))).toEqual({
      "sg-nodes": [`tcp 30080-30080 ${SHARED}`],
      "sg-other": [`tcp 30080-30080 ${SHARED}`],
    });
  });

  it.each([
    {
      name: "a managed group of the stack's own",
      flags: { "enable-backend-security-group": "false" },
      source: "shop/web>securityGroup/ManagedLBSecurityGroup",
    },
    { name: "a given shared group", flags: { "backend-security-group": "sg-shared" }, source: "sg-shared" },
  ])("come from $name", ({ flags, source }) => {
    expect(permissionsIn(resolved(nodes({ flags })))).toEqual({ "sg-nodes": [`tcp 30080-30080 ${source}`] });
  });

  it("are kept apart by source", () => {
    const ingresses = [ingress(), ingress({ name: "other" })];
    const result = resolved(nodes({ flags: { "enable-backend-security-group": "false" }, objects: { ingresses } }));
    expect(permissionsIn(result)["sg-nodes"]).toHaveLength(2);
  });

  it("are none when the group list is given and not managed", () => {
    const result = resolved(nodes({ annotations: { "security-groups": "sg-0a" }, facts: { networkInterfaces: [] } }));
    expect(result.permissions).toEqual({ complete: true, bySecurityGroup: {} });
    expect(targetsIn(result)).toEqual(["i-a:30080", "i-b:30080"]);
  });

  it("aren't touched without network interfaces, and targets are registered", () => {
    const result = resolved({ objects: { nodes: [node("a"), node("b")] } });
    expect(result.permissions).toEqual({ complete: false, bySecurityGroup: {} });
    expect(codesIn(result)).toEqual(["targets.no-network-interfaces"]);
    expect(result.diagnostics[0]?.severity).toBe("info");
    expect(targetsIn(result)).toEqual(["i-a:30080", "i-b:30080"]);
  });

  it.each([
    { name: "isn't known", networkInterfaces: [a] },
    { name: "isn't the primary one", networkInterfaces: [a, nodeInterface("b", { deviceIndex: 1 })] },
  ])("are incomplete when a node's interface $name", ({ networkInterfaces }) => {
    const result = resolved(nodes({ facts: { networkInterfaces } }));
    expect(codesIn(result)).toEqual(["targets.network-interface-not-found"]);
    expect(result.permissions.complete).toBe(false);
    expect(permissionsIn(result)).toEqual({ "sg-nodes": [`tcp 30080-30080 ${SHARED}`] });
    expect(targetsIn(result)).toEqual(["i-a:30080", "i-b:30080"]);
  });

  it("are incomplete when a group can't be built", () => {
    const ingresses = [ingress(), ingress({ name: "other", annotations: { scheme: "sideways" } })];
    const result = resolved(nodes({ objects: { ingresses }, broken: true }));
    expect(result.permissions.complete).toBe(false);
    expect(permissionsIn(result)).toEqual({ "sg-nodes": [`tcp 30080-30080 ${SHARED}`] });
  });
});

describe("of several security groups of an interface", () => {
  const networkInterfaces = [nodeInterface("a", { securityGroupIds: ["sg-1", "sg-2"] })];
  const of = (securityGroups: readonly ReturnType<typeof group>[], flags: Record<string, string> = {}): Scene =>
    nodes({ flags, objects: { nodes: [node("a")] }, facts: { networkInterfaces, securityGroups } });
  const flags = { "service-target-eni-security-group-tags": "kind=node,team=a" };

  it.each([
    { name: "the cluster's", groups: [group("sg-1"), group("sg-2", owned)], flags: {}, expected: "sg-2" },
    {
      name: "the cluster's with the flag's tags",
      groups: [group("sg-1", { ...owned, kind: "node", team: "a" }), group("sg-2", { ...owned, kind: "node" })],
      flags,
      expected: "sg-1",
    },
  ])("$name counts", ({ groups, flags, expected }) => {
    const result = resolved(of(groups, flags));
    expect(Object.keys(permissionsIn(result))).toEqual([expected]);
    expect(result.permissions.complete).toBe(true);
  });

  it.each([
    {
      name: "none is tagged",
      groups: [group("sg-1"), group("sg-2", { "kubernetes.io/cluster/x": "owned" })],
      flags: {},
    },
    { name: "both are tagged", groups: [group("sg-1", owned), group("sg-2", owned)], flags: {} },
    { name: "the facts hold neither", groups: [], flags: {} },
    {
      name: "none has the flag's tags",
      groups: [group("sg-1", owned), group("sg-2", { kind: "node", team: "a" })],
      flags,
    },
  ])("nothing is registered or permitted on nodes when $name", ({ groups, flags }) => {
    const result = resolved(of(groups, flags));
    expect(codesIn(result)).toEqual(["targets.security-group-ambiguous"]);
    expect(targetsIn(result)).toBe("unresolved");
    expect(result.permissions).toEqual({ complete: false, bySecurityGroup: {} });
  });

  it("pods are registered all the same", () => {
    const both = [nodeInterface("a", { securityGroupIds: ["sg-1", "sg-2"], privateIps: ["10.0.0.1", "10.0.0.2"] })];
    const result = resolved(pods({ facts: { networkInterfaces: both } }));
    expect(new Set(codesIn(result))).toEqual(new Set(["targets.security-group-ambiguous"]));
    expect(targetsIn(result)).toEqual(["10.0.0.1:8080", "10.0.0.2:8080"]);
    expect(result.permissions).toEqual({ complete: false, bySecurityGroup: {} });
  });
});

describe("permissions on the security groups of pods", () => {
  const branch = { id: "eni-branch", subnetId: "subnet-0a", securityGroupIds: ["sg-pod"], privateIps: ["10.0.0.1"] };
  const prefixed = nodeInterface("a", { privateIps: ["10.0.200.1"], prefixes: ["10.0.0.0/28", "2001:db8::/80"] });
  const own = (value: string): Scene["objects"] => ({
    pods: [pod("p1", { annotations: { "vpc.amazonaws.com/pod-eni": value } }), pod("p2")],
  });

  it.each<{ name: string; scene: Scene; expected: Record<string, readonly string[]> }>([
    { name: "the interface with its address", scene: {}, expected: { "sg-nodes": [`tcp 8080-8080 ${SHARED}`] } },
    {
      name: "the interface with a prefix around it",
      scene: { facts: { networkInterfaces: [prefixed] } },
      expected: { "sg-nodes": [`tcp 8080-8080 ${SHARED}`] },
    },
    {
      name: "the one that its annotation names",
      scene: {
        objects: own('[{"eniId":"eni-branch","privateIp":"10.0.0.1"}]') ?? {},
        facts: { networkInterfaces: [branch, nodeInterface("a", { privateIps: ["10.0.0.1", "10.0.0.2"] })] },
      },
      expected: { "sg-nodes": [`tcp 8080-8080 ${SHARED}`], "sg-pod": [`tcp 8080-8080 ${SHARED}`] },
    },
    {
      name: "another than an annotation that can't be read says",
      scene: { objects: own("[{") ?? {} },
      expected: { "sg-nodes": [`tcp 8080-8080 ${SHARED}`] },
    },
    {
      name: "another than an unknown one that the annotation names",
      scene: { objects: own('[{"eniId":"eni-gone"}]') ?? {} },
      expected: { "sg-nodes": [`tcp 8080-8080 ${SHARED}`] },
    },
  ])("are on $name", ({ scene, expected }) => {
    expect(permissionsIn(resolved(pods(scene)))).toEqual(expected);
  });

  it("have the endpoints' own ports where the target port is a name", () => {
    const services = [service("web", { ports: [{ name: "http", port: 80, targetPort: "web" }] })];
    const endpointSlices = [
      slice([endpoint("10.0.0.1", "p1")], { ports: [{ name: "http", port: 8080 }] }),
      slice([endpoint("10.0.0.2", "p2")], { name: "web-2", ports: [{ name: "http", port: 8088 }] }),
    ];
    const apart = [
      nodeInterface("a", { privateIps: ["10.0.0.1"] }),
      nodeInterface("b", { privateIps: ["10.0.0.2"], securityGroupIds: ["sg-b"] }),
    ];
    const objects = { services, endpointSlices };
    expect(permissionsIn(resolved(pods({ objects })))).toEqual({ "sg-nodes": [`tcp 8080-8088 ${SHARED}`] });
    expect(permissionsIn(resolved(pods({ objects, facts: { networkInterfaces: apart } })))).toEqual({
      "sg-b": [`tcp 8088-8088 ${SHARED}`],
      "sg-nodes": [`tcp 8080-8080 ${SHARED}`],
    });
  });

  it("include the health check's port", () => {
    const scene = pods({ annotations: { "healthcheck-port": "9000" } });
    expect(permissionsIn(resolved(scene))).toEqual({ "sg-nodes": [`tcp 8080-9000 ${SHARED}`] });
  });
});

describe("resolveTargets", () => {
  it("lists every target group that has a binding, by stack and id, and no other", () => {
    const action = {
      type: "forward",
      targetGroupARN: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/legacy/1",
    };
    const rules = [rule(undefined, anyPath("/legacy", act("legacy")), prefix("/", backend("api", 443)), prefix("/w"))];
    const ingresses = [
      ingress({ rules, annotations: { "actions.legacy": action, "group.name": "g" } }),
      ingress({
        name: "fixed",
        defaultBackend: act("no"),
        rules: [],
        annotations: { "actions.no": { type: "fixed-response", fixedResponseConfig: { statusCode: "404" } } },
      }),
    ];
    const result = resolved(nodes({ objects: { ingresses, services: [service("web"), api] } }));
    expect(Object.keys(result.targets)).toEqual(["g", "shop/fixed"]);
    expect(Object.entries(result.targets["g"] ?? {}).map(([id, of]) => [id, names(of)])).toEqual([
      ["shop/web-api:443", ["i-a:31000", "i-b:31000"]],
      ["shop/web-web:80", ["i-a:30080", "i-b:30080"]],
    ]);
    expect(result.targets["shop/fixed"]).toEqual({});
  });
});
