/** The server of probes and metrics, on loopback. */
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { liveness, type OperationsServer, readiness, serveOperations } from "../../src/operations/health.ts";

let server: OperationsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(): Promise<string> {
  server = await serveOperations(
    { host: "127.0.0.1", port: 0 },
    {
      "/healthz": liveness,
      "/metrics": async () => ({ status: 200, type: "text/plain; version=0.0.4", body: "up 1\n" }),
      "/broken": () => {
        throw new Error("canary-4711");
      },
    },
  );
  return `http://127.0.0.1:${server.port}`;
}

/** Sends bytes as they are, and gives what comes back until the server closes. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

describe("the server", () => {
  it.each([
    { name: "answers what it knows", path: "/healthz", status: 200, body: "ok\n" },
    { name: "with a query, too", path: "/healthz?verbose", status: 200, body: "ok\n" },
    { name: "nothing else", path: "/", status: 404, body: "not found\n" },
    { name: "no names of objects", path: "/__proto__", status: 404, body: "not found\n" },
    { name: "no way up", path: "/healthz/../etc/passwd", status: 404, body: "not found\n" },
    { name: "no errors in words", path: "/broken", status: 500, body: "failed\n" },
  ])("$name: $path", async ({ path, status, body }) => {
    const response = await fetch(`${await serve()}${path}`);
    expect({ status: response.status, body: await response.text() }).toEqual({ status, body });
  });

  it("says what the page is", async () => {
    const response = await fetch(`${await serve()}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    expect(response.headers.get("cache-control")).toBe("no-store");
    await response.text();
  });

  it.each(["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])("takes no %s", async (method) => {
    const response = await fetch(`${await serve()}/healthz`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET");
  });

  it("turns away what is no request, and heads without end", async () => {
    await serve();
    const port = server?.port ?? 0;
    expect(await raw(port, "hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw(port, `GET /healthz HTTP/1.1\r\nx: ${"a".repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });

  it("rejects when the port is taken", async () => {
    await serve();
    const port = server?.port ?? 0;
    await expect(serveOperations({ host: "127.0.0.1", port }, {})).rejects.toThrow("EADDRINUSE");
  });

  it("closes although somebody holds a connection", async () => {
    await serve();
    const held = raw(server?.port ?? 0, "GET /hea");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await server?.close();
    server = undefined;
    await held;
  });
});

describe("readiness", () => {
  const reflectors = [
    { kind: { kind: "Ingress", plural: "ingresses" }, state: { is: "current", failures: 0 } },
    { kind: { kind: "Service", plural: "services" }, namespace: "shop", state: { is: "behind", failures: 3 } },
    { kind: { kind: "Node", plural: "nodes" }, state: undefined },
  ] as never;

  it.each([
    { phase: "starting", ready: undefined, status: 503 },
    { phase: "waiting", ready: undefined, status: 200 },
    { phase: "leading", ready: undefined, status: 503 },
    { phase: "leading", ready: false, status: 503 },
    { phase: "leading", ready: true, status: 200 },
    { phase: "stopping", ready: true, status: 503 },
  ] as const)("$phase, ready $ready: $status", ({ phase, ready, status }) => {
    expect(readiness(phase, ready === undefined ? undefined : { ready, settled: ready, reflectors: [] }).status).toBe(
      status,
    );
  });

  it("tells each kind", () => {
    expect(readiness("leading", { ready: true, settled: true, reflectors }).body).toBe(
      "ok: leading\n[+] ingresses: current\n[-] services in shop: behind\n[-] nodes: not read yet\n",
    );
  });
});
