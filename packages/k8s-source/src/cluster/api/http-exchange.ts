/** One HTTP request with Node's own client, answered or failed as data that can be told apart. */
import { type ClientRequest, type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { Credentials } from "./connection.ts";
import type { KubernetesRequest } from "./kubernetes-api.ts";
import { KubernetesError } from "./kubernetes-error.ts";

/** More than any answer to one page of a list; a server that sends more is broken or hostile. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** Name of a request in messages. Queries are left out: they may hold a continue token of a thousand characters. */
export function requestName({ method, path }: Pick<KubernetesRequest, "method" | "path">): string {
  return `${method} ${path}`;
}

/** Sends a request and resolves with the head of the answer. */
export function send(
  server: string,
  request: KubernetesRequest,
  { headers, agent }: Credentials,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = urlOf(server, request);
  const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const start = url.protocol === "http:" ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = start(
      url,
      {
        method: request.method,
        signal,
        ...(agent && { agent }),
        headers: {
          ...headers,
          accept: "application/json",
          "user-agent": "elbplan",
          ...(body && { "content-type": request.patchType ?? "application/json", "content-length": body.length }),
        },
      },
      resolve,
    );
    // Far ends that vanish without a word are noticed by the system within half a minute.
    sent.on("socket", (socket) => socket.setKeepAlive(true, 15_000));
    sent.on("error", (error) => {
      reject(signal.aborted ? signal.reason : new StaleSocketError(failure(request, error), sent.reusedSocket));
    });
    sent.end(body);
  });
}

/** A request that failed before an answer; `reused`: on a kept connection that the server may have closed long ago. */
export class StaleSocketError extends Error {
  readonly error: KubernetesError;
  readonly reused: boolean;
  constructor(error: KubernetesError, reused: boolean) {
    super(error.message);
    this.error = error;
    this.reused = reused;
  }
}

/** The whole body as text. */
export async function bodyOf(
  request: KubernetesRequest,
  response: IncomingMessage,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) throw new Error(`the answer is larger than ${MAX_BODY_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw failure(request, error);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** An error of the connection. Errors of Node name hosts, ports and codes, never what was sent. */
export function failure(request: KubernetesRequest, cause: unknown): KubernetesError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new KubernetesError(`${requestName(request)}: ${why}`, { outcome: "unknown", cause });
}

/** An answer that says no, as the error it means. */
export function refusal(request: KubernetesRequest, response: IncomingMessage, body: string): KubernetesError {
  const status = response.statusCode ?? 0;
  const said = statusObject(body);
  const retryAfter = Number(response.headers["retry-after"] ?? said?.details?.retryAfterSeconds);
  const message = typeof said?.message === "string" ? said.message : (response.statusMessage ?? "");
  return new KubernetesError(`${requestName(request)}: ${status} ${message.slice(0, 1000)}`.trimEnd(), {
    status,
    ...(typeof said?.reason === "string" && { reason: said.reason }),
    // A proxy or the server itself gave up waiting; what it waited for may happen yet.
    outcome: status >= 500 ? "unknown" : "refused",
    ...(retryAfter > 0 && { retryAfterSeconds: retryAfter }),
  });
}

interface StatusObject {
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly details?: { readonly retryAfterSeconds?: unknown };
}

function statusObject(body: string): StatusObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isStatus = typeof value === "object" && value !== null && "kind" in value && value.kind === "Status";
    return isStatus ? (value as StatusObject) : undefined;
  } catch {
    return undefined;
  }
}

function urlOf(server: string, { path, query = {} }: KubernetesRequest): URL {
  const url = new URL(server.replace(/\/+$/, "") + path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}
