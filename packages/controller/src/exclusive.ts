/** One after another: what changes something that all groups share. */

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
