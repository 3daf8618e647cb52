/** The loop as a whole, on a cluster and an account in memory. */
import { AwsError } from "@elbplan/aws-executor";
import type { Account } from "@elbplan/core";
import { facts as factsOf, faultyExecutor, ingress, service } from "@elbplan/testing";
import { afterEach, describe, expect, it } from "vitest";
import { createWorld, type Running, type World } from "./world.ts";

let running: Running | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const begin = async (world: World, options: Parameters<World["start"]>[0] = {}): Promise<Running> => {
  running = world.start(options);
  await running.quiet();
  return running;
};
const loadBalancers = (account: Account): readonly string[] =>
  Object.values(account.loadBalancers).map(({ spec }) => spec.tags?.["ingress.k8s.aws/stack"] ?? "");
const rules = ({ listenerRules }: Account): readonly string[] =>
  Object.values(listenerRules)
    .toSorted((a, b) => a.spec.priority - b.spec.priority)
    .map(({ spec }) =>
      spec.conditions.flatMap((one) => ("pathPatternConfig" in one ? one.pathPatternConfig.values : [])).join(),
    );
const outcomes = (world: World, group: string): readonly string[] =>
  world.events.flatMap((event) => (event.type === "reconciled" && event.group === group ? [event.outcome] : []));
const inGroup = (name: string, path: string, more: { readonly [name: string]: string } = {}) =>
  ingress({ name, annotations: { "group.name": "team", ...more }, rules: { "*": { [path]: "web:80" } } });

describe("an Ingress", () => {
  it("gets a load balancer, its status, its finalizer and an event", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    await begin(world);
    const [loadBalancer] = Object.values(world.account().loadBalancers);
    expect(world.stored(ingress())).toMatchObject({
      metadata: { finalizers: ["ingress.k8s.aws/resources"] },
      status: {
        loadBalancer: { ingress: [{ hostname: loadBalancer?.dnsName.toLowerCase(), ports: [{ port: 80 }] }] },
      },
    });
    expect(world.told()).toEqual(["SuccessfullyReconciled web: Successfully reconciled"]);
    expect(world.events.filter((event) => event.type === "failed")).toEqual([]);
    expect(world.kubernetesWrites).toEqual([
      "PATCH /apis/networking.k8s.io/v1/namespaces/default/ingresses/web",
      "PATCH /apis/networking.k8s.io/v1/namespaces/default/ingresses/web/status",
    ]);
  });

  it("is changed by one call when its path changes, and AWS isn't asked for anything", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world);
    const [reads, writes] = [world.reads.length, world.writes.length];
    world.apply(ingress({ rules: { "*": { "/cart": "web:80" } } }));
    await quiet();
    expect(world.writes.slice(writes)).toEqual(["modifyRule listenerRule/80:1"]);
    expect(world.reads.slice(reads)).toEqual([]);
  });

  it("takes everything with it when it is deleted, and is held until then", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world);
    await world.remove(ingress());
    expect(world.stored(ingress())?.metadata.finalizers).toEqual(["ingress.k8s.aws/resources"]);
    await quiet();
    expect(world.stored(ingress())).toBeUndefined();
    const { loadBalancers: left, targetGroups, securityGroups } = world.account();
    expect([left, targetGroups, securityGroups]).toEqual([{}, {}, {}]);
  });

  it("that was deleted and made anew under its name is held and told as well", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world);
    await world.remove(ingress());
    await quiet();
    world.apply(ingress());
    await quiet();
    expect(world.stored(ingress())).toMatchObject({
      metadata: { finalizers: ["ingress.k8s.aws/resources"] },
      status: { loadBalancer: { ingress: [{ ports: [{ port: 80 }] }] } },
    });
    expect(loadBalancers(world.account())).toEqual(["default/web"]);
  });

  it("that is broken hears why; what exists of it stays until it is mended", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world);
    const before = world.account();
    world.apply(ingress({ annotations: { scheme: "outside" } }));
    await expect.poll(() => world.told().join("\n")).toContain("FailedBuildModel web: Failed build model due to");
    expect(world.account()).toEqual(before);
    world.apply(ingress());
    await quiet();
    expect(outcomes(world, "default/web").at(-1)).toBe("done");
    expect(world.told().filter((text) => text.startsWith("SuccessfullyReconciled"))).toHaveLength(1);
  });

  it("that can't be put into a group hears that", async () => {
    const world = createWorld();
    world.apply(service(), ingress({ className: "alb", annotations: { "group.name": "No Name" } }));
    await begin(world);
    expect(world.told()).toHaveLength(1);
    expect(world.told()[0]).toMatch(/^FailedLoadGroupID web: .*"No Name"/);
    expect(world.writes).toEqual([]);
  });

  it("waits for a certificate that isn't there yet, and gets it without being touched", async () => {
    const certificates = factsOf({ certificates: ["shop.example.com"] }).certificates;
    let known = factsOf();
    const facts = () => known;
    const world = createWorld({ facts });
    const secured = ingress({
      annotations: { "listen-ports": '[{"HTTPS":443}]' },
      rules: { "shop.example.com": { "/": "web:80" } },
    });
    world.apply(service(), secured);
    // Certificates are asked for again after a minute; this clock makes it sooner.
    await begin(world, { clock: fast(600) }).catch(() => {});
    expect(world.told().some((text) => text.startsWith("FailedBuildModel"))).toBe(true);
    known = { ...known, certificates };
    await expect.poll(() => outcomes(world, "default/web").at(-1), { timeout: 20_000 }).toBe("done");
    expect(Object.values(world.account().listeners).map(({ spec }) => spec.certificates?.[0])).toEqual([
      certificates[0]?.arn,
    ]);
  });
});

describe("a group", () => {
  it("is one load balancer, its rules in the order of its members", async () => {
    const world = createWorld();
    world.apply(service(), inGroup("b", "/b"), inGroup("a", "/a"), inGroup("c", "/c", { "group.order": "-1" }));
    await begin(world);
    expect(loadBalancers(world.account())).toEqual(["team"]);
    expect(rules(world.account())).toEqual(["/c,/c/*", "/a,/a/*", "/b,/b/*"]);
    for (const name of ["a", "b", "c"]) {
      expect(world.stored(inGroup(name, "/"))?.metadata.finalizers).toEqual(["group.ingress.k8s.aws/team"]);
    }
  });

  it("loses a member that is deleted, and keeps the others'", async () => {
    const world = createWorld();
    world.apply(service(), inGroup("a", "/a"), inGroup("b", "/b"));
    const { quiet } = await begin(world);
    await world.remove(inGroup("a", "/a"));
    await quiet();
    expect(world.stored(inGroup("a", "/a"))).toBeUndefined();
    expect(rules(world.account())).toEqual(["/b,/b/*"]);
  });

  it("hands a member over to another group, which then alone holds it", async () => {
    const world = createWorld();
    world.apply(service(), inGroup("a", "/a"), inGroup("b", "/b"));
    const { quiet } = await begin(world);
    const moved = ingress({ name: "a", annotations: { "group.name": "other" }, rules: { "*": { "/a": "web:80" } } });
    world.apply(moved);
    await quiet();
    expect(loadBalancers(world.account()).toSorted()).toEqual(["other", "team"]);
    expect(world.stored(moved)?.metadata.finalizers).toEqual(["group.ingress.k8s.aws/other"]);
    const hostnames = [moved, inGroup("b", "/b")].map(
      (one) => world.stored(one)?.status?.loadBalancer?.ingress?.[0]?.hostname,
    );
    expect(new Set(hostnames).size).toBe(2);
  });

  it("with a broken member holds a member that leaves until that is mended", async () => {
    const world = createWorld();
    world.apply(service(), inGroup("a", "/a"), inGroup("b", "/b"));
    const { quiet } = await begin(world);
    world.apply(inGroup("a", "/a", { scheme: "outside" }));
    await world.remove(inGroup("b", "/b"));
    await expect.poll(() => world.told().some((text) => text.startsWith("FailedBuildModel a"))).toBe(true);
    expect(world.stored(inGroup("b", "/b"))).toBeDefined();
    expect(rules(world.account())).toEqual(["/a,/a/*", "/b,/b/*"]);
    world.apply(inGroup("a", "/a"));
    await quiet();
    expect(world.stored(inGroup("b", "/b"))).toBeUndefined();
    expect(rules(world.account())).toEqual(["/a,/a/*"]);
  });

  it("alone is planned when one of its Ingresses changes", async () => {
    const world = createWorld();
    world.apply(service(), inGroup("a", "/a"), ingress());
    const { quiet } = await begin(world);
    const before = world.events.length;
    world.apply(inGroup("a", "/z"));
    await quiet();
    const planned = world.events.slice(before).flatMap((event) => (event.type === "planned" ? [event.group] : []));
    expect(new Set(planned)).toEqual(new Set(["team"]));
  });
});

describe("what all groups share", () => {
  it("is made once, whoever comes first, and goes with the last", async () => {
    const world = createWorld();
    const all = ["a", "b", "c", "d"].map((name) => ingress({ name, rules: { "*": { "/": "web:80" } } }));
    world.apply(service(), ...all);
    const { quiet } = await begin(world);
    const shared = (): number =>
      Object.values(world.account().securityGroups).filter(({ spec }) => spec.tags?.["elbv2.k8s.aws/resource"]).length;
    expect(shared()).toBe(1);
    expect(loadBalancers(world.account())).toHaveLength(4);
    for (const one of all) await world.remove(one);
    await quiet();
    expect(world.account().securityGroups).toEqual({});
    expect(world.account().loadBalancers).toEqual({});
  });
});

describe("an error of AWS", () => {
  it("is told, and tried again", async () => {
    let refuse = true;
    const world = createWorld({
      wrap: (executor) => ({
        ...executor,
        send: (step) => {
          const error = Object.assign(new Error("no rights for it"), { code: "AccessDenied", outcome: "refused" });
          return refuse && step.action.kind === "createLoadBalancer" ? Promise.reject(error) : executor.send(step);
        },
      }),
    });
    world.apply(service(), ingress());
    running = world.start();
    await expect.poll(() => world.told().join("\n")).toMatch(/FailedDeployModel web: .*no rights for it/);
    refuse = false;
    await expect.poll(() => outcomes(world, "default/web").at(-1), { timeout: 10_000 }).toBe("done");
    expect(world.stored(ingress())?.status?.loadBalancer?.ingress).toHaveLength(1);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    "without an answer to call %i leaves nothing double, and nothing undone",
    async (lost) => {
      const world = createWorld({
        wrap: (executor) =>
          faultyExecutor(executor, {
            fault: ({ what, number }) => (what === "send" && number === lost ? "unheard" : undefined),
          }),
      });
      world.apply(service(), ingress());
      await begin(world, { clock: fast(20) });
      await expect.poll(() => outcomes(world, "default/web").at(-1), { timeout: 10_000 }).toBe("done");
      const { loadBalancers: balancers, targetGroups, listeners, listenerRules } = world.account();
      expect([balancers, targetGroups, listeners, listenerRules].map((map) => Object.keys(map).length)).toEqual([
        1, 1, 1, 1,
      ]);
    },
  );
});

describe("a restart", () => {
  it("finds everything done, and writes nothing", async () => {
    const world = createWorld();
    world.apply(service(), ingress(), inGroup("a", "/a"));
    await (await begin(world)).stop();
    const [aws, kubernetes, told] = [world.writes.length, world.kubernetesWrites.length, world.told()];
    await begin(world);
    expect(outcomes(world, "team").at(-1)).toBe("done");
    expect(world.writes.slice(aws)).toEqual([]);
    expect(world.kubernetesWrites.slice(kubernetes)).toEqual([]);
    expect(world.told()).toEqual(told);
  });

  it("finishes what was under way", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const first = world.start();
    await expect.poll(() => world.writes.length).toBeGreaterThan(2);
    await first.stop();
    await begin(world);
    expect(outcomes(world, "default/web").at(-1)).toBe("done");
    expect(loadBalancers(world.account())).toEqual(["default/web"]);
  });
});

describe("a resync", () => {
  it("undoes what others did to what is ours", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world, { resyncSeconds: 0.3 });
    const [rule] = Object.keys(world.account().listenerRules);
    world.tamper((account) => {
      const { [rule ?? ""]: _, ...listenerRules } = account.listenerRules;
      return { ...account, listenerRules };
    });
    expect(rules(world.account())).toEqual([]);
    await expect.poll(() => rules(world.account()), { timeout: 5000 }).toEqual(["/*"]);
    await running?.stop();
    await quiet().catch(() => {});
  });
});

describe("a dry run", () => {
  it("shows the plan of each change, and writes nothing anywhere", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world, { dryRun: true });
    world.apply(ingress({ rules: { "*": { "/cart": "web:80" } } }));
    await quiet();
    const plans = world.events.flatMap((event) =>
      event.type === "planned" && event.group !== "(cluster)" ? [event.plan.summary.create] : [],
    );
    expect(plans.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...plans)).toBeGreaterThan(0);
    expect(outcomes(world, "default/web").at(-1)).toBe("planned");
    expect([world.writes, world.kubernetesWrites, world.told()]).toEqual([[], [], []]);
    expect(world.account().loadBalancers).toEqual({});
  });
});

describe("Pods with a readiness gate", () => {
  it("are told when their targets are healthy", async () => {
    const world = createWorld();
    world.apply(service(), ingress({ annotations: { "target-type": "ip" } }));
    const { quiet } = await begin(world, { targetsSeconds: 0.2 });
    const [group] = Object.values(world.account().targetGroups);
    const gate = `target-health.elbv2.k8s.aws/${group?.spec.name}`;
    world.apply(...podWithEndpoint(gate));
    await quiet();
    const conditionOf = (): unknown => {
      const [pod] = world.cluster.objects("/pods") as unknown as readonly {
        status?: { conditions?: readonly { type: string }[] };
      }[];
      return pod?.status?.conditions?.find(({ type }) => type === gate);
    };
    expect(conditionOf()).toMatchObject({ status: "False", reason: "InitialHealthChecking" });
    world.tamper((account) => ({
      ...account,
      targets: Object.fromEntries(
        Object.entries(account.targets).map(([arn, list]) => [
          arn,
          list.map((one) => ({ ...one, state: "healthy" as const })),
        ]),
      ),
    }));
    await expect.poll(conditionOf, { timeout: 5000 }).toMatchObject({ status: "True", reason: "Healthy" });
  });
});

function podWithEndpoint(gate: string): readonly object[] {
  return [
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n1", labels: { "topology.kubernetes.io/zone": "eu-central-1a" } },
      spec: { providerID: "aws:///eu-central-1a/i-0123456789abcdef0" },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p1", namespace: "default", uid: "pod-1" },
      spec: { nodeName: "n1", readinessGates: [{ conditionType: gate }] },
      status: { conditions: [{ type: "ContainersReady", status: "True" }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
      addressType: "IPv4",
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      endpoints: [
        {
          addresses: ["10.0.1.7"],
          conditions: { ready: false, serving: true, terminating: false },
          nodeName: "n1",
          targetRef: { kind: "Pod", namespace: "default", name: "p1" },
        },
      ],
    },
  ];
}

/** The machine's clock, so many times as fast. */
function fast(times: number) {
  const begun = performance.now();
  return {
    now: () => (performance.now() - begun) * times,
    date: () => new Date(),
    after: (milliseconds: number, callback: () => void) => {
      const timer = setTimeout(callback, milliseconds / times);
      return () => clearTimeout(timer);
    },
  };
}

describe("the targets of a broken group", () => {
  it("follow its Pods, and nothing else of it changes", async () => {
    const world = createWorld();
    const member = (name: string, more: { readonly [name: string]: string } = {}) =>
      inGroup(name, `/${name}`, { "target-type": "ip", ...more });
    world.apply(service(), member("a"), member("b"), ...podWithEndpoint("none"));
    const { quiet } = await begin(world, { targetsSeconds: 0.1 });
    const registered = (): readonly string[] =>
      Object.values(world.account().targets).flatMap((list) =>
        list.filter(({ state }) => state !== "draining").map(({ id }) => id),
      );
    expect(registered()).toEqual(["10.0.1.7", "10.0.1.7"]);
    const before = world.writes.length;
    world.apply(member("a", { scheme: "outside" }));
    await expect.poll(() => world.told().some((text) => text.startsWith("FailedBuildModel a"))).toBe(true);
    const [, , slice] = podWithEndpoint("none") as [object, object, { endpoints: object[] }];
    const [endpoint] = slice.endpoints;
    world.apply({ ...slice, endpoints: [{ ...endpoint, addresses: ["10.0.1.8"] }] });
    await expect.poll(registered, { timeout: 10_000 }).toEqual(["10.0.1.8", "10.0.1.8"]);
    expect(new Set(world.writes.slice(before).map((text) => text.split(" ")[0]))).toEqual(
      new Set(["registerTargets", "deregisterTargets"]),
    );
    expect(outcomes(world, "team").at(-1)).toBe("failed");
    world.apply(member("a"));
    await quiet();
    expect(outcomes(world, "team").at(-1)).toBe("done");
    expect(registered()).toEqual(["10.0.1.8", "10.0.1.8"]);
  });
});

describe("an Ingress that is gone before it is held", () => {
  it("gets nothing made for it", async () => {
    let before = async (): Promise<void> => {};
    const world = createWorld({
      wrapKubernetes: (api) => ({
        ...api,
        call: async (request, options) => {
          if (request.method === "PATCH") await before();
          return api.call(request, options);
        },
      }),
    });
    world.apply(service(), ingress());
    before = () => world.remove(ingress()).catch(() => {});
    await begin(world);
    expect(world.writes).toEqual([]);
    expect(world.stored(ingress())).toBeUndefined();
  });
});

describe("Pods that come and go without end", () => {
  it("don't keep others from being built", async () => {
    const world = createWorld({
      wrapAws: (aws) => async (call, options) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return aws(call, options);
      },
    });
    world.apply(service(), ingress({ annotations: { "target-type": "ip" } }), service({ name: "other" }));
    await begin(world);
    let address = 1;
    const [node, pod, slice] = podWithEndpoint("none") as [object, object, { endpoints: { addresses: string[] }[] }];
    world.apply(node, pod);
    const churn = setInterval(() => {
      const [endpoint] = slice.endpoints;
      address = (address + 1) % 250;
      world.apply({ ...slice, endpoints: [{ ...endpoint, addresses: [`10.0.2.${address}`] }] });
    }, 20);
    try {
      const reads = world.reads.length;
      world.apply(ingress({ name: "other" }));
      await expect
        .poll(() => loadBalancers(world.account()).toSorted(), { timeout: 15_000 })
        .toEqual(["default/other", "default/web"]);
      expect(world.reads.length - reads).toBeLessThan(150);
    } finally {
      clearInterval(churn);
    }
  });
});

describe("a look at AWS that fails", () => {
  it("holds up the Ingress that needs it, and no other", async () => {
    let denies = false;
    const world = createWorld({
      wrapAws: (aws) => async (call, options) => {
        if (denies && call.operation === "ListWebACLs")
          throw new AwsError({ ...call, code: "AccessDenied", message: "no", outcome: "refused" });
        return aws(call, options);
      },
      facts: factsOf({ webACLs: [{ name: "guard", arn: "arn:aws:wafv2:eu-central-1:1:regional/webacl/guard/1" }] }),
    });
    world.apply(service(), ingress());
    const { quiet } = await begin(world);
    denies = true;
    const guarded = ingress({
      name: "guarded",
      annotations: { "wafv2-acl-name": "guard" },
      rules: { "*": { "/": "web:80" } },
    });
    world.apply(guarded, ingress({ rules: { "*": { "/new": "web:80" } } }));
    await expect.poll(() => rules(world.account()), { timeout: 5000 }).toEqual(["/new,/new/*"]);
    expect(loadBalancers(world.account())).toEqual(["default/web"]);
    denies = false;
    await expect
      .poll(() => loadBalancers(world.account()).toSorted(), { timeout: 10_000 })
      .toEqual(["default/guarded", "default/web"]);
    await quiet();
    expect(Object.keys(world.account().webAclAssociations)).toHaveLength(1);
  });

  it("doesn't keep a controller from starting", async () => {
    const world = createWorld({
      wrapAws: (aws) => async (call, options) => {
        if (call.operation === "ListWebACLs")
          throw new AwsError({ ...call, code: "AccessDenied", message: "no", outcome: "refused" });
        return aws(call, options);
      },
    });
    const annotations = { "wafv2-acl-name": "guard" };
    world.apply(service(), ingress(), ingress({ name: "guarded", annotations, rules: { "*": { "/": "web:80" } } }));
    running = world.start();
    await expect.poll(() => loadBalancers(world.account()), { timeout: 5000 }).toEqual(["default/web"]);
    await expect.poll(() => world.told().some((text) => text.startsWith("FailedBuildModel guarded"))).toBe(true);
  });
});

describe("an Ingress that isn't as its group left it", () => {
  it("gets nothing when it was deleted before it was held", async () => {
    let isGone = false;
    const world = createWorld({
      wrapKubernetes: (api) => ({
        ...api,
        call: async (request, options) => {
          if (request.method === "PATCH" && !isGone) {
            isGone = true;
            await world.remove(ingress());
          }
          return api.call(request, options);
        },
      }),
    });
    world.apply(service(), ingress());
    await begin(world);
    expect(isGone).toBe(true);
    expect(world.stored(ingress())).toBeUndefined();
    expect(world.writes).toEqual([]);
  });

  it("gets its status and its finalizer back", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world);
    const before = world.stored(ingress());
    const path = "/apis/networking.k8s.io/v1/namespaces/default/ingresses/web";
    const patch = { method: "PATCH", patchType: "application/merge-patch+json" } as const;
    const status = { loadBalancer: { ingress: [{ hostname: "other.example.com" }] } };
    await world.cluster.api.call({ ...patch, path: `${path}/status`, body: { status } });
    await world.cluster.api.call({ ...patch, path, body: { metadata: { finalizers: null } } });
    await quiet();
    await expect.poll(() => world.stored(ingress())?.metadata.finalizers).toEqual(before?.metadata.finalizers);
    await expect.poll(() => world.stored(ingress())?.status).toEqual(before?.status);
  });
});
