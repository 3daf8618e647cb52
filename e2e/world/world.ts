/** A cluster, an emulated account behind the proxy, and elbplan between them: what the tests over the wire share. */
import {
  awsExecutor,
  type Clock,
  createCache,
  forgettingApi,
  type ReadSecret,
  type RunOptions,
  type RunResult,
  readAws,
  readFacts,
  runPlan,
  SYSTEM_CLOCK,
  sdkApi,
  secretsFrom,
  throttledApi,
  withSecrets,
} from "@elbplan/aws-executor";
import {
  buildDesired,
  type DesiredGraph,
  factsNeeded,
  type Inventory,
  type Plan,
  plan,
  settingsFromFlags,
} from "@elbplan/core";
import { ACCOUNT, type Clients, clientsOf, REGION } from "../moto/clients.ts";
import { type Seed, seedAccount } from "../moto/seed.ts";
import { type Emulator, startEmulator } from "../moto/start.ts";
import { type AwsProxy, startProxy } from "../proxy/proxy.ts";
import { type Cluster, createCluster } from "./cluster.ts";

/** What was seen and is to be done. */
interface Look {
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
  /** The same cluster and account, seen by a process that has just started. */
  restarted(): World;
}

interface WorldOptions {
  /** How often the SDK sends a call at most; its default if absent. */
  readonly maxAttempts?: number;
  /** How long an answer is waited for; the default of `sdkApi` if absent. */
  readonly timeoutMs?: number;
  /** LBC's flag `feature-gates`. */
  readonly featureGates?: string;
  /** The machine's clock if absent. */
  readonly clock?: Clock;
}

export interface Worlds {
  /** A new account and a new cluster, and nothing known of either. */
  fresh(options?: WorldOptions): Promise<World>;
  stop(): Promise<void>;
}

const PLANNING = { allowDelete: true, warm: false, drain: false };

/** Starts emulator and proxy. */
export async function startWorlds(): Promise<Worlds> {
  const emulator = await startEmulator();
  const proxy = await startProxy(emulator.endpoint);
  const clients = clientsOf(emulator.endpoint);
  return {
    fresh: async (options = {}) => {
      await emulator.reset();
      proxy.clear();
      proxy.setLatency(0);
      const seed = await seedAccount(clients);
      return worldOf({ emulator, proxy, clients, seed, cluster: createCluster(seed) }, options);
    },
    stop: async () => {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

type Place = Pick<World, "emulator" | "proxy" | "clients" | "seed" | "cluster">;

function worldOf(place: Place, options: WorldOptions): World {
  const { proxy, seed, cluster } = place;
  const { clock = SYSTEM_CLOCK, featureGates, ...connection } = options;
  const { settings } = settingsFromFlags({
    "cluster-name": "e2e",
    ...(featureGates && { "feature-gates": featureGates }),
  });
  const cache = createCache(clock);
  const sdk = sdkApi({ endpoint: proxy.endpoint, region: REGION, ...connection });
  const readSecret: ReadSecret = (field) => secretsFrom(cluster.snapshot().secrets ?? [])(field);
  const api = forgettingApi(withSecrets(throttledApi(sdk, { clock }), readSecret), cache);
  const where = { region: REGION, accountId: ACCOUNT, vpcId: seed.vpcId };
  return {
    ...place,
    look: async () => {
      const snapshot = cluster.snapshot();
      const { facts, inventory } = await readAws(api, snapshot, settings, where, { cache, plan: PLANNING });
      const graph = buildDesired(snapshot, facts, inventory, settings);
      return { graph, inventory, plan: plan(graph, inventory, PLANNING) };
    },
    run: (made, given = {}) =>
      runPlan(made, awsExecutor(api, given.signal === undefined ? {} : { signal: given.signal }), { clock, ...given }),
    planFor: async (inventory) => {
      const snapshot = cluster.snapshot();
      const facts = await readFacts(api, factsNeeded(snapshot, settings), settings, where, {
        cache,
        withInventory: true,
      });
      const graph = buildDesired(snapshot, facts, inventory, settings);
      return plan(graph, inventory, PLANNING);
    },
    restarted: () => worldOf(place, options),
  };
}

/** A clock that runs faster than the machine's, so that what waits two seconds waits some milliseconds. */
export function fastClock(times: number): Clock {
  return {
    now: () => SYSTEM_CLOCK.now() * times,
    sleep: (milliseconds, signal) => SYSTEM_CLOCK.sleep(milliseconds / times, signal),
  };
}
