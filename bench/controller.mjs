/**
 * What a controller needs for 1,000 Ingresses in 100 groups, 1,000 Services and 100 nodes, on a cluster and an account in
 * memory: from its start until it knows that nothing is to be done, from an edit of an Ingress until the first call to AWS,
 * and its memory, that of the cluster and the account included.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createController } from "../packages/controller/dist/index.js";
import * as core from "../packages/core/dist/index.js";
import { simulatedCluster } from "../packages/k8s-source/dist/simulated/simulated-cluster.js";
import { fakeAws } from "../packages/testing/dist/index.js";
import { generateSnapshot } from "./generate.mjs";
import { round } from "./median.mjs";
import { withWorkloads } from "./workloads.mjs";

const INGRESSES = 1000;
const NODES = 100;
const EDITS = 50;

const PLURALS = {
  ingresses: "ingresses",
  services: "services",
  ingressClasses: "ingressclasses",
  nodes: "nodes",
  pods: "pods",
  endpointSlices: "endpointslices",
};

export async function measureController(facts) {
  const { snapshot, networkInterfaces } = withWorkloads(generateSnapshot(INGRESSES, { servicesEach: 1 }), NODES);
  const world = { ...facts, networkInterfaces };
  const { region, accountId, vpc } = facts;
  const { settings } = core.settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName });
  const place = { region, accountId, vpcId: vpc.id };

  const quotas = { loadBalancersPerRegion: 1000, targetGroupsPerRegion: 10_000 };
  const empty = core.emptyAccount({ ...place, quotas });
  const graph = core.buildDesired(snapshot, world, empty, settings);
  const { account } = core.simulate(empty, core.plan(graph, empty, { warm: false }));
  const simulated = core.simulatedExecutor(account, "waits");

  const cluster = simulatedCluster();
  for (const [list, plural] of Object.entries(PLURALS))
    for (const object of snapshot[list]) cluster.apply(withFinalizer(object), plural);

  let firstCall;
  let calls = 0;
  let queued = { waiting: 1, active: 0 };
  let last = performance.now();
  const controller = createController({
    settings,
    place,
    kubernetes: cluster.api,
    aws: fakeAws({ facts: world, account: simulated.account }),
    executor: {
      ...simulated,
      send: (step) => {
        calls++;
        firstCall ??= performance.now();
        return simulated.send(step);
      },
    },
    onEvent: (event) => {
      last = performance.now();
      if (event.type === "queue") queued = event;
    },
  });
  const idle = async () => {
    while (queued.waiting + queued.active > 0 || performance.now() - last < 50) await sleep(5);
    return last;
  };

  const stopping = new AbortController();
  const begun = performance.now();
  const ended = controller.run(stopping.signal);
  const start = (await idle()) - begun;
  const startCalls = calls;
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const heap = process.memoryUsage().heapUsed;

  const latencies = [];
  for (let count = 0; count < EDITS; count++) {
    firstCall = undefined;
    const edited = performance.now();
    cluster.apply(withPath(snapshot.ingresses[(count * 37) % INGRESSES], `/edit-${count}`), "ingresses");
    last = edited;
    while (firstCall === undefined) await sleep(1);
    latencies.push(firstCall - edited);
    await idle();
  }
  stopping.abort();
  await ended;
  latencies.sort((a, b) => a - b);
  return {
    ingresses: INGRESSES,
    groups: INGRESSES / 10,
    start_ms: round(start),
    start_calls: startCalls,
    edit_ms_median: round(latencies[Math.floor(EDITS / 2)]),
    edit_ms_p95: round(latencies[Math.floor(EDITS * 0.95)]),
    heap_mib: round(heap / 2 ** 20),
  };
}

/** As a controller before this one has left them. */
function withFinalizer(object) {
  if (object.kind !== "Ingress") return object;
  const group = object.metadata.annotations["alb.ingress.kubernetes.io/group.name"];
  return { ...object, metadata: { ...object.metadata, finalizers: [`group.ingress.k8s.aws/${group}`] } };
}

function withPath(ingress, path) {
  const [{ host, http }] = ingress.spec.rules;
  const paths = http.paths.with(0, { ...http.paths[0], path });
  return withFinalizer({ ...ingress, spec: { ...ingress.spec, rules: [{ host, http: { paths } }] } });
}
