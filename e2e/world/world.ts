/** A cluster, an emulated account behind the proxy, and elbplan between them: what the tests over the wire share. */
import {
  awsExecutor,
  type Cache,
  createCache,
  forgettingApi,
  type RunOptions,
  type RunResult,
  readInventory,
  runPlan,
  SYSTEM_CLOCK,
  sdkApi,
  throttledApi,
} from "@elbplan/aws-executor";
import {
  buildDesired,
  type DesiredGraph,
  type Inventory,
  inventoryNeeded,
  type Plan,
  plan,
  settingsFromFlags,
} from "@elbplan/core";
import { ACCOUNT, type Clients, clientsOf, REGION } from "../moto/clients.ts";
import { type Seed, seedAccount } from "../moto/seed.ts";
import { type Emulator, startEmulator } from "../moto/start.ts";
import { type AwsProxy, startProxy } from "../proxy/proxy.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { factsOf } from "./facts.ts";

/** What was seen and is to be done. */
export interface Look {
  readonly graph: DesiredGraph;
  readonly inventory: Inventory;
  readonly plan: Plan;
}

export interface World {
  readonly emulator: Emulator;
  readonly proxy: AwsProxy;
  /** Past the proxy. */
  readonly clients: Clients;
  readonly seed: Seed;
  readonly cluster: Cluster;
  /** Reads AWS and plans for the cluster as it is. */
  look(): Promise<Look>;
  run(plan: Plan, options?: RunOptions): Promise<RunResult>;
  /** Plans for the cluster as it is, with an inventory that came from elsewhere. */
  planFor(inventory: Inventory): Promise<Plan>;
}

export interface Worlds {
  /** A new account and a new cluster, and nothing known of either. */
  fresh(): Promise<World>;
  stop(): Promise<void>;
}

const PLANNING = { allowDelete: true, warm: false, drain: false };

/** Starts emulator and proxy. */
export async function startWorlds(): Promise<Worlds> {
  const emulator = await startEmulator();
  const proxy = await startProxy(emulator.endpoint);
  const clients = clientsOf(emulator.endpoint);
  return {
    fresh: async () => {
      await emulator.reset();
      proxy.clear();
      proxy.setLatency(0);
      const seed = await seedAccount(clients);
      return worldOf(emulator, proxy, clients, seed);
    },
    stop: async () => {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

function worldOf(emulator: Emulator, proxy: AwsProxy, clients: Clients, seed: Seed): World {
  const { settings } = settingsFromFlags({ "cluster-name": "e2e" });
  const cluster = createCluster(seed);
  const cache: Cache = createCache(SYSTEM_CLOCK);
  const api = forgettingApi(throttledApi(sdkApi({ endpoint: proxy.endpoint, region: REGION })), cache);
  const scope = { region: REGION, accountId: ACCOUNT, byTaggingApi: false };
  return {
    emulator,
    proxy,
    clients,
    seed,
    cluster,
    look: async () => {
      const snapshot = cluster.snapshot();
      const facts = await factsOf(clients, seed);
      const first = buildDesired(snapshot, facts, undefined, settings);
      const inventory = await readInventory(api, inventoryNeeded(first, PLANNING), scope, { cache });
      const graph = buildDesired(snapshot, facts, inventory, settings);
      return { graph, inventory, plan: plan(graph, inventory, PLANNING) };
    },
    run: (made, options) => runPlan(made, awsExecutor(api), options),
    planFor: async (inventory) => {
      const graph = buildDesired(cluster.snapshot(), await factsOf(clients, seed), inventory, settings);
      return plan(graph, inventory, PLANNING);
    },
  };
}
