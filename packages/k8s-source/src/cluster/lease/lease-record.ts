/** Leases as data: who holds one, and what a candidate does about it. Pure. */
import { isPlainObject } from "../../manifests/object-schema.ts";

/** The spec of a Lease of coordination.k8s.io/v1 that matters here, and its version. */
export interface LeaseRecord {
  /** Empty: nobody. */
  readonly holder: string;
  /** For how long the holder may count on it after each renewal. */
  readonly durationMs: number;
  /** The holder's word for when it renewed last; clocks differ, so only its change means something. */
  readonly renewTime: string;
  readonly acquireTime: string;
  readonly transitions: number;
  readonly resourceVersion: string;
}

/** A record and when, by our own clock, we saw it like this first. */
export interface Observation {
  readonly record: LeaseRecord;
  readonly since: number;
}

/** Reads a Lease; a field that is missing or wrong is as if nobody held it, or for no time. */
export function leaseRecord(object: unknown): LeaseRecord {
  const { metadata, spec } = isPlainObject(object) ? object : {};
  const fields = isPlainObject(spec) ? spec : {};
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const number = (value: unknown): number => (typeof value === "number" && value > 0 ? value : 0);
  return {
    holder: text(fields["holderIdentity"]),
    durationMs: number(fields["leaseDurationSeconds"]) * 1000,
    renewTime: text(fields["renewTime"]),
    acquireTime: text(fields["acquireTime"]),
    transitions: number(fields["leaseTransitions"]),
    resourceVersion: text(isPlainObject(metadata) ? metadata["resourceVersion"] : undefined),
  };
}

/** Notes a record that was read just now. A holder that renews is seen by the record's change alone. */
export function observe(before: Observation | undefined, record: LeaseRecord, now: number): Observation {
  const isSame =
    before !== undefined &&
    before.record.resourceVersion === record.resourceVersion &&
    before.record.renewTime === record.renewTime &&
    before.record.holder === record.holder;
  return isSame ? before : { record, since: now };
}

/** What a candidate does: make the Lease, take it over, renew it as its holder, or wait so long and look again. */
export type LeaseStep =
  | { readonly do: "create" | "take" | "renew" }
  | { readonly do: "wait"; readonly milliseconds: number };

/**
 * The step of a candidate. A Lease of another holder is taken when it hasn't changed for its whole duration, counted by
 * our clock from when we saw it first: the holder's last renewal was before that, so its own time is up.
 */
export function leaseStep(
  observed: Observation | undefined,
  identity: string,
  now: number,
  retryMs: number,
): LeaseStep {
  if (observed === undefined) return { do: "create" };
  const { record, since } = observed;
  if (record.holder === identity) return { do: "renew" };
  const left = since + record.durationMs - now;
  if (record.holder === "" || left <= 0) return { do: "take" };
  return { do: "wait", milliseconds: Math.min(left, retryMs) };
}

/** Whether somebody leads by a Lease, as far as one look can tell. */
export type Leadership = "held" | "expired" | "free";

/** Clocks of machines that are kept in time differ by less. */
const TOLERANCE_MS = 120_000;

/**
 * Who leads by the time written in a Lease. The times are the holder's, so a Lease counts as held for two minutes longer
 * than its duration; one that can't be read does too.
 */
export function leadership({ holder, durationMs, renewTime }: LeaseRecord, date: Date): Leadership {
  if (holder === "") return "free";
  const renewed = Date.parse(renewTime);
  return renewed + durationMs + TOLERANCE_MS <= date.getTime() ? "expired" : "held";
}
