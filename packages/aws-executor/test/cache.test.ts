import { describe, expect, it } from "vitest";
import { createCache } from "../src/cache.ts";
import { fakeClock } from "./fake-clock.ts";

/** Loads whose ends the test decides, in the order in which they began. */
function loads<T>() {
  const begun: { readonly keys: readonly string[]; readonly end: (answer: T | Error) => void }[] = [];
  const load = (keys: readonly string[] = []): Promise<T> =>
    new Promise((resolve, reject) => {
      const end = (answer: T | Error): void => (answer instanceof Error ? reject(answer) : resolve(answer));
      begun.push({ keys, end });
    });
  return { begun, load };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const upper = (keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map(keys.map((key) => [key, key.toUpperCase()]));

describe("what is joined while it is being loaded", () => {
  it("is loaded once if all goes well", async () => {
    const cache = createCache(fakeClock());
    const { begun, load } = loads<string>();
    const both = [cache.get("vpc", "v", 100, load), cache.get("vpc", "v", 100, load)];
    begun[0]?.end("here");
    expect(await Promise.all(both)).toEqual(["here", "here"]);
    expect(begun).toHaveLength(1);
  });

  it("fails for whoever began it, and is loaded anew for whoever joined", async () => {
    const cache = createCache(fakeClock());
    const { begun, load } = loads<string>();
    const first = expect(cache.get("vpc", "v", 100, load)).rejects.toThrow("cut off");
    const joined = cache.get("vpc", "v", 100, load);
    begun[0]?.end(new Error("cut off"));
    await first;
    await settle();
    begun[1]?.end("here");
    expect(await joined).toBe("here");
    expect(await cache.get("vpc", "v", 100, load)).toBe("here");
    expect(begun).toHaveLength(2);
  });

  it("fails for all if it fails anew: nobody asks for ever", async () => {
    const cache = createCache(fakeClock());
    const { begun, load } = loads<string>();
    const all = Promise.allSettled(Array.from({ length: 50 }, () => cache.get("vpc", "v", 100, load)));
    begun[0]?.end(new Error("one"));
    await settle();
    begun[1]?.end(new Error("two"));
    const reasons = (await all).map((each) => (each.status === "rejected" ? String(each.reason) : "here"));
    expect(reasons).toEqual(["Error: one", ...Array.from({ length: 49 }, () => "Error: two")]);
    expect(begun).toHaveLength(2);
  });

  it("is loaded anew among many, and only that", async () => {
    const cache = createCache(fakeClock());
    const { begun, load } = loads<ReadonlyMap<string, string>>();
    const first = expect(cache.getMany("group", ["a", "b"], 100, load)).rejects.toThrow("throttled");
    const joined = cache.getMany("group", ["b", "c"], 100, load);
    expect(begun.map(({ keys }) => keys)).toEqual([["a", "b"], ["c"]]);
    begun[0]?.end(new Error("throttled"));
    begun[1]?.end(upper(["c"]));
    await first;
    await settle();
    expect(begun[2]?.keys).toEqual(["b"]);
    begun[2]?.end(upper(["b"]));
    expect([...(await joined)].sort()).toEqual([
      ["b", "B"],
      ["c", "C"],
    ]);
  });

  it("fails where its own part fails", async () => {
    const cache = createCache(fakeClock());
    const { begun, load } = loads<ReadonlyMap<string, string>>();
    const first = cache.getMany("group", ["a"], 100, load);
    const second = expect(cache.getMany("group", ["a", "b"], 100, load)).rejects.toThrow("refused");
    begun[1]?.end(new Error("refused"));
    begun[0]?.end(upper(["a"]));
    await second;
    expect([...(await first)]).toEqual([["a", "A"]]);
  });
});
