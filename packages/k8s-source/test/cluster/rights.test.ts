/** The table of rights holds what the code asks for: everything is run, every request is looked up in the table. */
import { readFileSync } from "node:fs";
import { DEFAULT_SETTINGS, type Ingress, type Pod } from "@elbplan/core";
import { fakeClock } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { lbcLeader } from "../../src/cluster/lease/lbc-leader.ts";
import { leaderElection } from "../../src/cluster/lease/leader-election.ts";
import { readCluster } from "../../src/cluster/read/read-cluster.ts";
import { allows, OWN_LEASE, RIGHTS, type Right } from "../../src/cluster/rights.ts";
import { watchCluster } from "../../src/cluster/watch/watch-cluster.ts";
import { writeAnnotation } from "../../src/cluster/write/annotation.ts";
import { eventRecorder } from "../../src/cluster/write/events.ts";
import { addFinalizer } from "../../src/cluster/write/finalizers.ts";
import { writeIngressStatus } from "../../src/cluster/write/ingress-status.ts";
import { readinessGate, writeGate } from "../../src/cluster/write/readiness-gate.ts";
import { bindingSender } from "../../src/cluster/write/send-binding.ts";
import { type SimulatedAccess, simulatedCluster } from "../../src/simulated/simulated-cluster.ts";
import { aClass, aSecret, oidcIngress } from "./objects.ts";

describe("rights", () => {
  const everything: readonly Right["for"][] = ["read", "run", "own", "oidc", "endpoints", "bindings"];

  it("are exactly what is used", async () => {
    const used = new Map<string, SimulatedAccess>();
    const clock = fakeClock();
    const cluster = simulatedCluster({
      clock,
      allow: (access) => {
        used.set(JSON.stringify([access.apiGroup, access.resource, access.verb, access.name]), access);
        return allows(RIGHTS, access);
      },
    });
    const { api } = cluster;
    cluster.apply(aClass(), "ingressclasses");
    cluster.apply(aSecret("login", { clientID: "i", clientSecret: "s" }), "secrets");
    const ingress = cluster.apply(oidcIngress("web", "login"), "ingresses") as unknown as Ingress;
    const gate = readinessGate("b");
    const pod = cluster.apply(
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", namespace: "shop" },
        spec: { readinessGates: [{ conditionType: gate }] },
      },
      "pods",
    ) as unknown as Pod;

    for (const enableEndpointSlices of [true, false]) {
      const settings = { ...DEFAULT_SETTINGS, enableEndpointSlices };
      const { diagnostics } = await readCluster(api, { settings });
      expect(diagnostics).toEqual([]);
      const stop = new AbortController();
      const watch = watchCluster(api, { settings, signal: stop.signal, clock });
      await watch.ready;
      await clock.advance(10);
      expect(watch.states().map(({ state }) => state?.is)).not.toContain("forbidden");
      stop.abort();
      await watch.done;
    }
    const stale = { ...ingress, metadata: { ...ingress.metadata, finalizers: ["stale/x"] } };
    await addFinalizer(api, stale, "f/x");
    await writeIngressStatus(api, ingress, [{ hostname: "h", ports: [{ port: 80 }] }]);
    await writeAnnotation(api, {
      ingress: { kind: "Ingress", namespace: "shop", name: "web" },
      annotation: "a",
      value: "b",
    });
    await writeGate(api, pod, gate, { status: "True" }, clock.date());
    const record = eventRecorder(api, { clock });
    const event = { object: ingress, reason: "FailedBuildModel", message: "m" } as const;
    await record(event);
    await record(event);
    await lbcLeader(api, { clock });
    const election = leaderElection(api, { namespace: "elbplan-system", name: OWN_LEASE, identity: "a", clock });
    await election.lead(async () => {}, new AbortController().signal);
    const binding = {
      metadata: { namespace: "shop", name: "b", labels: {} },
      spec: { serviceRef: { name: "s", port: 1 } },
    };
    const { send } = bindingSender(api, { clock, settleMs: 0 });
    const input = { apiVersion: "elbv2.k8s.aws/v1beta1", kind: "TargetGroupBinding", ...binding };
    await send({ service: "kubernetes", operation: "create", input });
    await send({ service: "kubernetes", operation: "patch", input }).catch((error) =>
      expect(error.code).toBe("NotSettled"),
    );
    await send({ service: "kubernetes", operation: "delete", input });

    const accesses = [...used.values()];
    expect(accesses.filter((access) => !allows(RIGHTS, access))).toEqual([]);
    // And nothing is granted that nothing asks for.
    const unused = RIGHTS.flatMap(({ verbs, ...right }) =>
      verbs
        .filter((verb) => !accesses.some((access) => access.verb === verb && allows([{ ...right, verbs }], access)))
        .map((verb) => `${verb} ${right.resource}`),
    );
    expect(unused).toEqual([]);
    expect(new Set(RIGHTS.map((right) => right.for))).toEqual(new Set(everything));
  });

  it("are documented", () => {
    const page = readFileSync(new URL("../../../../docs/cluster.md", import.meta.url), "utf8");
    const rows = page
      .split("\n")
      .filter((line) => line.startsWith("| ") && / \| (read|run|own|oidc|endpoints|bindings) \|$/.test(line));
    expect(rows).toEqual(
      RIGHTS.map(({ apiGroup, resource, verbs, resourceNames, for: purpose }) =>
        `| ${apiGroup || "core"} | ${resource} | ${verbs.join(", ")} | ${resourceNames?.join(", ") ?? ""} | ${purpose} |`.replace(
          "|  |",
          "| |",
        ),
      ),
    );
  });

  it.each([
    { name: "another verb", access: { verb: "delete", apiGroup: "networking.k8s.io", resource: "ingresses" } },
    { name: "another group", access: { verb: "list", apiGroup: "extensions", resource: "ingresses" } },
    { name: "another name", access: { verb: "list", apiGroup: "coordination.k8s.io", resource: "leases", name: "x" } },
    {
      name: "no name where one is asked for",
      access: { verb: "list", apiGroup: "coordination.k8s.io", resource: "leases" },
    },
    { name: "the object itself for its status", access: { verb: "patch", apiGroup: "", resource: "pods" } },
  ] as const)("don't allow $name", ({ access }) => {
    expect(allows(RIGHTS, access)).toBe(false);
  });
});
