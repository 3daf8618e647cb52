/**
 * Leader election by a Lease, as client-go's: of several replicas one leads. AWS knows no fencing token, so a leader
 * must know for itself until when nobody else can lead: `heldUntil`, counted from *before* the renewal was sent, by a
 * clock that doesn't jump. Another candidate counts the same duration from when it *saw* that renewal, which is later.
 * A machine that sleeps stops that clock, so the date must not be past the end either.
 */
import type { KubernetesApi } from "../api/kubernetes-api.ts";
import { isConflict, isNotFound } from "../api/kubernetes-error.ts";
import { type Clock, pause, systemClock } from "../clock.ts";
import { pathOf } from "../kinds.ts";
import { LEASES } from "./lbc-leader.ts";
import { type LeaseRecord, leaseRecord, leaseStep, type Observation, observe } from "./lease-record.ts";

export interface LeaderElectionOptions {
  readonly namespace: string;
  readonly name: string;
  /** Of this replica; no two may have the same. */
  readonly identity: string;
  /** 15,000 if absent, as in client-go and LBC. */
  readonly durationMs?: number;
  /** Between two renewals, and between two looks of who waits; 2,000 if absent. */
  readonly retryMs?: number;
  readonly clock?: Clock;
  /** A number from 0 to 1. */
  readonly random?: () => number;
  /** Hears of failed calls; leading goes on until the time is up. */
  readonly onError?: (error: unknown) => void;
}

export interface LeaderElection {
  /**
   * Waits to lead, calls `work`, renews while it runs, and gives the Lease back when it has ended. `lost` is aborted when
   * the Lease has run out, at that very moment, or when `signal` is. Resolves with how it ended; rejects with what `work`
   * rejects with. `unled`: the signal was aborted before it ever led.
   */
  readonly lead: (
    work: (lost: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<"finished" | "lost" | "unled">;
  /**
   * Until when, by the clock, nobody else can lead; -Infinity when not leading. A write may begin only if it must be over
   * by then: `clock.now() + timeout <= heldUntil()`.
   */
  readonly heldUntil: () => number;
}

/** Makes a candidate. */
export function leaderElection(api: KubernetesApi, options: LeaderElectionOptions): LeaderElection {
  const { namespace, name, identity, durationMs = 15_000, retryMs = 2_000 } = options;
  const { clock = systemClock, random = Math.random, onError = () => {} } = options;
  const collection = pathOf(LEASES, namespace);
  const path = pathOf(LEASES, namespace, name);
  const timeoutMs = Math.min(durationMs / 3, 5000);
  let held: { readonly until: number; readonly untilDate: number } | undefined;
  let observed: Observation | undefined;

  const heldUntil = (): number => {
    if (held === undefined) return Number.NEGATIVE_INFINITY;
    const now = clock.now();
    const left = Math.min(held.until - now, held.untilDate - clock.date().getTime());
    return left > 0 ? now + left : Number.NEGATIVE_INFINITY;
  };
  const isHeld = (): boolean => heldUntil() > clock.now();

  /** A wait that replicas don't share. */
  const jittered = (milliseconds: number): number => milliseconds * (1 + random() * 0.2);

  const write = async (method: "POST" | "PUT", record: LeaseRecord | undefined): Promise<void> => {
    const [sent, date] = [clock.now(), clock.date()];
    const body = leaseObject(record, { namespace, name, identity, durationMs }, date);
    const stored = await api.call({ method, path: method === "POST" ? collection : path, body }, { timeoutMs });
    observed = observe(undefined, leaseRecord(stored), clock.now());
    held = { until: sent + durationMs, untilDate: date.getTime() + durationMs };
  };

  const look = async (): Promise<void> => {
    try {
      const lease = await api.call({ method: "GET", path }, { timeoutMs });
      observed = observe(observed, leaseRecord(lease), clock.now());
    } catch (error) {
      if (!isNotFound(error)) throw error;
      observed = undefined;
    }
  };

  /** One step; resolves with how long to wait for the next. */
  const step = async (): Promise<number> => {
    await look();
    const next = leaseStep(observed, identity, clock.now(), retryMs);
    // Somebody took it by hand: its time is no longer ours.
    if (next.do !== "renew" && next.do !== "create") held = undefined;
    if (next.do === "wait") return next.milliseconds;
    await write(next.do === "create" ? "POST" : "PUT", observed?.record);
    return retryMs;
  };

  const attempt = async (): Promise<number> => {
    try {
      return await step();
    } catch (error) {
      // Who was faster is seen at the next look.
      if (!isConflict(error)) onError(error);
      return retryMs;
    }
  };

  const release = async (): Promise<void> => {
    const record = observed?.record;
    const isOurs = record !== undefined && record.holder === identity && isHeld();
    held = undefined;
    observed = undefined;
    if (!isOurs) return;
    const body = leaseObject(record, { namespace, name, identity: "", durationMs: 1000 }, clock.date());
    await api.call({ method: "PUT", path, body }, { timeoutMs }).catch(onError);
  };

  const lead: LeaderElection["lead"] = async (work, signal) => {
    while (!signal.aborted && !isHeld()) {
      const wait = await attempt();
      if (!isHeld()) await pause(clock, jittered(wait), signal);
    }
    if (signal.aborted) {
      await release();
      return "unled";
    }
    const ended = new AbortController();
    const lost = new AbortController();
    const over = AbortSignal.any([ended.signal, lost.signal]);
    const checkHeld = (): void => {
      if (!isHeld()) lost.abort(new Error("the lease has run out"));
    };
    const renewing = (async () => {
      while (!over.aborted) {
        await pause(clock, retryMs, over);
        if (over.aborted) return;
        await attempt();
        checkHeld();
      }
    })();
    const expiring = (async () => {
      while (!over.aborted) {
        await pause(clock, heldUntil() - clock.now(), over);
        if (!ended.signal.aborted) checkHeld();
      }
    })();
    try {
      await work(AbortSignal.any([signal, lost.signal]));
      return lost.signal.aborted ? "lost" : "finished";
    } finally {
      ended.abort();
      await Promise.all([renewing, expiring]);
      await release();
    }
  };
  return { lead, heldUntil };
}

interface LeaseWish {
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly durationMs: number;
}

/** The Lease to write; times have microseconds, as the API server wants them. */
function leaseObject(
  before: LeaseRecord | undefined,
  { namespace, name, identity, durationMs }: LeaseWish,
  date: Date,
): object {
  const now = date.toISOString().replace("Z", "000Z");
  const isRenewal = before?.holder === identity;
  const transitions = before === undefined ? 0 : before.transitions + (isRenewal ? 0 : 1);
  return {
    apiVersion: LEASES.apiVersion,
    kind: "Lease",
    metadata: {
      namespace,
      name,
      ...(before !== undefined && { resourceVersion: before.resourceVersion }),
    },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(durationMs / 1000),
      acquireTime: isRenewal && before.acquireTime !== "" ? before.acquireTime : now,
      renewTime: now,
      leaseTransitions: transitions,
    },
  };
}
