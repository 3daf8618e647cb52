/** What the turns of all groups share. */
import type { Clock as AwsClock, Journal, PendingWait } from "@elbplan/aws-executor";
import type { Executor, SecretClient, Settings, Stack } from "@elbplan/core";
import type { Clock, EventRecorder, KubernetesApi } from "@elbplan/k8s-source/cluster";
import type { ControllerPlanning } from "./controller-options.ts";
import type { ControllerEvent } from "./events.ts";
import type { Exclusive } from "./exclusive.ts";
import type { Knowledge, Known } from "./knowledge.ts";

export interface ReconcileContext {
  readonly settings: Settings;
  readonly planning: ControllerPlanning;
  readonly dryRun: boolean;
  readonly knowledge: Knowledge;
  readonly kubernetes: KubernetesApi;
  readonly record: EventRecorder;
  readonly executor: Executor;
  readonly journal?: (group: string) => Journal;
  readonly clock: Clock;
  /** The same time. */
  readonly awsClock: AwsClock;
  /** Aborted: what is under way is cut off. */
  readonly signal: AbortSignal;
  readonly emit: (event: ControllerEvent) => void;
  /** Has the graph built anew, in its time. */
  readonly requestBuild: () => void;
  /** How long a group waits if its turn fails now, in milliseconds. */
  readonly nextDelay: (id: string) => number;
  readonly targetsMs: number;
  /** One at a time: what all groups share is changed. */
  readonly exclusive: Exclusive;
  /** Groups that exist as the graph had them. */
  readonly settled: Map<string, Stack>;
  /** Groups as they were carried out last. */
  readonly lastGood: Map<string, Stack>;
  /** What the members of broken groups were told last. */
  readonly complaints: Map<string, { readonly message: string; readonly at: number }>;
  /** Groups whose last turn failed. */
  readonly failing: Set<string>;
  /** What the last run of a group ended at. */
  readonly pending: Map<string, readonly PendingWait[]>;
  /** OIDC clients that AWS was sent last, by the ARN of the rule or listener. Of those from before nobody knows. */
  readonly sentClients: Map<string, readonly SecretClient[]>;
}

/** What is known; turns begin only when AWS was read. */
export function knownBy({ knowledge }: Pick<ReconcileContext, "knowledge">): Known {
  const known = knowledge.known();
  if (known === undefined) throw new Error("AWS has to be read first");
  return known;
}
