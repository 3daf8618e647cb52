/** The port over real sockets: answers, refusals, silence, and what must not be in an error. */
import { Agent } from "node:http";
import { type FakeClock, fakeClock, settled } from "@elbplan/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../src/cluster/api/connection.ts";
import { httpsApi } from "../../src/cluster/api/https-api.ts";
import type { KubernetesApi, WatchEvent } from "../../src/cluster/api/kubernetes-api.ts";
import { KubernetesError } from "../../src/cluster/api/kubernetes-error.ts";
import {
  type Answer,
  type FakeApiServer,
  fakeApiServer,
  hangUp,
  json,
  silence,
  status,
  watchOf,
} from "./fake-api-server.ts";

let server: FakeApiServer;
let clock: FakeClock;
let api: KubernetesApi;
beforeEach(async () => {
  server = await fakeApiServer();
  clock = fakeClock();
  api = httpsApi(server.connection, clock);
});
afterEach(() => server.close());

const get = (path = "/api/v1/x") => api.call({ method: "GET", path });
const failureOf = async (promise: Promise<unknown>): Promise<KubernetesError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KubernetesError);
  return error as KubernetesError;
};

describe("a call", () => {
  it("sends method, path, query and body, and gives the answer's JSON", async () => {
    server.script(json({ ok: true }, 201));
    const request = {
      method: "POST",
      path: "/apis/a/v1/x",
      query: { dryRun: "All", no: undefined },
      body: { a: "é" },
    } as const;
    expect(await api.call(request)).toEqual({ ok: true });
    expect(server.requests).toEqual(["POST /apis/a/v1/x?dryRun=All"]);
    expect(server.bodies).toEqual(['{"a":"é"}']);
    expect(server.headers[0]).toMatchObject({ "content-type": "application/json", accept: "application/json" });
  });

  it("names the kind of a patch", async () => {
    server.script(json({}));
    await api.call({ method: "PATCH", path: "/api/v1/x", patchType: "application/json-patch+json", body: [] });
    expect(server.headers[0]?.["content-type"]).toBe("application/json-patch+json");
  });

  it("keeps the path of a server behind a proxy", async () => {
    server.script(json({}));
    const behind = { ...server.connection, server: `${server.connection.server}/k8s/clusters/c-1/` };
    await httpsApi(behind, clock).call({ method: "GET", path: "/api/v1/x" });
    expect(server.requests).toEqual(["GET /k8s/clusters/c-1/api/v1/x"]);
  });

  it.each<{ name: string; answer: Answer; status?: number; reason?: string; outcome: string; after?: number }>([
    { name: "403", answer: status(403, "Forbidden"), status: 403, reason: "Forbidden", outcome: "refused" },
    { name: "409", answer: status(409, "Conflict"), status: 409, reason: "Conflict", outcome: "refused" },
    { name: "500", answer: status(500, "InternalError"), status: 500, reason: "InternalError", outcome: "unknown" },
    {
      name: "429 with a header",
      answer: json({ kind: "Status", reason: "TooManyRequests" }, 429, { "retry-after": "3" }),
      status: 429,
      reason: "TooManyRequests",
      outcome: "refused",
      after: 3,
    },
    {
      name: "429 with details",
      answer: json({ kind: "Status", details: { retryAfterSeconds: 4 } }, 429),
      status: 429,
      outcome: "refused",
      after: 4,
    },
    {
      name: "a proxy's page",
      answer: (_request, response) => void response.writeHead(502).end("<html>Bad Gateway</html>"),
      status: 502,
      outcome: "unknown",
    },
    {
      name: "a redirect",
      answer: (_request, response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      status: 302,
      outcome: "refused",
    },
    { name: "a broken connection", answer: hangUp, outcome: "unknown" },
    {
      name: "an answer that ends too early",
      answer: (_request, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"a":');
        setTimeout(() => response.socket?.destroy(), 20);
      },
      outcome: "unknown",
    },
    {
      name: "an answer that isn't JSON",
      answer: (_request, response) => void response.writeHead(200).end("canary-4711"),
      reason: "Unreadable",
      outcome: "unknown",
    },
  ])("fails for $name", async ({ answer, status, reason, outcome, after }) => {
    server.script(answer);
    const error = await failureOf(get());
    expect(error).toMatchObject({ status, reason, outcome, retryAfterSeconds: after });
    expect(error.message).toContain("GET /api/v1/x");
    expect(`${error.message} ${error.stack}`).not.toContain("canary");
  });

  it("fails when no answer came in time", async () => {
    server.script(silence);
    const failed = failureOf(api.call({ method: "GET", path: "/api/v1/x" }, { timeoutMs: 5000 }));
    await server.asked(1);
    await clock.advance(4999);
    await clock.advance(1);
    expect(await failed).toMatchObject({
      outcome: "unknown",
      reason: "Silent",
      message: "GET /api/v1/x: nothing came for 5 s",
    });
    expect(clock.due()).toEqual([]);
  });

  it("fails when the rest of an answer doesn't come in time", async () => {
    server.script((_request, response) => {
      response.writeHead(200);
      response.write("{");
    });
    const failed = failureOf(api.call({ method: "GET", path: "/api/v1/x" }, { timeoutMs: 5000 }));
    await server.asked(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(5000);
    expect((await failed).reason).toBe("Silent");
  });

  it("rejects with the signal's reason once that is aborted", async () => {
    server.script(silence);
    const stop = new AbortController();
    const call = api.call({ method: "GET", path: "/api/v1/x" }, { signal: stop.signal });
    await server.asked(1);
    stop.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await expect(api.call({ method: "GET", path: "/api/v1/x" }, { signal: stop.signal })).rejects.toThrow("enough");
    expect(server.requests).toHaveLength(1);
  });

  it("leaves no timer behind", async () => {
    server.script(json({}));
    await get();
    expect(clock.due()).toEqual([]);
  });
});

describe("credentials", () => {
  const withTokens = (...tokens: readonly string[]): { connection: Connection; renewals: () => number } => {
    let renewals = 0;
    const credentials = async (renew: boolean) => {
      if (renew) renewals++;
      return { headers: { authorization: `Bearer ${tokens[Math.min(renewals, tokens.length - 1)]}` } };
    };
    return { connection: { ...server.connection, credentials }, renewals: () => renewals };
  };

  it("are renewed once after a 401", async () => {
    const { connection, renewals } = withTokens("old", "new");
    server.script(status(401, "Unauthorized"), json({ ok: 1 }));
    expect(await httpsApi(connection, clock).call({ method: "GET", path: "/api/v1/x" })).toEqual({ ok: 1 });
    expect(server.headers.map(({ authorization }) => authorization)).toEqual(["Bearer old", "Bearer new"]);
    expect(renewals()).toBe(1);
  });

  it("that stay refused are an error without the token", async () => {
    server.script(status(401, "Unauthorized"));
    const { connection } = withTokens("canary-1", "canary-2");
    const error = await failureOf(httpsApi(connection, clock).call({ method: "GET", path: "/api/v1/x" }));
    expect(error.status).toBe(401);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("canary");
    expect(server.requests).toHaveLength(2);
  });

  it("that never come end with the deadline", async () => {
    const hangs: Connection = { ...server.connection, credentials: () => new Promise(() => {}) };
    const failed = failureOf(httpsApi(hangs, clock).call({ method: "GET", path: "/api/v1/x" }, { timeoutMs: 1000 }));
    await clock.advance(1000);
    expect((await failed).reason).toBe("Silent");
  });
});

describe("a kept connection that the server closed meanwhile", () => {
  /** Answers once, and breaks the same connection on its second request, as a server that timed it out. */
  const stale = (agent: Agent): Connection => ({
    ...server.connection,
    credentials: async () => ({ headers: {}, agent }),
  });

  it("is no reason to fail for what only reads", async () => {
    const agent = new Agent({ keepAlive: true });
    server.script(json({ n: 1 }), hangUp, json({ n: 2 }));
    const reused = httpsApi(stale(agent), clock);
    await reused.call({ method: "GET", path: "/api/v1/x" });
    expect(await reused.call({ method: "GET", path: "/api/v1/x" })).toEqual({ n: 2 });
    agent.destroy();
  });

  it("leaves the outcome of a write unknown, and it isn't sent again", async () => {
    const agent = new Agent({ keepAlive: true });
    server.script(json({ n: 1 }), hangUp, json({ n: 2 }));
    const reused = httpsApi(stale(agent), clock);
    await reused.call({ method: "GET", path: "/api/v1/x" });
    const error = await failureOf(reused.call({ method: "POST", path: "/api/v1/x", body: {} }));
    expect(error.outcome).toBe("unknown");
    expect(server.requests).toHaveLength(2);
    agent.destroy();
  });
});

describe("a watch", () => {
  const added = (name: string) => ({ type: "ADDED", object: { metadata: { name } } });
  const collect = async (options: { stallMs?: number; signal?: AbortSignal } = {}): Promise<readonly WatchEvent[]> => {
    const events: WatchEvent[] = [];
    for await (const event of api.watch("/api/v1/x", { resourceVersion: "5" }, { stallMs: 1000, ...options }))
      events.push(event);
    return events;
  };

  it("gives events until the server closes", async () => {
    server.script(watchOf([added("a"), added("b")], "close"));
    expect(await collect()).toEqual([added("a"), added("b")]);
    expect(server.requests).toEqual(["GET /api/v1/x?resourceVersion=5&watch=true"]);
    expect(clock.due()).toEqual([]);
  });

  it("puts lines together again, letters of two bytes too", async () => {
    const line = Buffer.from(`${JSON.stringify(added("é"))}\n`);
    server.script((_request, response) => {
      response.writeHead(200);
      for (const [index, byte] of [...line, ...line].entries())
        setTimeout(() => response.write(Buffer.of(byte)), index / 4);
      setTimeout(() => response.end("\n\n"), line.length);
    });
    expect(await collect()).toEqual([added("é"), added("é")]);
  });

  it.each<{ name: string; answer: Answer; match: object }>([
    { name: "410", answer: status(410, "Expired"), match: { status: 410, reason: "Expired" } },
    { name: "a broken connection", answer: watchOf([], "break"), match: { outcome: "unknown" } },
    { name: "a hang-up before the head", answer: hangUp, match: { outcome: "unknown" } },
    { name: "garbage", answer: watchOf(["canary{{{\n"], "keep"), match: { reason: "Unreadable" } },
    { name: "JSON that is no event", answer: watchOf(["[1]\n"], "keep"), match: { reason: "Unreadable" } },
  ])("fails for $name", async ({ answer, match }) => {
    server.script(answer);
    const error = await failureOf(collect());
    expect(error).toMatchObject(match);
    expect(error.message).not.toContain("canary");
  });

  it("doesn't hide what came before a break", async () => {
    server.script(watchOf([added("a")], "break"));
    const seen: string[] = [];
    const failed = (async () => {
      for await (const { type } of api.watch("/api/v1/x", {}, { stallMs: 1000 })) seen.push(type);
    })();
    await expect(failed).rejects.toThrow(KubernetesError);
    expect(seen).toEqual(["ADDED"]);
  });

  it("leaves out a last line that was cut off", async () => {
    server.script(watchOf([added("a"), '{"type":"ADDED","obj'], "close"));
    expect(await collect()).toEqual([added("a")]);
  });

  it("fails when the head doesn't come", async () => {
    server.script(silence);
    const failed = failureOf(collect({ stallMs: 1000 }));
    await server.asked(1);
    await clock.advance(1000);
    expect(await failed).toMatchObject({ reason: "Silent" });
  });

  it("fails after a silence, counted from the last event", async () => {
    let connection: import("node:http").ServerResponse | undefined;
    server.script((_request, response) => {
      connection = response.writeHead(200);
      response.write(`${JSON.stringify(added("a"))}\n`);
    });
    const failed = failureOf(collect({ stallMs: 1000 }));
    await server.asked(1);
    const until = async (armed: number): Promise<void> => {
      while (clock.due()[0] !== armed) await settled();
    };
    await until(1000);
    await clock.advance(900);
    connection?.write(`${JSON.stringify(added("b"))}\n`);
    await until(1000);
    await clock.advance(999);
    expect(clock.due()).toEqual([1]);
    await clock.advance(1);
    expect(await failed).toMatchObject({ reason: "Silent", outcome: "unknown" });
    expect(clock.due()).toEqual([]);
  });

  it("ends with the signal's reason", async () => {
    server.script(watchOf([added("a")], "keep"));
    const stop = new AbortController();
    const watching = collect({ signal: stop.signal });
    await server.asked(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort(new Error("enough"));
    await expect(watching).rejects.toThrow("enough");
  });

  it("lets go of the connection when the loop over it is left", async () => {
    let closed = (): void => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    server.script((request, response) => {
      request.socket.on("close", closed);
      response.writeHead(200).write(`${JSON.stringify(added("a"))}\n`);
    });
    for await (const _ of api.watch("/api/v1/x", {}, { stallMs: 1000 })) break;
    await gone;
    expect(clock.due()).toEqual([]);
  });
});
