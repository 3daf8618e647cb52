/** The loop as a whole, on a cluster and an account in memory. */
import { ingress, service } from "@elbplan/testing";
import { afterEach, describe, expect, it } from "vitest";
import { createWorld, type Running, type World } from "./world.ts";

let running: Running | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const begin = async (world: World): Promise<Running> => {
  running = world.start();
  await running.quiet();
  return running;
};
const loadBalancers = (world: World): readonly string[] =>
  Object.values(world.account().loadBalancers).map(({ dnsName }) => dnsName.toLowerCase());

describe("an Ingress", () => {
  it("gets a load balancer, its status, its finalizer and an event", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    await begin(world);
    const [name] = loadBalancers(world);
    expect(name).toBeDefined();
    expect(world.stored(ingress())).toMatchObject({
      metadata: { finalizers: ["ingress.k8s.aws/resources"] },
      status: { loadBalancer: { ingress: [{ hostname: name, ports: [{ port: 80 }] }] } },
    });
    expect(world.told()).toEqual(["SuccessfullyReconciled web: Successfully reconciled"]);
    expect(world.events.filter((event) => event.type === "failed")).toEqual([]);
  });

  it("is changed by one call when its path changes", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world);
    const [reads, writes] = [world.reads.length, world.writes.length];
    world.apply(ingress({ rules: { "*": { "/cart": "web:80" } } }));
    await quiet();
    expect(world.writes.slice(writes)).toEqual(["modifyRule listenerRule/80:1"]);
    expect(world.reads.slice(reads)).toEqual([]);
  });

  it("takes everything with it when it is deleted", async () => {
    const world = createWorld();
    world.apply(service(), ingress());
    const { quiet } = await begin(world);
    await world.remove(ingress());
    await quiet();
    expect(world.stored(ingress())).toBeUndefined();
    const { loadBalancers: left, targetGroups, securityGroups } = world.account();
    expect([left, targetGroups, securityGroups]).toEqual([{}, {}, {}]);
  });
});
