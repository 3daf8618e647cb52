/** Time that passes when a test says so. */

/** A clock as `@elbplan/k8s-source/cluster` and `@elbplan/controller` take one. It stands still until it is told otherwise. */
export interface FakeClock {
  /** Milliseconds since its beginning. */
  readonly now: () => number;
  /** The date; it begins with the year 2030. */
  readonly date: () => Date;
  /** Calls back once when that many milliseconds have passed; what it returns cancels. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
  /** Lets time pass: timers fire in their order, and what they set off runs between them. */
  readonly advance: (milliseconds: number) => Promise<void>;
  /** Times, from now, at which timers are due. */
  readonly due: () => readonly number[];
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Makes a clock at its beginning. */
export function fakeClock(): FakeClock {
  let now = 0;
  let sequence = 0;
  const timers = new Map<number, Timer>();
  const next = (): [number, Timer] | undefined => [...timers].sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
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
