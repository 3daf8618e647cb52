/** A reflector against a scripted API server on loopback, with its own time. */

import { type FakeClock, fakeClock, settled } from "@elbplan/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpsApi } from "../../src/cluster/api/https-api.ts";
import { clusterKind } from "../../src/cluster/kinds.ts";
import { type ReflectorState, reflect } from "../../src/cluster/watch/reflector.ts";
import { makeSlot } from "../../src/cluster/watch/slot.ts";
import {
  type Answer,
  type FakeApiServer,
  fakeApiServer,
  hangUp,
  json,
  listOf,
  silence,
  status,
  watchOf,
} from "./fake-api-server.ts";
import { anIngress } from "./objects.ts";

/** Unlike any time that the reflector waits. */
const STALL = 7777;

const at = (resourceVersion: string, name: string, more: object = {}) => anIngress(name, { resourceVersion, ...more });
const added = (resourceVersion: string, name: string) => ({ type: "ADDED", object: at(resourceVersion, name) });
const bookmark = (resourceVersion: string) => ({ type: "BOOKMARK", object: { metadata: { resourceVersion } } });
const error = (code: number, reason: string) => ({ type: "ERROR", object: { kind: "Status", code, reason } });

let server: FakeApiServer;
let clock: FakeClock;
let stop: AbortController;
let slot: ReturnType<typeof makeSlot>;
let states: ReflectorState[];
let done: Promise<void>;

beforeEach(async () => {
  server = await fakeApiServer();
  clock = fakeClock();
  stop = new AbortController();
  slot = makeSlot();
  states = [];
});
afterEach(async () => {
  stop.abort();
  await done;
  await server.close();
});

function begin(first: Answer | { readonly kind: string }, ...rest: readonly Answer[]): void {
  server.script(...(typeof first === "function" ? [first, ...rest] : rest));
  done = reflect({
    kind: clusterKind(typeof first === "function" ? "Ingress" : first.kind),
    api: httpsApi(server.connection, clock),
    clock,
    random: () => 1,
    signal: stop.signal,
    stallMs: STALL,
    sink: {
      replace: (listed) => void slot.replace(listed),
      put: (arrival) => void slot.put(arrival),
      remove: (object) => void slot.remove(object),
      state: (state) => void states.push(state),
    },
  });
}

/** Waits, in real time, for something that comes over a socket. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(condition()).toBe(true);
}
const names = (): string =>
  slot
    .objects()
    .map(({ metadata }) => metadata.name)
    .join(" ");
const asked = (): readonly string[] =>
  server.requests.map((request) => {
    const { searchParams } = new URL(request.slice(4), "http://x");
    return searchParams.has("watch") ? `watch ${searchParams.get("resourceVersion")}` : "list";
  });
/** Lets the time pass that the reflector waits, and the next request come. */
async function next(milliseconds: number): Promise<void> {
  await until(() => clock.due().includes(milliseconds));
  const before = server.requests.length;
  await clock.advance(milliseconds - 1);
  expect(server.requests).toHaveLength(before);
  await clock.advance(1);
  await until(() => server.requests.length > before);
}

it("lists, watches with bookmarks, and takes in what comes", async () => {
  begin(
    listOf("5", at("3", "a"), at("4", "b")),
    watchOf(
      [
        added("6", "c"),
        { type: "MODIFIED", object: at("7", "a", { generation: 2 }) },
        { type: "DELETED", object: at("8", "b") },
      ],
      "keep",
    ),
  );
  await until(() => names() === "a c");
  expect(slot.objects()[0]?.metadata.generation).toBe(2);
  expect(server.requests[0]).toBe("GET /apis/networking.k8s.io/v1/ingresses?limit=500");
  expect(server.requests[1]).toBe(
    "GET /apis/networking.k8s.io/v1/ingresses?resourceVersion=5&allowWatchBookmarks=true&timeoutSeconds=600&watch=true",
  );
  expect(states.at(-1)).toEqual({ is: "current", failures: 0 });
});

describe("goes on", () => {
  it("from the last event after a break", async () => {
    begin(listOf("5"), watchOf([added("6", "a")], "break"), watchOf([added("7", "b")], "keep"));
    await until(() => names() === "a");
    await next(500);
    await until(() => names() === "a b");
    expect(asked()).toEqual(["list", "watch 5", "watch 6"]);
    expect(states.map(({ is, failures }) => `${is} ${failures}`)).toEqual([
      "current 0", // listed
      "current 0", // watched
      "behind 1",
      "current 1", // not in good health before it has lived for a while
    ]);
  });

  it("from the last bookmark", async () => {
    begin(listOf("5"), watchOf([bookmark("90")], "break"), watchOf([], "keep"));
    await next(500);
    expect(asked()).toEqual(["list", "watch 5", "watch 90"]);
  });

  it("from the last event before a line that can't be read, which the server then sends again", async () => {
    begin(
      listOf("5"),
      watchOf([added("6", "a"), "{{{ garbage\n", added("8", "c")], "keep"),
      watchOf([added("7", "b"), added("8", "c")], "keep"),
    );
    await next(500);
    await until(() => names() === "a b c");
    expect(asked()).toEqual(["list", "watch 5", "watch 6"]);
  });

  it("at once when the server closed a watch in its own time", async () => {
    let close = (): void => {};
    const closing: Answer = (_request, response) => {
      response.writeHead(200).flushHeaders();
      close = () => void response.end();
    };
    begin(listOf("5"), closing, watchOf([], "keep"));
    await server.asked(2);
    await settled();
    await clock.advance(0);
    // The silence of a healthy watch is broken by bookmarks; here the clock is simply moved past its health.
    server.script(watchOf([added("6", "a")], "keep"));
    await longLived(30_000);
    close();
    await until(() => names() === "a");
    expect(asked()).toEqual(["list", "watch 5", "watch 5"]);
    expect(states.at(-1)).toEqual({ is: "current", failures: 0 });
  });
});

/** Time passes without the reflector's own silence running out: its timer is only looked at afterwards. */
async function longLived(milliseconds: number): Promise<void> {
  const { now } = clock;
  (clock as { now: () => number }).now = () => now() + milliseconds;
}

describe("lists anew", () => {
  it.each<{ name: string; answer: Answer }>([
    { name: "410 in the stream", answer: watchOf([error(410, "Expired")], "close") },
    { name: "410 as the answer", answer: status(410, "Expired") },
    {
      name: "the word Expired without a number",
      answer: watchOf([{ type: "ERROR", object: { reason: "Expired" } }], "close"),
    },
  ])("after $name, and what is missing then is gone", async ({ answer }) => {
    begin(
      listOf("5", at("3", "a"), at("4", "b")),
      answer,
      listOf("99", at("4", "b"), at("50", "c")),
      watchOf([], "keep"),
    );
    await next(500);
    await until(() => names() === "b c");
    await server.asked(4);
    expect(asked()).toEqual(["list", "watch 5", "list", "watch 99"]);
  });

  it("keeps the identity of what is as it was", async () => {
    begin(
      listOf("5", at("3", "a"), at("4", "b")),
      status(410, "Expired"),
      listOf("99", at("3", "a"), at("60", "b", { generation: 9 })),
      watchOf([], "keep"),
    );
    await until(() => names() === "a b");
    const [a, b] = slot.objects();
    await next(500);
    await until(() => slot.objects()[1] !== b);
    expect(slot.objects()[0]).toBe(a);
  });

  it("when watches fail so often that the resource version is in doubt (etcd restored from a backup)", async () => {
    begin(listOf("5"), status(500, "InternalError"));
    for (const wait of [500, 1000, 2000, 4000]) await next(wait);
    server.script(listOf("2", at("1", "a")), watchOf([], "keep"));
    await next(8000);
    await until(() => names() === "a");
    expect(asked().slice(0, 7)).toEqual(["list", "watch 5", "watch 5", "watch 5", "watch 5", "watch 5", "list"]);
  });
});

describe("waits, longer each time", () => {
  it.each<{ name: string; answer: Answer }>([
    { name: "500s", answer: status(500, "InternalError") },
    { name: "hang-ups", answer: hangUp },
    { name: "answers that are no list", answer: json({}) },
    { name: "garbage", answer: (_request, response) => void response.writeHead(200).end("<html>") },
  ])("when lists meet $name", async ({ answer }) => {
    begin(answer);
    for (const wait of [500, 1000, 2000, 4000]) await next(wait);
    await until(() => states.length === 5);
    expect(states.map(({ is, failures }) => `${is} ${failures}`)).toEqual(
      [1, 2, 3, 4, 5].map((count) => `behind ${count}`),
    );
    server.script(listOf("5", at("3", "a")), watchOf([], "keep"));
    await next(8000);
    await until(() => names() === "a");
  });

  it.each<{ name: string; answer: Answer }>([
    { name: "closes every watch at once", answer: watchOf([], "close") },
    { name: "answers every watch with one event and closes", answer: watchOf([added("6", "a")], "close") },
  ])("when a server $name", async ({ answer }) => {
    begin(listOf("5"), answer);
    for (const wait of [500, 1000, 2000, 4000]) await next(wait);
    expect(server.requests).toHaveLength(6);
  });

  it("as long as the server asks for", async () => {
    begin(
      json({ kind: "Status", reason: "TooManyRequests" }, 429, { "retry-after": "9" }),
      listOf("5"),
      watchOf([], "keep"),
    );
    await next(9000);
    await server.asked(3);
    expect(asked()).toEqual(["list", "list", "watch 5"]);
  });
});

describe("isn't fooled by", () => {
  it("a connection that stays open and says nothing", async () => {
    begin(listOf("5"), watchOf([], "keep"), watchOf([added("6", "a")], "keep"));
    await server.asked(2);
    await until(() => clock.due()[0] === STALL);
    await settled();
    await clock.advance(STALL);
    await next(500);
    await until(() => names() === "a");
    expect(asked()).toEqual(["list", "watch 5", "watch 5"]);
    expect(String(states.at(-2)?.error)).toContain("nothing came for 7.8 s");
  });

  it("a server that takes the request and never answers", async () => {
    begin(listOf("5"), silence, watchOf([added("6", "a")], "keep"));
    await server.asked(2);
    await clock.advance(STALL);
    await next(500);
    await until(() => names() === "a");
  });

  it("a head that comes slowly", async () => {
    const slow: Answer = (request, response) => {
      setTimeout(() => watchOf([added("6", "a")], "keep")(request, response), 50);
    };
    begin(listOf("5"), slow);
    await until(() => names() === "a");
    expect(server.requests).toHaveLength(2);
  });

  it("events without a resource version, and of types that don't exist", async () => {
    begin(
      listOf("5"),
      watchOf([{ type: "ADDED", object: anIngress("x") }], "keep"),
      watchOf([{ type: "REPLACED", object: at("6", "y") }], "keep"),
      watchOf([added("6", "a")], "keep"),
    );
    await next(500);
    await next(1000);
    await until(() => names() === "a");
    expect(asked()).toEqual(["list", "watch 5", "watch 5", "watch 5"]);
  });
});

describe("what can't be known", () => {
  it.each<{ name: string; kind: string; answer: Answer; is: string }>([
    {
      name: "a kind of LBC's that isn't installed",
      kind: "TargetGroupBinding",
      answer: status(404, "NotFound"),
      is: "missing",
    },
    {
      name: "a kind of Kubernetes' own that isn't there",
      kind: "Ingress",
      answer: status(404, "NotFound"),
      is: "behind",
    },
    { name: "a kind that isn't allowed", kind: "Ingress", answer: status(403, "Forbidden"), is: "forbidden" },
  ])("$name is looked for ever more rarely, and found when it is there", async ({ kind, answer, is }) => {
    begin({ kind }, answer);
    await next(500);
    expect(states[0]).toMatchObject({ is });
    server.script(listOf("5"), watchOf([], "keep"));
    await next(1000);
    await until(() => states.at(-1)?.is === "current");
    expect(asked().slice(0, 3)).toEqual(["list", "list", "list"]);
  });
});

it("ends with the signal, at whatever it is, and says no more", async () => {
  begin(listOf("5"), watchOf([], "keep"));
  await server.asked(2);
  await until(() => states.length === 1);
  stop.abort();
  await done;
  expect(states).toHaveLength(1);
  begin(status(500, "InternalError"));
});
