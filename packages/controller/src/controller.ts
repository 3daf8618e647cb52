/** The controller: watches the cluster, keeps what should exist and what does, and gives each group its turns. */
import { createCache } from "@elbplan/aws-executor";
import {
  affectedGroups,
  CLUSTER_STACK,
  concernsGroup,
  type DesiredGraph,
  type GroupsOfIngresses,
  groupsOfIngresses,
  type Ingress,
} from "@elbplan/core";
import {
  aborted,
  type Clock,
  type ClusterWatch,
  eventRecorder,
  type ObjectChange,
  pause,
  systemClock,
  watchCluster,
} from "@elbplan/k8s-source/cluster";
import { createBuilder } from "./builder.ts";
import type { Controller, ControllerOptions } from "./controller-options.ts";
import { createExclusive } from "./exclusive.ts";
import { tell } from "./ingress-writes.ts";
import { type Built, createKnowledge, type Knowledge } from "./knowledge.ts";
import { createQueue, type WorkQueue } from "./queue.ts";
import { reconcile } from "./reconcile.ts";
import type { ReconcileContext } from "./reconcile-context.ts";
import { strayed } from "./strayed.ts";

/** As LBC's defaults (behaviour.md §5.3). */
const CONCURRENCY = 3;
const RESYNC_SECONDS = 36_000;
const TARGETS_SECONDS = 15;
/** A look at all of AWS that failed is made again after this time. */
const RESYNC_RETRY_MS = 30_000;

/** Makes a controller; nothing is watched or called before it runs. */
export function createController(options: ControllerOptions): Controller {
  const { clock = systemClock } = options;
  let watch: ClusterWatch | undefined;
  let knowledge: Knowledge | undefined;
  let isIdle = (): boolean => false;
  return {
    inventory: () => knowledge?.known()?.inventory,
    secrets: () => watch?.reading().snapshot.secrets ?? [],
    health: () => ({ ready: knowledge?.known() !== undefined, settled: isIdle(), reflectors: watch?.states() ?? [] }),
    run: async (signal) => {
      // The watch ends after the turns under way, which may still need to know what there is.
      const watching = new AbortController();
      watch = watchOf(options, clock, watching.signal);
      try {
        await Promise.race([watch.ready, aborted(signal)]);
        if (signal.aborted) return;
        knowledge = knowledgeOf(options, clock, watch);
        await runOn(options, clock, watch, knowledge, signal, (probe) => {
          isIdle = probe;
        });
      } finally {
        watching.abort();
        await watch.done;
      }
    },
  };
}

function watchOf(options: ControllerOptions, clock: Clock, signal: AbortSignal): ClusterWatch {
  const { settings, kubernetes, namespaces, random, onEvent = () => {} } = options;
  return watchCluster(kubernetes, {
    settings,
    clock,
    signal,
    ...(namespaces && { namespaces }),
    ...(random && { random }),
    onState: (of, state) => onEvent({ type: "reflector", of, state }),
  });
}

function knowledgeOf(options: ControllerOptions, clock: Clock, watch: ClusterWatch): Knowledge {
  const { settings, place, aws, cache = createCache(clock), planning = {}, onEvent } = options;
  const { drain = true } = planning;
  return createKnowledge({
    settings,
    place,
    aws,
    cache,
    clock,
    reading: watch.reading,
    onRefused: (error) => onEvent?.({ type: "failed", what: "look-up", error }),
    planning: { prune: true, drain },
  });
}

async function runOn(
  options: ControllerOptions,
  clock: Clock,
  watch: ClusterWatch,
  knowledge: Knowledge,
  signal: AbortSignal,
  tellIdle: (isIdle: () => boolean) => void,
): Promise<void> {
  const { onEvent: emit = () => {}, random = Math.random, resyncSeconds = RESYNC_SECONDS } = options;
  const follow = { groups: new Map() as GroupsOfIngresses, changes: [] as ObjectChange[] };

  /** The changes that the next build knows of. */
  const takeChanges = (): readonly ObjectChange[] => follow.changes.splice(0);

  const built = (begun: number, changes: readonly ObjectChange[], { changed, before }: Built): void => {
    const known = knowledge.known();
    if (known === undefined) return;
    const { graph, snapshot } = known;
    emit({ type: "built", objects: snapshot.ingresses.length, changed, milliseconds: clock.now() - begun });
    const groups = groupsOfIngresses(graph);
    const ingresses = changes.flatMap(concerned);
    // Who failed comes again by itself, ever more rarely.
    const astray = strayed(changes, known, groups, options.settings).filter((id) => !context.failing.has(id));
    for (const id of new Set([...changed, ...affectedGroups(ingresses, follow.groups, groups), ...astray]))
      queue.add(id);
    follow.groups = groups;
    void tellStrangers(context, before, graph);
  };

  const readEverything = async (why: "start" | "resync"): Promise<void> => {
    const begun = clock.now();
    const changes = takeChanges();
    const result = await knowledge.readEverything();
    emit({ type: "read", why, milliseconds: clock.now() - begun });
    built(begun, changes, result);
  };

  const builder = createBuilder({
    clock,
    signal,
    build: async () => {
      // Until AWS was read there is nothing to build on.
      if (knowledge.known() === undefined) return;
      const begun = clock.now();
      const changes = takeChanges();
      const result = await knowledge.rebuild();
      built(begun, changes, result);
      // It is built again when AWS answers again.
      if (result.error !== undefined) throw result.error;
    },
    onError: (error) => emit({ type: "failed", what: "build", error }),
  });
  const context = contextOf(
    options,
    clock,
    knowledge,
    () => builder.request("in-time"),
    (id) => queue.nextDelay(id),
  );
  const queue: WorkQueue = createQueue({
    clock,
    signal,
    concurrency: options.concurrency ?? CONCURRENCY,
    work: (id) => reconcile(context, id),
    onChange: (waiting, active) => emit({ type: "queue", waiting, active }),
  });

  const unsubscribe = watch.subscribe((changes) => {
    for (const change of changes) if (change.kind === "Ingress") follow.changes.push(change);
    builder.request("soon");
  });
  try {
    await readEverything("start");
    tellIdle(() => builder.isIdle() && queue.isIdle());
    for (let wait = resyncSeconds * 1000; !signal.aborted; ) {
      await pause(clock, wait * (1 + random() * 0.1), signal);
      if (signal.aborted) break;
      wait = await resync();
    }
  } finally {
    unsubscribe();
    await builder.ended();
    await queue.ended();
  }

  /** Looks at all of AWS, and gives every group a turn: drift shows in its plan. Returns how long to wait for the next. */
  async function resync(): Promise<number> {
    try {
      await readEverything("resync");
    } catch (error) {
      emit({ type: "failed", what: "resync", error });
      return RESYNC_RETRY_MS;
    }
    for (const id of Object.keys(knowledge.known()?.graph.stacks ?? {})) queue.add(id);
    queue.add(CLUSTER_STACK);
    return resyncSeconds * 1000;
  }
}

function contextOf(
  options: ControllerOptions,
  clock: Clock,
  knowledge: Knowledge,
  requestBuild: () => void,
  nextDelay: (id: string) => number,
): ReconcileContext {
  const {
    settings,
    planning = {},
    dryRun = false,
    kubernetes,
    executor,
    journal,
    targetsSeconds = TARGETS_SECONDS,
  } = options;
  return {
    settings,
    planning,
    dryRun,
    knowledge,
    kubernetes,
    executor,
    clock,
    signal: options.cutOff ?? new AbortController().signal,
    requestBuild,
    nextDelay,
    ...(journal && { journal }),
    record: eventRecorder(kubernetes, { clock }),
    awsClock: { now: clock.now, sleep: (milliseconds, until) => pause(clock, milliseconds, until) },
    emit: options.onEvent ?? (() => {}),
    targetsMs: targetsSeconds * 1000,
    exclusive: createExclusive(),
    settled: new Map(),
    lastGood: new Map(),
    complaints: new Map(),
    failing: new Set(),
    pending: new Map(),
    sentClients: new Map(),
  };
}

function concerned({ before, after }: ObjectChange): readonly Ingress[] {
  const [old, now] = [before, after] as unknown as readonly [Ingress | undefined, Ingress | undefined];
  return now !== undefined && concernsGroup(old, now) ? [now] : [];
}

/** Ingresses whose group can't be told hear of it, once for each reason (behaviour.md §5.1). */
async function tellStrangers(
  context: ReconcileContext,
  before: DesiredGraph | undefined,
  { classErrors }: DesiredGraph,
): Promise<void> {
  const known = new Map(before?.classErrors.map(({ ingress, message }) => [ingress, message]));
  for (const { ingress, message } of classErrors) {
    const object = context.knowledge.known()?.ingresses.get(ingress);
    if (known.get(ingress) === message || object === undefined) continue;
    await tell(context, [object], "FailedLoadGroupID", message);
  }
}
