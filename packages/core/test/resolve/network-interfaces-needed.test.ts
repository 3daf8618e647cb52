import { describe, expect, it } from "vitest";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { DEFAULT_SETTINGS } from "../../src/read/default-settings.ts";
import { factsNeeded } from "../../src/resolve/facts-needed.ts";
import { addressesWithoutInterface } from "../../src/resolve/network-interfaces-needed.ts";
import { endpoint, endpointsOf, node, pod, slice } from "../fixtures/workloads.ts";

const PREFIX = "alb.ingress.kubernetes.io/";

function neededOf(over: Partial<ClusterSnapshot>, type?: string, settings: Partial<typeof DEFAULT_SETTINGS> = {}) {
  const snapshot: ClusterSnapshot = {
    ingresses: [
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: {
          name: "web",
          namespace: "shop",
          annotations: { "kubernetes.io/ingress.class": "alb", ...(type && { [`${PREFIX}target-type`]: type }) },
        },
        spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
      },
    ],
    ...{ ingressClasses: [], ingressClassParams: [], services: [], namespaces: [], secrets: [] },
    ...over,
  };
  return factsNeeded(snapshot, { ...DEFAULT_SETTINGS, ...settings }).networkInterfaces;
}

const NODES = [node("a"), node("b"), node("hybrid", { providerID: "eks-hybrid:///eu/x/mi-1" })];
const PODS = [
  pod("one", { node: "a", annotations: { "vpc.amazonaws.com/pod-eni": '[{"eniId":"eni-7"}]' } }),
  pod("elsewhere", { node: "b" }),
];
const SLICES = [
  slice([endpoint("10.0.0.5", "one")]),
  slice([endpoint("10.0.0.9", "elsewhere")], { name: "other-1", service: "other" }),
  slice([endpoint("db.example.com", "one")], { name: "web-2", addressType: "FQDN" }),
];
const WHOLE = { nodes: NODES, pods: PODS, endpointSlices: SLICES };

describe("the network interfaces that targets need", () => {
  it.each([
    {
      name: "instance targets: all instances",
      given: neededOf(WHOLE),
      expected: { instanceIds: ["i-a", "i-b"], ids: [], addresses: [] },
    },
    {
      name: "ip targets: the pods' addresses and own interfaces, and the instances that they run on",
      given: neededOf(WHOLE, "ip"),
      expected: { instanceIds: ["i-a"], ids: ["eni-7"], addresses: ["10.0.0.5"] },
    },
    {
      name: "Endpoints tell the same",
      given: neededOf(
        {
          ...{ nodes: NODES, pods: PODS },
          endpoints: [
            endpointsOf([{ notReadyAddresses: [{ ip: "10.0.0.5", targetRef: { kind: "Pod", name: "one" } }] }]),
            endpointsOf([{ addresses: [{ ip: "10.0.0.9", targetRef: { kind: "Pod", name: "x" } }] }], "other"),
          ],
        },
        "ip",
      ),
      expected: { instanceIds: ["i-a"], ids: ["eni-7"], addresses: ["10.0.0.5"] },
    },
    {
      name: "nothing when somebody else registers targets",
      given: neededOf(WHOLE, "ip", { targetRegistration: "binding" }),
      expected: undefined,
    },
    { name: "nothing when the input doesn't tell where traffic ends", given: neededOf({}), expected: undefined },
  ])("$name", ({ given, expected }) => expect(given).toEqual(expected));

  it("leaves out addresses that are held, lie in a prefix, or outside the VPC", () => {
    const interfaces = [{ privateIps: ["10.0.0.5"], prefixes: ["10.0.9.0/28", "2001:db8::/80"] }];
    const addresses = [
      "10.0.0.5",
      "10.0.9.3",
      "10.0.9.16",
      "192.168.0.1",
      "2001:db8::1",
      "2001:db8:1::1",
      "no address",
    ];
    expect(addressesWithoutInterface(addresses, ["10.0.0.0/16", "2001:db8::/32"], interfaces)).toEqual([
      "10.0.9.16",
      "2001:db8:1::1",
    ]);
  });
});
