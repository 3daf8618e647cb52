/** The targets as part of a graph: there when somebody looked, absent otherwise. */
import { describe, expect, it } from "vitest";
import { buildDesired, explainDesired } from "../../../src/build-desired.ts";
import { CLUSTER_STACK, type DesiredGraph } from "../../../src/model/graph.ts";
import { SHARED_PERMISSION } from "../../../src/model/target.ts";
import { settingsFromFlags } from "../../../src/read/settings.ts";
import { ingress, snapshot } from "../../fixtures/cluster.ts";
import { desired, type Surroundings } from "../../fixtures/desired.ts";
import { facts } from "../../fixtures/facts.ts";
import { node, nodeInterface } from "../../fixtures/workloads.ts";

const ID = "shop/web-web:80";
const NODES = [node("a"), node("b")];
const interfaces = { networkInterfaces: [nodeInterface("a"), nodeInterface("b")] };

function build(objects = {}, around: Surroundings = {}): DesiredGraph {
  return desired({ ingresses: [ingress()], nodes: NODES, ...objects }, { facts: interfaces, ...around });
}

describe("a graph whose nodes are known", () => {
  it("holds the targets of each target group", () => {
    expect(build().stacks["shop/web"]?.resources[`targets/${ID}`]).toEqual({
      kind: "targets",
      id: ID,
      spec: {
        targetGroupArn: { ref: `targetGroup/${ID}`, field: "arn" },
        targets: [
          { id: "i-a", port: 30080 },
          { id: "i-b", port: 30080 },
        ],
        securityGroups: ["sg-nodes"],
      },
    });
  });

  it("holds the permissions that load balancers need, in the cluster stack", () => {
    const graph = build();
    expect(graph.endpointPermissions).toBe("complete");
    expect(graph.clusterStack.resources["endpointPermissions/sg-nodes"]).toEqual({
      kind: "endpointPermissions",
      id: "sg-nodes",
      spec: {
        securityGroupId: "sg-nodes",
        permissions: [
          {
            protocol: "tcp",
            fromPort: 30080,
            toPort: 30080,
            source: { securityGroupId: { ref: "securityGroup/backend-sg", field: "id" } },
            description: SHARED_PERMISSION,
          },
        ],
      },
    });
  });

  it("holds none when no node is ready", () => {
    const graph = build({ nodes: [node("a", { ready: "False" })] });
    expect(graph.stacks["shop/web"]?.resources[`targets/${ID}`]?.spec).toMatchObject({ targets: [] });
    expect(graph.endpointPermissions).toBe("complete");
    expect(Object.keys(graph.clusterStack.resources)).toEqual(["securityGroup/backend-sg"]);
  });

  it("says of limit and sharing what decided them", () => {
    const graph = build(
      { ingresses: [ingress({ annotations: { "multi-cluster-target-group": "true" } })] },
      { flags: { "max-targets-per-target-group": "1" } },
    );
    expect(graph.stacks["shop/web"]?.resources[`targets/${ID}`]?.spec).toMatchObject({ limit: 1, multiCluster: true });
    expect(graph.diagnostics.map(({ code }) => code)).toContain("targets.over-limit");
  });
});

describe("a graph without targets", () => {
  const kinds = ({ stacks, clusterStack }: DesiredGraph): readonly string[] =>
    [...Object.values(stacks), clusterStack].flatMap(({ resources }) =>
      Object.values(resources).flatMap(({ kind }) => (/^targets$|^endpoint/.test(kind) ? [kind] : [])),
    );

  it.each([
    { name: "nobody looked for nodes or endpoints", graph: () => desired({ ingresses: [ingress()] }) },
    {
      name: "somebody else registers them",
      graph: () => {
        const { settings } = settingsFromFlags({ "cluster-name": "demo" });
        const objects = snapshot({ ingresses: [ingress()], nodes: NODES });
        return buildDesired(objects, facts(interfaces), undefined, { ...settings, targetRegistration: "binding" });
      },
    },
  ])("has nothing to say about permissions when $name", ({ graph }) => {
    expect(kinds(graph())).toEqual([]);
    expect(graph().endpointPermissions).toBeUndefined();
  });

  it("leaves alone those that can't be told, and revokes nothing", () => {
    const graph = build({ nodes: [node("a", { providerID: "gce://x" })] });
    expect(kinds(graph)).toEqual([]);
    expect(graph.endpointPermissions).toBe("incomplete");
  });

  it("adds no permission when network interfaces aren't known, and revokes none", () => {
    const graph = build({}, { facts: {} });
    expect(kinds(graph)).toEqual(["targets"]);
    expect(graph.endpointPermissions).toBe("incomplete");
  });
});

describe("the causes of targets", () => {
  it("are the Service, a flag, or what was discovered", () => {
    const { settings } = settingsFromFlags({ "cluster-name": "demo", "max-targets-per-target-group": "1" });
    const given = [snapshot({ ingresses: [ingress()], nodes: NODES }), facts(interfaces), undefined, settings] as const;
    const sources = explainDesired(...given);
    const service = { object: { kind: "Service", namespace: "shop", name: "web" }, field: "" };
    expect(sources["shop/web"]).toMatchObject({
      [`targets/${ID}#`]: service,
      [`targets/${ID}#/targets`]: service,
      [`targets/${ID}#/limit`]: { field: "flag max-targets-per-target-group" },
      [`targets/${ID}#/securityGroups`]: { field: "discovery" },
    });
    expect(sources[CLUSTER_STACK]).toMatchObject({ "endpointPermissions/sg-nodes#": { field: "generated" } });
  });
});
