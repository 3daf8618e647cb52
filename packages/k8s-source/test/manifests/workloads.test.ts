import { describe, expect, it } from "vitest";
import { parseManifests } from "../../src/index.ts";
import { deepFreeze, ingressText, parse } from "./manifest-text.ts";

const NODE = `apiVersion: v1
kind: Node
metadata: {name: ip-10-0-0-1.internal, namespace: ignored, labels: {team: a}}
spec: {providerID: aws:///eu-central-1a/i-0a, podCIDR: 10.1.0.0/24, taints: [{key: a, effect: NoSchedule}]}
status: {conditions: [{type: Ready, status: "True", reason: KubeletReady}], capacity: {cpu: 2}}
`;
const POD = `apiVersion: v1
kind: Pod
metadata: {name: web-0, annotations: {vpc.amazonaws.com/pod-eni: "[]"}}
spec: {nodeName: a, containers: [{name: c, image: x}]}
status: {podIP: 10.0.0.9, conditions: [{type: ContainersReady, status: "True"}]}
`;
const SLICE = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-x1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: 8080, protocol: TCP}, {name: all, port: null}]
endpoints:
  - {addresses: [10.0.0.9], conditions: {ready: true}, zone: eu-central-1a, targetRef: {kind: Pod, name: web-0}}
`;
const ENDPOINTS = `apiVersion: v1
kind: Endpoints
metadata: {name: web}
subsets:
  - {addresses: [{ip: 10.0.0.9, targetRef: {kind: Pod, name: web-0}}], ports: [{port: 8080}]}
`;
const all = (...texts: readonly string[]): string => texts.join("---\n");

describe("objects that tell the targets", () => {
  it("are read with their status, and unknown fields are no mistake", () => {
    const { snapshot, diagnostics, counts } = parse(all(ingressText("web"), NODE, POD, SLICE, ENDPOINTS));
    expect(diagnostics).toEqual([]);
    expect(counts).toEqual({ read: { EndpointSlice: 1, Endpoints: 1, Ingress: 1, Node: 1, Pod: 1 }, ignored: {} });
    expect(snapshot.nodes?.[0]?.metadata).toEqual({ name: "ip-10-0-0-1.internal", labels: { team: "a" } });
    expect(snapshot.nodes?.[0]?.status?.conditions?.[0]).toMatchObject({ type: "Ready", status: "True" });
    expect(snapshot.pods?.[0]?.metadata.namespace).toBe("default");
    expect(snapshot.pods?.[0]?.spec?.nodeName).toBe("a");
    expect(snapshot.endpointSlices?.[0]?.ports).toEqual([
      { name: "http", port: 8080, protocol: "TCP" },
      { name: "all" },
    ]);
    expect(snapshot.endpoints?.[0]?.subsets?.[0]?.addresses?.[0]?.ip).toBe("10.0.0.9");
  });

  it("are absent, not empty, when the input has none of their kind", () => {
    const { snapshot } = parse(all(ingressText("web"), POD));
    expect(Object.keys(snapshot)).toContain("pods");
    expect(Object.keys(snapshot)).not.toContain("nodes");
    expect(Object.keys(snapshot)).not.toContain("endpointSlices");
    expect(Object.keys(snapshot)).not.toContain("endpoints");
  });

  it("are all there are only if that is said, and of kinds that could be read", () => {
    const whole = (text: string): unknown => {
      return parseManifests([{ file: "a.yaml", text }], { whole: true }).snapshot.whole;
    };
    const kinds = ["Service", "Node", "Pod", "EndpointSlice", "Endpoints"];
    expect(parse(all(ingressText("web"), NODE)).snapshot).not.toHaveProperty("whole");
    expect(whole(all(ingressText("web"), NODE))).toEqual(kinds);
    expect(whole(all(NODE, SLICE.replace("[10.0.0.9]", "10.0.0.9")))).toEqual(kinds.toSpliced(3, 1));
    expect(whole(all(NODE, "a: [\n"))).toEqual([]);
  });

  it.each([
    { name: "a ready that is a text", text: SLICE.replace("ready: true", 'ready: "yes"'), field: "ready" },
    { name: "addresses that are none", text: SLICE.replace("[10.0.0.9]", "10.0.0.9"), field: "addresses" },
    { name: "a status that is a boolean", text: NODE.replace('"True"', "true"), field: "status" },
    { name: "a port that is a text", text: ENDPOINTS.replace("port: 8080", "port: http"), field: "port" },
    { name: "labels that aren't texts", text: NODE.replace("team: a", "team: 1"), field: "team" },
  ])("$name is refused with its place", ({ text, field }) => {
    const { snapshot, diagnostics } = parse(text);
    expect(diagnostics.map(({ severity }) => severity)).toEqual(["error"]);
    expect(diagnostics[0]?.field?.split("/").at(-1)).toBe(field);
    expect(deepFreeze(snapshot)).not.toHaveProperty("nodes");
  });

  it("a Node of another project is another kind", () => {
    const { counts } = parse(NODE.replace("apiVersion: v1", "apiVersion: management.cattle.io/v3"));
    expect(counts.ignored).toEqual({ "management.cattle.io/v3 Node": 1 });
  });
});
