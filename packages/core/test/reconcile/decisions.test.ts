/** What a controller decides, as tables. */
import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnostics/diagnose.ts";
import type { Target } from "../../src/model/inventory.ts";
import type { Ingress } from "../../src/model/kubernetes.ts";
import { affectedGroups, concernsGroup, groupsOfIngresses } from "../../src/reconcile/affected-groups.ts";
import { afterRun, type EndedRun } from "../../src/reconcile/after-run.ts";
import { carries, groupFinalizer } from "../../src/reconcile/finalizer.ts";
import { failureMessage } from "../../src/reconcile/group-message.ts";
import { ingressStatus } from "../../src/reconcile/ingress-status.ts";
import { gatedPods, gateState } from "../../src/reconcile/readiness-gate.ts";
import { carryOut } from "../fixtures/carry-out.ts";
import { CLUSTER, graphOf, SETTINGS } from "../fixtures/graph.ts";

const ingress = (metadata: object = {}, more: object = {}): Ingress =>
  ({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { namespace: "shop", name: "web", uid: "u", ...metadata },
    ...more,
  }) as Ingress;

describe("finalizers", () => {
  it("are LBC's: one for Ingresses by themselves, one for each group", () => {
    expect(groupFinalizer({ id: "shop/web", explicit: false })).toBe("ingress.k8s.aws/resources");
    expect(groupFinalizer({ id: "team", explicit: true })).toBe("group.ingress.k8s.aws/team");
  });

  it("are carried or not", () => {
    expect(carries(ingress({ finalizers: ["a", "b"] }), "b")).toBe(true);
    expect(carries(ingress(), "b")).toBe(false);
  });
});

describe("the status of Ingresses", () => {
  const graph = graphOf([{ id: "shop/web", members: ["shop/web"], listeners: { 8443: {}, 80: {} } }]);
  const { account } = carryOut(graph);
  const [balancer] = Object.values(account.loadBalancers);
  const stack = { id: "shop/web", listenerPorts: [8443, 80] };

  it("is the load balancer's name in lower case with the ports in order", () => {
    expect(ingressStatus(stack, account, SETTINGS)).toEqual([
      { hostname: balancer?.dnsName.toLowerCase(), ports: [{ port: 80 }, { port: 8443 }] },
    ]);
  });

  it("has a second entry, without ports, for a network load balancer in front", () => {
    const front = { ...balancer, arn: "nlb", dnsName: "Front.ELB", spec: { ...balancer?.spec, type: "network" } };
    const loadBalancers = { nlb: front, ...account.loadBalancers } as unknown as typeof account.loadBalancers;
    expect(ingressStatus(stack, { loadBalancers }, SETTINGS)?.[1]).toEqual({ hostname: "front.elb" });
  });

  it.each([
    { name: "another group's", stack: { ...stack, id: "shop/other" }, clusterName: CLUSTER },
    { name: "another cluster's", stack, clusterName: "other" },
  ])("isn't $name", ({ stack: of, clusterName }) => {
    expect(ingressStatus(of, account, { clusterName })).toBeUndefined();
  });
});

describe("after a run", () => {
  const wait = (until: EndedRun["waiting"][number]["until"], againInMilliseconds: number) => ({
    until,
    againInMilliseconds,
  });
  it.each<
    Omit<EndedRun, "left"> & Partial<EndedRun> & { readonly name: string; readonly after: ReturnType<typeof afterRun> }
  >([
    {
      name: "everything done",
      state: "done",
      waiting: [],
      after: { outcome: "done", writeStatus: true, release: true },
    },
    {
      name: "something refused",
      state: "failed",
      waiting: [wait("targets-healthy", 5)],
      after: { outcome: "failed", writeStatus: false, release: false },
    },
    {
      name: "stopped",
      state: "stopped",
      waiting: [],
      after: { outcome: "failed", writeStatus: false, release: false },
    },
    {
      name: "warming up",
      state: "waiting",
      waiting: [wait("targets-drained", 60_000), wait("targets-healthy", 5000)],
      after: { outcome: "waiting", writeStatus: true, release: false, againInMilliseconds: 5000 },
    },
    {
      name: "draining only",
      state: "waiting",
      waiting: [wait("targets-drained", 60_000), wait("targets-drained", 30_000)],
      after: { outcome: "done", writeStatus: true, release: true, againInMilliseconds: 30_000 },
    },
    {
      name: "warming up when nothing more is to go",
      state: "waiting",
      waiting: [wait("targets-healthy", 5000)],
      left: ["wait", "modifyRule"],
      after: { outcome: "waiting", writeStatus: true, release: true, againInMilliseconds: 5000 },
    },
  ])("$name", ({ state, waiting, left = ["wait", "setRulePriorities", "deleteRule"], after }) => {
    expect(afterRun({ state, waiting, left })).toEqual(after);
  });
});

describe("a change of an Ingress", () => {
  const before = ingress({ annotations: { a: "1" }, finalizers: [] }, { spec: { ingressClassName: "alb" } });
  it.each([
    { name: "new", before: undefined, after: before },
    { name: "gone", before, after: undefined, concerns: false },
    { name: "made anew", before, after: { ...before, metadata: { ...before.metadata, uid: "v" } } },
    { name: "being deleted", before, after: { ...before, metadata: { ...before.metadata, deletionTimestamp: "t" } } },
    {
      name: "another annotation",
      before,
      after: { ...before, metadata: { ...before.metadata, annotations: { a: "2" } } },
    },
    { name: "another spec", before, after: { ...before, spec: {} } },
    {
      name: "a finalizer",
      before,
      after: { ...before, metadata: { ...before.metadata, finalizers: ["x"] } },
      concerns: false,
    },
    { name: "the status", before, after: { ...before, status: {} }, concerns: false },
    {
      name: "a label",
      before,
      after: { ...before, metadata: { ...before.metadata, labels: { a: "b" } } },
      concerns: false,
    },
  ])("$name", ({ before: old, after, concerns = true }) => {
    expect(concernsGroup(old, after as Ingress | undefined)).toBe(concerns);
  });

  it("concerns the groups that it is a member of, and those that it left", () => {
    const group = (id: string, members: readonly string[], inactiveMembers: readonly string[] = []) => ({
      id,
      members,
      inactiveMembers,
    });
    const old = groupsOfIngresses(graphOf([group("a", ["shop/web"]), group("b", ["shop/other"])]));
    const now = groupsOfIngresses(graphOf([group("a", [], ["shop/web"]), group("c", ["shop/web"])]));
    expect([...affectedGroups([ingress()], old, now)].toSorted()).toEqual(["a", "c"]);
    expect([...affectedGroups([ingress({ name: "nowhere" })], old, now)]).toEqual([]);
  });
});

describe("what an event says", () => {
  const error = (message: string) => diagnose("plan.delete-not-allowed", message);
  it("begins as LBC's do, and tells three errors and how many more", () => {
    expect(failureMessage("build", [error("A.")])).toBe("Failed build model due to A.");
    expect(failureMessage("deploy", ["A.", "B.", "C.", "D.", "E."].map(error))).toBe(
      "Failed deploy model due to A. B. C. and 2 more",
    );
  });
});

describe("a readiness gate", () => {
  it.each<{ readonly states: readonly Target["state"][]; readonly status: string; readonly reason: string }>([
    { states: [], status: "Unknown", reason: "NotRegistered" },
    { states: ["initial"], status: "False", reason: "InitialHealthChecking" },
    { states: ["healthy"], status: "True", reason: "Healthy" },
    { states: ["healthy", "initial"], status: "False", reason: "InitialHealthChecking" },
    { states: ["healthy", "unhealthy", "initial"], status: "False", reason: "Unhealthy" },
    { states: ["unused"], status: "False", reason: "NotInUse" },
  ])("of targets that are $states is $status", ({ states, status, reason }) => {
    expect(gateState(states)).toEqual({ status, reason });
  });

  it("is looked for only at Pods that have one for a binding of the group", () => {
    const binding = (targetType: "ip" | "instance") => ({
      kind: "targetGroupBinding" as const,
      id: "shop/web-web:80",
      spec: { namespace: "shop", name: "tg", targetType, serviceRef: { name: "web", port: 80 } },
    });
    const pod = (name: string, gates: readonly string[]) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace: "shop", name },
      spec: { readinessGates: gates.map((conditionType) => ({ conditionType })) },
    });
    const endpoint = (name: string, address: string) => ({
      addresses: [address],
      targetRef: { kind: "Pod", namespace: "shop", name },
    });
    const snapshot = {
      pods: [
        pod("a", ["target-health.elbv2.k8s.aws/tg"]),
        pod("b", ["target-health.elbv2.k8s.aws/else"]),
        pod("c", []),
      ],
      endpointSlices: [
        {
          metadata: { namespace: "shop", name: "web-1", labels: { "kubernetes.io/service-name": "web" } },
          endpoints: [endpoint("a", "10.0.0.1"), endpoint("b", "10.0.0.2"), endpoint("c", "10.0.0.3")],
        },
        {
          metadata: { namespace: "shop", name: "else-1", labels: { "kubernetes.io/service-name": "else" } },
          endpoints: [endpoint("a", "10.0.0.9")],
        },
      ],
    };
    const of = (type: "ip" | "instance") =>
      gatedPods({ resources: { "targetGroupBinding/shop/web-web:80": binding(type) } } as never, snapshot as never);
    expect(of("ip").map(({ pod: { metadata }, ...rest }) => ({ pod: metadata.name, ...rest }))).toEqual([
      {
        pod: "a",
        gate: "target-health.elbv2.k8s.aws/tg",
        targetGroup: "targetGroup/shop/web-web:80",
        addresses: ["10.0.0.1"],
      },
    ]);
    expect(of("instance")).toEqual([]);
  });
});
