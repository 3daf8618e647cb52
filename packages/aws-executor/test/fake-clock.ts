import type { Clock } from "../src/clock.ts";

/** A clock that jumps to the next sleeper as soon as nothing else can run. */
export function fakeClock(): Clock {
  let now = 0;
  let order = 0;
  const sleepers: { at: number; order: number; wake: () => void }[] = [];
  let ticking = false;
  const tick = (): void => {
    if (ticking) return;
    ticking = true;
    // Everything that was resolved goes on before time does.
    setImmediate(() => {
      ticking = false;
      sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = sleepers.shift();
      if (next === undefined) return;
      now = Math.max(now, next.at);
      next.wake();
      tick();
    });
  };
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = (): void => reject(signal?.reason);
        signal?.addEventListener("abort", stop, { once: true });
        const wake = (): void => {
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        sleepers.push({ at: now + milliseconds, order: order++, wake });
        tick();
      }),
  };
}
