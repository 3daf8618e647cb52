/** Makes a controller of its ports: cluster and AWS, counted, guarded by the lease, held back to AWS's rates. */
import { awsExecutor, createCache, forgettingApi, secretsFrom, withSecrets } from "@elbplan/aws-executor";
import {
  type Controller,
  type ControllerEvent,
  type createController,
  guardedAws,
  guardedKubernetes,
  type LeaseGuard,
} from "@elbplan/controller";
import type { Settings } from "@elbplan/core";
import { type Clock, type KubernetesApi, patientApi } from "@elbplan/k8s-source/cluster";
import { askAws, openOwnAws } from "../aws.ts";
import { findPlace } from "../aws-input.ts";
import { kubernetesSender } from "../cluster-writer.ts";
import type { Io } from "../io.ts";
import type { RunFlags } from "./flags.ts";
import type { Operations } from "./operations.ts";
import type { RunOptions } from "./options.ts";

export interface Parts {
  readonly createController: typeof createController;
  readonly settings: Settings;
  readonly flags: RunFlags;
  readonly options: RunOptions;
  readonly cluster: KubernetesApi;
  /** undefined: writes are nobody's but ours. */
  readonly guard: LeaseGuard | undefined;
  readonly operations: Operations;
  readonly onEvent: (event: ControllerEvent) => void;
  readonly clock: Clock;
  /** Of plans under way nothing more is begun. */
  readonly cutOff: AbortSignal;
}

/** Asks AWS where this is, and makes the controller. It does nothing before it runs. */
export async function assemble(parts: Parts, io: Io): Promise<Controller> {
  const { settings, flags, options, cluster, guard, operations, onEvent, clock, cutOff } = parts;
  const { metrics, journals, log } = operations;
  const guarded = guard === undefined ? cluster : guardedKubernetes(cluster, guard);
  const kubernetes = patientApi(guarded, { clock });
  const cache = createCache(clock);
  const sending = await openOwnAws(options, io, (sdk) => {
    const measured = metrics.measuredAws(sdk);
    return guard === undefined ? measured : guardedAws(measured, guard);
  });
  const aws = forgettingApi(sending, cache);
  const place = await findPlace(aws, options);
  log.info("found the place", { cluster: settings.clusterName, ...place });
  const controller: Controller = parts.createController({
    settings,
    place,
    kubernetes,
    aws,
    cache,
    clock,
    onEvent,
    cutOff,
    // A client of OIDC is what its Secret holds when it is sent.
    executor: awsExecutor(
      withSecrets(aws, (field) => secretsFrom(controller.secrets())(field)),
      { kubernetes: await kubernetesSender(kubernetes), ...(cutOff && { stop: cutOff }) },
    ),
    planning: {
      warm: options.warm !== false,
      drain: options.drain !== false,
      allowReplace: options.allowReplace !== false,
    },
    dryRun: options.dryRun === true,
    concurrency: flags.concurrency,
    resyncSeconds: flags.resyncSeconds,
    targetsSeconds: flags.targetsSeconds,
    ...(options.namespace && { namespaces: [...new Set(options.namespace)] }),
    ...(journals && { journal: journals.of }),
  });
  return { ...controller, run: (signal) => askAws(controller.run(signal), "nothing was done.") };
}
