/** What LBC itself registered and opened in recorded runs. */
import {
  buildDesired,
  type DesiredGraph,
  type Facts,
  type ResolvedTargets,
  resolveTargets,
  settingsFromFlags,
} from "@elbplan/core";
import { describe, expect, it } from "vitest";
import { deepFreeze } from "../packages/testing/src/graph-laws.ts";
import { RECORDED_FACTS, RECORDED_STATES, recordedCluster } from "./recordings.ts";

const COMMON = ["00-base", "01-services"];
const STATES = [
  { state: "single-create", files: ["10-single"] },
  { state: "single-cert2", files: ["15-single-cert2"] },
  { state: "group-create", files: ["20-group"] },
  { state: "group-reorder", files: ["20-group", "21-group-update", "22-group-order"] },
  { state: "ip-scale-up", files: ["02-pods", "03-endpointslice-4", "30-ip"] },
  { state: "ssl-create", files: ["40-ssl"] },
  { state: "weighted-create", files: ["50-weighted"] },
  { state: "waf-create", files: ["60-waf"] },
  { state: "waf-attrs", files: ["61-waf-attrs"] },
  { state: "fifty-insert-top", files: ["71-fifty-top"] },
];

/** Target groups by the readable part of their names, for the rest hashes a uid; nodes numbered as in the facts. */
function registered(graph: DesiredGraph, { targets }: ResolvedTargets, facts: Facts): readonly string[] {
  const nodes = new Map(facts.networkInterfaces?.map(({ instanceId = "" }, at) => [instanceId, `node${at}`]));
  return Object.values(graph.stacks)
    .flatMap(({ id, resources }) =>
      Object.values(resources).flatMap((resource) => {
        if (resource.kind !== "targetGroupBinding") return [];
        const { namespace, serviceRef } = resource.spec;
        const found = targets[id]?.[resource.id];
        if (found?.status !== "resolved") return [`${resource.id} is unresolved`];
        const list = found.targets.map((target) => `${nodes.get(target.id) ?? target.id}:${target.port}`).sort();
        return [`k8s-${namespace}-${serviceRef.name}: ${list.join(" ")}`];
      }),
    )
    .sort();
}

describe("the recorded runs", () => {
  it.each(STATES)("$state: the same targets, the same permissions on the nodes' security group", ({ state, files }) => {
    const snapshot = deepFreeze(recordedCluster(...COMMON, ...files));
    const facts = deepFreeze(RECORDED_FACTS);
    const { settings } = settingsFromFlags({ "cluster-name": facts.clusterName ?? "" });
    const graph = deepFreeze(buildDesired(snapshot, facts, undefined, settings));
    const resolved = resolveTargets(snapshot, facts, graph);
    const recorded = RECORDED_STATES[state];

    expect(resolved.diagnostics).toEqual([]);
    expect(registered(graph, resolved, facts)).toEqual(
      recorded?.targetGroups.map(({ name, targets }) => `${name}: ${targets.toSorted().join(" ")}`).sort(),
    );
    const [nodeGroup] = facts.securityGroups;
    const onNodes = resolved.permissions.bySecurityGroup[nodeGroup?.id ?? ""] ?? [];
    expect(Object.keys(resolved.permissions.bySecurityGroup)).toEqual([nodeGroup?.id]);
    expect(
      onNodes.map(({ protocol, fromPort, toPort, description }) => `${protocol} ${fromPort}-${toPort} ${description}`),
    ).toEqual(
      recorded?.securityGroups.find(({ name }) => name === "nodes")?.ingress.map((text) => text.replace(/ sg:\S+/, "")),
    );
    expect(onNodes.map(({ source }) => source)).toEqual([
      { securityGroupId: { ref: "securityGroup/backend-sg", field: "id" } },
    ]);
    expect(resolved.permissions.complete).toBe(true);
  });

  it("are all looked at", () => {
    expect(STATES.map(({ state }) => state).sort()).toEqual(Object.keys(RECORDED_STATES).sort());
  });
});
