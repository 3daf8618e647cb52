/** Writes to a real cluster, as elbplan's service account; and that the simulated cluster answers as the real one does. */
import type { Ingress, Pod } from "@elbplan/core";
import {
  addFinalizer,
  bindingSender,
  eventRecorder,
  type KubernetesApi,
  KubernetesError,
  type KubernetesRequest,
  LBC_LEASE,
  lbcLeader,
  leaderElection,
  OWN_LEASE,
  readinessGate,
  removeFinalizer,
  systemClock,
  writeAnnotation,
  writeGate,
  writeIngressStatus,
} from "@elbplan/k8s-source/cluster";
import { simulatedCluster } from "@elbplan/k8s-source/simulated-cluster";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { apply, collectionOf, deployed, type Manifest, patch, pathOf, remove, until } from "./deployed.ts";
import { ingress } from "./workload.ts";

let server: ApiServer;
let api: KubernetesApi;

beforeAll(async () => {
  server = await startApiServer();
  api = await deployed(server, "bindings");
  await apply(server.api, { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
}, 30 * 60_000);
afterAll(() => server?.stop());

const stored = (object: Manifest): Promise<Manifest> => server.api.call({ method: "GET", path: pathOf(object) });

describe("finalizers", () => {
  it("are added beside those of others, and hold a deletion until they go", async () => {
    const web = ingress("finalized", { finalizers: ["other.example.com/x"] });
    const created = (await apply(server.api, web)) as Ingress;
    expect(await addFinalizer(api, created, "ingress.k8s.aws/resources")).toBe("changed");
    expect((await stored(web)).metadata.finalizers).toEqual(["other.example.com/x", "ingress.k8s.aws/resources"]);
    await remove(server.api, web);
    const deleting = (await stored(web)) as Ingress;
    expect(deleting.metadata.deletionTimestamp).toBeDefined();
    expect(await addFinalizer(api, deleting, "group.ingress.k8s.aws/g")).toBe("deleting");
    expect(await removeFinalizer(api, deleting, "other.example.com/x")).toBe("changed");
    expect(await removeFinalizer(api, (await stored(web)) as Ingress, "ingress.k8s.aws/resources")).toBe("changed");
    await expect(stored(web)).rejects.toMatchObject({ status: 404 });
    expect(await removeFinalizer(api, deleting, "ingress.k8s.aws/resources")).toBe("gone");
  });

  it("of two writers at a time both survive", async () => {
    const created = (await apply(server.api, ingress("contended"))) as Ingress;
    const names = ["a.example.com/1", "b.example.com/2", "c.example.com/3", "d.example.com/4"];
    expect(await Promise.all(names.map((name) => addFinalizer(api, created, name)))).toEqual(Array(4).fill("changed"));
    expect((await stored(ingress("contended"))).metadata.finalizers.toSorted()).toEqual(names);
    await patch(server.api, ingress("contended"), { metadata: { finalizers: null } });
  });
});

describe("the status of an Ingress", () => {
  const wanted = [{ hostname: "k8s-shop.elb.amazonaws.com", ports: [{ port: 80 }, { port: 443 }] }];

  it("is what kubectl shows, and isn't written twice", async () => {
    const created = (await apply(server.api, ingress("status"))) as Ingress;
    expect(await writeIngressStatus(api, created, wanted)).toBe(true);
    const after = (await stored(ingress("status"))) as Ingress;
    const [entry] = after.status?.loadBalancer?.ingress ?? [];
    expect(entry?.hostname).toBe("k8s-shop.elb.amazonaws.com");
    expect(entry?.ports?.map(({ port }) => port)).toEqual([80, 443]);
    expect(await writeIngressStatus(api, after, wanted)).toBe(false);
    expect(after.metadata.generation).toBe(1);
  });

  it("isn't written to an Ingress that was made anew", async () => {
    const created = (await apply(server.api, ingress("anew"))) as Ingress;
    await remove(server.api, ingress("anew"));
    await apply(server.api, ingress("anew"));
    const error = await writeIngressStatus(api, created, wanted).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KubernetesError);
    expect((error as KubernetesError).outcome).toBe("refused");
    expect((await stored(ingress("anew"))).status.loadBalancer).toEqual({});
  });
});

it("an annotation is set and removed", async () => {
  await apply(server.api, ingress("annotated", { annotations: { mine: "1" } }));
  const write = {
    ingress: { kind: "Ingress", namespace: "shop", name: "annotated" },
    annotation: "alb.ingress.kubernetes.io/dry-run-plan",
  };
  await writeAnnotation(api, { ...write, value: '{"id":"x"}' });
  expect((await stored(ingress("annotated"))).metadata.annotations).toEqual({
    mine: "1",
    [write.annotation]: '{"id":"x"}',
  });
  await writeAnnotation(api, { ...write, value: null });
  expect((await stored(ingress("annotated"))).metadata.annotations).toEqual({ mine: "1" });
});

describe("events", () => {
  it("are one line each for `kubectl get events`, with a count", async () => {
    const created = (await apply(server.api, ingress("eventful"))) as Ingress;
    const record = eventRecorder(api, { instance: "pod-1" });
    const object = { ...created, apiVersion: "networking.k8s.io/v1" };
    for (let time = 0; time < 3; time++)
      await record({ object, reason: "FailedBuildModel", message: "Failed build model due to x" });
    await record({ object, reason: "SuccessfullyReconciled", message: "Successfully reconciled" });
    const { items } = (await server.api.call({
      method: "GET",
      path: "/api/v1/namespaces/shop/events",
      // As `kubectl describe ingress` asks.
      query: { fieldSelector: `involvedObject.name=eventful,involvedObject.uid=${created.metadata.uid}` },
    })) as Manifest;
    expect(
      items.map(({ type, reason, message, count, source }: Manifest) => [
        type,
        reason,
        message,
        count,
        source.component,
      ]),
    ).toEqual([
      ["Warning", "FailedBuildModel", "Failed build model due to x", 3, "elbplan"],
      ["Normal", "SuccessfullyReconciled", "Successfully reconciled", 1, "elbplan"],
    ]);
  });
});

it("a readiness gate's condition is written beside the kubelet's", async () => {
  const gate = readinessGate("binding");
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "gated", namespace: "shop" },
    spec: { containers: [{ name: "app", image: "app" }], readinessGates: [{ conditionType: gate }] },
    status: { conditions: [{ type: "ContainersReady", status: "True" }] },
  };
  const created = (await apply(server.api, pod)) as Pod;
  const state = { status: "False", reason: "Elb.InitialHealthChecking", message: "checking" } as const;
  expect(await writeGate(api, created, gate, state, new Date())).toBe(true);
  const after = (await stored(pod)) as Pod;
  expect(after.status?.conditions?.map(({ type, status }) => [type, status])).toEqual(
    expect.arrayContaining([
      ["ContainersReady", "True"],
      [gate, "False"],
    ]),
  );
  expect(await writeGate(api, after, gate, state, new Date())).toBe(false);
});

describe("bindings", () => {
  const binding = {
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: { namespace: "shop", name: "k8s-shop-web-0123456789", labels: { "ingress.k8s.aws/stack-name": "web" } },
    spec: {
      targetGroupARN: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/k8s-shop-web/1",
      targetType: "ip",
      serviceRef: { name: "web", port: 80 },
      networking: {
        ingress: [{ from: [{ securityGroup: { groupID: "sg-1" } }], ports: [{ protocol: "TCP", port: 8080 }] }],
      },
      nodeSelector: { matchLabels: { a: "b" } },
      ipAddressType: "ipv4",
      vpcID: "vpc-0123456789abcdef0",
      targetGroupProtocol: "HTTP",
    },
  };
  const callOf = (operation: string, input: object) => ({ service: "kubernetes", operation, input }) as never;

  it("are created, found, patched as a whole and deleted", async () => {
    const { send, find } = bindingSender(api, { settleMs: 20_000 });
    await send(callOf("create", binding));
    expect(await find(callOf("create", binding))).toMatchObject({
      arn: "shop/k8s-shop-web-0123456789",
      spec: { targetType: "ip" },
    });
    await expect(send(callOf("create", binding))).rejects.toMatchObject({ code: "AlreadyExists" });

    await patch(server.api, binding, {
      metadata: { annotations: { "elbv2.k8s.aws/checkpoint": "x" }, finalizers: ["elbv2.k8s.aws/resources"] },
    });
    const { nodeSelector: _, ...without } = binding.spec;
    const patching = send(callOf("patch", { ...binding, spec: without }));
    await until(async () => (await stored(binding)).metadata.generation === 2);
    const after = await stored(binding);
    expect(after.spec).toEqual(without);
    expect(after.metadata.annotations ?? {}).toEqual({});
    await patch(server.api, binding, { status: { observedGeneration: 2 } }, "status");
    await patching;

    const deleting = send(callOf("delete", binding));
    await until(async () => (await stored(binding)).metadata.deletionTimestamp !== undefined);
    await patch(server.api, binding, { metadata: { finalizers: null } });
    await deleting;
    await expect(stored(binding)).rejects.toMatchObject({ status: 404 });
  });
});

describe("Leases", () => {
  const candidate = (port: KubernetesApi, identity: string) =>
    leaderElection(port, { namespace: "elbplan-system", name: OWN_LEASE, identity, durationMs: 3000, retryMs: 500 });
  const held = (lost: AbortSignal): Promise<void> =>
    new Promise((resolve) => lost.addEventListener("abort", () => resolve(), { once: true }));

  it("of two candidates one leads; the other takes over when the first is cut off, never before", async () => {
    let isCutOff = false;
    const cut: KubernetesApi = {
      ...api,
      call: (request, options) => (isCutOff ? new Promise<never>(() => {}) : api.call(request, options)),
    };
    const stop = new AbortController();
    const first = candidate(cut, "first");
    const second = candidate(api, "second");
    const log: string[] = [];
    void first.lead(async (lost) => {
      log.push("first leads");
      await held(lost);
      log.push("first ends");
    }, stop.signal);
    await until(() => log.length === 1);
    void second.lead(async (lost) => {
      log.push("second leads");
      await held(lost);
    }, stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(log).toEqual(["first leads"]);
    isCutOff = true;
    const end = first.heldUntil();
    while (log.length < 3) {
      const now = systemClock.now();
      expect(first.heldUntil() > now && second.heldUntil() > now).toBe(false);
      if (now < end) expect(log).toEqual(["first leads"]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(log).toEqual(["first leads", "first ends", "second leads"]);
    stop.abort();
  }, 60_000);

  it("of LBC are seen wherever they are, as long as they are held", async () => {
    expect(await lbcLeader(api)).toEqual({ leads: false, looked: "everywhere" });
    const renewTime = new Date().toISOString().replace("Z", "000Z");
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { namespace: "shop", name: LBC_LEASE },
      spec: { holderIdentity: "lbc-0_1", leaseDurationSeconds: 15, renewTime },
    };
    await apply(server.api, lease);
    expect(await lbcLeader(api)).toEqual({ leads: true, namespace: "shop", holder: "lbc-0_1" });
    await patch(server.api, lease, { spec: { holderIdentity: "" } });
    expect(await lbcLeader(api)).toEqual({ leads: false, looked: "everywhere" });
    await remove(server.api, lease);
  });
});

describe("the simulated cluster", () => {
  const web = ingress("both");
  const path = pathOf(web);
  const json = "application/json-patch+json";
  const merge = "application/merge-patch+json";
  const uid = "00000000-0000-0000-0000-000000000000";

  /** Requests, one after another, whose answers must agree. */
  const script: readonly KubernetesRequest[] = [
    { method: "GET", path },
    { method: "PATCH", path, patchType: merge, body: {} },
    { method: "DELETE", path },
    { method: "POST", path: collectionOf(web), body: web },
    { method: "POST", path: collectionOf(web), body: web },
    { method: "GET", path },
    { method: "PATCH", path, patchType: json, body: [{ op: "test", path: "/metadata/finalizers", value: null }] },
    { method: "PATCH", path, patchType: json, body: [{ op: "test", path: "/metadata/finalizers", value: [] }] },
    { method: "PATCH", path, patchType: json, body: [{ op: "test", path: "/metadata/uid", value: uid }] },
    { method: "PATCH", path, patchType: json, body: [{ op: "remove", path: "/metadata/finalizers" }] },
    {
      method: "PATCH",
      path,
      patchType: json,
      body: [{ op: "add", path: "/metadata/finalizers", value: ["a.example.com/x", "b.example.com/y"] }],
    },
    {
      method: "PATCH",
      path,
      patchType: json,
      body: [{ op: "test", path: "/metadata/finalizers", value: ["a.example.com/x"] }],
    },
    { method: "PATCH", path, patchType: merge, body: { metadata: { resourceVersion: "1" } } },
    { method: "PATCH", path, patchType: merge, body: { metadata: { annotations: { a: "1", b: "2" } } } },
    { method: "PATCH", path, patchType: merge, body: { metadata: { annotations: { a: null } } } },
    { method: "PATCH", path: `${path}/status`, patchType: merge, body: { metadata: { uid }, status: {} } },
    {
      method: "PATCH",
      path: `${path}/status`,
      patchType: merge,
      body: { status: { loadBalancer: { ingress: [{ hostname: "h" }] } } },
    },
    { method: "PATCH", path, patchType: merge, body: { spec: { defaultBackend: { service: { name: "other" } } } } },
    { method: "GET", path: collectionOf(web), query: { fieldSelector: "metadata.name=both" } },
    { method: "GET", path: collectionOf(web), query: { fieldSelector: "metadata.name=none" } },
    { method: "DELETE", path },
    { method: "DELETE", path },
    { method: "PATCH", path, patchType: merge, body: { metadata: { finalizers: ["b.example.com/y"] } } },
    { method: "PATCH", path, patchType: merge, body: { metadata: { finalizers: null } } },
    { method: "GET", path },
  ];

  it("answers as the real one does", async () => {
    const simulated = simulatedCluster();
    for (const [index, request] of script.entries()) {
      const name = `${index} ${request.method} ${request.path} ${JSON.stringify(request.body ?? request.query ?? "")}`;
      expect(await answered(simulated.api, request), name).toEqual(await answered(server.api, request));
    }
  });

  /** What an answer says, without what every cluster chooses for itself. */
  async function answered(port: KubernetesApi, request: KubernetesRequest): Promise<unknown> {
    try {
      const answer = (await port.call(request)) as Manifest;
      return answer.items === undefined ? essence(answer) : answer.items.map(essence);
    } catch (error) {
      const { status } = error as KubernetesError;
      // 409 and 422 both say that it wasn't as expected; which of them, depends on what was.
      return { status: status === 422 ? 409 : status };
    }
  }

  function essence({ metadata, spec, status }: Manifest): unknown {
    const { name, namespace, annotations, finalizers, generation, deletionTimestamp } = metadata ?? {};
    return {
      name,
      namespace,
      annotations,
      finalizers,
      generation: spec === undefined ? undefined : generation,
      isDeleting: deletionTimestamp !== undefined,
      backend: spec?.defaultBackend?.service?.name,
      hostnames: (status?.loadBalancer?.ingress ?? []).map(({ hostname }: Manifest) => hostname),
    };
  }
});
