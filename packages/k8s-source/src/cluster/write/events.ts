/** Events, as `kubectl describe` and `kubectl get events` show them: one line for what happens again, with a count. */
import { EVENT_REASONS, type EventReason } from "@elbplan/core";
import type { CallOptions, KubernetesApi } from "../api/kubernetes-api.ts";
import { isNotFound } from "../api/kubernetes-error.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { NamedObject } from "./object-path.ts";

export interface EventOf {
  readonly object: NamedObject & { readonly apiVersion: string };
  readonly reason: EventReason;
  readonly message: string;
}

export interface EventRecorderOptions {
  readonly clock?: Clock;
  /** Who tells it; `elbplan` if absent. */
  readonly component?: string;
  /** The instance of it, for instance the pod. */
  readonly instance?: string;
}

/** Writes an event. Rejects with a KubernetesError; who can't tell people can still go on. */
export type EventRecorder = (event: EventOf, options?: CallOptions) => Promise<void>;

/** Events that are remembered to be counted on. */
const REMEMBERED = 4096;
/** An event that is older is told anew: the API server forgets events after an hour. */
const COUNTED_FOR_MS = 10 * 60_000;
/** Of the API server, for an event's message. */
const MAX_MESSAGE = 1024;

interface Told {
  readonly path: string;
  readonly name: string;
  readonly count: number;
  readonly at: number;
}

/** Makes a recorder. What it counts on is remembered in the process, as by other controllers. */
export function eventRecorder(api: KubernetesApi, recorder: EventRecorderOptions = {}): EventRecorder {
  const { clock = systemClock } = recorder;
  const told = new Map<string, Told>();
  const queues = new Map<string, Promise<void>>();
  let sequence = 0;

  const write = async (key: string, event: EventOf, options: CallOptions | undefined): Promise<void> => {
    const before = told.get(key);
    const isRecent = before !== undefined && clock.now() - before.at < COUNTED_FOR_MS;
    const counted = isRecent ? await countOn(api, before, clock, options) : undefined;
    const now = counted ?? (await tell(api, event, recorder, clock, ++sequence, options));
    told.delete(key);
    told.set(key, now);
    const [oldest] = told.keys();
    if (told.size > REMEMBERED && oldest !== undefined) told.delete(oldest);
  };
  return (event, options) => {
    const key = keyOf(event);
    // The same event twice at a time would be counted once.
    const turn = (queues.get(key) ?? Promise.resolve()).then(() => write(key, event, options));
    const settled = turn
      .catch(() => {})
      .finally(() => {
        if (queues.get(key) === settled) queues.delete(key);
      });
    queues.set(key, settled);
    return turn;
  };
}

async function countOn(
  api: KubernetesApi,
  before: Told,
  clock: Clock,
  options: CallOptions | undefined,
): Promise<Told | undefined> {
  const count = before.count + 1;
  const body = { count, lastTimestamp: timeOf(clock) };
  const path = `${before.path}/${before.name}`;
  try {
    await api.call({ method: "PATCH", path, patchType: "application/merge-patch+json", body }, options);
    return { ...before, count, at: clock.now() };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function tell(
  api: KubernetesApi,
  event: EventOf,
  recorder: EventRecorderOptions,
  clock: Clock,
  sequence: number,
  options: CallOptions | undefined,
): Promise<Told> {
  const body = eventObject(event, recorder, clock, sequence);
  const path = `/api/v1/namespaces/${encodeURIComponent(body.metadata.namespace)}/events`;
  await api.call({ method: "POST", path, body }, options);
  return { path, name: body.metadata.name, count: 1, at: clock.now() };
}

/** The object of an event that is told for the first time. Events of cluster-scoped objects are in namespace default. */
function eventObject(
  { object, reason, message }: EventOf,
  { component = "elbplan", instance = "" }: EventRecorderOptions,
  clock: Clock,
  sequence: number,
): { readonly metadata: { readonly name: string; readonly namespace: string }; readonly [field: string]: unknown } {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, uid } = metadata;
  const time = timeOf(clock);
  const stamp = (BigInt(clock.date().getTime()) * 1_000_000n + BigInt(sequence)).toString(16);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name.slice(0, 230)}.${stamp}`, namespace: namespace ?? "default" },
    involvedObject: { apiVersion, kind, name, ...(namespace !== undefined && { namespace }), ...(uid && { uid }) },
    reason,
    message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1)}…` : message,
    type: EVENT_REASONS[reason],
    source: { component },
    reportingComponent: component,
    reportingInstance: instance,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}

function timeOf(clock: Clock): string {
  return clock
    .date()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
}

function keyOf({ object: { kind, metadata }, reason, message }: EventOf): string {
  return JSON.stringify([kind, metadata.namespace, metadata.name, metadata.uid, reason, message]);
}
