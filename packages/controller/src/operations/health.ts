/** A small HTTP server for who looks after a process: probes and metrics. It answers GET of known paths and nothing else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ControllerHealth } from "../controller-options.ts";
import type { ListenAddress } from "./address.ts";

export interface Answer {
  readonly status: number;
  /** `text/plain` if absent. */
  readonly type?: string;
  readonly body: string;
}

/** What answers, by path. */
export interface Pages {
  readonly [path: string]: () => Answer | Promise<Answer>;
}

export interface OperationsServer {
  /** The port, also where any was asked for by 0. */
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** More than any number of scrapers and kubelets; who comes then is turned away. */
const MAX_CONNECTIONS = 64;
/** For a request to be there, and for silence between two. */
const PATIENCE_MS = 5000;

/** Listens; rejects if it can't. */
export async function serveOperations({ host, port }: ListenAddress, pages: Pages): Promise<OperationsServer> {
  const known = new Map(Object.entries(pages));
  const server = createServer(
    { maxHeaderSize: 8192, headersTimeout: PATIENCE_MS, requestTimeout: PATIENCE_MS, keepAliveTimeout: PATIENCE_MS },
    (request, response) => void respond(known, request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function respond(
  pages: ReadonlyMap<string, Pages[string]>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, type = "text/plain; charset=utf-8", body } = await answerTo(pages, request);
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(status === 405 && { allow: "GET" }),
    // Nothing is read of a body that nobody asked for.
    ...(request.method !== "GET" && { connection: "close" }),
  });
  response.end(body);
}

async function answerTo(pages: ReadonlyMap<string, Pages[string]>, request: IncomingMessage): Promise<Answer> {
  const page = pages.get((request.url ?? "").split("?", 1)[0] ?? "");
  if (page === undefined) return { status: 404, body: "not found\n" };
  if (request.method !== "GET") return { status: 405, body: "only GET is answered\n" };
  try {
    return await page();
  } catch {
    return { status: 500, body: "failed\n" };
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** What a process is at. `waiting`: it isn't its turn to lead, and it is ready to take over. */
export type Phase = "starting" | "waiting" | "leading" | "stopping";

/** For kubelet's liveness probe: that it answers is the answer. Who can't go on exits by itself. */
export function liveness(): Answer {
  return { status: 200, body: "ok\n" };
}

/** For the readiness probe: 200 when it leads and knows the cluster and AWS, or when it waits to take over. */
export function readiness(phase: Phase, health: ControllerHealth | undefined): Answer {
  const isReady = phase === "waiting" || (phase === "leading" && health?.ready === true);
  const lines = [
    `${isReady ? "ok" : "not ready"}: ${phase}`,
    ...(health?.reflectors ?? []).map(({ kind, namespace, state }) => {
      const where = namespace === undefined ? "" : ` in ${namespace}`;
      return `[${state?.is === "current" ? "+" : "-"}] ${kind.plural}${where}: ${state?.is ?? "not read yet"}`;
    }),
  ];
  return { status: isReady ? 200 : 503, body: `${lines.join("\n")}\n` };
}
