/** What a controller is given, and what it offers. */
import type { AwsApi, Cache, Journal, Place } from "@elbplan/aws-executor";
import type { Executor, Inventory, Secret, Settings } from "@elbplan/core";
import type { Clock, KubernetesApi, ReflectorHealth } from "@elbplan/k8s-source/cluster";
import type { ControllerEvent } from "./events.ts";

export interface ControllerOptions {
  readonly settings: Settings;
  /** Region, account and VPC. */
  readonly place: Place;
  /** Watches and writes the cluster. */
  readonly kubernetes: KubernetesApi;
  /** Reads AWS. */
  readonly aws: AwsApi;
  /** Of what was read; give the one that the executor's `forgettingApi` forgets in. One of its own if absent. */
  readonly cache?: Cache;
  /** Carries plans out. */
  readonly executor: Executor;
  readonly planning?: ControllerPlanning;
  /** Plans are shown and nothing is ever written. */
  readonly dryRun?: boolean;
  /** Only these namespaces. */
  readonly namespaces?: readonly string[];
  /** Groups that are reconciled at a time; 3 if absent, as in LBC. */
  readonly concurrency?: number;
  /** Between two looks at all of AWS, with up to a tenth more; 36,000 if absent, as in LBC. */
  readonly resyncSeconds?: number;
  /** Between two looks at targets whose Pods wait for them; 15 if absent, as in LBC. */
  readonly targetsSeconds?: number;
  readonly clock?: Clock;
  /** A number from 0 to 1. */
  readonly random?: () => number;
  readonly onEvent?: (event: ControllerEvent) => void;
  /** Keeps what a group's plan sends and what comes back. */
  readonly journal?: (group: string) => Journal;
  /** Aborted, after `run`'s signal was: of plans under way nothing more is begun either. */
  readonly cutOff?: AbortSignal;
}

export interface ControllerPlanning {
  /** Traffic moves to a new target group only when its targets are healthy; so if absent. */
  readonly warm?: boolean;
  /** A target group is deleted only after its deregistration delay; so if absent. */
  readonly drain?: boolean;
  /** A load balancer that can't be changed as asked is replaced; so if absent, as in LBC. */
  readonly allowReplace?: boolean;
  /** Each plan is proven before it is carried out, and not carried out if it isn't gapless where it claims to be; so if absent. */
  readonly verify?: boolean;
}

export interface Controller {
  /**
   * Watches, plans and carries out until the signal is aborted; then no group has its turn any more, and it resolves when
   * the plans under way have ended, or stopped for `cutOff`. Rejects if AWS can't be read at the start, or for a mistake
   * of elbplan's own. To be called once.
   */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly health: () => ControllerHealth;
  /** What exists in AWS, as far as it is known; undefined until it was read. */
  readonly inventory: () => Inventory | undefined;
  /** The Secrets that objects name, as last seen: for an executor, which puts them into calls at the last moment. */
  readonly secrets: () => readonly Secret[];
}

export interface ControllerHealth {
  /** Objects and AWS were read. */
  readonly ready: boolean;
  /** Whatever was seen until now is built, and every group had its turn; some may come again in their time. */
  readonly settled: boolean;
  readonly reflectors: readonly ReflectorHealth[];
}
