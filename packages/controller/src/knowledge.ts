/**
 * What the controller knows: the objects as they were watched, the facts that were looked up for them, what exists in
 * AWS by the last look at it and by what was done since, and the graph built of all three.
 */
import {
  type AwsApi,
  type AwsError,
  type Cache,
  forgetResources,
  isAwsError,
  onePass,
  type Place,
  type RunResult,
  readAws,
  readFacts,
  readInventory,
  readTargetHealth,
} from "@elbplan/aws-executor";
import {
  type Account,
  type Action,
  asAccount,
  asksForMore,
  CLUSTER_STACK,
  type ClusterSnapshot,
  createPlanner,
  type DesiredGraph,
  type Facts,
  type FactsNeeded,
  factsNeeded,
  type Ingress,
  type Inventory,
  type InventoryNeeded,
  inventoryAfter,
  inventoryNeeded,
  ownershipOf,
  type PlanOptions,
  type ResourceKey,
  resourceKey,
  type Settings,
  type Target,
  withStacks,
} from "@elbplan/core";
import { bindingsOfInventory, type Clock, type ClusterReading, pause } from "@elbplan/k8s-source/cluster";
import equal from "fast-deep-equal";

export interface Known {
  readonly snapshot: ClusterSnapshot;
  /** By `namespace/name`. */
  readonly ingresses: ReadonlyMap<string, Ingress>;
  readonly facts: Facts;
  readonly graph: DesiredGraph;
  readonly inventory: Account;
}

export interface Built {
  /** Ids of stacks that are other than before, or gone. */
  readonly changed: readonly string[];
  /** The graph before; undefined for the first. */
  readonly before: DesiredGraph | undefined;
  /** Why facts couldn't be looked up: the graph is built of those from before, and what newly names others is broken. */
  readonly error?: unknown;
}

export interface Knowledge {
  /** Undefined until AWS was read. */
  readonly known: () => Known | undefined;
  /** Reads all of AWS and builds anew. What runs do meanwhile isn't forgotten. Rejects with an `AwsError`. */
  readonly readEverything: () => Promise<Built>;
  /** Builds for the objects as they are when it is called, looking up what they newly name. */
  readonly rebuild: () => Promise<Built>;
  /** The next build looks facts up again: something may exist by now that didn't. */
  readonly doubtFacts: () => void;
  /** Reads one stack and what all share again, if it isn't known for sure what exists of them. Tells whether it did. */
  readonly makeSure: (stack: string) => Promise<boolean>;
  /** Something may be other than it is known of a stack: before its next turn it is read again. */
  readonly doubt: (stack: string) => void;
  /** What a run did. */
  readonly ran: (actions: readonly Action[], result: RunResult) => void;
  /** The health of a target group's targets as it is now. */
  readonly targetHealth: (targetGroupArn: string) => Promise<readonly Target[]>;
}

export interface KnowledgeOptions {
  readonly settings: Settings;
  readonly place: Place;
  readonly aws: AwsApi;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly reading: () => ClusterReading;
  readonly planning: Pick<PlanOptions, "prune" | "drain">;
  /** Hears of look-ups that AWS refuses: who names what was looked for is broken, and nobody else. */
  readonly onRefused: (error: AwsError) => void;
}

/** Facts are looked up again after this time, as LBC does with a VPC and its security groups (behaviour.md §5.6). */
const FACTS_LIFETIME_MS = 600_000;

/** A stack that is tried again and again is read as often; tags, which many others have too, at most so often. */
const FORGET_MS = 60_000;

/** Between two look-ups of facts at least. */
const LOOK_UP_EVERY_MS = 1000;
const MOST_LOOKS = 3;

interface Objects {
  readonly snapshot: ClusterSnapshot;
  readonly facts: Facts;
}

/** Makes knowledge of nothing. */
export function createKnowledge(options: KnowledgeOptions): Knowledge {
  const { settings, place, aws, cache, clock, reading, planning, onRefused } = options;
  const planner = createPlanner(settings);
  const unsure = new Set<string>();
  /** What was asked of stacks when they were read last. */
  let asked: InventoryNeeded["stacks"] = {};
  let forgotten = clock.now();
  /** By stack, when a run changed it last or it was doubted last: what was read of it before isn't true any more. */
  const touched = new Map<string, number>();
  let touches = 0;
  let known: Known | undefined;
  let lookedUp: { readonly needed: FactsNeeded; readonly facts: Facts; readonly at: number } | undefined;

  const touch = (stack: string): void => {
    touched.set(stack, ++touches);
  };
  const isTouchedSince = (stack: string, moment: number): boolean => (touched.get(stack) ?? 0) > moment;

  const bindings = (): Inventory["targetGroupBindings"] | undefined => {
    const { targetGroupBindings } = reading();
    return targetGroupBindings && bindingsOfInventory(targetGroupBindings);
  };

  const build = ({ snapshot, facts }: Objects, inventory: Account): Built => {
    const before = known?.graph;
    // What a broken member has asked for is told by the graph in which it wasn't broken.
    const last = before !== undefined && settings.onBrokenMember === "quarantine" ? { lastGoal: before } : {};
    const { desired, changed } = planner.update(snapshot, facts, inventory, last);
    const ingresses = snapshot === known?.snapshot ? known.ingresses : byName(snapshot.ingresses);
    known = { snapshot, ingresses, facts, graph: desired, inventory };
    for (const id of changed) if (isReadTooLittle(desired, inventory, id)) unsure.add(id);
    return { changed, before };
  };

  const isReadTooLittle = (graph: DesiredGraph, inventory: Account, id: string): boolean => {
    const needed = neededFor(graph, id);
    const now = needed.stacks[id];
    const before = asked[id];
    asked = { ...asked, ...needed.stacks };
    return (
      now !== undefined &&
      asksForMore(before, now) &&
      Object.values(inventory.loadBalancers).some(
        ({ spec }) => ownershipOf(spec.tags, settings.clusterName)?.stack === id,
      )
    );
  };

  const neededFor = (graph: DesiredGraph, id: string): InventoryNeeded => {
    const stack = Object.hasOwn(graph.stacks, id) ? graph.stacks[id] : undefined;
    return inventoryNeeded({ ...graph, stacks: stack ? { [id]: stack } : {} }, planning);
  };

  /** What others did to tags and associations is seen. */
  const forget = (): void => {
    forgetResources(cache);
    forgotten = clock.now();
  };

  const factsFor = async (snapshot: ClusterSnapshot): Promise<{ readonly facts: Facts; readonly error?: unknown }> => {
    const needed = factsNeeded(snapshot, settings);
    const isFresh = lookedUp !== undefined && clock.now() - lookedUp.at < FACTS_LIFETIME_MS;
    if (lookedUp !== undefined && isFresh && equal(lookedUp.needed, needed)) return lookedUp;
    // Each new Pod asks for its interface: while many come they are asked for together.
    const since = clock.now() - (lookedUp?.at ?? Number.NEGATIVE_INFINITY);
    if (since < LOOK_UP_EVERY_MS) await pause(clock, LOOK_UP_EVERY_MS - since);
    try {
      const read = await readFacts(onePass(aws), needed, settings, place, {
        cache,
        withInventory: true,
        onRefused,
      });
      const { quotas } = lookedUp?.facts ?? {};
      const facts: Facts = quotas === undefined ? read : { ...read, quotas };
      lookedUp = { needed, facts, at: clock.now() };
      return { facts };
    } catch (error) {
      // What one Ingress names mustn't hold up the others.
      if (lookedUp === undefined || !isAwsError(error)) throw error;
      return { facts: lookedUp.facts, error };
    }
  };

  /** The objects as they are now, and their facts, which took a while to look up. */
  const factsForNow = async (): Promise<Objects> => {
    for (let looks = 1; ; looks++) {
      const { snapshot } = reading();
      const { facts } = await factsFor(snapshot);
      // Objects that never keep still are built for as they were a moment ago; the next build follows.
      if (snapshot === reading().snapshot || looks === MOST_LOOKS) return { snapshot, facts };
    }
  };

  const withBindings = (inventory: Account): Account => {
    const targetGroupBindings = bindings();
    return targetGroupBindings === undefined || equal(inventory.targetGroupBindings, targetGroupBindings)
      ? inventory
      : { ...inventory, targetGroupBindings };
  };

  return {
    known: () => known,
    readEverything: async () => {
      const { snapshot } = reading();
      const targetGroupBindings = bindings();
      const moment = touches;
      forget();
      const read = await readAws(aws, snapshot, settings, place, {
        cache,
        plan: planning,
        onRefused,
        ...(targetGroupBindings && { targetGroupBindings }),
      });
      asked = read.needed.stacks;
      lookedUp = { needed: factsNeeded(snapshot, settings), facts: read.facts, at: clock.now() };
      const now = await factsForNow();
      for (const stack of unsure) if (!isTouchedSince(stack, moment)) unsure.delete(stack);
      const since = [...touched.keys()].filter((stack) => isTouchedSince(stack, moment));
      const fresh = { ...asAccount(read.inventory), quotas: read.facts.quotas ?? {} };
      return build(now, known === undefined ? fresh : withStacks(fresh, known.inventory, settings, since));
    },
    rebuild: async () => {
      const { snapshot } = reading();
      const { facts, error } = await factsFor(snapshot);
      if (known === undefined) throw new Error("AWS has to be read first");
      return { ...build({ snapshot, facts }, withBindings(known.inventory)), ...(error !== undefined && { error }) };
    },
    doubtFacts: () => {
      lookedUp = lookedUp && { ...lookedUp, at: Number.NEGATIVE_INFINITY };
    },
    makeSure: async (stack) => {
      if (known === undefined || !(unsure.has(stack) || unsure.has(CLUSTER_STACK))) return false;
      if (clock.now() - forgotten > FORGET_MS) forget();
      const moment = touches;
      const needed = neededFor(known.graph, stack);
      const scope = { ...place, byTaggingApi: false, targetGroupBindings: known.inventory.targetGroupBindings };
      const read = await readInventory(onePass(aws), needed, scope, { cache });
      // What was done meanwhile is known better.
      const stacks = [stack, CLUSTER_STACK].filter((id) => !isTouchedSince(id, moment));
      known = { ...known, inventory: withStacks(known.inventory, read, settings, stacks) };
      for (const id of stacks) unsure.delete(id);
      return true;
    },
    doubt: (stack) => {
      touch(stack);
      unsure.add(stack);
    },
    ran: (actions, { steps }) => {
      if (known === undefined) return;
      for (const { stack } of actions) touch(stack);
      const after = inventoryAfter(known.inventory, actions, steps, settings);
      for (const stack of after.unsure) unsure.add(stack);
      known = { ...known, inventory: after.inventory };
    },
    targetHealth: async (targetGroupArn) => {
      const targets = await readTargetHealth(aws, targetGroupArn);
      if (known !== undefined && targets !== undefined) {
        const { inventory } = known;
        known = { ...known, inventory: { ...inventory, targets: { ...inventory.targets, [targetGroupArn]: targets } } };
      }
      return targets ?? [];
    },
  };
}

function byName(ingresses: readonly Ingress[]): ReadonlyMap<string, Ingress> {
  return new Map(ingresses.map((ingress) => [`${ingress.metadata.namespace}/${ingress.metadata.name}`, ingress]));
}

/** The shared backend security group, if it exists and is elbplan's. */
export function backendSecurityGroup({ graph, inventory }: Known): string | undefined {
  for (const { kind, spec } of Object.values(graph.clusterStack.resources)) {
    if (kind !== "securityGroup") continue;
    return Object.values(inventory.securityGroups).find((group) => group.spec.name === spec.name)?.arn;
  }
  return undefined;
}

/** The ARN of a target group of a stack, by its resource key. */
export function targetGroupArn({ inventory, graph }: Known, stack: string, key: ResourceKey): string | undefined {
  const { clusterName } = graph.settings;
  return Object.values(inventory.targetGroups).find(({ spec }) => {
    const owner = ownershipOf(spec.tags, clusterName);
    return (
      owner?.stack === stack && owner.resourceId !== undefined && resourceKey("targetGroup", owner.resourceId) === key
    );
  })?.arn;
}
