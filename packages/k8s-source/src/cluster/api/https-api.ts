/**
 * The port to an API server over HTTP, on Node's own client and the connection's credentials. The generated clients of
 * @kubernetes/client-node aren't used: they turn times into dates, drop fields they don't know and copy every object,
 * and its Watch skips lines it can't read and waits for ever for a server that says nothing.
 */
import type { IncomingMessage } from "node:http";
import { type Clock, deadline, systemClock } from "../clock.ts";
import type { Connection } from "./connection.ts";
import { bodyOf, refusal, requestName, StaleSocketError, send } from "./http-exchange.ts";
import type { CallOptions, KubernetesApi, KubernetesRequest, WatchEvent, WatchOptions } from "./kubernetes-api.ts";
import { KubernetesError } from "./kubernetes-error.ts";
import { linesOf } from "./lines.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

/** Opens the port. Nothing is sent before the first call. */
export function httpsApi(connection: Connection, clock: Clock = systemClock): KubernetesApi {
  return {
    call: (request, options = {}) => call(connection, clock, request, options),
    watch: (path, query, options) =>
      watch(connection, clock, { method: "GET", path, query: { ...query, watch: true } }, options),
  };
}

async function call(
  connection: Connection,
  clock: Clock,
  request: KubernetesRequest,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions,
): Promise<unknown> {
  const limit = deadline(clock, timeoutMs, () => tooLate(request, timeoutMs), signal);
  try {
    const response = await answer(connection, request, limit.signal);
    const body = await bodyOf(request, response, limit.signal);
    if (!isSuccess(response)) throw refusal(request, response, body);
    return parseJson(request, body);
  } finally {
    limit.done();
  }
}

async function* watch(
  connection: Connection,
  clock: Clock,
  request: KubernetesRequest,
  { signal, stallMs, onOpen }: WatchOptions,
): AsyncGenerator<WatchEvent, void> {
  const silent = (): KubernetesError => tooLate(request, stallMs);
  // Over a hard abort of the head's deadline the body has one of its own, moved on by each chunk.
  const head = deadline(clock, stallMs, silent, signal);
  let response: IncomingMessage;
  try {
    response = await answer(connection, request, head.signal);
    if (!isSuccess(response)) throw refusal(request, response, await bodyOf(request, response, head.signal));
  } finally {
    head.done();
  }
  const stop = (): void => void response.destroy(asError(signal?.reason));
  let cancel = (): void => {};
  const rearm = (): void => {
    cancel();
    cancel = clock.after(stallMs, () => response.destroy(silent()));
  };
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();
  rearm();
  onOpen?.();
  try {
    for await (const line of linesOf(request, response, rearm)) yield eventOf(request, line);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw error;
  } finally {
    cancel();
    signal?.removeEventListener("abort", stop);
    response.destroy();
  }
}

/** The head of the answer: once more with renewed credentials after a 401, and after a kept connection had gone stale. */
async function answer(
  connection: Connection,
  request: KubernetesRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const first = await attempt(connection, request, false, signal);
  if (first.statusCode !== 401) return first;
  first.resume();
  return attempt(connection, request, true, signal);
}

async function attempt(
  connection: Connection,
  request: KubernetesRequest,
  renew: boolean,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const credentials = await unlessAborted(connection.credentials(renew), signal);
  try {
    return await send(connection.server, request, credentials, signal);
  } catch (error) {
    if (!(error instanceof StaleSocketError)) throw error;
    // Only what changes nothing may be sent twice without asking.
    if (!error.reused || request.method !== "GET") throw error.error;
    return send(connection.server, request, credentials, signal).catch((again: unknown) => {
      throw again instanceof StaleSocketError ? again.error : again;
    });
  }
}

/** A plugin that hangs must not outlive the request's deadline. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function eventOf(request: KubernetesRequest, line: string): WatchEvent {
  const value = parseJson(request, line);
  if (typeof value === "object" && value !== null && "type" in value && typeof value.type === "string") {
    return { type: value.type, object: "object" in value ? value.object : undefined };
  }
  throw unreadable(request);
}

function parseJson(request: KubernetesRequest, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be of a Secret.
    throw unreadable(request);
  }
}

function unreadable(request: KubernetesRequest): KubernetesError {
  return new KubernetesError(`${requestName(request)}: the answer isn't the JSON of an API server`, {
    outcome: "unknown",
    reason: "Unreadable",
  });
}

function tooLate(request: KubernetesRequest, milliseconds: number): KubernetesError {
  const message = `${requestName(request)}: nothing came for ${Math.round(milliseconds / 100) / 10} s`;
  return new KubernetesError(message, { outcome: "unknown", reason: "Silent" });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
