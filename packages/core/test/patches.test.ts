import { fc, test } from "@fast-check/vitest";
import { applyPatches, enablePatches } from "immer";
import { describe, expect, it } from "vitest";
import { share } from "../src/lib/share.ts";
import { patchesBetween } from "../src/patches.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";

enablePatches();

const aRecord = fc.dictionary(
  fc.constantFrom("a", "b", "c", "__proto__", "constructor"),
  fc.jsonValue({ maxDepth: 4 }),
  {
    noNullPrototype: true,
  },
);
/** Two values with much in common. */
const aPair = fc.tuple(aRecord, aRecord, aRecord).map(([common, before, after]) => ({
  before: deepFreeze({ common, mine: before }),
  after: deepFreeze({ common: structuredClone(common), mine: after }),
}));

describe("patches", () => {
  // Immer loses keys of that name where it copies values; patchesBetween says so.
  const isKept = (pair: object): boolean => !JSON.stringify(pair).includes('"__proto__"');

  test.prop([aPair.filter(isKept)])("lead from one value to the other", ({ before, after }) => {
    expect(applyPatches(before, [...patchesBetween(before, share(before, after))])).toEqual(after);
  });

  it("say no more than what differs", () => {
    const before: object = { stacks: { a: { spec: { path: "/", port: 80 } }, b: { spec: {} } }, list: [1, 2] };
    const after: object = { stacks: { a: { spec: { path: "/x", port: 80 } }, c: { spec: {} } }, list: [1, 3] };
    expect(patchesBetween(before, after)).toEqual([
      { op: "replace", path: ["stacks", "a", "spec", "path"], value: "/x" },
      { op: "remove", path: ["stacks", "b"] },
      { op: "add", path: ["stacks", "c"], value: { spec: {} } },
      { op: "replace", path: ["list"], value: [1, 3] },
    ]);
    expect(patchesBetween(before, before)).toEqual([]);
  });

  it("replace what holds a name that immer refuses", () => {
    const before: object = { stacks: { constructor: { a: 1 }, other: {} } };
    const after: object = { stacks: { constructor: { a: 2 }, other: {} } };
    const patches = patchesBetween(before, after);
    expect(patches).toEqual([{ op: "replace", path: ["stacks"], value: { constructor: { a: 2 }, other: {} } }]);
    expect(applyPatches(before, [...patches])).toEqual(after);
  });
});

describe("share", () => {
  test.prop([aPair])("gives the new value, of the old one's parts where they are equal", ({ before, after }) => {
    const shared = share(before, after);
    expect(JSON.stringify(shared)).toBe(JSON.stringify(after));
    expect(shared.common).toBe(before.common);
    if (JSON.stringify(before) === JSON.stringify(after)) expect(shared).toBe(before);
  });

  it("tells apart what differs in the order of keys alone", () => {
    const before = { tags: { a: "1", b: "2" }, spec: { c: 1 } };
    const shared = share(before, { tags: { b: "2", a: "1" }, spec: { c: 1 } });
    expect(JSON.stringify(shared)).toBe('{"tags":{"b":"2","a":"1"},"spec":{"c":1}}');
    expect(shared.spec).toBe(before.spec);
  });
});
