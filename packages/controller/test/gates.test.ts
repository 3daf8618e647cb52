/** Readiness gates are written as the health of targets says, and the time that a Pod waited is told once. */
import type { ClusterSnapshot, Pod, Stack, Target } from "@elbplan/core";
import { DEFAULT_SETTINGS } from "@elbplan/core";
import { simulatedCluster } from "@elbplan/k8s-source/simulated-cluster";
import { fakeClock } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import type { ControllerEvent } from "../src/events.ts";
import { writeGates } from "../src/gates.ts";
import type { ReconcileContext } from "../src/reconcile-context.ts";

const NAME = "k8s-shop-web";
const GATE = `target-health.elbv2.k8s.aws/${NAME}`;
const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "shop", name: "web-1" },
  spec: { readinessGates: [{ conditionType: GATE }] },
};
const SLICE = {
  metadata: { namespace: "shop", name: "web-x", labels: { "kubernetes.io/service-name": "web" } },
  endpoints: [{ addresses: ["10.0.0.7"], targetRef: { kind: "Pod", namespace: "shop", name: "web-1" } }],
};
const STACK = {
  id: "shop/web",
  resources: {
    "targetGroupBinding/web": {
      kind: "targetGroupBinding",
      id: "web",
      spec: { targetType: "ip", name: NAME, namespace: "shop", serviceRef: { name: "web", port: 80 } },
    },
  },
} as unknown as Stack;
const TAGS = {
  "elbv2.k8s.aws/cluster": "test",
  "ingress.k8s.aws/stack": "shop/web",
  "ingress.k8s.aws/resource": "web",
};

function world() {
  const clock = fakeClock();
  const cluster = simulatedCluster({ clock });
  cluster.apply(POD, "pods");
  const events: ControllerEvent[] = [];
  let state: Target["state"] = "initial";
  const settings = { ...DEFAULT_SETTINGS, clusterName: "test", targetRegistration: "direct" };
  const look = (): Promise<number | undefined> => {
    const pods = cluster.objects("/pods") as unknown as readonly Pod[];
    const snapshot = { pods, endpointSlices: [SLICE] } as unknown as ClusterSnapshot;
    const inventory = { targetGroups: { arn: { arn: "arn", spec: { tags: TAGS } } } };
    const context = {
      ...{ settings, clock, targetsMs: 15_000, signal: new AbortController().signal, kubernetes: cluster.api },
      knowledge: {
        known: () => ({ snapshot, inventory, graph: { settings } }),
        targetHealth: async () => [{ id: "10.0.0.7", port: 80, state }],
      },
      emit: (event: ControllerEvent) => events.push(event),
    } as unknown as ReconcileContext;
    return writeGates(context, STACK);
  };
  const becomes = (next: Target["state"]): void => {
    state = next;
  };
  const condition = () => (cluster.objects("/pods")[0] as unknown as Pod).status?.conditions?.at(-1);
  return { clock, events, look, becomes, condition };
}

describe("a Pod with a readiness gate", () => {
  it("waits until its target is healthy; then it is told how long, once", async () => {
    const { clock, events, look, becomes, condition } = world();
    expect(await look()).toBe(15_000);
    expect(condition()).toMatchObject({ type: GATE, status: "False" });
    await clock.advance(42_000);
    expect(await look()).toBe(15_000);
    expect(events).toEqual([]);
    becomes("healthy");
    expect(await look()).toBeUndefined();
    expect(condition()).toMatchObject({ type: GATE, status: "True" });
    expect(events).toEqual([{ type: "gate", namespace: "shop", name: NAME, pod: "web-1", milliseconds: 42_000 }]);
    await look();
    expect(events).toHaveLength(1);
  });

  it("that never waited has nothing to tell", async () => {
    const { events, look, becomes } = world();
    becomes("healthy");
    expect(await look()).toBeUndefined();
    expect(events).toEqual([]);
  });
});
