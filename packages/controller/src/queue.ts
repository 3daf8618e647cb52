/** The work queue: one turn at a time for each key, several keys at a time, ever longer waits after failures. */
import type { Clock } from "@elbplan/k8s-source/cluster";

/** How a turn ended. */
export interface Turn {
  /** It is tried again, later each time. */
  readonly failed: boolean;
  /** When it comes again by itself; after a failure not later than that. */
  readonly againInMilliseconds?: number;
}

export interface QueueOptions {
  readonly work: (key: string) => Promise<Turn>;
  /** Keys whose turn it is at a time. */
  readonly concurrency: number;
  readonly clock: Clock;
  /** When aborted no turn begins any more. */
  readonly signal: AbortSignal;
  readonly onChange?: (waiting: number, active: number) => void;
}

export interface WorkQueue {
  /** Asks for a turn. Asked for again before it begins it is one turn, asked for meanwhile it is one more. */
  readonly add: (key: string) => void;
  /** How long a key waits after its next failure, in milliseconds. */
  readonly nextDelay: (key: string) => number;
  /** Neither waits nor works; keys that come again later don't count. */
  readonly isIdle: () => boolean;
  /** Resolves when the turns under way have ended. */
  readonly ended: () => Promise<void>;
}

/** As controller-runtime's rate limiter (behaviour.md §5.1): 5 ms, doubled with each failure in a row, 1,000 s at most. */
const FIRST_DELAY_MS = 5;
const LONGEST_DELAY_MS = 1_000_000;

/** Makes an empty queue. Keys get their turns in the order in which they were asked for. */
export function createQueue({ work, concurrency, clock, signal, onChange = () => {} }: QueueOptions): WorkQueue {
  const waiting = new Set<string>();
  const active = new Map<string, Promise<void>>();
  /** At most one for each key: the sooner one. */
  const timers = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  const failures = new Map<string, number>();

  const delayOf = (key: string): number =>
    Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures.get(key) ?? 0, 30));

  const later = (key: string, milliseconds: number): void => {
    const at = clock.now() + milliseconds;
    const known = timers.get(key);
    if (known !== undefined && known.at <= at) return;
    known?.cancel();
    const cancel = clock.after(milliseconds, () => {
      timers.delete(key);
      add(key);
    });
    timers.set(key, { at, cancel });
  };

  const begin = (key: string): void => {
    waiting.delete(key);
    // Whatever happens in a turn, the key gets another one.
    const turn = work(key)
      .catch((): Turn => ({ failed: true }))
      .then(({ failed, againInMilliseconds }) => {
        active.delete(key);
        if (failed) {
          later(key, Math.min(delayOf(key), againInMilliseconds ?? LONGEST_DELAY_MS));
          failures.set(key, (failures.get(key) ?? 0) + 1);
        } else {
          failures.delete(key);
          if (againInMilliseconds !== undefined) later(key, againInMilliseconds);
        }
        fill();
      });
    active.set(key, turn);
  };

  const fill = (): void => {
    for (const key of waiting) {
      if (signal.aborted || active.size >= concurrency) break;
      if (!active.has(key)) begin(key);
    }
    onChange(waiting.size, active.size);
  };

  const add = (key: string): void => {
    timers.get(key)?.cancel();
    timers.delete(key);
    waiting.add(key);
    fill();
  };

  signal.addEventListener("abort", () => {
    for (const { cancel } of timers.values()) cancel();
    timers.clear();
    waiting.clear();
  });
  return {
    add,
    nextDelay: delayOf,
    isIdle: () => waiting.size + active.size === 0,
    ended: async () => {
      while (active.size > 0) await Promise.all(active.values());
    },
  };
}
