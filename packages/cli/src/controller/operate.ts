/** Runs a controller: connects, waits to lead, leads until it is asked to stop or may lead no longer. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type Controller, type createController, type LeaseGuard, NO_WRITES } from "@elbplan/controller";
import { diagnose, type Settings } from "@elbplan/core";
import { type Clock, type LeaderElection, leaderElection, systemClock } from "@elbplan/k8s-source/cluster";
import { type OpenCluster, openCluster } from "../cluster.ts";
import { refuseBesideLbc } from "../cluster-writer.ts";
import { noFacts } from "../facts-file.ts";
import type { Io } from "../io.ts";
import { Refusal, SettingsRefusal } from "../refusal.ts";
import { reportDiagnostics } from "../report.ts";
import { readSettings } from "../settings-file.ts";
import { assemble } from "./assemble.ts";
import { planPrinter } from "./dry-run.ts";
import { type RunFlags, runFlags } from "./flags.ts";
import { type Operations, startOperations } from "./operations.ts";
import type { RunOptions } from "./options.ts";
import { GRACE_SECONDS, listenForStop, type Stopping } from "./stopping.ts";

/**
 * The longest that a write takes while a Lease is held. The Lease lasts fifteen seconds and is renewed every two, so a
 * renewal may be three seconds late before writes have to wait for it.
 */
const WRITE_MS = 10_000;

export interface Machine {
  readonly createController: typeof createController;
  readonly clock?: Clock;
}

/** Exit code 0 when it was asked to stop, 1 when the Lease was lost. What keeps it from starting is a refusal. */
export async function operate(
  options: RunOptions,
  io: Io,
  { createController, clock = systemClock }: Machine,
): Promise<number> {
  const flags = runFlags(options.lbcFlags);
  const settings = await readAllSettings(options, io);
  const cluster = await openCluster(options, io);
  const checkLbc = async (): Promise<void> => {
    // Who writes nothing is in nobody's way.
    if (options.dryRun !== true) await refuseBesideLbc({ ...options, cluster: true }, io);
  };
  await checkLbc();
  const journal = options.dryRun === true ? undefined : options.journal;
  const operations = await startOperations(flags, journal, io, clock);
  const stopping = listenForStop(io, clock, () => {
    operations.log.info("stopping", { graceSeconds: GRACE_SECONDS });
    operations.enter("stopping");
  });
  try {
    const election = electionOf(cluster, flags, options, io, clock, operations);
    const known = { date: clock.date, inventory: () => controller.inventory() };
    const print = options.dryRun === true ? planPrinter(options, io, known) : undefined;
    const controller: Controller = await assemble(
      {
        ...{ createController, settings, flags, options, operations, clock },
        cluster: cluster.api,
        guard: guardOf(options, election, clock),
        cutOff: stopping.cutOff,
        onEvent: (event) => {
          operations.onEvent(event);
          print?.(event);
        },
      },
      io,
    );
    const lead = async (signal: AbortSignal): Promise<void> => {
      operations.log.info(options.dryRun === true ? "dry run" : "leading");
      operations.metrics.leads(options.dryRun !== true);
      if (!stopping.stop.aborted) operations.enter("leading", controller.health);
      await controller.run(signal).finally(() => operations.metrics.leads(false));
    };
    if (election === undefined) await lead(stopping.stop);
    else if (!(await leadByLease(election, { lead, checkLbc, operations, stopping }))) return 1;
    operations.log.info("stopped");
    return 0;
  } finally {
    stopping.release();
    await operations.close();
  }
}

async function readAllSettings(options: RunOptions, io: Io): Promise<Settings> {
  const read = await readSettings(options.settings, noFacts(undefined), options.lbcFlags ?? {});
  if (read.settings.clusterName === "") {
    const message = "Neither --cluster-name nor a setting names the cluster.";
    throw new SettingsRefusal([diagnose("settings.cluster-name-missing", message)]);
  }
  if (Object.keys(read.policies).length > 0) {
    throw new Refusal("the settings file holds policies, which run doesn't follow: it does all that a plan needs.");
  }
  reportDiagnostics(read.diagnostics, options, io);
  return read.settings;
}

function electionOf(
  { api, namespace }: OpenCluster,
  flags: RunFlags,
  options: RunOptions,
  io: Io,
  clock: Clock,
  { log }: Operations,
): LeaderElection | undefined {
  if (options.dryRun === true || options.leaderElect === false || !flags.leaderElection) return undefined;
  const identity = `${io.env["POD_NAME"] || hostname()}_${randomUUID()}`;
  const own = flags.leaseNamespace ?? (io.env["POD_NAMESPACE"] || namespace) ?? "default";
  log.info("waiting to lead", { lease: `${own}/${flags.lease}`, identity });
  return leaderElection(api, {
    namespace: own,
    name: flags.lease,
    identity,
    clock,
    onError: (error) => log.warn("the Lease can't be renewed", { error: String(error) }),
  });
}

/** What lets a write begin; nothing does in a dry run. */
function guardOf({ dryRun }: RunOptions, election: LeaderElection | undefined, clock: Clock): LeaseGuard | undefined {
  if (dryRun === true) return NO_WRITES;
  return election && { heldUntil: election.heldUntil, timeoutMs: WRITE_MS, clock };
}

interface Leading {
  readonly lead: (signal: AbortSignal) => Promise<void>;
  readonly checkLbc: () => Promise<void>;
  readonly operations: Operations;
  readonly stopping: Stopping;
}

/** Whether it ended as it should. After a lost Lease the process ends, for Kubernetes to start it anew. */
async function leadByLease(
  election: LeaderElection,
  { lead, checkLbc, operations, stopping }: Leading,
): Promise<boolean> {
  operations.enter("waiting");
  const ended = await election.lead(async (signal) => {
    // It may have been started while this one waited.
    await checkLbc();
    signal.addEventListener("abort", () => {
      if (!stopping.stop.aborted) stopping.cutOffNow(new Error("the Lease was lost"));
    });
    await lead(signal);
  }, stopping.stop);
  if (ended === "lost") operations.log.error("the Lease was lost");
  return ended !== "lost";
}
