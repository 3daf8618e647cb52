/** What a reflector does next, as a table; and that no server can make it storm. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { DEFAULT_TIMING, type Ended, NOTHING_YET, nextStep, type Progress } from "../../src/cluster/watch/next-step.ts";

const { baseMs, capMs, healthyMs, absentMs, doubtAfter } = DEFAULT_TIMING;
const watching: Progress = { failures: 0, canWatch: true };
const failed: Ended = { how: "failed" };

describe("the next step", () => {
  it.each<{
    name: string;
    before: Progress;
    ended: Ended;
    lived?: number;
    next: string;
    wait: number;
    failures: number;
  }>([
    { name: "after a list: watch", before: NOTHING_YET, ended: { how: "listed" }, next: "watch", wait: 0, failures: 0 },
    {
      name: "a list alone is no sign of health",
      before: { failures: 3, canWatch: false },
      ended: { how: "listed" },
      next: "watch",
      wait: 0,
      failures: 3,
    },
    {
      name: "a watch that the server closed in its time: again at once",
      before: { failures: 4, canWatch: true },
      ended: { how: "closed" },
      lived: healthyMs,
      next: "watch",
      wait: 0,
      failures: 0,
    },
    {
      name: "a watch that was closed at once: wait",
      before: watching,
      ended: { how: "closed" },
      lived: 10,
      next: "watch",
      wait: baseMs,
      failures: 1,
    },
    { name: "410: list", before: watching, ended: { how: "expired" }, next: "list", wait: baseMs, failures: 1 },
    {
      name: "410 again: list, later",
      before: { failures: 2, canWatch: true },
      ended: { how: "expired" },
      next: "list",
      wait: baseMs * 4,
      failures: 3,
    },
    {
      name: "a break of a healthy watch: go on where it was",
      before: { failures: 4, canWatch: true },
      ended: failed,
      lived: healthyMs,
      next: "watch",
      wait: baseMs,
      failures: 1,
    },
    { name: "a failed list: list", before: NOTHING_YET, ended: failed, next: "list", wait: baseMs, failures: 1 },
    {
      name: "failure after failure: twice as long each time",
      before: { failures: 2, canWatch: true },
      ended: failed,
      next: "watch",
      wait: baseMs * 4,
      failures: 3,
    },
    {
      name: "never longer than the cap",
      before: { failures: 40, canWatch: true },
      ended: failed,
      next: "watch",
      wait: capMs,
      failures: 41,
    },
    {
      name: "so many failures put the resource version in doubt",
      before: { failures: doubtAfter - 1, canWatch: true },
      ended: failed,
      next: "list",
      wait: baseMs * 16,
      failures: doubtAfter,
    },
    {
      name: "the server says when to come back",
      before: watching,
      ended: { how: "failed", retryAfterSeconds: 7 },
      next: "watch",
      wait: 7000,
      failures: 1,
    },
    {
      name: "but a server can't send us away for a day",
      before: watching,
      ended: { how: "failed", retryAfterSeconds: 86_400 },
      next: "watch",
      wait: capMs,
      failures: 1,
    },
    {
      name: "forbidden: list soon",
      before: watching,
      ended: { how: "forbidden" },
      next: "list",
      wait: baseMs,
      failures: 1,
    },
    {
      name: "no such kind, again: list later",
      before: { failures: 3, canWatch: false },
      ended: { how: "missing" },
      next: "list",
      wait: baseMs * 8,
      failures: 4,
    },
    {
      name: "still no such kind: look now and then",
      before: { failures: 30, canWatch: false },
      ended: { how: "missing" },
      next: "list",
      wait: absentMs,
      failures: 31,
    },
  ])("$name", ({ before, ended, lived = 0, next, wait, failures }) => {
    const step = nextStep(before, ended, lived, 1, DEFAULT_TIMING);
    expect(step).toMatchObject({ next, waitMs: wait, progress: { failures } });
    // Luck takes away half of the waiting at most; what the server asks for isn't shortened.
    const lucky = nextStep(before, ended, lived, 0, DEFAULT_TIMING).waitMs;
    expect(lucky).toBeGreaterThanOrEqual(wait / 2);
    expect(lucky).toBeLessThanOrEqual(wait);
  });
});

const anEnd = fc.oneof(
  fc.constantFrom<Ended>({ how: "closed" }, { how: "expired" }, { how: "forbidden" }, { how: "missing" }, failed),
  fc.integer({ min: 0, max: 100_000 }).map((retryAfterSeconds): Ended => ({ how: "failed", retryAfterSeconds })),
);

test.prop([
  fc.array(fc.record({ end: anEnd, lists: fc.boolean(), lived: fc.integer({ min: 0, max: 5000 }) }), {
    minLength: 30,
    maxLength: 200,
  }),
  fc.double({ min: 0, max: 1, noNaN: true }),
])("whatever a server does with watches that don't live, requests become rare", (script, random) => {
  let progress = NOTHING_YET;
  let next: "list" | "watch" = "list";
  let time = 0;
  for (const { end, lists, lived } of script) {
    const ended: Ended = next === "list" && lists ? { how: "listed" } : end;
    const livedMs: number = next === "watch" ? lived : 0;
    const step = nextStep(progress, ended, livedMs, random);
    ({ next, progress } = step);
    time += livedMs + step.waitMs;
  }
  // Six failures bring the wait to half the cap at least, and each list may be followed by one watch at once.
  expect(script.length).toBeLessThanOrEqual(2 * (6 + time / (capMs / 2)) + 2);
});
