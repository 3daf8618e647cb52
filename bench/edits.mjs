/**
 * What one edit costs: 1,000 Ingresses in 100 groups, 1,000 Services with a slice of three pods each, 100 nodes; half of
 * the Ingresses have instance targets. `update` is what a planner needs that keeps what it built, `fresh` a whole build
 * of the same input; the two results are compared, byte by byte.
 */
import * as core from "../packages/core/dist/index.js";
import { generateSnapshot } from "./generate.mjs";
import { median, round } from "./median.mjs";
import { withWorkloads } from "./workloads.mjs";

const INGRESSES = 1000;
const NODES = 100;

/** Each gives the snapshot after the edit number `count`. */
const EDITS = {
  "a path of one Ingress": (snapshot, count) =>
    change(snapshot, "ingresses", count * 37, (ingress) => {
      const [{ host, http }] = ingress.spec.rules;
      const paths = http.paths.with(0, { ...http.paths[0], path: `/edit-${count}` });
      return { ...ingress, spec: { ...ingress.spec, rules: [{ host, http: { paths } }] } };
    }),
  "the port of one EndpointSlice": (snapshot, count) =>
    change(snapshot, "endpointSlices", count * 2 + 1, (slice) => ({
      ...slice,
      ports: [{ name: "", port: 9000 + count }],
    })),
  "the node port of one Service": (snapshot, count) =>
    change(snapshot, "services", count * 2, (service) => {
      const [port] = service.spec.ports;
      return { ...service, spec: { ...service.spec, ports: [{ ...port, nodePort: 20000 + count }] } };
    }),
  "a label of one Pod": (snapshot, count) => change(snapshot, "pods", count * 37, (pod) => labelled(pod, count)),
  "a label of one Node": (snapshot, count) => change(snapshot, "nodes", count * 37, (node) => labelled(node, count)),
  "readiness of one Node": (snapshot, count) =>
    change(snapshot, "nodes", 0, (node) => ({
      ...node,
      status: { conditions: [{ type: "Ready", status: count % 2 === 0 ? "False" : "True" }] },
    })),
  nothing: (snapshot) => ({ ...snapshot }),
};

/** One row for each kind of edit. */
export function measureEdits(facts, runs) {
  const annotations = (index) => ({ "alb.ingress.kubernetes.io/target-type": index % 2 === 0 ? "instance" : "ip" });
  const { snapshot, networkInterfaces } = withWorkloads(
    generateSnapshot(INGRESSES, { servicesEach: 1, annotations }),
    NODES,
  );
  const world = { ...facts, networkInterfaces };
  const { settings } = core.settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName });
  const inventory = core.emptyInventory({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
  const planner = core.createPlanner(settings);
  planner.update(snapshot, world, inventory);
  const fresh = median(() => core.buildDesired(snapshot, world, inventory, settings), runs);
  let current = snapshot;
  let count = 0;
  return Object.entries(EDITS).map(([name, edit]) => {
    const update = median(() => {
      current = edit(current, count++);
      return planner.update(current, world, inventory);
    }, runs);
    const isEqual =
      JSON.stringify(update.value.desired) === JSON.stringify(core.buildDesired(current, world, inventory, settings));
    if (!isEqual) throw new Error(`After an edit of ${name} the planner gives another graph than a fresh build.`);
    return {
      edit: name,
      update_ms: update.ms,
      fresh_ms: fresh.ms,
      times: round(fresh.ms / update.ms),
      stacks: update.value.changed.length,
      runs: update.runs,
    };
  });
}

function change(snapshot, list, at, edit) {
  const objects = snapshot[list];
  const index = at % objects.length;
  return { ...snapshot, [list]: objects.with(index, edit(objects[index])) };
}

function labelled(object, count) {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, count: String(count) } } };
}
