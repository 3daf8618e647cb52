import { share } from "@elbplan/core";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { shareFields, shareList } from "../../src/cluster/watch/share.ts";

const json = fc.jsonValue({ maxDepth: 4 });
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test.prop([json])("an equal value is the old value", (value) => {
  const before = copy(value);
  expect(share(before, copy(value))).toBe(before);
});

test.prop([json, json])("the value is the new one, and neither is changed", (before, after) => {
  const [old, fresh] = [copy(before), copy(after)];
  expect(JSON.stringify(share(old, fresh))).toBe(JSON.stringify(copy(after)) ?? "");
  expect([old, fresh]).toEqual([copy(before), copy(after)]);
});

describe("parts", () => {
  it("that are equal stay the same object beside one that isn't", () => {
    const before = { spec: { rules: [{ host: "a" }] }, status: { n: 1 } };
    const after = share(before, { spec: { rules: [{ host: "a" }] }, status: { n: 2 } });
    expect(after.spec).toBe(before.spec);
    expect(after.status).toEqual({ n: 2 });
  });

  it("an own key __proto__ is compared and kept", () => {
    const text = '{"__proto__":{"a":1},"b":2}';
    const before = JSON.parse(text);
    expect(share(before, JSON.parse(text))).toBe(before);
    const changed = share(before, JSON.parse('{"__proto__":{"a":2},"b":2}'));
    expect(JSON.stringify(changed)).toBe('{"__proto__":{"a":2},"b":2}');
    expect(share({}, JSON.parse('{"__proto__":null}'))).not.toEqual({});
  });

  it("a removed key, an added key and another order of a list are changes", () => {
    expect(share({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
    expect(share({ a: 1 }, { a: 1, b: undefined })).toHaveProperty("b");
    const before = [{ a: 1 }, { b: 2 }];
    expect(share(before, [{ b: 2 }, { a: 1 }])).toEqual([{ b: 2 }, { a: 1 }]);
  });
});

it("lists and records are shared by the identity of what is in them", () => {
  const [a, b] = [{ a: 1 }, { b: 1 }];
  const list = [a, b];
  expect(shareList(list, [a, b])).toBe(list);
  expect(shareList(list, [{ ...a }, b])).not.toBe(list);
  expect(shareList(undefined, list)).toBe(list);
  const record = { a, b };
  expect(shareFields<object>(record, { a, b })).toBe(record);
  expect(shareFields<object>(record, { a })).toEqual({ a });
});
