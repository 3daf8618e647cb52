/** What is kept of an object as it arrives, and what becomes of one that isn't as it should be. */
import { describe, expect, it } from "vitest";
import { CLUSTER_KINDS, clusterKind, pathOf } from "../../src/cluster/kinds.ts";
import { arrive } from "../../src/cluster/read/arrival.ts";
import { aNode, anIngress, aSecret, aService, LAST_APPLIED, noisy } from "./objects.ts";

const arrived = (kind: string, value: unknown): unknown => {
  const arrival = arrive(clusterKind(kind), value);
  return "object" in arrival ? arrival.object : arrival.invalid;
};

describe("trimming", () => {
  it.each([
    { kind: "Ingress", object: anIngress("web", { finalizers: ["a/b"], generation: 3 }) },
    { kind: "Service", object: aService() },
  ])("$kind: managed fields, last-applied and resource versions go", ({ kind, object }) => {
    const text = JSON.stringify(arrived(kind, noisy(object)));
    for (const gone of ["managedFields", LAST_APPLIED, "resourceVersion", "creationTimestamp"]) {
      expect(text).not.toContain(gone);
    }
    expect(text).toContain('"uid":"uid-1"');
  });

  it("an Ingress keeps annotations, finalizers and the load balancers of its status", () => {
    const status = { loadBalancer: { ingress: [{ hostname: "x.elb.amazonaws.com" }] }, other: 1 };
    const object = {
      ...anIngress("web", { annotations: { a: "b", [LAST_APPLIED]: "{}" }, finalizers: ["f"] }),
      status,
    };
    expect(arrived("Ingress", object)).toMatchObject({
      metadata: { annotations: { a: "b" }, finalizers: ["f"] },
      status: { loadBalancer: status.loadBalancer },
    });
    expect(arrived("Ingress", object)).not.toHaveProperty("status.other");
  });

  it("a Node keeps labels, provider id, taints and the state of its conditions", () => {
    expect(arrived("Node", noisy(aNode("n")))).toEqual({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n", labels: { zone: "a" } },
      spec: { providerID: "aws:///eu-central-1a/i-n" },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
  });

  it("a heartbeat changes nothing that is kept", () => {
    expect(arrived("Node", aNode("n", 1))).toEqual(arrived("Node", aNode("n", 2)));
  });

  it("a Pod keeps its node, gates, and of readiness gates alone the reason and the time", () => {
    const lastTransitionTime = "2030-01-01T00:00:00Z";
    const state = { status: "False", reason: "Draining", message: "m", lastTransitionTime };
    const gate = { type: "target-health.elbv2.k8s.aws/x", ...state };
    const ready = { type: "Ready", status: "True", reason: "r", lastTransitionTime };
    const pod = {
      metadata: {
        name: "p",
        namespace: "shop",
        labels: { a: "b" },
        annotations: { "vpc.amazonaws.com/pod-eni": "[]" },
      },
      spec: { nodeName: "n", containers: [{ env: [{ value: "secret" }] }], readinessGates: [{ conditionType: "x" }] },
      status: { conditions: [ready, gate], podIP: "10.0.0.1" },
    };
    expect(arrived("Pod", pod)).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "shop", annotations: { "vpc.amazonaws.com/pod-eni": "[]" } },
      spec: { nodeName: "n", readinessGates: [{ conditionType: "x" }] },
      status: { conditions: [{ type: "Ready", status: "True" }, gate] },
    });
  });

  it("a Secret keeps nothing but an OIDC client", () => {
    const secret = aSecret("login", { clientID: "id", clientSecret: "s", password: "canary", "tls.key": "canary" });
    const kept = arrived("Secret", noisy(secret)) as { data: object };
    expect(Object.keys(kept.data).sort()).toEqual(["clientID", "clientSecret"]);
    expect(JSON.stringify(kept)).not.toContain(Buffer.from("canary").toString("base64"));
  });

  it("defaults are those of files, so that both read the same", () => {
    const service = { metadata: { name: "web", namespace: "shop" }, spec: { ports: [{ port: 80 }] } };
    expect(arrived("Service", service)).toMatchObject({
      spec: { type: "ClusterIP", ports: [{ port: 80, targetPort: 80, protocol: "TCP" }], ipFamilies: ["IPv4"] },
    });
  });
});

describe("what isn't as it should be", () => {
  it.each([
    { name: "no object", kind: "Ingress", value: 7 },
    { name: "null", kind: "Service", value: null },
    { name: "a field of a wrong type", kind: "Ingress", value: anIngress("web", {}, { ingressClassName: 7 }) },
    { name: "no name", kind: "Service", value: { metadata: {}, spec: {} } },
    {
      name: "class params of another schema",
      kind: "IngressClassParams",
      value: { metadata: { name: "p" }, spec: [] },
    },
    { name: "a binding without a Service", kind: "TargetGroupBinding", value: { metadata: { name: "b" }, spec: {} } },
    {
      name: "a binding with a wrong port",
      kind: "TargetGroupBinding",
      value: { metadata: { name: "b" }, spec: { serviceRef: { name: "web", port: {} } } },
    },
  ])("$name is a diagnostic", ({ kind, value }) => {
    expect(arrived(kind, value)).toMatchObject({ code: "cluster.object-invalid", severity: "error" });
  });

  it("names its object as far as it can be told", () => {
    const arrival = arrive(clusterKind("Ingress"), anIngress("web", {}, { rules: 7 }));
    expect(arrival).toMatchObject({ ref: { kind: "Ingress", namespace: "shop", name: "web" } });
  });

  it("hostile keys stay ordinary keys", () => {
    const hostile = JSON.parse('{"metadata":{"name":"n","labels":{"__proto__":"x","constructor":"y"}}}');
    const node = arrived("Node", hostile) as { metadata: { labels: object } };
    expect(Object.keys(node.metadata.labels)).toEqual(["__proto__", "constructor"]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

it("paths of all kinds", () => {
  const paths = Object.fromEntries(CLUSTER_KINDS.map((kind) => [kind.kind, pathOf(kind, "a b", "n")]));
  expect(paths["Ingress"]).toBe("/apis/networking.k8s.io/v1/namespaces/a%20b/ingresses/n");
  expect(paths["Service"]).toBe("/api/v1/namespaces/a%20b/services/n");
  expect(pathOf(clusterKind("IngressClassParams"))).toBe("/apis/elbv2.k8s.aws/v1beta1/ingressclassparams");
  expect(() => clusterKind("Deployment")).toThrow("Deployment");
});
