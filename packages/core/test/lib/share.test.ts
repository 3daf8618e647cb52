import { describe, expect, it } from "vitest";
import { keepLast } from "../../src/lib/keep-last.ts";
import { share } from "../../src/lib/share.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";

describe("share", () => {
  const before = deepFreeze({ a: { b: [1, { c: 2 }] }, d: { e: 3 } });

  it("gives the old value for an equal one", () => {
    expect(share(before, structuredClone(before))).toBe(before);
  });

  it("takes other order of keys for another value", () => {
    const turned = deepFreeze({ d: before.d, a: before.a });
    expect(share(before, turned)).toBe(turned);
  });

  it("takes what is equal from the old value", () => {
    const shared = share(before, deepFreeze({ a: structuredClone(before.a), d: { e: 4 } }));
    expect(shared).toEqual({ a: before.a, d: { e: 4 } });
    expect(shared.a).toBe(before.a);
  });

  it("copies nothing that is made of the old value's parts already", () => {
    const made = deepFreeze({ a: before.a, d: { e: 4 } });
    expect(share(before, made)).toBe(made);
    const list = deepFreeze([before.a, before.d]);
    expect(share(deepFreeze([before.a]), list)).toBe(list);
  });
});

describe("keepLast", () => {
  it("makes anew only for another object", () => {
    const length = keepLast((list: readonly string[]) => ({ length: list.length }));
    const list = deepFreeze(["a"]);
    const first = length(list);
    expect(length(list)).toBe(first);
    expect(length(deepFreeze(["a"]))).not.toBe(first);
    expect(length(deepFreeze([]))).toEqual({ length: 0 });
  });
});
