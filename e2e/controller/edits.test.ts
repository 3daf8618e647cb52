/** Edits of the cluster, one after another, with a controller that runs as elbplan's service account. */
import { readdirSync, readFileSync } from "node:fs";
import { parseYaml } from "@elbplan/k8s-source";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Manifest, until } from "../kube/deployed.ts";
import { certificate } from "../moto/seed.ts";
import { ingress as ingressOf, type Path } from "../scenarios/ingress.ts";
import { stateOfEmulator } from "../state/emulator-state.ts";
import { figuresOf } from "./figures.ts";
import { type Running, startWorld, type World } from "./world.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

let world: World;
let running: Running;
const { measure } = figuresOf(() => ({ world, running }));

beforeAll(async () => {
  world = await startWorld();
}, 30 * 60_000);
afterAll(() => world?.stop());
beforeEach(async () => {
  await world.reset();
  running = world.start();
  await running.quiet();
});
afterEach(async () => {
  await running.stop();
  expect(running.failures()).toEqual([]);
});

const ingress = (...given: Parameters<typeof ingressOf>): Manifest => ingressOf(...given);
const PATHS: readonly Path[] = ["/api* api", "/admin admin", "/* web"];
/** Target groups are deleted when they have drained. */
const QUICKLY = { "target-group-attributes": "deregistration_delay.timeout_seconds=1" };
const FINALIZER = "ingress.k8s.aws/resources";

describe("one Ingress", () => {
  it("is made, edited and deleted", async () => {
    const shop = (paths: readonly Path[], annotations: object = {}) =>
      ingress("shop", paths, { annotations: { ...QUICKLY, ...annotations } });
    await measure("create", () => world.apply(shop(PATHS)));
    const made = await world.stored(shop(PATHS));
    expect(made?.metadata.finalizers).toEqual([FINALIZER]);
    expect(made?.status.loadBalancer.ingress).toEqual([
      { hostname: expect.stringContaining("k8s-default-shop-"), ports: [{ port: 80, protocol: expect.anything() }] },
    ]);
    expect(await world.told(shop(PATHS))).toEqual(["SuccessfullyReconciled: Successfully reconciled"]);

    const edited: readonly Path[] = ["/api/v2* api", "/admin admin", "/* web"];
    expect(await measure("edit a path", () => world.apply(shop(edited)))).toEqual(["ModifyRule"]);

    const withHost = (manifest: Manifest) => ({
      ...manifest,
      spec: {
        ...manifest.spec,
        rules: [...ingress("", ["/* admin"], { host: "admin.example.com" }).spec.rules, ...manifest.spec.rules],
      },
    });
    expect(await measure("add a host at the top", () => world.apply(withHost(shop(edited))))).toEqual([
      "CreateRule",
      "SetRulePriorities",
    ]);
    expect(await measure("remove that host", () => world.apply(shop(edited)))).toEqual([
      "SetRulePriorities",
      "DeleteRule",
    ]);

    const web = { "healthcheck-path": "/healthz" };
    expect(await measure("change the health check", () => world.apply(shop(edited, web)))).toEqual([
      "ModifyTargetGroup",
      "ModifyTargetGroup",
      "ModifyTargetGroup",
    ]);

    const certificates = Object.values(world.seed.certificates);
    const https = { ...web, "listen-ports": '[{"HTTP":80},{"HTTPS":443}]' };
    const one = { ...https, "certificate-arn": String(certificates[0]) };
    await measure("listen to HTTPS too", () => world.apply(shop(edited, one)));
    const two = { ...https, "certificate-arn": certificates.slice(0, 2).join() };
    expect(await measure("add a certificate", () => world.apply(shop(edited, two)))).toEqual([
      "AddListenerCertificates",
    ]);

    await measure("delete", () => world.remove(shop(edited)));
    expect(await world.stored(shop(edited))).toBeUndefined();
    const { loadBalancers, targetGroups, securityGroups, endpointPermissions } = await stateOfEmulator(world.clients);
    expect([loadBalancers, targetGroups, securityGroups, endpointPermissions]).toEqual([{}, {}, {}, {}]);
  });
});

describe("a group", () => {
  const member = (name: string, group: string, order: number, ...paths: readonly Path[]): Manifest =>
    ingress(name, paths, {
      namespace: name,
      annotations: { ...QUICKLY, "group.name": group, "group.order": String(order) },
    });
  const front = member("default", "g1", 30, "/* web");
  const shop = member("shop", "g1", 10, "/shop* web", "/cart* api");
  const paths = async (): Promise<{ readonly [loadBalancer: string]: readonly string[] }> => {
    const { loadBalancers } = await stateOfEmulator(world.clients);
    return Object.fromEntries(
      Object.entries(loadBalancers).map(([name, { listeners }]) => [
        name.split("-")[1],
        Object.entries(listeners["80"]?.rules ?? {})
          .sort(([a], [b]) => Number(a) - Number(b))
          .flatMap(([, { conditions }]) =>
            (conditions as Manifest).flatMap(({ pathPatternConfig }: Manifest) => pathPatternConfig?.values[0] ?? []),
          ),
      ]),
    );
  };
  const finalizers = async (ingress: Manifest) => (await world.stored(ingress))?.metadata.finalizers;

  it("of three keeps its order, lets one go to another group, and takes it back", async () => {
    const blog = member("blog", "g1", 20, "/blog* web");
    await measure("a group of three", () => world.apply(front, shop, blog));
    expect(await paths()).toEqual({ g1: ["/shop", "/cart", "/blog", "/*"] });

    expect(await measure("another order", () => world.apply(member("blog", "g1", 5, "/blog* web")))).toEqual([
      "SetRulePriorities",
    ]);
    expect(await paths()).toEqual({ g1: ["/blog", "/shop", "/cart", "/*"] });

    await measure("to another group", () => world.apply(member("blog", "g2", 5, "/blog* web")));
    expect(await paths()).toEqual({ g1: ["/shop", "/cart", "/*"], g2: ["/blog"] });
    expect(await finalizers(blog)).toEqual(["group.ingress.k8s.aws/g2"]);
    expect((await world.stored(blog))?.status.loadBalancer.ingress[0].hostname).toMatch(/^k8s-g2-/);

    await measure("and back", () => world.apply(blog));
    expect(await paths()).toEqual({ g1: ["/shop", "/cart", "/blog", "/*"] });
    expect(await finalizers(blog)).toEqual(["group.ingress.k8s.aws/g1"]);

    await measure("a member is deleted", () => world.remove(shop));
    expect(await paths()).toEqual({ g1: ["/blog", "/*"] });
    expect(await world.stored(shop)).toBeUndefined();
    await measure("the others too", () => world.remove(front, blog));
    expect(await paths()).toEqual({});
  });
});

describe("Pods", () => {
  const app = ingress("app", ["/* web"], { annotations: { "target-type": "ip" } });
  const targetGroups = async () => Object.entries((await stateOfEmulator(world.clients)).targetGroups);

  it("are registered as they come and go", async () => {
    await measure("create, with Pods as targets", () => world.apply(app));
    const counts: number[] = [];
    for (const [scenario, pods] of [
      ["2 → 50 Pods", 50],
      ["50 → 0 Pods", 0],
      ["0 → 2 Pods", 2],
    ] as const) {
      await measure(scenario, () => world.scale(pods));
      counts.push(...(await targetGroups()).map(([, { targets }]) => targets.length));
    }
    expect(counts).toEqual([50, 0, 2]);
  });

  it("that wait for their load balancer hear of it", async () => {
    await world.apply(app);
    await world.settled(running);
    const [[name] = []] = await targetGroups();
    const gate = `target-health.elbv2.k8s.aws/${name}`;
    await running.stop();
    running = world.start({ targetsSeconds: 1 });
    const gates = async (): Promise<readonly string[]> => {
      const pods = [0, 1, 2].map((index) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { namespace: "default", name: `web-${index}` },
      }));
      const stored = await Promise.all(pods.map(world.stored));
      return stored.map((pod) => pod?.status.conditions.find(({ type }: Manifest) => type === gate)?.status);
    };
    await world.emulator.set({ health: { "10.0.100.50": "unhealthy" } });
    await measure("Pods with readiness gates", () => world.scale(3, [gate]));
    expect(await gates()).toEqual(["False", "True", "True"]);
    await world.emulator.set({ health: {} });
    await until(async () => (await gates()).every((status) => status === "True"));
  });
});

describe("the examples", () => {
  it("get their addresses and events", async () => {
    const { acm, route53 } = world.clients;
    const zone = await route53("CreateHostedZone", { Name: "loaf.example", CallerReference: "examples" });
    await certificate(acm, route53, zone.HostedZone.Id, "loaf.example");
    // The list of certificates is read once a minute.
    await running.stop();
    running = world.start();
    await running.quiet();
    const objects = ["shop", "https"].flatMap(manifests);
    await measure("apply the examples", () => world.apply(...objects));
    for (const ingress of objects.filter(({ kind }) => kind === "Ingress")) {
      const { hostname } = (await world.stored(ingress))?.status.loadBalancer.ingress[0] ?? {};
      expect(hostname).toMatch(/^k8s-(bakery|shop-bakery)-.*\.elb\.amazonaws\.com$/);
      expect(await world.told(ingress)).toEqual(["SuccessfullyReconciled: Successfully reconciled"]);
    }
  });
});

function manifests(folder: string): readonly Manifest[] {
  const path = new URL(`${folder}/`, EXAMPLES);
  return readdirSync(path).flatMap((file) =>
    readFileSync(new URL(file, path), "utf8")
      .split(/^---$/m)
      .map((text) => parseYaml(file, text).value),
  );
}
