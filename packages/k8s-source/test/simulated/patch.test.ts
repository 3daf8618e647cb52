import { describe, expect, it } from "vitest";
import { jsonPatched, mergePatched, PatchError, strategicallyPatched } from "../../src/simulated/patch.ts";

describe("a JSON patch", () => {
  const object = Object.freeze({ a: { "b/c": 1, "~d": 2 }, list: Object.freeze([1, 2, 3]) });

  it.each([
    { name: "adds", patch: { op: "add", path: "/x", value: 1 }, result: { ...object, x: 1 } },
    { name: "replaces by adding", patch: { op: "add", path: "/list", value: [] }, result: { ...object, list: [] } },
    { name: "inserts", patch: { op: "add", path: "/list/1", value: 9 }, result: { ...object, list: [1, 9, 2, 3] } },
    { name: "appends", patch: { op: "add", path: "/list/-", value: 9 }, result: { ...object, list: [1, 2, 3, 9] } },
    {
      name: "replaces",
      patch: { op: "replace", path: "/a/b~1c", value: 9 },
      result: { ...object, a: { "b/c": 9, "~d": 2 } },
    },
    { name: "removes", patch: { op: "remove", path: "/a/~0d" }, result: { ...object, a: { "b/c": 1 } } },
    { name: "removes from a list", patch: { op: "remove", path: "/list/0" }, result: { ...object, list: [2, 3] } },
    { name: "tests", patch: { op: "test", path: "/a", value: { "~d": 2, "b/c": 1 } }, result: object },
    { name: "takes an absent member for null", patch: { op: "test", path: "/none", value: null }, result: object },
  ])("$name", ({ patch, result }) => {
    expect(jsonPatched(object, [patch])).toEqual(result);
  });

  it.each([
    { name: "a test that fails", patch: [{ op: "test", path: "/a", value: 1 }] },
    { name: "an empty list for an absent one", patch: [{ op: "test", path: "/none", value: [] }] },
    { name: "nothing to replace", patch: [{ op: "replace", path: "/none", value: 1 }] },
    { name: "nothing to remove", patch: [{ op: "remove", path: "/none" }] },
    { name: "a way through nothing", patch: [{ op: "add", path: "/none/x", value: 1 }] },
    { name: "an unknown operation", patch: [{ op: "move", path: "/a" }] },
    { name: "no list", patch: {} },
  ])("refuses $name", ({ patch }) => {
    expect(() => jsonPatched(object, patch)).toThrow(PatchError);
  });
});

it.each([
  { target: { a: "b" }, patch: { a: "c" }, result: { a: "c" } },
  { target: { a: "b", b: "c" }, patch: { a: null }, result: { b: "c" } },
  { target: { a: ["b"] }, patch: { a: "c" }, result: { a: "c" } },
  { target: { a: { b: "c" } }, patch: { a: { b: "d", c: null } }, result: { a: { b: "d" } } },
  { target: { a: [{ b: "c" }] }, patch: { a: [1] }, result: { a: [1] } },
  { target: { a: "foo" }, patch: "bar", result: "bar" },
  { target: {}, patch: { a: { bb: { ccc: null } } }, result: { a: { bb: {} } } },
])("a merge patch $patch of $target (RFC 7396, appendix A)", ({ target, patch, result }) => {
  expect(mergePatched(target, patch)).toEqual(result);
});

it("a hostile key is merged as any other", () => {
  const merged = mergePatched({}, JSON.parse('{"__proto__":{"x":1}}'));
  expect(JSON.stringify(merged)).toBe('{"__proto__":{"x":1}}');
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

it("conditions are merged by their type, other lists replaced", () => {
  const target = { status: { conditions: [{ type: "A", status: "True", reason: "r" }, { type: "B" }] }, list: [1] };
  const patch = { status: { conditions: [{ type: "A", status: "False" }, { type: "C" }] }, list: [2] };
  expect(strategicallyPatched(target, patch)).toEqual({
    status: { conditions: [{ type: "A", status: "False", reason: "r" }, { type: "B" }, { type: "C" }] },
    list: [2],
  });
});
