/** The work queue: turns, order, parallelism, and how long failures wait. */

import { fakeClock, settled } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { createQueue, type Turn } from "../src/queue.ts";

const DONE: Turn = { failed: false };
const FAILED: Turn = { failed: true };

/** A queue whose turns end when the test says so. */
function held(concurrency = 2) {
  const clock = fakeClock();
  const stopping = new AbortController();
  const begun: string[] = [];
  const open = new Map<string, (turn: Turn) => void>();
  const depths: string[] = [];
  const queue = createQueue({
    clock,
    concurrency,
    signal: stopping.signal,
    onChange: (waiting, active) => depths.push(`${waiting}/${active}`),
    work: (key) => {
      begun.push(key);
      return new Promise((resolve) => open.set(key, resolve));
    },
  });
  const end = async (key: string, turn = DONE): Promise<void> => {
    open.get(key)?.(turn);
    open.delete(key);
    await settled();
  };
  return { clock, queue, begun, end, stop: () => stopping.abort(), depths };
}

describe("turns", () => {
  it("begin in the order in which they were asked for, as many at a time as allowed", async () => {
    const { queue, begun, end } = held();
    for (const key of ["a", "b", "c", "d"]) queue.add(key);
    expect(begun).toEqual(["a", "b"]);
    await end("b");
    expect(begun).toEqual(["a", "b", "c"]);
    await end("a");
    await end("c");
    expect(begun).toEqual(["a", "b", "c", "d"]);
    expect(queue.isIdle()).toBe(false);
    await end("d");
    expect(queue.isIdle()).toBe(true);
  });

  it("of one key never overlap; asked for meanwhile, however often, it is one more", async () => {
    const { queue, begun, end } = held();
    for (let times = 0; times < 5; times++) queue.add("a");
    for (let times = 0; times < 5; times++) queue.add("a");
    expect(begun).toEqual(["a"]);
    await end("a");
    expect(begun).toEqual(["a", "a"]);
    await end("a");
    expect(begun).toEqual(["a", "a"]);
  });

  it("of a key that waits for its own turn don't hold up others", async () => {
    const { queue, begun } = held();
    queue.add("a");
    queue.add("a");
    queue.add("b");
    expect(begun).toEqual(["a", "b"]);
  });

  it("don't begin once it is stopped, and those under way are waited for", async () => {
    const { queue, begun, end, stop, clock } = held(1);
    queue.add("a");
    queue.add("b");
    stop();
    let hasEnded = false;
    const ended = queue.ended().then(() => {
      hasEnded = true;
    });
    await settled();
    expect(hasEnded).toBe(false);
    await end("a", FAILED);
    await ended;
    queue.add("c");
    await clock.advance(10_000_000);
    expect(begun).toEqual(["a"]);
  });
});

describe("a turn that failed", () => {
  it("is tried again after 5 ms, doubled each time, and after 1,000 s at most", async () => {
    const { queue, begun, end, clock } = held();
    const delays: number[] = [];
    queue.add("a");
    for (let turn = 0; turn < 22; turn++) {
      delays.push(queue.nextDelay("a"));
      await end("a", FAILED);
      const before = begun.length;
      await clock.advance((delays.at(-1) ?? 0) - 1);
      expect(begun).toHaveLength(before);
      await clock.advance(1);
      expect(begun).toHaveLength(before + 1);
    }
    expect(delays.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(delays.slice(17)).toEqual([655_360, 1_000_000, 1_000_000, 1_000_000, 1_000_000]);
    await end("a");
    expect(queue.nextDelay("a")).toBe(5);
  });

  it("is tried at once when something changes", async () => {
    const { queue, begun, end, clock } = held();
    queue.add("a");
    for (let turn = 0; turn < 12; turn++) {
      await end("a", FAILED);
      queue.add("a");
    }
    expect(begun).toHaveLength(13);
    await end("a");
    await clock.advance(10_000_000);
    expect(begun).toHaveLength(13);
  });
});

describe("a turn that comes again", () => {
  it("does so in its time, and at the sooner of two", async () => {
    const { queue, begun, end, clock } = held();
    queue.add("a");
    await end("a", { failed: false, againInMilliseconds: 15_000 });
    await clock.advance(14_999);
    expect(begun).toHaveLength(1);
    queue.add("a");
    await end("a", { failed: false, againInMilliseconds: 300_000 });
    await clock.advance(299_999);
    expect(begun).toHaveLength(2);
    await clock.advance(1);
    expect(begun).toHaveLength(3);
  });
});
