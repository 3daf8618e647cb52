/** Watches a cluster: one reflector a kind, their objects in one snapshot, changes told as they come. */
import { ANNOTATION_PREFIX, type Settings, secretsNamed, share } from "@elbplan/core";
import type { KubernetesApi } from "../api/kubernetes-api.ts";
import { boundedApi } from "../api/wrappers.ts";
import { aborted, type Clock, systemClock } from "../clock.ts";
import { clusterKind } from "../kinds.ts";
import { assemble, type ClusterReading, type KindReading, type Reading } from "../read/assemble.ts";
import { kindsToList } from "../read/read-cluster.ts";
import type { Timing } from "./next-step.ts";
import { type Reflected, type ReflectorState, reflect } from "./reflector.ts";
import { shareFields, shareList } from "./share.ts";
import { makeSlot, type ObjectChange, type Slot } from "./slot.ts";

export interface WatchClusterOptions {
  readonly settings: Settings;
  /** Only these namespaces; that of `settings.watchNamespace`, or all, if absent. */
  readonly namespaces?: readonly string[];
  /** Whether nodes, pods and endpoints are watched; true if absent. */
  readonly workloads?: boolean;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Hears of each reflector's state when it changes: for logs, metrics and health. */
  readonly onState?: (of: Reflected, state: ReflectorState) => void;
  readonly clock?: Clock;
  /** A number from 0 to 1. */
  readonly random?: () => number;
  readonly timing?: Timing;
  readonly stallMs?: number;
}

export interface ClusterWatch {
  /** Resolves when every kind was listed, or is known not to be there or not to be allowed. */
  readonly ready: Promise<void>;
  /**
   * What is known now. A list of which nothing changed is the same list as before, an object that didn't change the same
   * object, and if nothing changed at all the same reading. Before `ready` it isn't whole, and must not be planned from.
   */
  readonly reading: () => ClusterReading;
  /**
   * Calls back with every batch of changes after `ready`, when `reading` tells them already; what it returns
   * unsubscribes. A change that names a new Secret is told when that was read, or a second later.
   */
  readonly subscribe: (listener: ChangeListener) => () => void;
  /** The states of all reflectors; undefined for one that knows nothing yet. */
  readonly states: () => readonly ReflectorHealth[];
  /** Resolves when all reflectors have ended, after the signal was aborted. */
  readonly done: Promise<void>;
}

export type ChangeListener = (changes: readonly ObjectChange[]) => void;

export interface ReflectorHealth extends Reflected {
  readonly state: ReflectorState | undefined;
}

interface Watched {
  readonly of: Reflected;
  readonly slot: Slot;
  readonly stop: AbortController;
  state: ReflectorState | undefined;
  /** It was listed once. What it knew then it keeps: a server that starts denies for a moment what it has. */
  listed: boolean;
}

/** There is nothing more to wait for: it was listed, or can't be. */
function isKnown({ listed, state }: Watched): boolean {
  return listed || state?.is === "forbidden" || state?.is === "missing";
}

/** Lists in flight: after a restart of the API server all kinds are listed at once. */
const LISTS_AT_ONCE = 8;
/** How long changes are held back for a Secret that they name. */
const SECRET_PATIENCE_MS = 1000;

/**
 * Watches what planning looks at, with the Secrets that OIDC annotations name at the moment. Never rejects and never
 * gives up: what doesn't work is told by the states and, as far as planning is concerned, by the reading's diagnostics.
 */
export function watchCluster(port: KubernetesApi, options: WatchClusterOptions): ClusterWatch {
  const { settings, signal, clock = systemClock, random = Math.random } = options;
  const api = boundedApi(port, LISTS_AT_ONCE);
  const watched = new Map<string, Watched>();
  const running = new Set<Promise<void>>();
  const listeners = new Set<ChangeListener>();
  let known: ClusterReading | undefined;
  let isFresh = false;
  let isReady = false;
  let pending: ObjectChange[] = [];
  let cancelHold: (() => void) | undefined;
  let announceReady = (): void => {};
  const ready = new Promise<void>((resolve) => {
    announceReady = resolve;
  });

  const reading = (): ClusterReading => {
    if (!isFresh || known === undefined) known = sharedReading(known, readingOf(watched.values()));
    isFresh = true;
    return known;
  };

  const tell = (): void => {
    cancelHold?.();
    cancelHold = undefined;
    const changes = pending;
    pending = [];
    if (changes.length > 0) for (const listener of [...listeners]) listener(changes);
  };
  const settle = (): void => {
    const isWhole = [...watched.values()].every(isKnown);
    if (isWhole) tell();
    else if (pending.length > 0) cancelHold ??= clock.after(SECRET_PATIENCE_MS, tell);
    if (isWhole && !isReady) {
      isReady = true;
      announceReady();
    }
  };
  const changed = (changes: readonly ObjectChange[]): void => {
    isFresh = false;
    for (const change of changes) if (isReady) pending.push(change);
    if (changes.some(mayNameSecrets)) followSecrets();
    settle();
  };

  const begin = (of: Reflected): void => {
    const slot = makeSlot();
    const stop = new AbortController();
    const entry: Watched = { of, slot, stop, state: undefined, listed: false };
    watched.set(keyOf(of), entry);
    const { timing, stallMs } = options;
    const reflector = reflect({
      ...of,
      ...(timing && { timing }),
      ...(stallMs !== undefined && { stallMs }),
      api,
      clock,
      random,
      signal: AbortSignal.any([signal, stop.signal]),
      sink: {
        replace: (listed) => {
          entry.listed = true;
          changed(slot.replace(listed));
        },
        put: (arrival) => changed(slot.put(arrival)),
        remove: (object) => changed(slot.remove(object)),
        state: (state) => {
          const before = entry.state;
          entry.state = state;
          if (before?.is === state.is && before.failures === state.failures) return;
          options.onState?.(of, state);
          changed([]);
        },
      },
    });
    running.add(reflector);
    void reflector.then(() => running.delete(reflector));
  };

  const followSecrets = (): void => {
    const wanted = new Map(
      secretsNamed(reading().snapshot, settings)
        .map(secretOf)
        .map((of) => [keyOf(of), of]),
    );
    for (const [key, { of, stop, slot }] of watched) {
      if (of.name === undefined || wanted.has(key)) continue;
      stop.abort();
      watched.delete(key);
      const gone = slot.replace({ objects: [], invalid: [] });
      if (isReady) pending.push(...gone);
      isFresh = false;
    }
    for (const [key, of] of wanted) if (!watched.has(key)) begin(of);
  };

  for (const of of reflectedOf(options)) begin(of);
  return {
    ready,
    reading,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    states: () => [...watched.values()].map(({ of, state }) => ({ ...of, state })),
    done: aborted(signal).then(async () => {
      cancelHold?.();
      await Promise.all(running);
    }),
  };
}

/** What is watched from the start: all but Secrets. */
function reflectedOf({ settings, namespaces, workloads }: WatchClusterOptions): readonly Reflected[] {
  const watchedOnly = settings.watchNamespace === "" ? undefined : [settings.watchNamespace];
  const within = namespaces ?? watchedOnly;
  return kindsToList({ settings, ...(workloads !== undefined && { workloads }) }).flatMap((kind) => {
    return kind.namespaced && within ? within.map((namespace) => ({ kind, namespace })) : [{ kind }];
  });
}

function secretOf(key: string): Reflected {
  const [namespace = "", name = ""] = key.split("/");
  return { kind: clusterKind("Secret"), namespace, name };
}

const OIDC = `${ANNOTATION_PREFIX}auth-idp-oidc`;

/** Whether the Secrets that are wanted may be others after this change. */
function mayNameSecrets({ kind, before, after }: ObjectChange): boolean {
  if (kind === "IngressClass" || kind === "IngressClassParams") return true;
  if (kind !== "Ingress" && kind !== "Service") return false;
  return [before, after].some((object) => object?.metadata.annotations?.[OIDC] !== undefined);
}

function readingOf(watched: Iterable<Watched>): ClusterReading {
  const readings = [...watched].map((entry): KindReading => {
    const { kind, namespace } = entry.of;
    const where = namespace === undefined ? {} : { namespace };
    return { kind, ...where, reading: readingOfEntry(entry) };
  });
  return assemble(readings, false);
}

/** Lists are shared by the identity of their objects, which slots keep; the rest by what it says. */
function sharedReading(before: ClusterReading | undefined, after: ClusterReading): ClusterReading {
  if (before === undefined) return after;
  const { unreadable, whole, ...lists } = after.snapshot;
  const names = Object.keys(lists) as (keyof typeof lists)[];
  const kept = names.map((name) => [name, shareList<unknown>(before.snapshot[name], lists[name] ?? [])]);
  const snapshot = {
    ...(Object.fromEntries(kept) as typeof lists),
    ...(unreadable && { unreadable: share(before.snapshot.unreadable, unreadable) }),
    ...(whole && { whole: share(before.snapshot.whole, whole) }),
  };
  const bindings = after.targetGroupBindings;
  const reading: ClusterReading = {
    snapshot: shareFields(before.snapshot, snapshot),
    ...(bindings && { targetGroupBindings: shareList(before.targetGroupBindings, bindings) }),
    diagnostics: share(before.diagnostics, after.diagnostics),
  };
  return shareFields(before, reading);
}

function readingOfEntry({ of: { name }, slot, state, listed }: Watched): Reading {
  if (!listed && state?.is === "missing") return { is: "missing" };
  if (!listed && state?.is === "forbidden") {
    const why = state.error instanceof Error ? state.error.message : "forbidden";
    return { is: "forbidden", why, ...(name !== undefined && { name }) };
  }
  return { is: "read", objects: slot.objects(), invalid: slot.invalid() };
}

function keyOf({ kind, namespace = "", name = "" }: Reflected): string {
  return `${kind.kind}/${namespace}/${name}`;
}
