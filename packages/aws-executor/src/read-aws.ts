/** All that a plan is made from, beside the objects: facts and inventory. */
import {
  type BuildOptions,
  buildDesired,
  type ClusterSnapshot,
  type Facts,
  factsNeeded,
  type Inventory,
  type InventoryNeeded,
  inventoryNeeded,
  listingNeeded,
  type PlanOptions,
  type Settings,
} from "@elbplan/core";
import type { AwsApi } from "./aws-api.ts";
import type { Place } from "./facts/find-place.ts";
import { readQuotas } from "./facts/quotas.ts";
import { type FactsOptions, readFacts } from "./facts/read-facts.ts";
import { readInventory } from "./inventory/read-inventory.ts";
import type { ReaderOptions } from "./inventory/reader.ts";
import { onePass } from "./one-pass.ts";

export interface ReadAwsOptions extends ReaderOptions {
  /** As in `readFacts`. */
  readonly onRefused?: NonNullable<FactsOptions["onRefused"]>;
  /** Given facts aren't read. */
  readonly facts?: Facts;
  /** How the plan will be made: it depends on this what is compared. */
  readonly plan?: Pick<PlanOptions, "prune" | "drain">;
  /** How the graph will be built. */
  readonly build?: BuildOptions;
  /** Read more than planning compares: what a plan of other objects may. */
  readonly needed?: InventoryNeeded;
  /** Kubernetes objects, by `namespace/name`. */
  readonly targetGroupBindings?: Inventory["targetGroupBindings"];
}

export interface AwsReading {
  readonly facts: Facts;
  readonly inventory: Inventory;
  /** What was read of the inventory. */
  readonly needed: InventoryNeeded;
}

/** What exists may change what is wanted, and with it what is compared; twice is the most that was ever seen. */
const ROUNDS = 5;

/**
 * Reads facts and inventory for a plan of these objects. What of the inventory is compared follows from the graph, and
 * the graph from the inventory (an existing load balancer keeps its subnets, a broken Ingress its rules): what the graph
 * of the first reading asks for besides is read too, until it asks for nothing new. Nothing is asked for twice.
 */
export async function readAws(
  api: AwsApi,
  snapshot: ClusterSnapshot,
  settings: Settings,
  place: Place,
  options: ReadAwsOptions,
): Promise<AwsReading> {
  const pass = onePass(api);
  const { facts: given, plan, build, needed: all, targetGroupBindings = {} } = options;
  const scope = { ...place, byTaggingApi: settings.featureGates.EnableRGTAPI, targetGroupBindings };
  // Listing takes longest and depends on nothing: it begins along with the facts, and is known to what comes after.
  const [known, quotas] = await Promise.all([
    given ?? readFacts(pass, factsNeeded(snapshot, settings), settings, place, { ...options, withInventory: true }),
    readQuotas(pass, options),
    readInventory(pass, listingNeeded(settings, place.vpcId), scope, options),
  ]);
  const facts: Facts = { ...known, quotas: { ...quotas, ...known.quotas } };
  const neededOf = (inventory: Inventory | undefined): InventoryNeeded =>
    all ?? inventoryNeeded(buildDesired(snapshot, facts, inventory, settings, build), plan);
  let needed = neededOf(undefined);
  for (let round = 1; ; round++) {
    const inventory = await readInventory(pass, needed, scope, options);
    const next = neededOf(inventory);
    if (round === ROUNDS || JSON.stringify(next) === JSON.stringify(needed)) return { facts, inventory, needed };
    needed = next;
  }
}
