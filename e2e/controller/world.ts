/** A real API server, the AWS emulator behind the proxy, and controllers between them that run as deploy/ says. */
import { awsExecutor, createCache, forgettingApi, type Place, sdkApi, throttledApi } from "@elbplan/aws-executor";
import { type ControllerEvent, type ControllerOptions, createController } from "@elbplan/controller";
import { type Settings, settingsFromFlags } from "@elbplan/core";
import {
  type Connection,
  httpsApi,
  type KubernetesApi,
  patientApi,
  pause,
  systemClock,
} from "@elbplan/k8s-source/cluster";
import { type ApiServer, startApiServer } from "../kube/api-server.ts";
import { apply, deploy, type Manifest, pathOf, remove } from "../kube/deployed.ts";
import { ACCOUNT, type Clients, clientsOf, REGION } from "../moto/clients.ts";
import { type Seed, seedAccount } from "../moto/seed.ts";
import { type Emulator, startEmulator } from "../moto/start.ts";
import { type AwsProxy, startProxy } from "../proxy/proxy.ts";
import { clusterManifests } from "../scenarios/cluster.ts";
import { differenceOf } from "./difference.ts";

export interface World {
  readonly server: ApiServer;
  /** The connection, the port and a kubeconfig, as elbplan's service account. */
  readonly connection: Connection;
  readonly account: KubernetesApi;
  readonly kubeconfig: string;
  readonly emulator: Emulator;
  readonly proxy: AwsProxy;
  /** Past the proxy. */
  readonly clients: Clients;
  readonly seed: Seed;
  readonly place: Place;
  readonly settings: Settings;
  /** Creates or changes objects, one after another. */
  readonly apply: (...objects: readonly Manifest[]) => Promise<void>;
  readonly remove: (...objects: readonly Manifest[]) => Promise<void>;
  /** The Service `default/web` has this many Pods that are ready but for these gates. */
  readonly scale: (pods: number, gates?: readonly string[]) => Promise<void>;
  /** Undefined if there is no such object. */
  readonly stored: (object: Manifest) => Promise<Manifest | undefined>;
  /** The Kubernetes events of an Ingress as `reason: message`, in the order in which they first happened. */
  readonly told: (ingress: Manifest) => Promise<readonly string[]>;
  readonly timesTold: (ingress: Manifest, reason: string) => Promise<number>;
  /** Starts a controller. */
  readonly start: (options?: Partial<ControllerOptions>) => Running;
  /**
   * Resolves when nothing happens any more, AWS and the Ingresses are as a plan made from scratch wants them, and there is
   * nothing in AWS that one made in an empty account wouldn't have. Rejects with what is different after 30 s.
   */
  readonly settled: (running?: Pick<Running, "quiet">, seconds?: number) => Promise<void>;
  /** No Ingresses, two Pods, and the account as it was seeded. */
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface Running {
  readonly events: readonly ControllerEvent[];
  /** Milliseconds, by `performance.now()`, of the last turn that ended. */
  readonly lastTurn: () => number;
  /** What failed, in words. */
  readonly failures: () => readonly string[];
  /** Resolves when nothing has happened for a moment and no turn waits. */
  readonly quiet: () => Promise<void>;
  readonly ready: () => boolean;
  /** Ends it; rejects if it broke. */
  readonly stop: () => Promise<void>;
}

/** Nothing has happened for so long. */
const QUIET_MS = 250;

/** Starts all servers, with the cluster's objects but no Ingress. */
export async function startWorld(): Promise<World> {
  const emulator = await startEmulator();
  const proxy = await startProxy(emulator.endpoint);
  const clients = clientsOf(emulator.endpoint);
  const seed = await seedAccount(clients);
  const server = await startApiServer();
  const token = await deploy(server);
  const connection = server.connectionAs(token);
  const account = patientApi(httpsApi(connection));
  const { api } = server;
  const place: Place = { region: REGION, accountId: ACCOUNT, vpcId: seed.vpcId };
  let pods: readonly Manifest[] = [];

  const applyAll = async (...objects: readonly Manifest[]): Promise<void> => {
    for (const object of objects) await apply(api, object);
  };
  const scale = async (count: number, gates: readonly string[] = []): Promise<void> => {
    const manifests: readonly Manifest[] = clusterManifests(seed, count);
    const wanted = manifests.filter(({ kind }) => kind === "Pod").map((pod) => withGates(pod, gates));
    const leaving = pods.filter((pod) => !wanted.some((one) => JSON.stringify(one) === JSON.stringify(pod)));
    for (const pod of leaving) await removeAtOnce(api, pod);
    const staying = pods.filter((pod) => !leaving.includes(pod)).map(({ metadata }) => metadata.name);
    await applyAll(...wanted.filter(({ metadata }) => !staying.includes(metadata.name)));
    const slices = manifests.filter(({ kind }) => kind === "EndpointSlice");
    await applyAll(...slices.map((slice) => (gates.length === 0 ? slice : unready(slice))));
    pods = wanted;
  };
  for (const object of clusterManifests(seed, 0)) await apply(api, object);

  const world: World = {
    server,
    connection,
    account,
    kubeconfig: server.kubeconfigAs(token),
    emulator,
    proxy,
    clients,
    seed,
    place,
    settings: settingsFromFlags({ "cluster-name": "e2e" }).settings,
    apply: applyAll,
    remove: async (...objects) => {
      for (const object of objects) await remove(api, object);
    },
    scale,
    stored: (object) => get(api, pathOf(object)),
    told: async (ingress) => {
      const events = await eventsOf(api, ingress);
      return events.map(({ reason, message }) => `${reason}: ${message}`);
    },
    timesTold: async (ingress, reason) => {
      const events = await eventsOf(api, ingress);
      return events.filter((event) => event.reason === reason).reduce((sum, { count }) => sum + count, 0);
    },
    start: (options) => start(world, options),
    settled: async (running, seconds = 30) => {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        await running?.quiet();
        const difference = await differenceOf(world);
        if (difference === undefined) return;
        if (Date.now() > end) throw new Error(`not settled after ${seconds} s: ${difference}`);
        await pause(systemClock, QUIET_MS);
      }
    },
    reset: async () => {
      const { items } = await get(api, "/apis/networking.k8s.io/v1/ingresses");
      for (const { metadata } of items) {
        const ingress = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata };
        await release(api, ingress);
      }
      for (const namespace of ["default", "shop", "blog"]) {
        await api.call({ method: "DELETE", path: `/api/v1/namespaces/${namespace}/events` });
      }
      await emulator.reset();
      await seedAccount(clients);
      proxy.clear();
      proxy.setLatency(0);
      await scale(2);
    },
    stop: async () => {
      await server.stop();
      await proxy.stop();
      await emulator.stop();
    },
  };
  return world;
}

function start({ account, proxy, place, settings }: World, options: Partial<ControllerOptions> = {}): Running {
  const events: ControllerEvent[] = [];
  const stopping = new AbortController();
  const cache = createCache(systemClock);
  const aws = forgettingApi(throttledApi(sdkApi({ endpoint: proxy.endpoint, region: REGION })), cache);
  let lastEvent = performance.now();
  let lastTurn = 0;
  const controller = createController({
    settings,
    place,
    kubernetes: account,
    aws,
    cache,
    executor: awsExecutor(aws),
    ...options,
    onEvent: (event) => {
      lastEvent = performance.now();
      if (event.type === "reconciled") lastTurn = lastEvent;
      events.push(event);
      options.onEvent?.(event);
    },
  });
  const ended = controller.run(stopping.signal).then(
    () => undefined,
    (error: unknown) => error ?? new Error("the controller ended"),
  );
  return {
    events,
    lastTurn: () => lastTurn,
    ready: () => controller.health().ready,
    failures: () =>
      events.flatMap((event) => {
        if (event.type === "failed") return [`${event.what}: ${event.error}`];
        return event.type === "reconciled" && event.outcome === "failed"
          ? [`${event.group}: ${event.diagnostics.map(({ message }) => message).join("; ")}`]
          : [];
      }),
    quiet: async () => {
      const end = Date.now() + 60_000;
      for (;;) {
        const error = await Promise.race([ended, pause(systemClock, 20).then(() => "goes on")]);
        if (error !== "goes on") throw error ?? new Error("the controller was stopped");
        const queue = events.findLast((event) => event.type === "queue");
        const isIdle = queue?.type !== "queue" || queue.waiting + queue.active === 0;
        if (controller.health().ready && isIdle && performance.now() - lastEvent > QUIET_MS) return;
        if (Date.now() > end) throw new Error(`no rest: ${JSON.stringify(events.at(-1))}`);
      }
    },
    stop: async () => {
      stopping.abort();
      const error = await ended;
      if (error !== undefined) throw error;
    },
  };
}

/** A Pod whose containers are ready, and which isn't until its gates are. */
function withGates(pod: Manifest, gates: readonly string[]): Manifest {
  if (gates.length === 0) return pod;
  const readinessGates = gates.map((conditionType) => ({ conditionType }));
  const conditions = [
    { type: "Ready", status: "False" },
    { type: "ContainersReady", status: "True" },
  ];
  return { ...pod, spec: { ...pod.spec, readinessGates }, status: { ...pod.status, conditions } };
}

function unready(slice: Manifest): Manifest {
  const conditions = { ready: false, serving: false, terminating: false };
  return { ...slice, endpoints: slice.endpoints.map((endpoint: Manifest) => ({ ...endpoint, conditions })) };
}

async function eventsOf(api: KubernetesApi, { metadata }: Manifest): Promise<readonly Manifest[]> {
  const path = `/api/v1/namespaces/${metadata.namespace}/events`;
  const { items } = await get(api, path, { fieldSelector: `involvedObject.name=${metadata.name}` });
  return items.toSorted((a: Manifest, b: Manifest) => (a.firstTimestamp < b.firstTimestamp ? -1 : 1));
}

/** There is no kubelet to let a Pod end. */
function removeAtOnce(api: KubernetesApi, object: Manifest): Promise<unknown> {
  return api.call({ method: "DELETE", path: pathOf(object), body: { gracePeriodSeconds: 0 } });
}

async function release(api: KubernetesApi, ingress: Manifest): Promise<void> {
  const patchType = "application/merge-patch+json";
  const body = { metadata: { finalizers: null } };
  await api.call({ method: "PATCH", path: pathOf(ingress), patchType, body });
  if ((await get(api, pathOf(ingress))) !== undefined) await remove(api, ingress);
}

async function get(api: KubernetesApi, path: string, query: { readonly [key: string]: string } = {}) {
  try {
    return (await api.call({ method: "GET", path, query })) as Manifest;
  } catch (error) {
    if ((error as { readonly status?: number }).status === 404) return undefined;
    throw error;
  }
}
