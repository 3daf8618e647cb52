import type { Clock } from "@elbplan/k8s-source/cluster";

export interface FakeClock extends Clock {
  /** Lets time pass: timers fire in their order, and what they set off runs between them. */
  readonly advance: (milliseconds: number) => Promise<void>;
  /** Times, from now, at which timers are due. */
  readonly due: () => readonly number[];
}

/** A clock that stands still until it is told otherwise. */
export function fakeClock(): FakeClock {
  let now = 0;
  let sequence = 0;
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  const next = (): [number, { readonly at: number; readonly callback: () => void }] | undefined =>
    [...timers].sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
  return {
    now: () => now,
    date: () => new Date(Date.UTC(2030, 0, 1) + now),
    after: (milliseconds, callback) => {
      const id = ++sequence;
      timers.set(id, { at: now + milliseconds, callback });
      return () => void timers.delete(id);
    },
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      await settled();
      for (let first = next(); first !== undefined && first[1].at <= until; first = next()) {
        const [id, { at, callback }] = first;
        timers.delete(id);
        now = Math.max(now, at);
        callback();
        await settled();
      }
      now = until;
    },
    due: () => [...timers.values()].map(({ at }) => at - now).sort((a, b) => a - b),
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
