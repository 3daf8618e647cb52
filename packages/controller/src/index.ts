/** Runs elbplan for ever: watch, plan, carry out, tell. */
export { createController } from "./controller.ts";
export type { Controller, ControllerHealth, ControllerOptions, ControllerPlanning } from "./controller-options.ts";
export type { ControllerEvent, Outcome } from "./events.ts";
export { guardedAws, guardedKubernetes, type LeaseGuard, NO_WRITES } from "./lease-guard.ts";
export { type ListenAddress, listenAddress } from "./operations/address.ts";
export {
  type Answer,
  liveness,
  type OperationsServer,
  type Pages,
  type Phase,
  readiness,
  serveOperations,
} from "./operations/health.ts";
export { type GroupJournals, type LeftBehind, leftBehind, openGroupJournals } from "./operations/journal.ts";
export {
  createLog,
  errorFields,
  LOG_LEVELS,
  type Log,
  type LogFields,
  type LogLevel,
  type LogOptions,
  logEvent,
} from "./operations/log.ts";
export { createMetrics, type Metrics, type MetricsOptions } from "./operations/metrics.ts";
