/** Counts what a controller tells and the calls it makes, for Prometheus. */
import { type AwsApi, type AwsCall, isAwsError, isThrottled } from "@elbplan/aws-executor";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { ControllerEvent, Outcome } from "../events.ts";
import { type AwsErrorKind, createInstruments, type Instruments } from "./instruments.ts";

export interface Metrics {
  /** Counts an event. */
  readonly onEvent: (event: ControllerEvent) => void;
  /** Counts the calls that are made through it. It belongs around what sends, within throttles. */
  readonly measuredAws: (api: AwsApi) => AwsApi;
  readonly leads: (leads: boolean) => void;
  /** In Prometheus's text format. */
  readonly page: () => Promise<{ readonly type: string; readonly body: string }>;
  readonly registry: Registry;
}

export interface MetricsOptions {
  /** Name of the Lease. */
  readonly lease: string;
  /** Groups that are reconciled at a time. */
  readonly concurrency: number;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** Numbers of the process besides: memory, processor, event loop; false if absent. */
  readonly ofProcess?: boolean;
}

/** All that is reconciled here are groups of Ingresses. */
const CONTROLLER = { controller: "ingress" } as const;

/** As controller-runtime calls it. */
const RESULTS: { readonly [O in Outcome]: string } = {
  done: "success",
  gone: "success",
  planned: "success",
  waiting: "requeue_after",
  failed: "error",
};

/** Makes numbers that all begin at nothing, in a registry of their own. */
export function createMetrics({ lease, concurrency, now, ofProcess = false }: MetricsOptions): Metrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const made = createInstruments(registry);
  made.concurrency.set(CONTROLLER, concurrency);
  made.leading.set({ name: lease }, 0);
  // An alert on growth needs a beginning.
  made.reconcileErrors.inc(CONTROLLER, 0);
  return {
    registry,
    onEvent: counting(made, now),
    measuredAws: (api) => measured(made, api, now),
    leads: (leads) => made.leading.set({ name: lease }, leads ? 1 : 0),
    page: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}

type EventOf<T extends ControllerEvent["type"]> = Extract<ControllerEvent, { readonly type: T }>;

function counting(made: Instruments, now: () => number): Metrics["onEvent"] {
  /** By group, when its plan was there. */
  const planned = new Map<string, number>();
  const stage = (reconcile_stage: string, milliseconds: number): void =>
    made.stageTime.observe({ ...CONTROLLER, reconcile_stage }, milliseconds / 1000);
  const counters: { readonly [T in ControllerEvent["type"]]: (event: EventOf<T>) => void } = {
    reflector: (event) => countWatch(made, event),
    read: ({ why, milliseconds }) => made.readTime.observe({ why }, milliseconds / 1000),
    built: ({ objects, milliseconds }) => {
      made.objects.set({ resource: "ingress" }, objects);
      stage("build_model", milliseconds);
    },
    planned: ({ group, milliseconds }) => {
      planned.set(group, now());
      stage("plan", milliseconds);
    },
    run: ({ event }) => {
      if (event.type === "ended") made.actions.inc({ kind: event.action.kind, state: event.step.state });
    },
    reconciled: (event) => {
      const since = planned.get(event.group);
      planned.delete(event.group);
      if (since !== undefined) stage("deploy_model", now() - since);
      countTurn(made, event);
    },
    told: ({ reason }) => made.told.inc({ reason }),
    gate: ({ namespace, name, milliseconds }) => made.gateTime.observe({ namespace, name }, milliseconds / 1000),
    failed: () => made.failures.inc(),
    queue: ({ waiting, active }) => {
      made.depth.set({ name: CONTROLLER.controller }, waiting);
      made.active.set(CONTROLLER, active);
    },
  };
  return (event) => (counters[event.type] as (event: ControllerEvent) => void)(event);
}

function countWatch(made: Instruments, { of, state }: EventOf<"reflector">): void {
  // Secrets are watched one by one, and come and go with the annotations that name them.
  if (of.name !== undefined) return;
  const labels = { kind: of.kind.kind, namespace: of.namespace ?? "" };
  made.watching.set(labels, state.is === "current" ? 1 : 0);
  made.watchFailures.set(labels, state.failures);
}

function countTurn(made: Instruments, { outcome, diagnostics, milliseconds }: EventOf<"reconciled">): void {
  made.reconciles.inc({ ...CONTROLLER, result: RESULTS[outcome] });
  made.reconcileTime.observe(CONTROLLER, milliseconds / 1000);
  if (outcome !== "failed") return;
  made.reconcileErrors.inc(CONTROLLER);
  for (const error_category of new Set(diagnostics.map(({ code }) => code))) {
    made.errors.inc({ ...CONTROLLER, error_category });
  }
}

function measured(made: Instruments, api: AwsApi, now: () => number): AwsApi {
  return async (call, options) => {
    const begun = now();
    try {
      const response = await api(call, options);
      made.awsCalls.inc({ ...labelsOf(call), error_code: "" });
      return response;
    } catch (error) {
      const labels = { ...labelsOf(call), error_code: isAwsError(error) ? error.code : "Error" };
      made.awsCalls.inc(labels);
      const kind = kindOf(error);
      if (kind !== undefined) made.awsErrors[kind].inc(labels);
      throw error;
    } finally {
      made.awsCallTime.observe(labelsOf(call), (now() - begun) / 1000);
    }
  };
}

function labelsOf({ service, operation }: AwsCall): { readonly service: string; readonly operation: string } {
  return { service, operation };
}

const KINDS: readonly (readonly [AwsErrorKind, RegExp])[] = [
  [
    "permission",
    /^(?:AccessDenied|Unauthorized|AuthFailure|Credentials|ExpiredToken|InvalidAccessKeyId|InvalidClientTokenId|InvalidSignature|MissingAuthenticationToken|SignatureDoesNotMatch|UnrecognizedClient)/,
  ],
  ["service_limit_exceeded", /^TooMany|(?:Limit|Quota)(?:s?Exceeded)?$/],
  ["validation", /^(?:Validation|Invalid|Malformed|Missing|Unsupported)/],
];

function kindOf(error: unknown): AwsErrorKind | undefined {
  if (isThrottled(error)) return "throttled";
  return isAwsError(error) ? KINDS.find(([, pattern]) => pattern.test(error.code))?.[0] : undefined;
}
