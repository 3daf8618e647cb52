/** What surrounds a controller: logs, metrics, probes, the journal. */
import { existsSync } from "node:fs";
import {
  type ControllerEvent,
  type ControllerHealth,
  createLog,
  createMetrics,
  type GroupJournals,
  type ListenAddress,
  type Log,
  leftBehind,
  liveness,
  logEvent,
  type Metrics,
  type OperationsServer,
  openGroupJournals,
  type Pages,
  type Phase,
  readiness,
  serveOperations,
} from "@elbplan/controller";
import type { Clock } from "@elbplan/k8s-source/cluster";
import type { Io } from "../io.ts";
import { readText } from "../json-file.ts";
import { Refusal } from "../refusal.ts";
import type { RunFlags } from "./flags.ts";

export interface Operations {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly onEvent: (event: ControllerEvent) => void;
  /** What probes are told from now on; `health` of the controller, once there is one. */
  readonly enter: (phase: Phase, health?: () => ControllerHealth) => void;
  readonly journals: GroupJournals | undefined;
  readonly close: () => Promise<void>;
}

/** Begins to listen and to log. A port that is taken, or a journal that can't be written, is a refusal. */
export async function startOperations(
  flags: RunFlags,
  journal: string | undefined,
  io: Io,
  clock: Clock,
): Promise<Operations> {
  const { concurrency, lease, logLevel: level } = flags;
  const log = createLog(io.stderr.write, { level, date: clock.date });
  const metrics = createMetrics({ lease, concurrency, now: clock.now, ofProcess: true });
  let now: { readonly phase: Phase; readonly health: (() => ControllerHealth) | undefined } = {
    phase: "starting",
    health: undefined,
  };
  const journals = journal === undefined ? undefined : await openJournals(journal, log);
  const servers = await serve(flags, log, {
    metrics: { "/metrics": async () => ({ status: 200, ...(await metrics.page()) }) },
    health: { "/healthz": liveness, "/readyz": () => readiness(now.phase, now.health?.()) },
  });
  return {
    log,
    metrics,
    journals,
    onEvent: (event) => {
      metrics.onEvent(event);
      logEvent(log, event);
    },
    enter: (phase, health = now.health) => {
      now = { phase, health };
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
      await journals?.close();
    },
  };
}

async function serve(
  { metrics, health }: RunFlags,
  log: Log,
  pages: { readonly metrics: Pages; readonly health: Pages },
): Promise<readonly OperationsServer[]> {
  // A port that any may be is never the same.
  const isShared =
    metrics !== undefined && metrics.port !== 0 && metrics.port === health?.port && metrics.host === health.host;
  const wanted: readonly (readonly [ListenAddress | undefined, Pages])[] = isShared
    ? [[metrics, { ...pages.metrics, ...pages.health }]]
    : [
        [metrics, pages.metrics],
        [health, pages.health],
      ];
  const servers: OperationsServer[] = [];
  for (const [address, known] of wanted) {
    if (address === undefined) continue;
    try {
      const server = await serveOperations(address, known);
      servers.push(server);
      log.info("listening", { host: address.host, port: server.port, paths: Object.keys(known) });
    } catch (error) {
      await Promise.all(servers.map((server) => server.close()));
      throw new Refusal(`port ${address.port} can't be listened on: ${(error as Error).message}.`);
    }
  }
  return servers;
}

async function openJournals(path: string, log: Log): Promise<GroupJournals> {
  try {
    const left = existsSync(path) ? leftBehind(await readText(path, "nothing was done.")) : [];
    // The plans that come next are made from what exists now, and finish the job.
    for (const each of left) log.warn("an earlier process was cut off", { ...each });
    return await openGroupJournals(path);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${path} can't be the journal: ${(error as Error).message}.`);
  }
}
