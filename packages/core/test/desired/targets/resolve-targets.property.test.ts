import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { resolveTargets } from "../../../src/desired/targets/resolve-targets.ts";
import type { Settings } from "../../../src/model/settings.ts";
import type { ClusterSnapshot } from "../../../src/model/snapshot.ts";
import { ingress, service, snapshot } from "../../fixtures/cluster.ts";
import { deepFreeze } from "../../fixtures/deep-freeze.ts";
import { desired } from "../../fixtures/desired.ts";
import { facts } from "../../fixtures/facts.ts";
import { endpoint, node, nodeInterface, pod, slice } from "../../fixtures/workloads.ts";

const NODES = ["a", "b", "c", "d"];
const PODS = ["p1", "p2", "p3", "p4", "p5"];

const nodes = fc
  .tuple(...NODES.map(() => fc.constantFrom("True", "False", "Unknown", undefined)))
  .map((states) => states.map((ready, at) => node(NODES[at] as string, { ready })));
const pods = fc
  .tuple(...PODS.map(() => fc.tuple(fc.constantFrom(...NODES), fc.constantFrom("True", "False"))))
  .map((all) => all.map(([on, containersReady], at) => pod(PODS[at] as string, { node: on, containersReady })));
const endpoints = fc.array(
  fc
    .tuple(
      fc.nat({ max: PODS.length - 1 }),
      fc.record({ ready: fc.boolean(), terminating: fc.boolean() }, { requiredKeys: [] }),
    )
    .map(([at, conditions]) => endpoint(`10.0.0.${at}`, PODS[at] as string, conditions)),
  { maxLength: 6 },
);
const slices = fc.array(endpoints, { minLength: 1, maxLength: 3 });
const objects = fc.record({ nodes, pods, slices }).map(({ slices: lists, ...rest }) => ({
  ...rest,
  endpointSlices: lists.map((list, at) => slice(list, { name: `web-${at}` })),
}));
/** Pod addresses of nodes a to c; d's interface isn't known. */
const networkInterfaces = NODES.slice(0, 3).map((name, at) =>
  nodeInterface(name, { securityGroupIds: [at < 2 ? "sg-1" : "sg-2"], privateIps: [`10.0.0.${at}`] }),
);

const ingresses = [
  ingress({ name: "nodes" }),
  ingress({ name: "pods", annotations: { "target-type": "ip" } }),
  ingress({ name: "both", annotations: { "group.name": "g", "target-type": "ip", "healthcheck-port": "9000" } }),
];
const graph = deepFreeze(desired({ ingresses }));
const world = deepFreeze(facts({ networkInterfaces }));
const withGate = (EndpointsFailOpen: boolean): typeof graph => {
  const settings: Settings = { ...graph.settings, featureGates: { ...graph.settings.featureGates, EndpointsFailOpen } };
  return { ...graph, settings };
};
const cluster = (some: Partial<ClusterSnapshot>): ClusterSnapshot =>
  deepFreeze(snapshot({ ingresses, services: [service("web"), service("api")], ...some }));

describe("resolveTargets", () => {
  test.prop([objects, fc.boolean()], { numRuns: 200 })("doesn't depend on any order", (some, gate) => {
    const turned = {
      nodes: some.nodes.toReversed(),
      pods: some.pods.toReversed(),
      endpointSlices: some.endpointSlices
        .map((each) => ({
          ...each,
          endpoints: each.endpoints?.toReversed() ?? [],
          ports: each.ports?.toReversed() ?? [],
        }))
        .reverse(),
    };
    const reversed = { ...world, networkInterfaces: networkInterfaces.toReversed() };
    const stacks = Object.fromEntries(Object.entries(graph.stacks).reverse());
    const one = resolveTargets(cluster(some), world, withGate(gate));
    const other = resolveTargets(cluster(turned), reversed, { ...withGate(gate), stacks });
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  test.prop([objects], { numRuns: 200 })("registers only what is ready, unless nothing is", (some) => {
    const state = new Map(some.nodes.map((each) => [each.metadata.name, each.status?.conditions?.[0]?.status]));
    const readyNodes = NODES.filter((name) => state.get(name) === "True").map((name) => `i-${name}`);
    const reported = some.endpointSlices.flatMap((each) => each.endpoints ?? []);
    // Ready by the slice, or by its containers and node.
    const ready = new Set(
      reported
        .filter(({ conditions, targetRef }) => {
          const own = some.pods.find(({ metadata }) => metadata.name === targetRef?.name);
          const contained = own?.status?.conditions?.[0]?.status === "True";
          const alive = state.get(own?.spec?.nodeName ?? "") === "True" && conditions?.terminating !== true;
          return conditions?.ready !== false || (contained && alive);
        })
        .map(({ addresses = [] }) => addresses[0]),
    );
    for (const gate of [false, true]) {
      const { targets } = resolveTargets(cluster(some), world, withGate(gate));
      for (const [stack, wanted] of [
        ["shop/nodes", readyNodes],
        ["shop/pods", [...ready].sort()],
      ] as const) {
        const [found] = Object.values(targets[stack] ?? {});
        expect(found?.status).toBe("resolved");
        const ids = found?.status === "resolved" ? found.targets.map(({ id }) => id) : [];
        if (wanted.length > 0 || !gate) expect(ids).toEqual(wanted);
      }
    }
  });

  test.prop([objects, fc.boolean()], { numRuns: 200 })(
    "opens each target's port on its group, as one range",
    (some, gate) => {
      const { targets, permissions } = resolveTargets(cluster(some), world, withGate(gate));
      const groupOf = new Map(
        networkInterfaces.flatMap(({ instanceId = "", privateIps, securityGroupIds: [group] }) =>
          [instanceId, ...privateIps].map((id) => [id, group] as const),
        ),
      );
      const registered = Object.values(targets)
        .flatMap((stack) => Object.values(stack))
        .flatMap((of) => (of.status === "resolved" ? of.targets : []));
      for (const { id, port } of registered) {
        const group = groupOf.get(id);
        if (group === undefined) expect(permissions.complete).toBe(false);
        else
          expect(
            permissions.bySecurityGroup[group]?.some(({ fromPort, toPort }) => fromPort <= port && port <= toPort),
          ).toBe(true);
      }
      for (const list of Object.values(permissions.bySecurityGroup)) expect(list).toHaveLength(1);
    },
  );
});
