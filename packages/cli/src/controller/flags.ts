/** LBC's flags that say how a controller runs. The others change the plan, or are accepted and do nothing. */
import { type ListenAddress, LOG_LEVELS, type LogLevel, listenAddress } from "@elbplan/controller";
import { LBC_LEASE, OWN_LEASE } from "@elbplan/k8s-source/cluster";
import { Refusal } from "../refusal.ts";

export interface RunFlags {
  /** undefined: nothing listens. */
  readonly metrics: ListenAddress | undefined;
  readonly health: ListenAddress | undefined;
  readonly resyncSeconds: number;
  readonly targetsSeconds: number;
  readonly concurrency: number;
  readonly logLevel: LogLevel;
  readonly leaderElection: boolean;
  /** Name of the Lease. */
  readonly lease: string;
  /** Namespace of the Lease; undefined: this pod's. */
  readonly leaseNamespace: string | undefined;
}

type Parse<T> = (text: string) => { readonly value: T } | { readonly problem: string };

/** Reads them, with LBC's defaults. A value that LBC wouldn't start with is a refusal. */
export function runFlags(flags: { readonly [name: string]: string } = {}): RunFlags {
  const read = <T>(name: string, byDefault: string, parse: Parse<T>): T => {
    const parsed = parse(flags[name] ?? byDefault);
    if ("problem" in parsed) throw new Refusal(`flag --${name}: ${parsed.problem}.`);
    return parsed.value;
  };
  return {
    metrics: read("metrics-bind-addr", ":8080", listenAddress),
    health: read("health-probe-bind-addr", ":61779", listenAddress),
    resyncSeconds: read("sync-period", "10h0m0s", duration),
    targetsSeconds: read("targetgroupbinding-requeue-duration", "15s", duration),
    concurrency: read("ingress-max-concurrent-reconciles", "3", countOfTurns),
    logLevel: read("log-level", "info", logLevel),
    leaderElection: read("enable-leader-election", "true", boolean),
    lease: read("leader-election-id", OWN_LEASE, leaseName),
    leaseNamespace: flags["leader-election-namespace"] || undefined,
  };
}

const UNITS: { readonly [unit: string]: number } = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };
const PART = /(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g;

/** Seconds of a duration as Go writes it, `1h30m` for instance. */
export function duration(text: string): { readonly value: number } | { readonly problem: string } {
  const parts = [...text.matchAll(PART)];
  const seconds = parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
  const isWhole = parts.map(([part]) => part).join("") === text;
  if (isWhole && seconds > 0) return { value: seconds };
  return { problem: `${JSON.stringify(text)} is no duration above 0, such as 10h, 1h30m or 15s` };
}

const countOfTurns: Parse<number> = (text) =>
  /^[1-9]\d{0,2}$/.test(text)
    ? { value: Number(text) }
    : { problem: `${JSON.stringify(text)} is no number from 1 to 999` };

const logLevel: Parse<LogLevel> = (text) => {
  const found = LOG_LEVELS.find((level) => level === text);
  return found === undefined
    ? { problem: `${JSON.stringify(text)} is none of ${LOG_LEVELS.join(", ")}` }
    : { value: found };
};

/** As Go reads booleans. */
const boolean: Parse<boolean> = (text) => {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return { value: true };
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return { value: false };
  return { problem: `${JSON.stringify(text)} is neither true nor false` };
};

const leaseName: Parse<string> = (text) => {
  if (text === LBC_LEASE) return { problem: "that Lease is the AWS Load Balancer Controller's own" };
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text)
    ? { value: text }
    : { problem: `${JSON.stringify(text)} can't be the name of a Lease` };
};
