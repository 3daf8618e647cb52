/** Writes to objects: what is sent, when nothing is, and who wins when two write at a time. */
import type { Ingress, Pod } from "@elbplan/core";
import { fakeClock } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import type { KubernetesApi, KubernetesRequest } from "../../src/cluster/api/kubernetes-api.ts";
import { KubernetesError } from "../../src/cluster/api/kubernetes-error.ts";
import { writeAnnotation } from "../../src/cluster/write/annotation.ts";
import { eventRecorder } from "../../src/cluster/write/events.ts";
import { addFinalizer, finalizerPatch, removeFinalizer } from "../../src/cluster/write/finalizers.ts";
import { hasOtherStatus, writeIngressStatus } from "../../src/cluster/write/ingress-status.ts";
import { gateCondition, gateWaited, readinessGate, writeGate } from "../../src/cluster/write/readiness-gate.ts";
import { type SimulatedCluster, simulatedCluster } from "../../src/simulated/simulated-cluster.ts";
import { anIngress } from "./objects.ts";

const INGRESSES = "networking.k8s.io/ingresses";
const PATH = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses/web";

/** A port that notes what is written and may do something before each write. */
function noting(api: KubernetesApi, before: (write: number) => unknown = () => {}) {
  const writes: KubernetesRequest[] = [];
  const call: KubernetesApi["call"] = async (request, options) => {
    if (request.method !== "GET") await before(writes.push(request));
    return api.call(request, options);
  };
  return { api: { ...api, call }, writes };
}

const stored = (cluster: SimulatedCluster): Ingress => cluster.objects(INGRESSES)[0] as unknown as Ingress;
const finalizersOf = (cluster: SimulatedCluster): readonly string[] => stored(cluster)?.metadata.finalizers ?? [];

function withIngress(metadata: object = {}): { cluster: SimulatedCluster; ingress: Ingress } {
  const cluster = simulatedCluster();
  return { cluster, ingress: cluster.apply(anIngress("web", metadata), "ingresses") as unknown as Ingress };
}

describe("finalizers", () => {
  const test = (value: unknown) => ({ op: "test", path: "/metadata/finalizers", value });
  const uid = { op: "test", path: "/metadata/uid", value: "u" };

  it.each([
    {
      name: "the first",
      before: undefined,
      wanted: ["a"],
      patch: [uid, test(null), { op: "add", path: "/metadata/finalizers", value: ["a"] }],
    },
    {
      name: "one more",
      before: ["a"],
      wanted: ["a", "b"],
      patch: [uid, test(["a"]), { op: "add", path: "/metadata/finalizers", value: ["a", "b"] }],
    },
    {
      name: "the last goes",
      before: ["a"],
      wanted: [],
      patch: [uid, test(["a"]), { op: "remove", path: "/metadata/finalizers" }],
    },
    { name: "nothing to do", before: ["a"], wanted: ["a"], patch: undefined },
    { name: "still none", before: [], wanted: [], patch: undefined },
  ])("$name", ({ before, wanted, patch }) => {
    expect(finalizerPatch({ uid: "u", ...(before && { finalizers: before }) }, wanted)).toEqual(patch);
  });

  it("are added and removed by one write each, beside those of others", async () => {
    const { cluster, ingress } = withIngress({ finalizers: ["other/x"] });
    const { api, writes } = noting(cluster.api);
    expect(await addFinalizer(api, ingress, "ours/y")).toBe("changed");
    expect(finalizersOf(cluster)).toEqual(["other/x", "ours/y"]);
    expect(await addFinalizer(api, stored(cluster), "ours/y")).toBe("kept");
    expect(await removeFinalizer(api, stored(cluster), "ours/y")).toBe("changed");
    expect(await removeFinalizer(api, stored(cluster), "ours/y")).toBe("kept");
    expect(finalizersOf(cluster)).toEqual(["other/x"]);
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([`PATCH ${PATH}`, `PATCH ${PATH}`]);
  });

  it("of somebody who was faster survive", async () => {
    const { cluster, ingress } = withIngress();
    const { api, writes } = noting(cluster.api, async (write) => {
      if (write === 1) await addFinalizer(cluster.api, stored(cluster), "other/x");
    });
    expect(await addFinalizer(api, ingress, "ours/y")).toBe("changed");
    expect(finalizersOf(cluster)).toEqual(["other/x", "ours/y"]);
    expect(writes).toHaveLength(2);
  });

  it("aren't fought over for ever", async () => {
    const { cluster, ingress } = withIngress();
    const { api, writes } = noting(cluster.api, (write) =>
      addFinalizer(cluster.api, stored(cluster), `other/${write}`),
    );
    await expect(addFinalizer(api, ingress, "ours/y")).rejects.toMatchObject({ status: 422 });
    expect(writes).toHaveLength(5);
  });

  it("of an object that was deleted and made anew are left alone", async () => {
    const { cluster, ingress } = withIngress({ finalizers: ["ours/y"] });
    await cluster.api.call({
      method: "PATCH",
      path: PATH,
      patchType: "application/merge-patch+json",
      body: { metadata: { finalizers: null } },
    });
    await cluster.api.call({ method: "DELETE", path: PATH });
    cluster.apply(anIngress("web", { finalizers: ["ours/y"] }), "ingresses");
    expect(await removeFinalizer(cluster.api, ingress, "ours/y")).toBe("gone");
    expect(finalizersOf(cluster)).toEqual(["ours/y"]);
  });

  it("the last one that goes lets a deleted object go", async () => {
    const { cluster, ingress } = withIngress({ finalizers: ["ours/y"] });
    await cluster.api.call({ method: "DELETE", path: PATH });
    expect(stored(cluster).metadata.deletionTimestamp).toBeDefined();
    expect(await addFinalizer(cluster.api, stored(cluster), "more/z")).toBe("deleting");
    expect(await removeFinalizer(cluster.api, ingress, "ours/y")).toBe("changed");
    expect(cluster.objects(INGRESSES)).toEqual([]);
    expect(await removeFinalizer(cluster.api, ingress, "ours/y")).toBe("gone");
  });

  it("an error that is none of these is the caller's", async () => {
    const { cluster, ingress } = withIngress();
    const { api } = noting(cluster.api, () => {
      throw new KubernetesError("down", { outcome: "unknown" });
    });
    await expect(addFinalizer(api, ingress, "ours/y")).rejects.toThrow("down");
  });
});

describe("the status of an Ingress", () => {
  const wanted = [{ hostname: "a", ports: [{ port: 80 }] }];
  const withStatus = (ingress: unknown): Ingress =>
    ({ ...anIngress(), status: { loadBalancer: { ingress } } }) as never;

  it.each([
    { name: "none", ingress: anIngress() as Ingress, differs: true },
    {
      name: "the same, with the protocol that the server fills in",
      ingress: withStatus([{ hostname: "a", ports: [{ port: 80, protocol: "" }] }]),
      differs: false,
    },
    { name: "another port", ingress: withStatus([{ hostname: "a", ports: [{ port: 81 }] }]), differs: true },
    { name: "one more", ingress: withStatus([...wanted, { hostname: "b" }]), differs: true },
    { name: "an address", ingress: withStatus([{ ip: "1.2.3.4" }]), differs: true },
  ])("differs from $name: $differs", ({ ingress, differs }) => {
    expect(hasOtherStatus(ingress, wanted)).toBe(differs);
  });

  it("is written once, and only the status", async () => {
    const { cluster, ingress } = withIngress({ annotations: { a: "b" } });
    const { api, writes } = noting(cluster.api);
    expect(await writeIngressStatus(api, ingress, wanted)).toBe(true);
    expect(stored(cluster)).toMatchObject({
      metadata: { annotations: { a: "b" } },
      status: { loadBalancer: { ingress: wanted } },
    });
    expect(await writeIngressStatus(api, stored(cluster), wanted)).toBe(false);
    expect(await writeIngressStatus(api, stored(cluster), [])).toBe(true);
    expect(stored(cluster).status?.loadBalancer?.ingress).toEqual([]);
    expect(writes.map(({ path }) => path)).toEqual([`${PATH}/status`, `${PATH}/status`]);
  });

  it("isn't written to another Ingress of the same name", async () => {
    const { cluster, ingress } = withIngress();
    await cluster.api.call({ method: "DELETE", path: PATH });
    cluster.apply(anIngress("web"), "ingresses");
    await expect(writeIngressStatus(cluster.api, ingress, wanted)).rejects.toThrow("uid");
    expect(stored(cluster).status).toBeUndefined();
  });
});

it("an annotation is set and removed beside others", async () => {
  const { cluster } = withIngress({ annotations: { a: "b" } });
  const write = { ingress: { kind: "Ingress", namespace: "shop", name: "web" }, annotation: "p/dry-run-plan" };
  await writeAnnotation(cluster.api, { ...write, value: "{}" });
  expect(stored(cluster).metadata.annotations).toEqual({ a: "b", "p/dry-run-plan": "{}" });
  await writeAnnotation(cluster.api, { ...write, value: null });
  expect(stored(cluster).metadata.annotations).toEqual({ a: "b" });
});

describe("events", () => {
  const stage = (before?: (write: number) => unknown) => {
    const cluster = simulatedCluster();
    const clock = fakeClock();
    const { api, writes } = noting(cluster.api, before);
    const record = eventRecorder(api, { clock, instance: "pod-1" });
    return { cluster, clock, writes, record, events: () => cluster.objects("/events") };
  };
  const ingress = { ...anIngress("web", { uid: "u" }), apiVersion: "networking.k8s.io/v1" } as Ingress;
  const failed = (message: string) => ({ object: ingress, reason: "FailedBuildModel" as const, message });

  it("are what kubectl shows", async () => {
    const { record, events } = stage();
    await record({ object: ingress, reason: "SuccessfullyReconciled", message: "Successfully reconciled" });
    const [event] = events();
    expect(event).toMatchObject({
      metadata: { namespace: "shop" },
      involvedObject: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace: "shop", name: "web", uid: "u" },
      type: "Normal",
      reason: "SuccessfullyReconciled",
      message: "Successfully reconciled",
      source: { component: "elbplan" },
      reportingInstance: "pod-1",
      firstTimestamp: "2030-01-01T00:00:00Z",
      lastTimestamp: "2030-01-01T00:00:00Z",
      count: 1,
    });
    expect(event?.metadata["name"]).toMatch(/^web\.[0-9a-f]{14,}$/);
  });

  it("are counted when they happen again, and told apart when they don't", async () => {
    const { record, events, clock, writes } = stage();
    for (const message of ["a", "a", "b", "a"]) {
      await record(failed(message));
      await clock.advance(1000);
    }
    expect(events().map(({ message, count, lastTimestamp }) => [message, count, lastTimestamp])).toEqual([
      ["a", 3, "2030-01-01T00:00:03Z"],
      ["b", 1, "2030-01-01T00:00:02Z"],
    ]);
    expect(writes.map(({ method }) => method)).toEqual(["POST", "PATCH", "POST", "PATCH"]);
  });

  it("are counted right when several come at a time", async () => {
    const { record, events } = stage();
    await Promise.all([1, 2, 3].map(() => record(failed("a"))));
    expect(events().map(({ count }) => count)).toEqual([3]);
  });

  it("are told anew when the server has forgotten them, or much later", async () => {
    const { record, events, clock, cluster } = stage();
    await record(failed("a"));
    const name = events()[0]?.metadata["name"];
    await cluster.api.call({ method: "DELETE", path: `/api/v1/namespaces/shop/events/${name}` });
    await record(failed("a"));
    expect(events().map(({ count }) => count)).toEqual([1]);
    await clock.advance(11 * 60_000);
    await record(failed("a"));
    expect(events().map(({ count }) => count)).toEqual([1, 1]);
  });

  it("that can't be written reject, and the next is written", async () => {
    const { record, events } = stage((write) => {
      if (write === 1) throw new KubernetesError("down", { outcome: "unknown" });
    });
    await expect(record(failed("a"))).rejects.toThrow("down");
    await record(failed("a"));
    expect(events().map(({ count }) => count)).toEqual([1]);
  });

  it("of cluster-scoped objects are in namespace default; long messages are cut", async () => {
    const { record, events } = stage();
    const object = { apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name: "x".repeat(253) } };
    await record({ object, reason: "FailedLoadGroupID", message: "é".repeat(2000) });
    const [event] = events();
    expect(event?.metadata["namespace"]).toBe("default");
    expect(String(event?.metadata["name"]).length).toBeLessThanOrEqual(253);
    expect(event?.["message"]).toHaveLength(1024);
  });

  it("don't fill the memory", async () => {
    const { record, writes } = stage();
    for (let index = 0; index < 5000; index++) await record(failed(`${index}`));
    // The first was forgotten, the last is counted on.
    await record(failed("0"));
    await record(failed("4999"));
    expect(writes.slice(-2).map(({ method }) => method)).toEqual(["POST", "PATCH"]);
  });
});

describe("readiness gates", () => {
  const gate = readinessGate("tgb");
  const pod = (conditions: readonly object[] = [], gates = [gate]): Pod =>
    ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "shop" },
      spec: { readinessGates: gates.map((conditionType) => ({ conditionType })) },
      status: { conditions },
    }) as never;
  const date = new Date(Date.UTC(2030, 0, 1));

  it.each([
    { name: "a Pod without the gate", of: pod([], []), condition: undefined },
    {
      name: "no condition yet",
      of: pod(),
      condition: { type: gate, status: "True", reason: "", message: "", lastTransitionTime: "2030-01-01T00:00:00Z" },
    },
    { name: "the same", of: pod([{ type: gate, status: "True" }]), condition: undefined },
    {
      name: "another reason: the time of the status stays",
      of: pod([{ type: gate, status: "True", reason: "x" }]),
      condition: { type: gate, status: "True", reason: "", message: "" },
    },
  ])("$name", ({ of, condition }) => {
    expect(gateCondition(of, gate, { status: "True" }, date)).toEqual(condition);
  });

  const since = "2029-12-31T23:59:30Z";
  it.each([
    {
      name: "since its condition said no",
      conditions: [{ type: gate, status: "False", lastTransitionTime: since }],
      waited: 30_000,
    },
    {
      name: "or nothing yet",
      conditions: [{ type: gate, status: "Unknown", lastTransitionTime: since }],
      waited: 30_000,
    },
    { name: "not when it is open", conditions: [{ type: gate, status: "True", lastTransitionTime: since }] },
    { name: "not if nobody told it so", conditions: [{ type: "Ready", status: "False", lastTransitionTime: since }] },
    { name: "not without a time", conditions: [{ type: gate, status: "False" }] },
    { name: "nor with a strange one", conditions: [{ type: gate, status: "False", lastTransitionTime: "soon" }] },
    {
      name: "nor one to come",
      conditions: [{ type: gate, status: "False", lastTransitionTime: "2031-01-01T00:00:00Z" }],
    },
  ])("a Pod waits: $name", ({ conditions, waited }) => {
    expect(gateWaited(pod(conditions), gate, date)).toBe(waited);
  });

  it("are written beside the conditions of others", async () => {
    const cluster = simulatedCluster();
    const ready = { type: "ContainersReady", status: "True" };
    const stored = cluster.apply(pod([ready]), "pods") as unknown as Pod;
    const state = { status: "False", reason: "Target.Draining", message: "m" } as const;
    expect(await writeGate(cluster.api, stored, gate, state, date)).toBe(true);
    const after = cluster.objects("/pods")[0] as unknown as Pod;
    expect(after.status?.conditions?.map(({ type, status }) => [type, status])).toEqual([
      ["ContainersReady", "True"],
      [gate, "False"],
    ]);
    expect(await writeGate(cluster.api, after, gate, state, date)).toBe(false);
  });
});
