/** What goes on around a controller: servers that die, connections that stall, hands that change AWS, other owners. */
import { httpsApi, isExpired, type KubernetesApi } from "@elbplan/k8s-source/cluster";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Manifest, until } from "../kube/deployed.ts";
import { type Tunnel, tunnel } from "../kube/tunnel.ts";
import { faultsByRule } from "../proxy/faults.ts";
import { ingress as ingressOf, type Path } from "../scenarios/ingress.ts";
import { stateOfEmulator } from "../state/emulator-state.ts";
import { addForeign } from "../world/foreign.ts";
import { figuresOf } from "./figures.ts";
import { type Running, startWorld, type World } from "./world.ts";

let world: World;
let running: Running;
const { measure } = figuresOf(() => ({ world, running }));

let foreign: unknown;
beforeAll(async () => {
  world = await startWorld();
}, 30 * 60_000);
afterAll(() => world?.stop());
beforeEach(async () => {
  await world.reset();
  await addForeign(world.clients, world.seed);
  foreign = await foreignState();
});
afterEach(async () => {
  await running.stop();
  expect(await foreignState(), "what belongs to somebody else").toEqual(foreign);
});

const ingress = (...given: Parameters<typeof ingressOf>): Manifest => ingressOf(...given);
const PATHS: readonly Path[] = ["/api* api", "/* web"];
const EDITED: readonly Path[] = ["/api* api", "/cart web", "/* web"];
const begin = async (options: Parameters<World["start"]>[0] = {}): Promise<void> => {
  running = world.start(options);
  await running.quiet();
};
const established = async (...ingresses: readonly Manifest[]): Promise<void> => {
  await world.apply(...ingresses);
  await world.settled(running);
};

/** Whatever has its name of `addForeign`. */
async function foreignState(): Promise<unknown> {
  const { loadBalancers, targetGroups, securityGroups, endpointPermissions } = await stateOfEmulator(world.clients);
  return [
    loadBalancers["foreign"],
    targetGroups["foreign"],
    securityGroups["foreign"],
    endpointPermissions["nodes"]?.filter((text) => text.endsWith(": foreign")),
  ];
}

describe("the API server", () => {
  it("dies in the middle of a creation, and is started again", async () => {
    await begin();
    const writes = await measure("API server killed while AWS is changed", async () => {
      let death: Promise<void> | undefined;
      let count = 0;
      world.proxy.observe({
        after: ({ write }) => {
          if (write && ++count === 3) death = world.server.kill();
          return true;
        },
      });
      await world.apply(ingress("shop", PATHS));
      await until(() => death !== undefined);
      await death;
      await world.server.start();
    });
    expect(writes.filter((operation) => operation === "CreateLoadBalancer")).toHaveLength(1);
  });

  it("dies and is started again between two edits", async () => {
    await begin();
    await established(ingress("shop", PATHS));
    await world.server.restart();
    expect(await measure("API server restarted, then an edit", () => world.apply(ingress("shop", EDITED)))).toEqual([
      "CreateRule",
      "SetRulePriorities",
    ]);
    expect(running.failures()).toEqual([]);
  });

  it("has forgotten what was before: 410, and everything is listed again", async () => {
    const through = await tunnel(world);
    const expired: string[] = [];
    await begin({ kubernetes: noting(httpsApi(through.connection), expired) });
    await established(ingress("shop", PATHS), ingress("doomed", ["/* web"]));
    through.refuse();
    await world.apply(ingress("shop", EDITED), ingress("born", ["/* web"]));
    await world.remove(ingress("doomed", []));
    await world.server.restart();
    await measure("410 after a restart: an edit, a creation, a deletion", async () => through.accept());
    expect(expired.length).toBeGreaterThan(0);
    expect(await world.stored(ingress("doomed", []))).toBeUndefined();
    await end(through);
  });
});

describe("a connection to the API server", () => {
  it("falls silent: it is given up, and what was missed is seen", async () => {
    const through = await tunnel(world);
    const api = httpsApi(through.connection);
    await begin({
      kubernetes: { ...api, watch: (path, query, options) => api.watch(path, query, { ...options, stallMs: 1500 }) },
    });
    await established(ingress("shop", PATHS));
    through.stall();
    await measure("watches stall before an edit", () => world.apply(ingress("shop", EDITED)));
    await end(through);
  });

  it("breaks", async () => {
    const through = await tunnel(world);
    await begin({ kubernetes: httpsApi(through.connection) });
    await established(ingress("shop", PATHS));
    through.breakAll();
    await measure("connections break before an edit", () => world.apply(ingress("shop", EDITED)));
    await end(through);
  });
});

describe("somebody changes AWS by hand", () => {
  const elbv2 = (operation: string, input?: object) => world.clients.elbv2(operation, input);
  const shop = ingress("shop", PATHS);
  const loadBalancer = async () => {
    const { LoadBalancers } = await elbv2("DescribeLoadBalancers");
    return LoadBalancers.find(({ LoadBalancerName }: Manifest) => LoadBalancerName.startsWith("k8s-"));
  };
  const listener = async () => {
    const { LoadBalancerArn } = await loadBalancer();
    return (await elbv2("DescribeListeners", { LoadBalancerArn })).Listeners[0];
  };
  const rules = async () =>
    (await elbv2("DescribeRules", { ListenerArn: (await listener()).ListenerArn })).Rules.filter(
      ({ IsDefault }: Manifest) => !IsDefault,
    );

  beforeEach(async () => {
    await begin({ resyncSeconds: 1 });
    await established(shop);
  });

  it.each([
    {
      scenario: "drift: a rule deleted",
      by: async () => elbv2("DeleteRule", { RuleArn: (await rules())[0].RuleArn }),
      mended: ["CreateRule", "SetRulePriorities"],
    },
    {
      scenario: "drift: a stray rule",
      by: async () =>
        elbv2("CreateRule", {
          ListenerArn: (await listener()).ListenerArn,
          Priority: 77,
          Conditions: [{ Field: "path-pattern", Values: ["/stray"] }],
          Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }],
        }),
      mended: ["DeleteRule"],
    },
    {
      scenario: "drift: a health check changed",
      by: async () => {
        const { TargetGroups } = await elbv2("DescribeTargetGroups");
        const { TargetGroupArn } = TargetGroups.find(({ TargetGroupName }: Manifest) =>
          TargetGroupName.startsWith("k8s-"),
        );
        return elbv2("ModifyTargetGroup", { TargetGroupArn, HealthCheckPath: "/by-hand" });
      },
      mended: ["ModifyTargetGroup"],
    },
    {
      scenario: "drift: the load balancer deleted",
      by: async () => elbv2("DeleteLoadBalancer", { LoadBalancerArn: (await loadBalancer()).LoadBalancerArn }),
      mended: ["CreateLoadBalancer", "CreateListener", "CreateRule", "CreateRule"],
    },
  ])("$scenario", async ({ scenario, by, mended }) => {
    const writes = await measure(scenario, async () => {
      await by();
      await until(() => world.proxy.calls().some(({ write }) => write), 20);
    });
    expect(writes).toEqual(mended);
    expect(running.failures()).toEqual([]);
  });

  it.each([
    { scenario: "drift: the resource tag of the load balancer removed", keys: ["ingress.k8s.aws/resource"] },
    {
      scenario: "drift: all our tags of the load balancer removed",
      keys: ["ingress.k8s.aws/resource", "ingress.k8s.aws/stack", "elbv2.k8s.aws/cluster"],
    },
  ])("$scenario: what to do is said, and seen when it is done", async ({ scenario, keys }) => {
    const { LoadBalancerArn } = await loadBalancer();
    const before = await elbv2("DescribeTags", { ResourceArns: [LoadBalancerArn] });
    const Tags = before.TagDescriptions[0].Tags.filter(({ Key }: Manifest) => keys.includes(Key));
    await elbv2("RemoveTags", { ResourceArns: [LoadBalancerArn], TagKeys: keys });
    await until(async () => (await world.timesTold(shop, "FailedDeployModel")) > 0, 20);
    const told = (await world.told(shop)).find((text) => text.startsWith("FailedDeployModel"));
    expect(told).toContain(LoadBalancerArn);
    for (const { Key, Value } of Tags) expect(told).toContain(`${Key}=${Value}`);
    // As it says.
    expect(await measure(scenario, () => elbv2("AddTags", { ResourceArns: [LoadBalancerArn], Tags }))).toEqual([]);
    expect(await world.timesTold(shop, "SuccessfullyReconciled")).toBeGreaterThan(1);
  });
});

it("a web ACL that was associated by hand goes when an annotation says so, although nobody looked for one before", async () => {
  await begin();
  await established(ingress("shop", PATHS));
  const { elbv2, wafv2 } = world.clients;
  const { LoadBalancers } = await elbv2("DescribeLoadBalancers");
  const { LoadBalancerArn: ResourceArn } = LoadBalancers.find((one: Manifest) => /^k8s-/.test(one.LoadBalancerName));
  await wafv2("AssociateWebACL", { ResourceArn, WebACLArn: world.seed.webAcl });
  const none = ingress("shop", PATHS, { annotations: { "wafv2-acl-arn": "none" } });
  expect(await measure("an annotation about what wasn't read", () => world.apply(none))).toEqual([
    "DisassociateWebACL",
  ]);
});

describe("AWS", () => {
  it("refuses a rule: it is told, other groups go on, and it is tried again", async () => {
    await begin();
    world.proxy.setFaults(
      faultsByRule({ operation: "CreateRule", fault: { kind: "refused", code: "AccessDenied" }, times: 3 }),
    );
    const shop = ingress("shop", PATHS);
    await world.apply(shop);
    await world.settled(running);
    const told = await world.told(shop);
    expect(told.at(0)).toMatch(/^FailedDeployModel: Failed deploy model due to .*AccessDenied/);
    expect(told.at(-1)).toBe("SuccessfullyReconciled: Successfully reconciled");
  });
});

/** A port that notes which watches were answered with 410. */
function noting(api: KubernetesApi, expired: string[]): KubernetesApi {
  return {
    ...api,
    watch: async function* (path, query, options) {
      try {
        for await (const event of api.watch(path, query, options)) {
          if ((event.object as Manifest).code === 410) expired.push(path);
          yield event;
        }
      } catch (error) {
        if (isExpired(error)) expired.push(path);
        throw error;
      }
    },
  };
}

/** The controller first, or it would call for a server that is gone. */
async function end(through: Tunnel): Promise<void> {
  await running.stop();
  await through.close();
}
