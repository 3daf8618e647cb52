/**
 * Every number there is, with its name. Names are those of LBC (awslbc_, aws_api_), controller-runtime and client-go
 * where they have one for the same thing, so that dashboards and alerts go on working; the others begin with elbplan_.
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export interface Instruments {
  readonly awsCalls: Counter<"service" | "operation" | "error_code">;
  readonly awsCallTime: Histogram<"service" | "operation">;
  readonly awsErrors: { readonly [K in AwsErrorKind]: Counter<"service" | "operation" | "error_code"> };
  readonly reconciles: Counter<"controller" | "result">;
  readonly reconcileErrors: Counter<"controller">;
  readonly reconcileTime: Histogram<"controller">;
  readonly stageTime: Histogram<"controller" | "reconcile_stage">;
  readonly errors: Counter<"controller" | "error_category">;
  readonly gateTime: Histogram<"namespace" | "name">;
  readonly objects: Gauge<"resource">;
  readonly depth: Gauge<"name">;
  readonly active: Gauge<"controller">;
  readonly concurrency: Gauge<"controller">;
  readonly leading: Gauge<"name">;
  readonly watching: Gauge<"kind" | "namespace">;
  readonly watchFailures: Gauge<"kind" | "namespace">;
  readonly readTime: Histogram<"why">;
  readonly actions: Counter<"kind" | "state">;
  readonly told: Counter<"reason">;
  readonly failures: Counter<string>;
}

/** Kinds of errors of AWS that are counted apart. */
export type AwsErrorKind = "permission" | "service_limit_exceeded" | "throttled" | "validation";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** LBC's own. */
const GATE_SECONDS = [10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600];
const LONG_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Makes them in the registry. */
export function createInstruments(registry: Registry): Instruments {
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, ...labelNames: readonly T[]): Counter<T> =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, ...labelNames: readonly T[]): Gauge<T> =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <T extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    ...labelNames: readonly T[]
  ): Histogram<T> => new Histogram({ name, help, labelNames, buckets: [...buckets], registers });
  const awsErrors = (kind: AwsErrorKind, why: string): Counter<"service" | "operation" | "error_code"> =>
    counter(`aws_api_call_${kind}_errors_total`, `AWS calls that failed ${why}.`, "service", "operation", "error_code");
  return {
    awsCalls: counter(
      "aws_api_calls_total",
      "AWS calls; error_code is empty for those that were answered as asked.",
      ...(["service", "operation", "error_code"] as const),
    ),
    awsCallTime: histogram(
      "aws_api_call_duration_seconds",
      "How long an AWS call took, with the SDK's own retries.",
      SECONDS,
      ...(["service", "operation"] as const),
    ),
    awsErrors: {
      permission: awsErrors("permission", "for missing permissions or credentials"),
      service_limit_exceeded: awsErrors("service_limit_exceeded", "for a quota"),
      throttled: awsErrors("throttled", "because AWS was asked too often"),
      validation: awsErrors("validation", "because AWS takes what was asked for wrong"),
    },
    reconciles: counter(
      "controller_runtime_reconcile_total",
      "Turns of groups; result is success, requeue_after (something takes its time) or error.",
      ...(["controller", "result"] as const),
    ),
    reconcileErrors: counter("controller_runtime_reconcile_errors_total", "Turns that failed.", "controller"),
    reconcileTime: histogram(
      "controller_runtime_reconcile_time_seconds",
      "How long a turn took.",
      LONG_SECONDS,
      "controller",
    ),
    stageTime: histogram(
      "awslbc_controller_reconcile_stage_duration",
      "Seconds that a stage took: build_model (all groups whose objects changed), plan, deploy_model.",
      LONG_SECONDS,
      ...(["controller", "reconcile_stage"] as const),
    ),
    errors: counter(
      "awslbc_controller_reconcile_errors_total",
      "Turns that failed, by the code of the diagnostic (docs/diagnostics.md).",
      ...(["controller", "error_category"] as const),
    ),
    gateTime: histogram(
      "awslbc_readiness_gate_ready_seconds",
      "How long a Pod waited for its readiness gate; name is the TargetGroupBinding's.",
      GATE_SECONDS,
      ...(["namespace", "name"] as const),
    ),
    objects: gauge(
      "awslbc_controller_cache_object_total",
      "Objects that are planned from; resource is ingress.",
      "resource",
    ),
    depth: gauge("workqueue_depth", "Groups that wait for their turn.", "name"),
    active: gauge("controller_runtime_active_workers", "Groups whose turn it is.", "controller"),
    concurrency: gauge(
      "controller_runtime_max_concurrent_reconciles",
      "Groups that may have their turn at a time.",
      "controller",
    ),
    leading: gauge("leader_election_master_status", "1 while this replica leads; name is the Lease's.", "name"),
    watching: gauge(
      "elbplan_watch_current",
      "1 while objects of a kind are known as they are now.",
      ...(["kind", "namespace"] as const),
    ),
    watchFailures: gauge(
      "elbplan_watch_failures",
      "Failures in a row of a kind's watch.",
      ...(["kind", "namespace"] as const),
    ),
    readTime: histogram(
      "elbplan_aws_read_duration_seconds",
      "How long a look at AWS took; why is start, resync, or unsure (one group, after something went wrong there).",
      LONG_SECONDS,
      "why",
    ),
    actions: counter(
      "elbplan_actions_total",
      "Actions of plans that came to an end, by kind (createRule …) and state (done, refused …).",
      ...(["kind", "state"] as const),
    ),
    told: counter("elbplan_events_total", "Events written to Ingresses, by reason.", "reason"),
    failures: counter(
      "elbplan_failures_total",
      "Failures that are no group's own: a look at AWS, a write of an event.",
    ),
  };
}
