/** Calls of service `kubernetes`, as the core makes them, on a cluster. */
import { type Action, callFor, type TargetGroupBindingSpec } from "@elbplan/core";
import { fakeClock, settled } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { bindingSender } from "../../src/cluster/write/send-binding.ts";
import { type SimulatedCluster, simulatedCluster } from "../../src/simulated/simulated-cluster.ts";

const BINDINGS = "elbv2.k8s.aws/targetgroupbindings";
const PATH = "/apis/elbv2.k8s.aws/v1beta1/namespaces/shop/targetgroupbindings/k8s-shop-web-1";

const spec: TargetGroupBindingSpec = {
  namespace: "shop",
  name: "k8s-shop-web-1",
  labels: { "ingress.k8s.aws/stack": "s" },
  targetGroupArn: "arn:tg",
  targetType: "ip",
  serviceRef: { name: "web", port: 80 },
  networking: { ingress: [{ from: [{ securityGroupId: "sg-1" }], ports: [{ protocol: "TCP", port: 8080 }] }] },
  nodeSelector: { matchLabels: { a: "b" } },
  ipAddressType: "ipv4",
  vpcId: "vpc-1",
  targetGroupProtocol: "HTTP",
};

function callOf(kind: string, details: object) {
  const call = callFor({ kind, details } as unknown as Action);
  if (call === null) throw new Error(`${kind} makes no call`);
  return call;
}
const create = callOf("createTargetGroupBinding", { spec });
const { nodeSelector: _, ...without } = spec;
const patch = callOf("patchTargetGroupBinding", { spec: { ...without, labels: { other: "l" } } });
const remove = callOf("deleteTargetGroupBinding", { namespace: "shop", name: "k8s-shop-web-1" });

function stage() {
  const cluster = simulatedCluster();
  const clock = fakeClock();
  return { cluster, clock, ...bindingSender(cluster.api, { clock }) };
}
const stored = (cluster: SimulatedCluster) => cluster.objects(BINDINGS)[0] as { metadata: object; spec: object };
const observe = (cluster: SimulatedCluster, observedGeneration: number) =>
  cluster.api.call({
    method: "PATCH",
    path: `${PATH}/status`,
    patchType: "application/merge-patch+json",
    body: { status: { observedGeneration } },
  });

describe("a creation", () => {
  it("is found again as an inventory has it", async () => {
    const { send, find } = stage();
    expect(await find(create)).toBeUndefined();
    await send(create);
    expect(await find(create)).toEqual({ arn: "shop/k8s-shop-web-1", spec });
  });

  it("of what is there already is refused by its name", async () => {
    const { send } = stage();
    await send(create);
    await expect(send(create)).rejects.toMatchObject({ code: "AlreadyExists", outcome: "refused" });
  });
});

describe("a patch", () => {
  it("replaces labels and spec as a whole, drops annotations, and waits until the controller has seen it", async () => {
    const { cluster, clock, send } = stage();
    await send(create);
    const annotations = { "elbv2.k8s.aws/checkpoint": "x" };
    cluster.apply(
      { ...stored(cluster), metadata: { ...stored(cluster).metadata, annotations } },
      "targetgroupbindings",
    );
    let done = false;
    const sending = send(patch).then(() => {
      done = true;
    });
    await clock.advance(5000);
    expect(done).toBe(false);
    expect(stored(cluster)).toMatchObject({ metadata: { labels: { other: "l" }, annotations: {} } });
    expect(stored(cluster).metadata).not.toHaveProperty(["labels", "ingress.k8s.aws/stack"]);
    expect(stored(cluster).spec).not.toHaveProperty("nodeSelector");
    await observe(cluster, 1);
    await clock.advance(400);
    expect(done).toBe(false);
    await observe(cluster, 2);
    await clock.advance(400);
    await sending;
  });

  it("that no controller acts on fails after a minute, its outcome unknown", async () => {
    const { clock, send } = stage();
    await send(create);
    const failed = send(patch).catch((error: unknown) => error);
    await clock.advance(61_000);
    expect(await failed).toMatchObject({ code: "NotSettled", outcome: "unknown" });
  });
});

describe("a deletion", () => {
  it("is over when the object is gone", async () => {
    const { cluster, send } = stage();
    await send(create);
    await send(remove);
    expect(cluster.objects(BINDINGS)).toEqual([]);
    await send(remove);
  });

  it("waits for the finalizer of the binding's controller", async () => {
    const { cluster, clock, send } = stage();
    await send(create);
    const finalizers = ["elbv2.k8s.aws/resources"];
    cluster.apply({ ...stored(cluster), metadata: { ...stored(cluster).metadata, finalizers } }, "targetgroupbindings");
    let done = false;
    const sending = send(remove).then(() => {
      done = true;
    });
    await clock.advance(1000);
    expect(done).toBe(false);
    const body = { metadata: { finalizers: null } };
    await cluster.api.call({ method: "PATCH", path: PATH, patchType: "application/merge-patch+json", body });
    await clock.advance(400);
    await sending;
  });

  it("stops waiting when it is called off", async () => {
    const { clock, send } = stage();
    await send(create);
    const stop = new AbortController();
    const sending = send(patch, { signal: stop.signal });
    await settled();
    stop.abort(new Error("called off"));
    await expect(sending).rejects.toThrow("called off");
    expect(clock.due()).toEqual([]);
  });
});

it("a name that isn't resolved, or another operation, is a bug", async () => {
  const { send } = stage();
  const unresolved = callOf("createTargetGroupBinding", { spec: { ...spec, name: { ref: "x", field: "name" } } });
  await expect(send(unresolved)).rejects.toThrow("isn't resolved");
  await expect(send({ ...create, operation: "replace" })).rejects.toThrow("no call replace");
});
