/** `elbplan run` as processes that are killed at each of their writes. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Manifest, until } from "../kube/deployed.ts";
import { ingress as ingressOf, type Path } from "../scenarios/ingress.ts";
import { stateOfEmulator } from "../state/emulator-state.ts";
import { addForeign } from "../world/foreign.ts";
import { type Process, startProcess } from "./process.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let processes: Process[] = [];
const rows: string[] = [];
beforeAll(async () => {
  world = await startWorld();
}, 30 * 60_000);
afterAll(async () => {
  console.log(["| scenario | what came of it | end state |", "| --- | --- | --- |", ...rows].join("\n"));
  await world?.stop();
});
beforeEach(async () => {
  await world.reset();
  await addForeign(world.clients, world.seed);
  processes = [];
});
afterEach(async () => {
  for (const one of processes) await one.kill();
});

/** Nobody else is there: it needn't wait for the Lease of the one that was killed. */
const start = async (): Promise<Process> => {
  const started = startProcess(world, world.proxy, "--no-leader-elect");
  processes.push(started);
  await started.says("leading");
  return started;
};
const PATHS: readonly Path[] = ["/* web"];
const shop: Manifest = ingressOf("shop", PATHS, { annotations: { "target-type": "ip" } });
describe("a process that is killed", () => {
  it.each([
    { when: "before", what: "a call arrives" },
    { when: "after", what: "it took effect, before its answer" },
  ] as const)(
    "at each write of a creation, $when $what: the next one finds its way, with no duplicate",
    async ({ when }) => {
      let next = await start();
      let goal: unknown;
      let points = 0;
      for (let isDead = true; isDead; points++) {
        isDead = false;
        let write = 0;
        const dying = next;
        const dies = (isWrite: boolean): boolean => {
          if (isWrite && write++ === points) {
            isDead = true;
            dying.signal("SIGKILL");
          }
          return isDead;
        };
        world.proxy.observe({ [when]: (call: { readonly write: boolean }) => !dies(call.write) });
        await world.apply(shop);
        await until(async () => isDead || (await world.stored(shop))?.status.loadBalancer.ingress !== undefined, 60);
        if (isDead) {
          await dying.ended;
          world.proxy.observe(undefined);
          next = await start();
        }
        await world.settled(next, 60);
        world.proxy.observe(undefined);
        const state = await stateOfEmulator(world.clients);
        goal ??= state;
        expect(state, `killed ${when} write ${points}`).toEqual(goal);
        await world.remove(shop);
        await until(async () => (await world.stored(shop)) === undefined, 60);
      }
      rows.push(
        `| killed ${when} each write of a creation | ${points - 1} of ${points - 1} points recovered | equal |`,
      );
      expect(points).toBeGreaterThan(8);
    },
    300_000,
  );
});
