/** A watched cluster against the real server: edits, bookmarks, restarts, broken and silent connections. */
import { DEFAULT_SETTINGS } from "@elbplan/core";
import {
  type ClusterWatch,
  httpsApi,
  type KubernetesApi,
  type ObjectChange,
  readCluster,
  watchCluster,
} from "@elbplan/k8s-source/cluster";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { apply, deployed, type Manifest, patch, remove, until } from "./deployed.ts";
import { tunnel } from "./tunnel.ts";
import { ingress, workload } from "./workload.ts";

let server: ApiServer;
let api: KubernetesApi;
const [node, , slice] = workload("shop");

beforeAll(async () => {
  server = await startApiServer();
  api = await deployed(server, "oidc-secrets");
  await apply(server.api, { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  for (const object of workload("shop")) await apply(server.api, object);
  await apply(server.api, ingress("web"));
}, 30 * 60_000);
afterAll(() => server?.stop());

let stop: AbortController;
let watch: ClusterWatch;
let changes: ObjectChange[];
beforeEach(() => {
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await watch?.done;
});

async function begin(port: KubernetesApi, options: { readonly stallMs?: number } = {}): Promise<void> {
  changes = [];
  watch = watchCluster(port, { settings: DEFAULT_SETTINGS, signal: stop.signal, ...options });
  watch.subscribe((batch) => void changes.push(...batch));
  await watch.ready;
}

const said = (): readonly string[] =>
  changes.map(({ kind, before, after }) => {
    const sign = before === undefined ? "+" : after === undefined ? "-" : "~";
    return `${sign}${kind}/${(after ?? before)?.metadata.name}`;
  });
const annotated = (): string | undefined =>
  watch.reading().snapshot.ingresses.find(({ metadata }) => metadata.name === "web")?.metadata.annotations?.["edit"];
const edit = (value: string): Promise<unknown> =>
  patch(server.api, ingress("web"), { metadata: { annotations: { edit: value } } });

describe("a watch", () => {
  it("is ready with what one reading has", async () => {
    await begin(api);
    const sorted = (reading: object): string =>
      JSON.stringify(reading, (_key, value) =>
        Array.isArray(value) ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value,
      );
    expect(sorted(watch.reading())).toBe(sorted(await readCluster(api, { settings: DEFAULT_SETTINGS })));
  });

  it("hears of creations, edits and deletions within a moment", async () => {
    await begin(api);
    const begun = performance.now();
    await apply(server.api, ingress("late"));
    await until(() => said().length === 1);
    await edit("1");
    await until(() => said().length === 2);
    await remove(server.api, ingress("late"));
    await until(() => said().length === 3);
    expect(said()).toEqual(["+Ingress/late", "~Ingress/web", "-Ingress/late"]);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it("takes heartbeats and edits of what isn't read for no change", async () => {
    await begin(api);
    const before = watch.reading();
    const time = new Date().toISOString().replace(/\.\d+Z/, "Z");
    await patch(
      server.api,
      node,
      { status: { conditions: [{ ...node.status.conditions[0], lastHeartbeatTime: time }] } },
      "status",
    );
    await patch(server.api, slice, {
      metadata: { annotations: { "endpoints.kubernetes.io/last-change-trigger-time": time } },
    });
    // Something that does change comes behind them.
    await edit(time);
    await until(() => annotated() === time);
    expect(said()).toEqual(["~Ingress/web"]);
    const after = watch.reading();
    expect(after.snapshot.nodes).toBe(before.snapshot.nodes);
    expect(after.snapshot.endpointSlices).toBe(before.snapshot.endpointSlices);
    expect(after.snapshot.ingresses).not.toBe(before.snapshot.ingresses);
  });

  it("follows the Secrets that annotations name", async () => {
    await begin(api);
    expect(watch.reading().snapshot.secrets.map(({ metadata }) => metadata.name)).toEqual(["login"]);
    expect(JSON.stringify(watch.reading())).not.toContain(btoa("canary-4712"));
    const guarded = workload("shop").find(({ metadata }) => metadata.name === "guarded");
    await patch(server.api, guarded, {
      metadata: { annotations: { "alb.ingress.kubernetes.io/auth-idp-oidc": null } },
    });
    await until(() => watch.reading().snapshot.secrets.length === 0);
    await apply(server.api, guarded);
    await until(() => watch.reading().snapshot.secrets.length === 1);
  });

  it("is told the resource version by bookmarks when nothing happens", async () => {
    const list = (await api.call({ method: "GET", path: "/api/v1/nodes" })) as Manifest;
    const query = { resourceVersion: list.metadata.resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 5 };
    const events: { readonly type: string; readonly revision: number }[] = [];
    const onOpen = (): void => void patch(server.api, node, { metadata: { labels: { bookmarked: "yes" } } });
    for await (const { type, object } of api.watch("/api/v1/nodes", query, { stallMs: 20_000, onOpen })) {
      events.push({ type, revision: Number((object as Manifest).metadata.resourceVersion) });
    }
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["MODIFIED", "BOOKMARK"]));
    expect(events.at(-1)?.revision).toBeGreaterThanOrEqual(events[0]?.revision ?? Number.POSITIVE_INFINITY);
  });
});

describe("a restart of the API server", () => {
  it("is outlived: nothing is lost, nothing is told twice", async () => {
    await begin(api);
    const before = watch.reading();
    await server.kill();
    await until(() => watch.states().some(({ state }) => state?.is === "behind"));
    expect(watch.reading()).toBe(before);
    await server.start();
    await edit("after restart");
    await until(() => annotated() === "after restart", 60);
    await until(() => watch.states().every(({ state }) => state?.is === "current"), 60);
    expect(said()).toEqual(["~Ingress/web"]);
    expect(watch.reading().snapshot.services).toBe(before.snapshot.services);
  }, 180_000);

  it("what was edited while nobody was connected is seen, deletions too", async () => {
    await apply(server.api, ingress("doomed"));
    const through = await tunnel(server);
    await begin(httpsApi(through.connection));
    through.refuse();
    await remove(server.api, ingress("doomed"));
    await apply(server.api, ingress("born"));
    // The server's memory of what was before begins anew.
    await server.restart();
    through.accept();
    await until(() => said().length >= 2, 60);
    expect(said().toSorted()).toEqual(["+Ingress/born", "-Ingress/doomed"]);
    await remove(server.api, ingress("born"));
    await through.close();
  }, 180_000);
});

describe("a connection", () => {
  it("that breaks is made anew", async () => {
    const through = await tunnel(server);
    await begin(httpsApi(through.connection));
    through.breakAll();
    await edit("after break");
    await until(() => annotated() === "after break", 30);
    expect(said()).toEqual(["~Ingress/web"]);
    await through.close();
  });

  it("that is silent for too long is given up, and what happened meanwhile is seen", async () => {
    const through = await tunnel(server);
    await begin(httpsApi(through.connection), { stallMs: 1500 });
    through.stall();
    await edit("while stalled");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(annotated()).not.toBe("while stalled");
    // New connections get through.
    await until(() => annotated() === "while stalled", 30);
    expect(said()).toEqual(["~Ingress/web"]);
    await through.close();
  });

  it("that can't be made doesn't make a storm", async () => {
    const through = await tunnel(server);
    await begin(httpsApi(through.connection));
    through.refuse();
    const before = through.attempts();
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const kinds = watch.states().length;
    // Waits of half a second and more, doubled each time: at most five attempts in six seconds.
    expect(through.attempts() - before).toBeLessThanOrEqual(kinds * 5);
    through.accept();
    await edit("after refusal");
    await until(() => annotated() === "after refusal", 60);
    await through.close();
  }, 120_000);
});
