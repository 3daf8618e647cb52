import type { Step } from "../scenarios/scenarios.ts";
import type { World } from "./world.ts";

/** How often it is planned again at most, once nothing goes wrong any more. */
const ROUNDS = 4;

/** Plans and runs until nothing is left to do, without faults. Returns how many plans had actions. */
export async function settle(world: World, step: Pick<Step, "name">): Promise<number> {
  world.proxy.setFaults(undefined);
  world.proxy.observe(undefined);
  for (let round = 0; round <= ROUNDS; round++) {
    const { plan } = await world.look();
    const errors = plan.diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new Error(`${step.name}: ${errors.map(({ message }) => message).join("; ")}`);
    if (plan.actions.length === 0) {
      world.cluster.settle();
      return round;
    }
    await world.run(plan);
  }
  throw new Error(`${step.name}: something is left to do after ${ROUNDS} plans`);
}
