import { describe, expect, it } from "vitest";
import { throttledApi } from "../src/throttle.ts";
import { fakeClock } from "./fake-clock.ts";

const BUCKET = { name: "few", services: ["ec2"], operations: ["Create*"], capacity: 2, refillPerSecond: 4 };

describe("throttling", () => {
  it("lets a full bucket's worth go at once and then at the rate, first come first served", async () => {
    const clock = fakeClock();
    const sent: [unknown, number][] = [];
    const api = throttledApi(
      async ({ input }) => {
        sent.push([input["n"], clock.now()]);
        return {};
      },
      { buckets: [BUCKET], clock },
    );
    await Promise.all([1, 2, 3, 4].map((n) => api({ service: "ec2", operation: "CreateTags", input: { n } })));
    expect(sent).toEqual([
      [1, 0],
      [2, 0],
      [3, 250],
      [4, 500],
    ]);
    await clock.sleep(750);
    await Promise.all([5, 6].map((n) => api({ service: "ec2", operation: "CreateTags", input: { n } })));
    // Half a token was left over and three quarters of a second gave three; no more than two are kept.
    expect(sent.slice(4)).toEqual([
      [5, 1250],
      [6, 1250],
    ]);
  });

  it("holds nothing back that no bucket counts", async () => {
    const clock = fakeClock();
    const api = throttledApi(async () => ({}), { buckets: [BUCKET], clock });
    await Promise.all(Array.from({ length: 50 }, () => api({ service: "ec2", operation: "DescribeVpcs", input: {} })));
    await Promise.all(Array.from({ length: 50 }, () => api({ service: "acm", operation: "CreateTags", input: {} })));
    expect(clock.now()).toBe(0);
  });

  it("ends when the signal does, without calling", async () => {
    let calls = 0;
    const api = throttledApi(async () => ({ calls: ++calls }), {
      buckets: [{ ...BUCKET, capacity: 1, refillPerSecond: 0.001 }],
    });
    const create = { service: "ec2", operation: "CreateTags", input: {} } as const;
    await api(create);
    const stop = new AbortController();
    const held = api(create, { signal: stop.signal });
    stop.abort(new Error("enough"));
    const stopped = { code: "Stopped", outcome: "refused", message: "the call wasn't sent: enough" };
    await expect(held).rejects.toMatchObject(stopped);
    await expect(api(create, { signal: stop.signal })).rejects.toMatchObject(stopped);
    await expect(api(create, { stop: stop.signal })).rejects.toMatchObject(stopped);
    expect(calls).toBe(1);
  });
});
