import { describe, expect, it } from "vitest";
import type { Service } from "../../../src/model/kubernetes.ts";
import type { Node } from "../../../src/model/kubernetes-workloads.ts";
import { service } from "../../fixtures/cluster.ts";
import { node, nodeInterface } from "../../fixtures/workloads.ts";
import { codesIn, partial, resolved, type Scene, targetsIn } from "./resolved.ts";

const none = { networkInterfaces: [] };
/** Without network interfaces there is nothing to say about permissions; these tests are about targets. */
const withNodes = (nodes: readonly Node[], scene: Scene = {}): Scene => ({
  ...scene,
  flags: { "enable-backend-security-group": "false", ...scene.flags },
  objects: { nodes, ...scene.objects },
  facts: none,
  annotations: { "security-groups": "sg-0a", ...scene.annotations },
});
const taint = (key: string, effect: string): Partial<Parameters<typeof node>[1]> => ({ taints: [{ key, effect }] });

describe("instance targets", () => {
  it("are the ready nodes on the node port, ascending", () => {
    const result = resolved(withNodes([node("c"), node("a"), node("b")]));
    expect(targetsIn(result)).toEqual(["i-a:30080", "i-b:30080", "i-c:30080"]);
    expect(result.diagnostics).toEqual([]);
    expect(result.permissions).toEqual({ complete: true, bySecurityGroup: {} });
  });

  it.each([
    { name: "not ready", sketch: { ready: "False" } },
    { name: "of unknown readiness", sketch: { ready: "Unknown" } },
    { name: "without the condition", sketch: { ready: undefined } },
    { name: "a master", sketch: { labels: { "node-role.kubernetes.io/master": "" } } },
    { name: "excluded", sketch: { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "true" } } },
    {
      name: "excluded as formerly",
      sketch: { labels: { "alpha.service-controller.kubernetes.io/exclude-balancer": "" } },
    },
    { name: "Fargate", sketch: { labels: { "eks.amazonaws.com/compute-type": "fargate" } } },
    { name: "deleted by the autoscaler", sketch: taint("ToBeDeletedByClusterAutoscaler", "PreferNoSchedule") },
    { name: "disrupted by Karpenter", sketch: taint("karpenter.sh/disrupted", "NoSchedule") },
  ])("leave a node out that is $name", ({ sketch }) => {
    expect(targetsIn(resolved(withNodes([node("a"), node("b", sketch)])))).toEqual(["i-a:30080"]);
  });

  it.each([
    { name: "an EC2 compute type", sketch: { labels: { "eks.amazonaws.com/compute-type": "ec2" } } },
    { name: "a control-plane label", sketch: { labels: { "node-role.kubernetes.io/control-plane": "" } } },
    { name: "Karpenter's taint of another effect", sketch: taint("karpenter.sh/disrupted", "NoExecute") },
    { name: "another taint", sketch: taint("node.kubernetes.io/unschedulable", "NoSchedule") },
    { name: "labels named like properties", sketch: { labels: { constructor: "a" } } },
  ])("keep a node with $name", ({ sketch }) => {
    expect(targetsIn(resolved(withNodes([node("a"), node("b", sketch)])))).toEqual(["i-a:30080", "i-b:30080"]);
  });

  it("keep to the binding's node selector", () => {
    const nodes = [node("a", { labels: { pool: "web", zone: "1" } }), node("b", { labels: { pool: "db" } }), node("c")];
    const annotations = { "target-node-labels": "pool=web" };
    expect(targetsIn(resolved(withNodes(nodes, { annotations })))).toEqual(["i-a:30080"]);
  });

  describe("when no node is ready", () => {
    const nodes = [node("a", { ready: "Unknown" }), node("b", { ready: "False" })];

    it("are the nodes of unknown state, with a warning", () => {
      const result = resolved(withNodes(nodes));
      expect(targetsIn(result)).toEqual(["i-a:30080"]);
      expect(codesIn(result)).toEqual(["targets.fail-open"]);
    });

    it("are none without the gate", () => {
      const result = resolved(withNodes(nodes, { flags: { "feature-gates": "EndpointsFailOpen=false" } }));
      expect(targetsIn(result)).toEqual([]);
      expect(result.diagnostics).toEqual([]);
    });
  });

  it.each([
    { providerID: "aws:///eu-central-1a/i-0a1b", id: "i-0a1b" },
    { providerID: "i-0a1b", id: "i-0a1b" },
    { providerID: "aws:///eu-central-1a/i-", id: "i-" },
  ])("take the last segment of $providerID", ({ providerID, id }) => {
    expect(targetsIn(resolved(withNodes([node("a", { providerID })])))).toEqual([`${id}:30080`]);
  });

  it.each([
    { name: "an absent one", providerID: undefined },
    { name: "an empty one", providerID: "" },
    { name: "a slash at the end", providerID: "aws:///eu-central-1a/i-0a/" },
    { name: "another cloud's", providerID: "gce://project/zone/vm" },
    { name: "a Fargate one", providerID: "aws:///eu-central-1a/d4c6/fargate-ip-10-0-0-1" },
  ])("of no node are registered when one has $name as provider id", ({ providerID }) => {
    const result = resolved(withNodes([node("a"), node("b", { providerID })]));
    expect(targetsIn(result)).toBe("unresolved");
    expect(result.diagnostics).toMatchObject([
      { code: "targets.provider-id-invalid", object: { kind: "Node", name: "b" }, field: "/spec/providerID" },
    ]);
  });

  it("don't care about the provider id of a node that isn't chosen", () => {
    const nodes = [node("a"), node("b", { providerID: "", ready: "False" })];
    expect(targetsIn(resolved(withNodes(nodes)))).toEqual(["i-a:30080"]);
  });

  it.each([{ providerID: "eks-hybrid:///eu-central-1/demo/mi-0a" }, { providerID: "aws:///x/hybrid-mi-0a" }])(
    "leave out hybrid nodes ($providerID) with a warning",
    ({ providerID }) => {
      const result = resolved(withNodes([node("a"), node("b", { providerID })]));
      expect(targetsIn(result)).toEqual(["i-a:30080"]);
      expect(codesIn(result)).toEqual(["targets.hybrid-node"]);
    },
  );

  it("say once what concerns several target groups", () => {
    const web = [service("web"), service("api")];
    const result = resolved(
      withNodes([node("b", { providerID: "" })], {
        annotations: {
          "actions.both": {
            type: "forward",
            forwardConfig: {
              targetGroups: [
                { serviceName: "web", servicePort: 80 },
                { serviceName: "api", servicePort: 80 },
              ],
            },
          },
        },
        objects: { services: web },
      }),
    );
    expect(codesIn(result)).toEqual(["targets.provider-id-invalid"]);
  });

  it("are left alone when the input has no Nodes at all", () => {
    const result = resolved({ facts: none });
    expect(targetsIn(result)).toBe("unresolved");
    expect(codesIn(result)).toEqual(["targets.not-given"]);
    expect(result.permissions.complete).toBe(false);
  });

  it("are none when the cluster has none", () => {
    const result = resolved(withNodes([]));
    expect(targetsIn(result)).toEqual([]);
    expect(partial(result)).toBe(false);
    expect(result.permissions.complete).toBe(true);
  });

  it("may be more when the input doesn't say that it holds all Nodes", () => {
    const result = resolved({
      objects: { nodes: [node("a")], whole: ["Service", "Pod", "EndpointSlice"] },
      facts: { networkInterfaces: [nodeInterface("a")] },
    });
    expect(targetsIn(result)).toEqual(["i-a:30080"]);
    expect(partial(result)).toBe(true);
    expect(result.permissions.complete).toBe(false);
    expect(result.diagnostics).toMatchObject([{ code: "targets.partial", severity: "warning" }]);
  });

  it("are left alone when the Service isn't among the input's, which may not be all", () => {
    const result = resolved({ objects: { nodes: [node("a")] }, later: { services: [], whole: ["Node"] } });
    expect(targetsIn(result)).toBe("unresolved");
    expect(result.permissions.complete).toBe(false);
    expect(codesIn(result)).toEqual(["targets.partial"]);
  });

  it("are left alone while the node port isn't known", () => {
    const services = [service("web", { uid: undefined, ports: [{ name: "http", port: 80 }] })];
    const result = resolved(withNodes([node("a")], { objects: { services } }));
    expect(targetsIn(result)).toBe("unresolved");
    expect(codesIn(result)).toEqual(["targets.port-unknown"]);
  });

  it.each<{ name: string; changed: Service; field: string }>([
    { name: "became ClusterIP", changed: service("web", { type: "ClusterIP" }), field: "/spec/type" },
    { name: "lost its node port", changed: service("web", { ports: [{ port: 80 }] }), field: "/spec/ports" },
  ])("are left alone when the Service $name", ({ changed, field }) => {
    const result = resolved(withNodes([node("a")], { later: { services: [changed] } }));
    expect(targetsIn(result)).toBe("unresolved");
    expect(result.diagnostics).toMatchObject([{ code: "targets.no-node-port", severity: "error", field }]);
  });

  it.each([
    { name: "the Service is gone", services: [] },
    { name: "its port is gone", services: [service("web", { ports: [{ port: 8080, nodePort: 30080 }] })] },
    { name: "only Object.prototype has it", services: [service("constructor")] },
  ])("are none when $name", ({ services }) => {
    const result = resolved(withNodes([node("a")], { later: { services } }));
    expect(targetsIn(result)).toEqual([]);
    expect(codesIn(result)).toEqual(["targets.backend-not-found"]);
    expect(result.permissions.complete).toBe(true);
  });

  it("beyond the limit are said, and the limit goes along", () => {
    const flags = { "max-targets-per-target-group": "1" };
    const result = resolved(withNodes([node("a"), node("b")], { flags }));
    expect(Object.values(result.targets["shop/web"] ?? {})).toMatchObject([{ limit: 1, targets: [{ id: "i-a" }, {}] }]);
    expect(codesIn(result)).toEqual(["targets.over-limit"]);
  });

  it("of a multi-cluster target group are marked", () => {
    const annotations = { "multi-cluster-target-group": "true" };
    const result = resolved(withNodes([node("a")], { annotations }));
    expect(Object.values(result.targets["shop/web"] ?? {})).toMatchObject([{ status: "resolved", multiCluster: true }]);
  });
});
