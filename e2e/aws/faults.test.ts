/**
 * Random faults over the wire: calls are throttled, fail, are cut off before or after they took effect, stay unanswered or
 * are answered with what was before. Whatever comes of it, planning again reaches the goal; nothing is left over, nothing
 * is there twice, and nothing of anybody else is touched. ELBPLAN_WIRE_RUNS sets the number of schedules.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Seed } from "../moto/seed.ts";
import { type Fault, faultsByRule, randomFaults } from "../proxy/faults.ts";
import { ingress, login, type Path } from "../scenarios/ingress.ts";
import type { Step } from "../scenarios/scenarios.ts";
import { stateOfEmulator } from "../state/emulator-state.ts";
import type { State } from "../state/state.ts";
import { addForeign } from "../world/foreign.ts";
import { settle } from "../world/settle.ts";
import { fastClock, startWorlds, type World, type Worlds } from "../world/world.ts";

const RUNS = Number(process.env["ELBPLAN_WIRE_RUNS"] ?? 500);
let worlds: Worlds;
beforeAll(async () => {
  worlds = await startWorlds();
});
afterAll(() => worlds.stop());

/** One life of a load balancer: rules, then certificates and a login, then others, then nothing. */
function stepsOf({ certificates }: Seed): readonly Step[] {
  const secure = (issuer: string, ...domains: readonly string[]) => ({
    "listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
    "certificate-arn": domains.map((domain) => certificates[`${domain}.example.com`]).join(),
    ...login(issuer),
  });
  const paths: readonly Path[] = ["/new web", "/api* web", "/* web"];
  return [
    { name: "create", applies: [ingress("shop", ["/api* api", "/* web"])] },
    { name: "edit", applies: [ingress("shop", paths)] },
    { name: "secure", applies: [ingress("shop", paths, { annotations: secure("one.example.com", "a", "b") })] },
    { name: "change", applies: [ingress("shop", paths, { annotations: secure("two.example.com", "c", "b") })] },
    { name: "delete", deletes: ["default/shop"] },
  ];
}

/** Plans and runs while faults happen. A reading that fails for them is made again without. */
async function inTrouble(world: World, seed: number): Promise<void> {
  world.proxy.clear();
  world.proxy.setFaults(randomFaults(seed, 0.25));
  const look = await world.look().catch(() => undefined);
  if (look !== undefined) return void (await world.run(look.plan));
  world.proxy.setFaults(undefined);
  const { plan } = await world.look();
  world.proxy.setFaults(randomFaults(seed, 0.25));
  await world.run(plan);
}

it(`reach the goal after each of ${RUNS} schedules`, async () => {
  const world = await worlds.fresh({ maxAttempts: 1, clock: fastClock(500) });
  await addForeign(world.clients, world.seed);
  const before = await stateOfEmulator(world.clients);
  // What the goals look like where nothing goes wrong.
  const goals: State[] = [];
  const steps = stepsOf(world.seed);
  for (const step of steps) {
    world.cluster.apply(step);
    await settle(world, step);
    goals.push(await stateOfEmulator(world.clients));
  }
  expect(goals.at(-1), "a deletion leaves nothing").toEqual(before);

  let faults = 0;
  let rounds = 0;
  for (let run = 0; run < RUNS; run++) {
    const index = run % steps.length;
    const step = steps[index] as Step;
    world.cluster.apply(step);
    await inTrouble(world, run);
    faults += world.proxy.calls().filter(({ fault }) => fault !== undefined).length;
    const restarted = world.restarted();
    rounds += await settle(restarted, { name: `schedule ${run}, ${step.name}` });
    expect(await stateOfEmulator(world.clients), `schedule ${run}, ${step.name}`).toEqual(goals[index]);
  }
  console.log(`${RUNS} schedules, ${faults} faults, ${rounds} plans were needed afterwards; 0 leaks, 0 duplicates`);
  expect(faults).toBeGreaterThan(RUNS);
}, 1_200_000);

it("reach the goal although connections stay open without an answer: it is we who end them", async () => {
  const world = await worlds.fresh({ maxAttempts: 1, timeoutMs: 1000, clock: fastClock(500) });
  const [create] = stepsOf(world.seed);
  world.cluster.apply(create as Step);
  const { plan } = await world.look();
  const hung = (operation: string, carriedOut: boolean) => ({
    operation,
    fault: { kind: "hung", carriedOut } as Fault,
  });
  world.proxy.setFaults(
    faultsByRule(hung("CreateLoadBalancer", true), hung("CreateListener", false), hung("CreateRule", true)),
  );
  const { state, steps } = await world.run(plan);
  expect(state).toBe("done");
  // What had been made is found and taken.
  const adopted = steps.flatMap(({ action, state }) => (state === "adopted" ? [action.split(" ")[0]] : []));
  expect(adopted).toHaveLength(2);
  expect(world.proxy.calls().filter(({ fault }) => fault === "hung")).toHaveLength(3);
  expect(await settle(world.restarted(), { name: "hung" })).toBe(0);
});
