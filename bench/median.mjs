/** Warm medians. */
import { performance } from "node:perf_hooks";

const BUDGET_MS = 4000;
const WARM_UP_MS = 400;

/** At least three runs after a warm-up (long enough for the compiler), as many as asked for within the time budget. */
export function median(run, wantedRuns) {
  let value = run();
  const warm = performance.now();
  while (performance.now() - warm < WARM_UP_MS) value = run();
  const times = [];
  const started = performance.now();
  while (times.length < 3 || (times.length < wantedRuns && performance.now() - started < BUDGET_MS)) {
    const start = performance.now();
    value = run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { ms: round(times[Math.floor(times.length / 2)]), runs: times.length, value };
}

/** To hundredths. */
export function round(ms) {
  return Math.round(ms * 100) / 100;
}
