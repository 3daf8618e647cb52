/** Runs elbplan for ever: watch, plan, carry out, tell. */
export { createController } from "./controller.ts";
export type { Controller, ControllerHealth, ControllerOptions, ControllerPlanning } from "./controller-options.ts";
export type { ControllerEvent, Outcome } from "./events.ts";
export { guardedAws, guardedKubernetes, type LeaseGuard, NO_WRITES } from "./lease-guard.ts";
