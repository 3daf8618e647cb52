import { fakeClock, settled } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import type { KubernetesApi } from "../../src/cluster/api/kubernetes-api.ts";
import { KubernetesError } from "../../src/cluster/api/kubernetes-error.ts";
import { boundedApi, patientApi } from "../../src/cluster/api/wrappers.ts";

const watch: KubernetesApi["watch"] = () => {
  throw new Error("nobody watches here");
};
const get = { method: "GET", path: "/x" } as const;
const post = { method: "POST", path: "/x" } as const;

describe("a bounded port", () => {
  it("has so many calls in flight, in the order they came", async () => {
    const running: (() => void)[] = [];
    let count = 0;
    const call = () => new Promise<number>((resolve) => running.push(() => resolve(++count)));
    const api = boundedApi({ call, watch }, 2);
    const calls = [1, 2, 3, 4].map(() => api.call(get));
    for (const inFlight of [2, 2, 2, 1]) {
      await settled();
      expect(running).toHaveLength(inFlight);
      running.shift()?.();
    }
    expect(await Promise.all(calls)).toEqual([1, 2, 3, 4]);
  });

  it("makes room after a failure, and doesn't begin what was called off", async () => {
    let calls = 0;
    const call = async () => {
      calls++;
      throw new Error("no");
    };
    const api = boundedApi({ call, watch }, 1);
    const stop = new AbortController();
    const results = [api.call(get), api.call(get, { signal: stop.signal }), api.call(get)];
    stop.abort(new Error("called off"));
    expect(
      (await Promise.allSettled(results)).map((each) => each.status === "rejected" && each.reason.message),
    ).toEqual(["no", "called off", "no"]);
    expect(calls).toBe(2);
  });
});

describe("a patient port", () => {
  const failing = (error: Partial<KubernetesError>, times: number) => {
    let calls = 0;
    const call = async () => {
      if (++calls > times) return "done";
      throw new KubernetesError("no", { outcome: "unknown", ...error } as never);
    };
    return { call, calls: () => calls };
  };

  it.each([
    { name: "reading after a lost connection", request: get, error: {}, again: true },
    { name: "reading after 503", request: get, error: { status: 503 }, again: true },
    { name: "reading after 504", request: get, error: { status: 504 }, again: false },
    { name: "reading after 404", request: get, error: { status: 404, outcome: "refused" as const }, again: false },
    { name: "writing after 429", request: post, error: { status: 429, outcome: "refused" as const }, again: true },
    { name: "writing after a lost connection", request: post, error: {}, again: false },
    { name: "writing after 503", request: post, error: { status: 503 }, again: false },
  ])("$name: again is $again", async ({ request, error, again }) => {
    const clock = fakeClock();
    const { call, calls } = failing(error, 2);
    const result = patientApi({ call, watch }, { clock, random: () => 0 })
      .call(request)
      .catch(() => "failed");
    await clock.advance(10_000);
    expect(await result).toBe(again ? "done" : "failed");
    expect(calls()).toBe(again ? 3 : 1);
  });

  it("waits as long as the server asks for, ten seconds at most, and gives up in the end", async () => {
    const clock = fakeClock();
    const { call, calls } = failing({ status: 429, retryAfterSeconds: 99 }, 9);
    const result = patientApi({ call, watch }, { clock, random: () => 0, attempts: 3 })
      .call(get)
      .catch(() => "failed");
    await clock.advance(9999);
    expect(calls()).toBe(1);
    await clock.advance(1);
    expect(calls()).toBe(2);
    await clock.advance(10_000);
    expect([await result, calls()]).toEqual(["failed", 3]);
  });

  it("stops waiting when it is called off", async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const { call } = failing({ status: 429 }, 9);
    const result = patientApi({ call, watch }, { clock }).call(get, { signal: stop.signal });
    await settled();
    stop.abort(new Error("called off"));
    await expect(result).rejects.toThrow("called off");
  });
});
