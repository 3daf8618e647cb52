/** A watched cluster: whatever happens to objects and connections, in the end what is known is what there is. */
import { DEFAULT_SETTINGS } from "@elbplan/core";
import { type FakeClock, fakeClock, settled } from "@elbplan/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { KubernetesApi } from "../../src/cluster/api/kubernetes-api.ts";
import { KubernetesError } from "../../src/cluster/api/kubernetes-error.ts";
import type { ClusterReading } from "../../src/cluster/read/assemble.ts";
import { readCluster } from "../../src/cluster/read/read-cluster.ts";
import type { ObjectChange } from "../../src/cluster/watch/slot.ts";
import { type ClusterWatch, type WatchClusterOptions, watchCluster } from "../../src/cluster/watch/watch-cluster.ts";
import { type SimulatedCluster, simulatedCluster } from "../../src/simulated/simulated-cluster.ts";
import { aClass, aNode, anIngress, aSecret, aService, noisy, OIDC, oidcIngress } from "./objects.ts";

interface Stage {
  readonly clock: FakeClock;
  readonly watch: ClusterWatch;
  readonly changes: (readonly ObjectChange[])[];
  readonly stop: AbortController;
}

function begin(api: KubernetesApi, options: Partial<WatchClusterOptions> = {}): Stage {
  const clock = fakeClock();
  const stop = new AbortController();
  const watch = watchCluster(api, {
    settings: DEFAULT_SETTINGS,
    signal: stop.signal,
    clock,
    random: () => 1,
    ...options,
  });
  const changes: (readonly ObjectChange[])[] = [];
  watch.subscribe((batch) => void changes.push(batch));
  return { clock, watch, changes, stop };
}

const said = (changes: readonly (readonly ObjectChange[])[]): readonly string[] =>
  changes.flat().map(({ kind, before, after }) => {
    const name = (after ?? before)?.metadata.name;
    return `${before === undefined ? "+" : after === undefined ? "-" : "~"}${kind}/${name}`;
  });

function shop(): SimulatedCluster {
  const cluster = simulatedCluster();
  cluster.apply(aClass(), "ingressclasses");
  cluster.apply(anIngress("web"), "ingresses");
  cluster.apply(aService("web"), "services");
  cluster.apply(aNode("n"), "nodes");
  return cluster;
}

const remove = (cluster: SimulatedCluster, path: string): Promise<unknown> =>
  cluster.api.call({ method: "DELETE", path });
const INGRESSES = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses";

describe("a watched cluster", () => {
  it("is known when it is ready, as one reading would have it", async () => {
    const cluster = shop();
    const { watch, changes, stop } = begin(cluster.api);
    await watch.ready;
    expect(watch.reading()).toEqual(await readCluster(cluster.api, { settings: DEFAULT_SETTINGS }));
    expect(changes).toEqual([]);
    stop.abort();
    await watch.done;
  });

  it("tells what changes, before and after", async () => {
    const cluster = shop();
    const { watch, changes } = begin(cluster.api);
    await watch.ready;
    const before = watch.reading().snapshot.ingresses[0];
    cluster.apply(anIngress("web", { annotations: { a: "b" } }), "ingresses");
    cluster.apply(aService("api"), "services");
    await settled();
    await remove(cluster, `${INGRESSES}/web`);
    await settled();
    expect(said(changes)).toEqual(["~Ingress/web", "+Service/api", "-Ingress/web"]);
    expect(changes[0]?.[0]?.before).toBe(before);
    expect(changes[0]?.[0]?.after?.metadata.annotations).toEqual({ a: "b" });
  });

  it("keeps lists and objects that didn't change the same, and the reading when nothing did", async () => {
    const cluster = shop();
    const { watch, changes } = begin(cluster.api);
    await watch.ready;
    const before = watch.reading();
    expect(watch.reading()).toBe(before);
    cluster.apply(aNode("n", 5), "nodes");
    cluster.apply(noisy(aService("web")), "services");
    await settled();
    const afterNoise = watch.reading();
    expect(afterNoise).toBe(before);
    expect(changes).toEqual([]);
    cluster.apply(anIngress("other"), "ingresses");
    await settled();
    const after = watch.reading();
    expect(after.snapshot.services).toBe(afterNoise.snapshot.services);
    expect(after.snapshot.ingresses.find(({ metadata }) => metadata.name === "web")).toBe(before.snapshot.ingresses[0]);
    expect(after).not.toBe(afterNoise);
  });

  it("stays the same reading over lost connections, 410s and lists anew", async () => {
    const cluster = shop();
    const { watch, clock, changes } = begin(cluster.api);
    await watch.ready;
    const before = watch.reading();
    cluster.compact();
    cluster.endWatches();
    await clock.advance(1000);
    cluster.endWatches(new KubernetesError("reset", { outcome: "unknown" }));
    await clock.advance(5000);
    expect(watch.states().every(({ state }) => state?.is === "current" || state?.is === "behind")).toBe(true);
    expect(watch.reading()).toBe(before);
    expect(changes).toEqual([]);
    cluster.apply(anIngress("late"), "ingresses");
    await clock.advance(1000);
    expect(said(changes)).toEqual(["+Ingress/late"]);
  });

  it("says nothing more to who unsubscribed, nor after its end", async () => {
    const cluster = shop();
    const { watch, changes, stop } = begin(cluster.api);
    const second: unknown[] = [];
    const unsubscribe = watch.subscribe((batch) => void second.push(batch));
    await watch.ready;
    unsubscribe();
    cluster.apply(anIngress("a"), "ingresses");
    await settled();
    stop.abort();
    await watch.done;
    cluster.apply(anIngress("b"), "ingresses");
    await settled();
    expect(said(changes)).toEqual(["+Ingress/a"]);
    expect(second).toEqual([]);
  });

  it("isn't ready as long as a kind can't be read", async () => {
    const cluster = shop();
    let isDown = true;
    const call: KubernetesApi["call"] = async (request, options) => {
      if (isDown && request.path.endsWith("/services")) throw new KubernetesError("down", { outcome: "unknown" });
      return cluster.api.call(request, options);
    };
    const { watch, clock } = begin({ ...cluster.api, call });
    let ready = false;
    void watch.ready.then(() => {
      ready = true;
    });
    await clock.advance(3000);
    expect(ready).toBe(false);
    isDown = false;
    await clock.advance(30_000);
    expect(ready).toBe(true);
    expect(watch.reading().snapshot.services).toHaveLength(1);
  });
});

describe("what isn't allowed or installed", () => {
  it("doesn't keep it from being ready, and is told as in one reading", async () => {
    const cluster = simulatedCluster({
      allow: ({ resource }) => resource !== "services" && resource !== "nodes",
      missing: ["elbv2.k8s.aws/ingressclassparams"],
    });
    cluster.apply(anIngress("web"), "ingresses");
    const { watch } = begin(cluster.api);
    await watch.ready;
    const reading = await readCluster(cluster.api, { settings: DEFAULT_SETTINGS });
    expect(watch.reading()).toEqual(reading);
    expect(watch.reading().snapshot.unreadable?.kinds).toEqual([{ kind: "Service" }]);
  });

  it.each([403, 404])("objects that a starting server denies (%s) stay as they were last known", async (status) => {
    let denies = false;
    const cluster = simulatedCluster();
    cluster.apply(anIngress("web"), "ingresses");
    const deny = (): void => {
      if (denies) throw new KubernetesError("no", { status, outcome: "refused" });
    };
    const call: KubernetesApi["call"] = async (...args) => {
      deny();
      return cluster.api.call(...args);
    };
    const watchPort: KubernetesApi["watch"] = (...args) => {
      deny();
      return cluster.api.watch(...args);
    };
    const { watch, clock, changes } = begin({ call, watch: watchPort });
    await watch.ready;
    const before = watch.reading();
    denies = true;
    cluster.endWatches();
    await clock.advance(5000);
    expect(new Set(watch.states().map(({ state }) => state?.is))).toEqual(
      new Set(status === 403 ? ["forbidden"] : ["behind", "missing"]),
    );
    expect(watch.reading()).toBe(before);
    denies = false;
    cluster.apply(anIngress("late"), "ingresses");
    await clock.advance(60_000);
    expect(new Set(watch.states().map(({ state }) => state?.is))).toEqual(new Set(["current"]));
    expect(said(changes)).toEqual(["+Ingress/late"]);
  });
});

describe("Secrets", () => {
  const withSecrets = (): SimulatedCluster => {
    const cluster = shop();
    for (const name of ["one", "two", "other"]) {
      cluster.apply(aSecret(name, { clientID: name, clientSecret: "s" }), "secrets");
    }
    return cluster;
  };
  const secrets = ({ snapshot }: ClusterReading): string =>
    snapshot.secrets.map(({ metadata }) => metadata.name).join(" ");

  it("are watched while an annotation names them, and forgotten afterwards", async () => {
    const cluster = withSecrets();
    cluster.apply(oidcIngress("login", "one"), "ingresses");
    const { watch, changes } = begin(cluster.api);
    await watch.ready;
    expect(secrets(watch.reading())).toBe("one");
    cluster.apply(oidcIngress("login", "two"), "ingresses");
    await settled();
    expect(secrets(watch.reading())).toBe("two");
    cluster.apply(aSecret("two", { clientID: "new", clientSecret: "s" }), "secrets");
    await settled();
    cluster.apply(anIngress("login", { annotations: {} }), "ingresses");
    await settled();
    expect(secrets(watch.reading())).toBe("");
    expect(said(changes)).toEqual([
      "~Ingress/login",
      "-Secret/one",
      "+Secret/two",
      "~Secret/two",
      "~Ingress/login",
      "-Secret/two",
    ]);
    expect(watch.states().filter(({ kind }) => kind.kind === "Secret")).toEqual([]);
  });

  it("are there when the change that names them is told", async () => {
    const cluster = withSecrets();
    const { watch } = begin(cluster.api);
    await watch.ready;
    const known: string[] = [];
    watch.subscribe(() => void known.push(secrets(watch.reading())));
    cluster.apply(oidcIngress("login", "one"), "ingresses");
    await settled();
    expect(known).toEqual(["one"]);
  });

  it("that can't be read hold a change back for a second only", async () => {
    const cluster = withSecrets();
    const call: KubernetesApi["call"] = async (request, options) => {
      if (request.path.endsWith("/secrets")) throw new KubernetesError("down", { outcome: "unknown" });
      return cluster.api.call(request, options);
    };
    const { watch, clock, changes } = begin({ ...cluster.api, call });
    await watch.ready;
    cluster.apply(oidcIngress("login", "one"), "ingresses");
    await clock.advance(999);
    expect(changes).toEqual([]);
    await clock.advance(1);
    expect(said(changes)).toEqual(["+Ingress/login"]);
  });

  it("named by a Service count too", async () => {
    const cluster = withSecrets();
    const { watch } = begin(cluster.api);
    await watch.ready;
    const annotated = aService("web") as { metadata: object };
    const annotations = { [OIDC]: JSON.stringify({ secretName: "other" }) };
    cluster.apply({ ...annotated, metadata: { ...annotated.metadata, annotations } }, "services");
    await settled();
    expect(secrets(watch.reading())).toBe("other");
  });
});

/** A step of a random history. */
const aStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("put" as const),
      name: fc.constantFrom("a", "b", "c", "d"),
      value: fc.nat(3),
      kind: fc.constantFrom("ingresses", "services", "secrets"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("delete" as const),
      name: fc.constantFrom("a", "b", "c", "d"),
      kind: fc.constantFrom("ingresses", "services"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("compact" as const, "close" as const, "reset" as const, "bookmark" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fail" as const), calls: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), milliseconds: fc.nat(3000) }) },
);

test.prop([fc.array(aStep, { minLength: 5, maxLength: 40 })])(
  "ends as a fresh reading, and shares what stayed",
  async (steps) => {
    const cluster = shop();
    let failures = 0;
    const call: KubernetesApi["call"] = async (request, options) => {
      if (failures-- > 0) throw new KubernetesError("down", { outcome: "unknown" });
      return cluster.api.call(request, options);
    };
    const { watch, clock, changes, stop } = begin({ ...cluster.api, call });
    await watch.ready;
    const initial = watch.reading();
    for (const step of steps) {
      switch (step.do) {
        case "put":
          cluster.apply(objectOf(step.kind, step.name, step.value), step.kind);
          break;
        case "delete": {
          const root = step.kind === "ingresses" ? INGRESSES : "/api/v1/namespaces/shop/services";
          await remove(cluster, `${root}/${step.name}`).catch(() => {});
          break;
        }
        case "compact":
          cluster.compact();
          break;
        case "close":
          cluster.endWatches();
          break;
        case "reset":
          cluster.endWatches(new KubernetesError("reset", { outcome: "unknown" }));
          break;
        case "bookmark":
          cluster.bookmark();
          break;
        case "fail":
          failures = step.calls;
          break;
        case "wait":
          await clock.advance(step.milliseconds);
      }
    }
    failures = 0;
    await clock.advance(200_000);
    const reading = watch.reading();
    const fresh = await readCluster(cluster.api, { settings: DEFAULT_SETTINGS });
    expect(sorted(reading)).toEqual(sorted(fresh));
    expect(replayed(initial, changes)).toEqual(Object.fromEntries(objectsOf(fresh).map((each) => [keyOf(each), each])));
    expect(watch.reading()).toBe(reading);
    stop.abort();
    await watch.done;
  },
);

function objectOf(plural: string, name: string, value: number): object {
  if (plural === "services") return aService(name, "shop", { clusterIP: `10.0.0.${value}` });
  if (plural === "secrets") return aSecret(name, { clientID: `${value}`, clientSecret: "s" });
  const annotations = value === 0 ? {} : { [OIDC]: JSON.stringify({ secretName: ["a", "b", "c"][value - 1] }) };
  return anIngress(name, { annotations });
}

type Named = { readonly kind: string; readonly metadata: { readonly namespace?: string; readonly name: string } };

function objectsOf({
  snapshot: { unreadable: _, whole: _whole, ...lists },
  targetGroupBindings = [],
}: ClusterReading): readonly Named[] {
  return [...Object.values(lists).flat(), ...targetGroupBindings] as readonly Named[];
}

function keyOf({ kind, metadata: { namespace = "", name } }: Named): string {
  return `${kind}/${namespace}/${name}`;
}

function sorted(reading: ClusterReading): unknown {
  return [objectsOf(reading).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)), reading.diagnostics];
}

/** What somebody knows who began with a reading and heard the changes. */
function replayed(initial: ClusterReading, changes: readonly (readonly ObjectChange[])[]): object {
  const known = new Map(objectsOf(initial).map((each) => [keyOf(each), each]));
  for (const { before, after } of changes.flat()) {
    const key = keyOf((after ?? before) as Named);
    expect(known.get(key)).toBe(before);
    if (after === undefined) known.delete(key);
    else known.set(key, after);
  }
  return Object.fromEntries(known);
}
