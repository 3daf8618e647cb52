/** Keeps a list of objects as the API server has it: lists, watches, and starts over when it has to. */
import { isPlainObject } from "../../manifests/object-schema.ts";
import type { KubernetesApi, WatchEvent } from "../api/kubernetes-api.ts";
import { isExpired, isForbidden, isNotFound, KubernetesError } from "../api/kubernetes-error.ts";
import { type Clock, pause } from "../clock.ts";
import { type ClusterKind, pathOf } from "../kinds.ts";
import { type Arrival, arrive } from "../read/arrival.ts";
import { type Listed, listObjects } from "../read/list.ts";
import { DEFAULT_TIMING, type Ended, NOTHING_YET, nextStep, type Timing } from "./next-step.ts";

export interface Reflected {
  readonly kind: ClusterKind;
  /** All namespaces if absent. */
  readonly namespace?: string;
  /** Only the object of this name. */
  readonly name?: string;
}

/** Hears what a reflector sees. Called in order, never after the signal was aborted. */
interface Sink {
  /** All there is now; what isn't among it is gone. */
  readonly replace: (listed: Listed) => void;
  readonly put: (arrival: Arrival) => void;
  /** The object is gone. `object` is its last state. */
  readonly remove: (object: unknown) => void;
  /** How it goes; told after every list, and when a watch begins and ends. */
  readonly state: (state: ReflectorState) => void;
}

export interface ReflectorState {
  /**
   * `current`: listed and watched. Otherwise what is known may be old: `behind` for now, `forbidden` and `missing` for as
   * long as the API server says so.
   */
  readonly is: "current" | "behind" | "forbidden" | "missing";
  /** Why it isn't current. */
  readonly error?: unknown;
  /** Failures in a row. */
  readonly failures: number;
}

export interface ReflectorOptions extends Reflected {
  readonly api: KubernetesApi;
  readonly clock: Clock;
  /** A number from 0 to 1. */
  readonly random: () => number;
  readonly sink: Sink;
  readonly signal: AbortSignal;
  readonly timing?: Timing;
  /** Longest silence of a watch; the server sends bookmarks when nothing else happens. */
  readonly stallMs?: number;
}

/** A server that sends bookmarks is silent for two minutes and a little (measured; Kubernetes promises no interval). */
const STALL_MS = 240_000;
/** Servers close a watch after this many seconds, and twice as many at most. */
const WATCH_SECONDS = 300;

/**
 * Runs until the signal is aborted. Never rejects: what goes wrong is told to the sink, and the list stays as it was
 * last known until it is read anew.
 */
export async function reflect(options: ReflectorOptions): Promise<void> {
  const { clock, random, sink, signal, timing = DEFAULT_TIMING } = options;
  let progress = NOTHING_YET;
  let revision = "";
  let next: "list" | "watch" = "list";
  while (!signal.aborted) {
    const begun = clock.now();
    let ended: Ended;
    let error: unknown;
    try {
      if (next === "list") {
        revision = await list(options);
        ended = { how: "listed" };
      } else {
        const onOpen = (): void => sink.state({ is: "current", failures: progress.failures });
        for await (const event of events(options, revision, onOpen)) revision = take(event, options) ?? revision;
        ended = { how: "closed" };
      }
    } catch (thrown) {
      error = thrown;
      ended = endOf(thrown, options.kind);
    }
    if (signal.aborted) return;
    const lived = next === "watch" ? clock.now() - begun : 0;
    const step = nextStep(progress, ended, lived, random(), timing);
    progress = step.progress;
    next = step.next;
    sink.state(stateAfter(ended, error, progress.failures));
    if (step.waitMs > 0) await pause(clock, step.waitMs, signal);
  }
}

function selectorOf({ name }: Reflected): { readonly fieldSelector?: string } {
  return name === undefined ? {} : { fieldSelector: `metadata.name=${name}` };
}

async function list(options: ReflectorOptions): Promise<string> {
  const { api, kind, namespace, sink, signal } = options;
  const where = { ...(namespace !== undefined && { namespace }), ...selectorOf(options) };
  const listed = await listObjects(api, kind, { ...where, signal });
  if (!signal.aborted) sink.replace(listed);
  return listed.resourceVersion;
}

function events(options: ReflectorOptions, resourceVersion: string, onOpen: () => void): AsyncIterable<WatchEvent> {
  const { api, kind, namespace, random, signal, stallMs = STALL_MS } = options;
  const query = {
    resourceVersion,
    allowWatchBookmarks: true,
    // Not all at the same time.
    timeoutSeconds: Math.round(WATCH_SECONDS * (1 + random())),
    ...selectorOf(options),
  };
  return api.watch(pathOf(kind, namespace), query, { signal, stallMs, onOpen });
}

/** Takes an event in and returns the resource version that it brings the list to. */
function take({ type, object }: WatchEvent, { kind, sink, signal }: ReflectorOptions): string {
  if (type === "ERROR") throw errorOf(object);
  const metadata = isPlainObject(object) && isPlainObject(object["metadata"]) ? object["metadata"] : {};
  const revision = metadata["resourceVersion"];
  const isKnown = type === "ADDED" || type === "MODIFIED" || type === "DELETED" || type === "BOOKMARK";
  if (!isKnown || typeof revision !== "string" || revision === "") {
    throw new KubernetesError(
      `a watch of ${kind.plural}: an event of the type ${JSON.stringify(type.slice(0, 50))} that can't be read`,
      {
        outcome: "unknown",
        reason: "Unreadable",
      },
    );
  }
  if (signal.aborted || type === "BOOKMARK") return revision;
  if (type === "DELETED") sink.remove(object);
  else sink.put(arrive(kind, object));
  return revision;
}

/** An event of type ERROR holds a Status, as the body of a refusal does. */
function errorOf(object: unknown): KubernetesError {
  const { code, reason, message } = isPlainObject(object) ? object : {};
  return new KubernetesError(`the watch ended: ${String(message ?? reason ?? code).slice(0, 1000)}`, {
    outcome: "unknown",
    ...(typeof code === "number" && { status: code }),
    ...(typeof reason === "string" && { reason }),
  });
}

function endOf(error: unknown, { custom }: ClusterKind): Ended {
  if (isExpired(error) || (error instanceof KubernetesError && error.reason === "Expired")) return { how: "expired" };
  if (isForbidden(error)) return { how: "forbidden" };
  // A server that doesn't know Services is ill, not without them.
  if (custom && isNotFound(error)) return { how: "missing" };
  const after = error instanceof KubernetesError ? error.retryAfterSeconds : undefined;
  return { how: "failed", ...(after !== undefined && { retryAfterSeconds: after }) };
}

function stateAfter(ended: Ended, error: unknown, failures: number): ReflectorState {
  const why = error === undefined ? {} : { error };
  switch (ended.how) {
    case "listed":
    case "closed":
      return { is: "current", failures };
    case "forbidden":
    case "missing":
      return { is: ended.how, failures, ...why };
    case "expired":
    case "failed":
      return { is: "behind", failures, ...why };
  }
}
