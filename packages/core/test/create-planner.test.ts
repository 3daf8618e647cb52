import { describe, expect, it } from "vitest";
import { buildDesired } from "../src/build-desired.ts";
import { createPlanner } from "../src/create-planner.ts";
import type { Facts } from "../src/model/facts.ts";
import type { Ingress, Service } from "../src/model/kubernetes.ts";
import type { EndpointSlice } from "../src/model/kubernetes-workloads.ts";
import type { ClusterSnapshot } from "../src/model/snapshot.ts";
import { settingsFromFlags } from "../src/read/settings.ts";
import { ingress, prefix, rule, service, snapshot } from "./fixtures/cluster.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";
import { facts } from "./fixtures/facts.ts";
import { endpoint, node, nodeInterface, pod, slice } from "./fixtures/workloads.ts";

/** What was looked into, as `kind name`. */
const seen = new Set<string>();

/** The same object, which tells when a field of it is read. */
function watched<T extends object>(object: T, field: keyof T & string, name: string): T {
  const value = object[field];
  const get = (): unknown => {
    seen.add(name);
    return value;
  };
  return Object.defineProperty({ ...object }, field, { get, enumerable: true });
}

/** An Ingress by itself, its Service and the slice of that, all of one name. */
function app(name: string, targetType: string, path = "/"): { readonly ingress: Ingress; readonly service: Service } {
  const annotations = { "target-type": targetType };
  const rules = [rule(undefined, prefix(path, { service: { name, port: { number: 80 } } }))];
  const { spec, ...rest } = ingress({ name, annotations, rules });
  return {
    ingress: { ...rest, spec: watched(spec ?? {}, "rules", `ingress ${name}`) },
    service: watched(service(name), "spec", `service ${name}`),
  };
}

function sliceOf(name: string, address = "10.0.0.1"): EndpointSlice {
  return watched(slice([endpoint(address, "p")], { name, service: name }), "endpoints", `slice ${name}`);
}

const [byNode, byPod] = [app("by-node", "instance"), app("by-pod", "ip")];
const start = deepFreeze(
  snapshot({
    ingresses: [byNode.ingress, byPod.ingress],
    services: [byNode.service, byPod.service, service("nobodys")],
    nodes: [node("a"), node("b")],
    pods: [pod("p"), pod("q")],
    endpointSlices: [sliceOf("by-node"), sliceOf("by-pod"), sliceOf("nobodys")],
  }),
);
const ofA = nodeInterface("a", { privateIps: ["10.0.0.1", "10.0.0.2"] });
const ofB = nodeInterface("b");
const world = deepFreeze(facts({ networkInterfaces: [ofA, ofB] }));
const { settings } = settingsFromFlags({ "cluster-name": "demo" });

/** The list with another object in the place of that at an index. */
function put<L extends keyof ClusterSnapshot>(
  list: L,
  index: number,
  object: NonNullable<ClusterSnapshot[L]> extends readonly (infer O)[] ? O : never,
): Partial<ClusterSnapshot> {
  return { [list]: (start[list] as readonly unknown[]).with(index, object) };
}

const GROUP = ["ingress by-pod", "service by-pod", "slice by-pod"];
const TARGETS_BY_POD = ["service by-pod", "slice by-pod"];
const TARGETS_BY_NODE = ["service by-node"];

interface Case {
  readonly edit: string;
  readonly objects?: Partial<ClusterSnapshot>;
  readonly facts?: Partial<Facts>;
  readonly looksInto: readonly string[];
}

const cases: readonly Case[] = [
  { edit: "nothing", looksInto: [] },
  {
    edit: "an Ingress",
    objects: put("ingresses", 1, app("by-pod", "ip", "/new").ingress),
    looksInto: GROUP,
  },
  { edit: "a Service", objects: put("services", 1, app("by-pod", "ip").service), looksInto: GROUP },
  { edit: "a Service that nobody names", objects: put("services", 2, service("nobodys")), looksInto: [] },
  { edit: "a slice", objects: put("endpointSlices", 1, sliceOf("by-pod", "10.0.0.2")), looksInto: TARGETS_BY_POD },
  {
    edit: "a slice of another Service",
    objects: put("endpointSlices", 2, sliceOf("nobodys", "10.0.0.2")),
    looksInto: [],
  },
  { edit: "a Pod", objects: put("pods", 0, pod("p", { node: "b" })), looksInto: TARGETS_BY_POD },
  { edit: "a Pod of no endpoint", objects: put("pods", 1, pod("q", { node: "b" })), looksInto: [] },
  {
    edit: "the readiness of a Node",
    objects: put("nodes", 0, node("a", { ready: "False" })),
    looksInto: TARGETS_BY_NODE,
  },
  { edit: "a label of a Node", objects: put("nodes", 0, node("a", { labels: { team: "x" } })), looksInto: [] },
  { edit: "a copy of the facts", facts: structuredClone(world), looksInto: [] },
  {
    edit: "the security group of a Node's interface",
    facts: { networkInterfaces: [ofA, { ...ofB, securityGroupIds: ["sg-0a"] }] },
    looksInto: TARGETS_BY_NODE,
  },
  {
    edit: "interfaces in another order",
    facts: { networkInterfaces: [ofB, ofA] },
    looksInto: [],
  },
  { edit: "what is whole", objects: { whole: ["Service", "EndpointSlice", "Pod"] }, looksInto: TARGETS_BY_NODE },
];

describe("a planner", () => {
  it.each(cases)(
    "looks only into what depends on it, after an edit of $edit",
    ({ objects, facts: found, looksInto }) => {
      const planner = createPlanner(settings);
      planner.update(start, world, undefined);
      const after = deepFreeze({ ...start, ...objects });
      const later = deepFreeze({ ...world, ...found });
      seen.clear();
      const { desired } = planner.update(after, later, undefined);
      expect([...seen].sort()).toEqual(looksInto);
      expect(JSON.stringify(desired)).toBe(JSON.stringify(buildDesired(after, later, undefined, settings)));
    },
  );

  it("looks into everything the first time", () => {
    seen.clear();
    createPlanner(settings).update(start, world, undefined);
    expect([...seen].sort()).toEqual([
      "ingress by-node",
      "ingress by-pod",
      "service by-node",
      "service by-pod",
      "slice by-pod",
    ]);
  });
});
