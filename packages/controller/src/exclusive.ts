/** One after another: what changes something that all groups share. */

import { CLUSTER_STACK, type Plan } from "@elbplan/core";

/** Calls back when all that asked before have ended, and gives what came of it. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a line to stand in. */
export function createExclusive(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };
}

/** Plans and carries out; a plan that changes what all groups share is made again when its turn has come. */
export async function planInTurn<P extends Pick<Plan, "actions">, T>(
  exclusive: Exclusive,
  plan: () => P,
  carryOut: (made: P) => Promise<T>,
): Promise<T> {
  const made = plan();
  const changesShared = made.actions.some(({ stack }) => stack === CLUSTER_STACK);
  return changesShared ? exclusive(async () => carryOut(plan())) : carryOut(made);
}
