/**
 * A long life in short: random edits of Ingresses, Services and endpoints, in bursts, with a restart now and then, on the
 * simulated cluster and account. Whenever it comes to rest, AWS and the Ingresses are as a plan made from scratch wants
 * them. ELBPLAN_SOAK_EVENTS sets how many edits, ELBPLAN_SEED which.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createCache, readAws } from "@elbplan/aws-executor";
import {
  buildDesired,
  DEFAULT_SETTINGS,
  emptyAccount,
  groupFinalizer,
  ingressStatus,
  plan,
  simulate,
} from "@elbplan/core";
import { readCluster, systemClock } from "@elbplan/k8s-source/cluster";
import { facts as factsOf, fakeAws, ingress, service } from "@elbplan/testing";
import { expect, it } from "vitest";
import { createWorld, type Running } from "../../packages/controller/test/world.ts";
import { randomNumbers } from "../proxy/faults.ts";
import { stateOfAccount } from "../state/account-state.ts";
import { withoutPositions } from "../state/state.ts";

const EVENTS = Number(process.env["ELBPLAN_SOAK_EVENTS"] ?? 500);
const SEED = Number(process.env["ELBPLAN_SEED"] ?? 7);
/** Edits between two looks at the end state; the first looks are warm-up. */
const ROUND = 25;
const WARM_UP = 0.2;
/** The simulated cluster keeps every version of every object, some 9 KiB an edit; the controller may add little to that. */
const MOST_BYTES_AN_EVENT = 16_384;
/** Before that many edits the noise is larger. */
const ENOUGH_EVENTS = 5000;

const FACTS = factsOf();
const SETTINGS = { ...DEFAULT_SETTINGS, clusterName: "test" };
const PLANNING = { prune: true, allowDelete: true, allowReplace: true, warm: false, drain: false };
const PLACE = { region: FACTS.region, accountId: FACTS.accountId, vpcId: FACTS.vpc.id };
const SERVICES = ["web", "api", "admin", "cart"];
const NAMES = Array.from({ length: 16 }, (_, index) => `i${index}`);

type World = ReturnType<typeof createWorld>;

/** Makes random edits, the same ones for the same seed. */
function editsOf(world: World, random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const broken = new Set<string>();
  const anIngress = (name: string, isBroken: boolean): object => {
    const group = pick([undefined, "g1", "g2", "g3"]);
    const paths = SERVICES.filter(() => random() < 0.5).map((to) => [`/${pick(["a", "b", "c"])}-${to}`, `${to}:80`]);
    return ingress({
      name,
      annotations: {
        "target-type": "ip",
        "healthcheck-path": pick(["/", "/healthz"]),
        "listen-ports": pick(['[{"HTTP":80}]', '[{"HTTP":80},{"HTTP":8080}]']),
        ...(group !== undefined && { "group.name": group, "group.order": String(Math.floor(random() * 100)) }),
        ...(isBroken && { "healthcheck-interval-seconds": "often" }),
      },
      rules: { [pick(["*", "a.example.com", "b.example.com"])]: { ...Object.fromEntries(paths), "/": "web:80" } },
    });
  };
  const edits: readonly (() => unknown)[] = [
    ...Array.from({ length: 5 }, () => () => {
      const name = pick(NAMES);
      broken.delete(name);
      world.apply(anIngress(name, false));
    }),
    () => {
      const name = pick(NAMES);
      broken.add(name);
      world.apply(anIngress(name, true));
    },
    ...Array.from({ length: 2 }, () => async () => {
      const name = pick(NAMES);
      broken.delete(name);
      if (world.stored(ingress({ name })) !== undefined) await world.remove(ingress({ name }));
    }),
    ...Array.from({ length: 4 }, () => () => world.apply(endpoints(pick(SERVICES), Math.floor(random() * 8)))),
    () => {
      const annotations = { "healthcheck-interval-seconds": pick(["10", "20"]) };
      world.apply(service({ name: pick(SERVICES), annotations }));
    },
  ];
  return {
    edit: async () => pick(edits)(),
    /** A group with a broken member stays as it is: there is nothing to compare it with. */
    mend: () => {
      for (const name of broken) world.apply(anIngress(name, false));
      broken.clear();
    },
  };
}

function endpoints(name: string, count: number): object {
  const first = 16 * SERVICES.indexOf(name) + 10;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { namespace: "default", name: `${name}-1`, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints: Array.from({ length: count }, (_, index) => ({
      addresses: [`10.0.0.${first + index}`],
      conditions: { ready: true, serving: true, terminating: false },
    })),
  };
}

/** What a plan made from scratch finds to do, and whether all is as it would be made from nothing. */
async function compare(world: World): Promise<void> {
  const { snapshot } = await readCluster(world.cluster.api, { settings: SETTINGS });
  const options = { cache: createCache(systemClock), plan: PLANNING };
  const aws = fakeAws({ facts: FACTS, account: world.account });
  const { facts, inventory } = await readAws(aws, snapshot, SETTINGS, PLACE, options);
  const graph = buildDesired(snapshot, facts, inventory, SETTINGS);
  expect(plan(graph, inventory, PLANNING).actions.map(({ id }) => id)).toEqual([]);
  const empty = emptyAccount(PLACE);
  const made = simulate(empty, plan(buildDesired(snapshot, facts, empty, SETTINGS), empty, PLANNING)).account;
  expect(withoutPositions(stateOfAccount(world.account()))).toEqual(withoutPositions(stateOfAccount(made)));
  for (const stack of Object.values(graph.stacks)) {
    expect(stack.inactiveMembers).toEqual([]);
    for (const member of stack.members) {
      const [namespace, name = ""] = member.split("/");
      const stored = world.stored(ingress({ name, ...(namespace && { namespace }) }));
      expect(stored?.metadata.finalizers).toEqual([groupFinalizer(stack)]);
      expect(stored?.status?.loadBalancer?.ingress).toEqual(ingressStatus(stack, inventory, SETTINGS));
    }
  }
}

function heapAfterCollection(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

/** Least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return above / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

it(
  `${EVENTS} random edits: the end state is the one of a plan made from scratch, and the heap doesn't grow`,
  async () => {
    const random = randomNumbers(SEED);
    const world = createWorld({ facts: FACTS });
    for (const name of SERVICES) world.apply(service({ name }), endpoints(name, 2));
    const start = (): Running => world.start({ planning: { warm: false, drain: false } });
    let running = start();
    const { edit, mend } = editsOf(world, random);
    const heap: [number, number][] = [];
    let [writes, comparisons, restarts] = [0, 0, 0];
    const begun = performance.now();
    for (let event = 1; event <= EVENTS; event++) {
      await edit();
      if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 20));
      if (event % ROUND !== 0) continue;
      mend();
      await running.quiet();
      await compare(world);
      comparisons++;
      expect(world.events.filter(({ type }) => type === "failed")).toEqual([]);
      writes += world.writes.length;
      for (const list of [world.events, world.writes, world.reads, world.kubernetesWrites]) list.length = 0;
      if (event > EVENTS * WARM_UP) heap.push([event, heapAfterCollection()]);
      if (random() < 0.1) {
        await running.stop();
        running = start();
        restarts++;
      }
    }
    await running.stop();
    const perEvent = Math.round(slope(heap));
    const seconds = Math.round((performance.now() - begun) / 1000);
    console.log(
      `soak: ${EVENTS} edits from seed ${SEED} in ${seconds} s, ${writes} writes, ${restarts} restarts, ` +
        `${comparisons} of ${comparisons} comparisons equal, heap ${Math.round((heap.at(-1)?.[1] ?? 0) / 2 ** 20)} MiB, ` +
        `slope ${perEvent} bytes an edit`,
    );
    if (EVENTS >= ENOUGH_EVENTS) expect(perEvent).toBeLessThan(MOST_BYTES_AN_EVENT);
  },
  EVENTS * 500 + 60_000,
);
