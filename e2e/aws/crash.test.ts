/**
 * A process that dies at every point of five scenarios: before a call arrives, and after it took effect but before its
 * answer. A new process, which knows nothing, reads the account, plans and reaches the goal.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingress, type Path } from "../scenarios/ingress.ts";
import type { Step } from "../scenarios/scenarios.ts";
import { stateOfEmulator } from "../state/emulator-state.ts";
import { addForeign } from "../world/foreign.ts";
import { settle } from "../world/settle.ts";
import { fastClock, startWorlds, type World, type Worlds } from "../world/world.ts";

let worlds: Worlds;
beforeAll(async () => {
  worlds = await startWorlds();
});
afterAll(() => worlds.stop());

/** An edit, and what it is made to again and again. */
interface Scene {
  readonly name: string;
  readonly from: (world: World) => Step;
  readonly to: (world: World) => Step;
}

const PATHS: readonly Path[] = ["/api* api", "/* web"];
const of = (...paths: readonly Path[]): Step => ({ name: "", applies: [ingress("shop", paths)] });
const withCertificates = ({ seed }: World, ...domains: readonly string[]): Step => {
  const arns = domains.map((domain) => seed.certificates[domain]).join();
  const annotations = { "listen-ports": '[{"HTTPS":443}]', "certificate-arn": arns };
  return { name: "", applies: [ingress("shop", PATHS, { annotations })] };
};
const NOTHING: Step = { name: "", deletes: ["default/shop"] };

const SCENES: readonly Scene[] = [
  { name: "create", from: () => NOTHING, to: () => of(...PATHS) },
  {
    name: "insert a rule at the top, with a new backend",
    from: () => of(...PATHS),
    to: () => of("/new admin", ...PATHS),
  },
  { name: "change backends", from: () => of(...PATHS), to: () => of("/api* web", "/* admin") },
  {
    name: "change certificates",
    from: (world) => withCertificates(world, "a.example.com", "b.example.com"),
    to: (world) => withCertificates(world, "c.example.com", "b.example.com"),
  },
  { name: "delete", from: () => of(...PATHS), to: () => NOTHING },
];

interface Died {
  /** False if the process makes fewer writes. */
  readonly died: boolean;
  /** That its plan has. */
  readonly writes: number;
}

/** Lets a process die at its n-th write: that call and all later ones are cut off. */
async function dieAt(world: World, write: number, when: "before" | "after"): Promise<Died> {
  const process = world.restarted();
  const { plan } = await process.look();
  const death = new AbortController();
  let count = 0;
  const dies = (isWrite: boolean): boolean => {
    if (isWrite && count++ === write) death.abort();
    return death.signal.aborted;
  };
  world.proxy.observe(
    when === "before"
      ? { before: (call) => !dies(call.write) }
      : { before: () => !death.signal.aborted, after: (call) => !dies(call.write) },
  );
  await process.run(plan, { signal: death.signal });
  world.proxy.observe(undefined);
  return { died: death.signal.aborted, writes: plan.summary.writes };
}

describe("a crash at every point", () => {
  const points: string[] = [];
  afterAll(() => console.log(points.join("\n")));

  it.each(SCENES)(
    "$name: the next process reaches the goal",
    async ({ name, from, to }) => {
      const world = await worlds.fresh({ maxAttempts: 1, clock: fastClock(500) });
      await addForeign(world.clients, world.seed);
      world.cluster.apply(to(world));
      await settle(world, { name });
      const goal = await stateOfEmulator(world.clients);
      let recovered = 0;
      let expected = 0;
      for (const when of ["before", "after"] as const) {
        for (let write = 0; ; write++) {
          world.cluster.apply(from(world));
          await settle(world, { name: `${name}: back` });
          world.cluster.apply(to(world));
          const { died, writes } = await dieAt(world, write, when);
          if (!died) {
            expected += writes;
            break;
          }
          await settle(world.restarted(), { name: `${name}: ${when} write ${write}` });
          expect(await stateOfEmulator(world.clients), `${when} write ${write}`).toEqual(goal);
          recovered++;
        }
      }
      points.push(`${name}: ${recovered} of ${expected} points`);
      // Before and after every write of the plan.
      expect(recovered).toBe(expected);
      expect(expected).toBeGreaterThan(3);
    },
    600_000,
  );
});
