/** An API server on loopback that answers by script: whatever a real one, or a proxy before it, may do at its worst. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Connection } from "../../src/cluster/api/connection.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FakeApiServer {
  readonly connection: Connection;
  /** `METHOD path?query` of every request so far. */
  readonly requests: readonly string[];
  readonly headers: readonly IncomingMessage["headers"][];
  readonly bodies: readonly string[];
  /** How the next requests are answered, one after another; the last answer holds for all that follow. */
  readonly script: (...answers: readonly Answer[]) => void;
  /** Resolves when that many requests have come. */
  readonly asked: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts one. */
export async function fakeApiServer(): Promise<FakeApiServer> {
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const bodies: string[] = [];
  const sockets = new Set<Socket>();
  let answers: readonly Answer[] = [];
  let wake = (): void => {};
  const server = createServer((request, response) => {
    const index = requests.push(`${request.method} ${request.url}`) - 1;
    headers[index] = request.headers;
    const [next, ...rest] = answers;
    if (rest.length > 0) answers = rest;
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      bodies[index] = body;
      wake();
      next?.(request, response);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connection: { server: `http://127.0.0.1:${port}`, credentials: async () => ({ headers: {} }) },
    requests,
    headers,
    bodies,
    script: (...next) => {
      answers = next;
    },
    asked: async (count) => {
      while (bodies.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function json(value: unknown, status = 200, more: { readonly [name: string]: string } = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...more }).end(JSON.stringify(value));
  };
}

/** Answers as an API server says no. */
export function status(code: number, reason: string, message = reason): Answer {
  return json({ kind: "Status", code, reason, message }, code);
}

/** A list of objects. */
export function listOf(resourceVersion: string, ...items: readonly object[]): Answer {
  return json({ kind: "List", metadata: { resourceVersion }, items });
}

/** Watch events that come at once, after which the connection is closed, kept open or broken. */
export function watchOf(events: readonly (object | string)[], end: "close" | "keep" | "break"): Answer {
  return (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    for (const event of events) response.write(typeof event === "string" ? event : `${JSON.stringify(event)}\n`);
    if (end === "close") response.end();
    if (end === "keep") response.flushHeaders();
    // After what was written has gone out.
    if (end === "break") setTimeout(() => response.socket?.destroy(), 20);
  };
}

/** Takes the request and never says a word. */
export const silence: Answer = () => {};

/** Breaks the connection without an answer. */
export const hangUp: Answer = (request) => void request.socket.destroy();
