/** JSON lines of what a controller tells, for log collectors. Each field is named here; nothing is logged as a whole. */
import { isAwsError, type StepState } from "@elbplan/aws-executor";
import { type CallError, type Diagnostic, objectName } from "@elbplan/core";
import { KubernetesError } from "@elbplan/k8s-source/cluster";
import { type LoggerOptions, pino } from "pino";
import type { ControllerEvent } from "../events.ts";
import { redacted } from "./redact.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What is told beside the message. */
export interface LogFields {
  readonly [name: string]: unknown;
}

export type Log = { readonly [L in LogLevel]: (message: string, fields?: LogFields) => void };

export interface LogOptions {
  /** `info` if absent. */
  readonly level?: LogLevel;
  readonly date?: () => Date;
}

/** Makes a log that writes whole lines. Fields are `level`, `ts` (ISO 8601), `msg`, as in LBC's, and those of the line. */
export function createLog(write: (line: string) => void, { level = "info", date = () => new Date() }: LogOptions): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: () => `,"ts":"${date().toISOString()}"`,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => redacted(fields) as { readonly [name: string]: unknown },
    },
  };
  const logger = pino(options, { write });
  const at =
    (each: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      logger[each](fields, redacted(message) as string);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** An error as fields: its name, code and message, and where it came from if it is a mistake of elbplan's own. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  const isKnown = isAwsError(error) || error instanceof KubernetesError;
  const { code, requestId } = error as { readonly code?: unknown; readonly requestId?: unknown };
  return {
    error: error.message,
    ...(typeof code === "string" && { code }),
    ...(typeof requestId === "string" && { requestId }),
    ...(!isKnown && { stack: error.stack }),
  };
}

/** Logs an event: `info` for what was done and what changed, `debug` for what is as it was. */
export function logEvent(log: Log, event: ControllerEvent): void {
  (WRITERS[event.type] as (log: Log, event: ControllerEvent) => void)(log, event);
}

type EventOf<T extends ControllerEvent["type"]> = Extract<ControllerEvent, { readonly type: T }>;

const WRITERS: { readonly [T in ControllerEvent["type"]]: (log: Log, event: EventOf<T>) => void } = {
  reflector: logReflector,
  read: (log, { why, group, milliseconds }) =>
    log.info("read AWS", { why, ...(group !== undefined && { group }), ...rounded(milliseconds) }),
  built: (log, { objects, changed, milliseconds }) =>
    // An edit of a class may concern a thousand groups.
    log[changed.length > 0 ? "info" : "debug"]("built", {
      ...{ objects, changed: changed.length, groups: changed.slice(0, NAMED) },
      ...rounded(milliseconds),
    }),
  planned: logPlan,
  run: logRun,
  reconciled: logReconciled,
  told: (log, { reason, message, ingresses }) =>
    log.debug("told", { reason, message, ingresses: ingresses.slice(0, NAMED) }),
  gate: (log, { namespace, name, pod, milliseconds }) =>
    log.info("ready", { namespace, pod, gate: name, ...rounded(milliseconds) }),
  failed: (log, { what, error }) => log.error("failed", { what, ...errorFields(error) }),
  queue: (log, { waiting, active }) => log.debug("queue", { waiting, active }),
};

/** Of long lists. */
const NAMED = 20;

function logReflector(log: Log, { of, state }: EventOf<"reflector">): void {
  const { kind, namespace, name } = of;
  const where = { kind: kind.kind, ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) };
  if (state.is === "current") {
    log.info("watching", where);
    return;
  }
  const trouble = state.error === undefined ? {} : errorFields(state.error);
  // A kind that isn't installed stays so for as long as the process lives.
  const level = state.is === "missing" ? "info" : "warn";
  log[level]("not watching", { ...where, is: state.is, failures: state.failures, ...trouble });
}

function logPlan(log: Log, { group, plan, milliseconds }: EventOf<"planned">): void {
  const { actions, summary, inputs, diagnostics } = plan;
  const level = actions.length > 0 ? "info" : "debug";
  const desired = inputs.digests.desired.slice(0, 12);
  log[level]("planned", { group, ...summary, desired, ...rounded(milliseconds) });
  for (const diagnostic of diagnostics) log.debug("diagnostic", { group, ...diagnosticFields(diagnostic) });
}

function logRun(log: Log, { group, event }: EventOf<"run">): void {
  const { id, kind, reason } = event.action;
  const about = { group, action: id };
  switch (event.type) {
    case "sent": {
      const { service, operation } = event.call;
      log.info("sent", { ...about, service, operation, reason, attempt: event.attempt });
      break;
    }
    case "again": {
      const { outcome } = event.error;
      log.warn("again", { ...about, inMilliseconds: event.inMilliseconds, outcome, ...callErrorFields(event.error) });
      break;
    }
    case "waiting":
      log.info("waiting", { ...about, ...(event.note !== undefined && { note: event.note }) });
      break;
    case "ended": {
      const { state, note, error, diagnostic } = event.step;
      log[LEVELS[state] ?? "info"]("ended", {
        ...{ ...about, kind, state },
        ...(note !== undefined && { note }),
        ...(error !== undefined && callErrorFields(error)),
        ...(diagnostic !== undefined && { diagnostic: diagnostic.code }),
      });
      break;
    }
  }
}

/** Of steps that aren't as they should be. */
const LEVELS: { readonly [S in StepState]?: LogLevel } = { refused: "error", unanswered: "error", skipped: "warn" };

function logReconciled(log: Log, event: EventOf<"reconciled">): void {
  const { group, outcome, summary, diagnostics, milliseconds, againInMilliseconds } = event;
  for (const diagnostic of diagnostics) log.error("diagnostic", { group, ...diagnosticFields(diagnostic) });
  const wrote = summary !== undefined && summary.writes + summary.kubernetesWrites > 0;
  const level = outcome === "failed" ? "error" : wrote || outcome !== "done" ? "info" : "debug";
  log[level]("reconciled", {
    ...{ group, outcome },
    ...summary,
    ...rounded(milliseconds),
    ...(againInMilliseconds !== undefined && { againInMilliseconds: Math.round(againInMilliseconds) }),
  });
}

function callErrorFields({ code, message, requestId }: CallError): LogFields {
  return { code, error: message, ...(requestId !== undefined && { requestId }) };
}

function diagnosticFields({ code, severity, message, hint, object, field }: Diagnostic): LogFields {
  return {
    code,
    severity,
    message,
    ...(hint !== undefined && { hint }),
    ...(object !== undefined && { object: objectName(object) }),
    ...(field !== undefined && { field }),
  };
}

function rounded(milliseconds: number): { readonly milliseconds: number } {
  return { milliseconds: Math.round(milliseconds) };
}
