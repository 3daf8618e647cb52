import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stableJson } from "../../src/lib/stable-json.ts";

describe("stableJson", () => {
  it.each([
    { name: "sorted keys", value: { b: 1, a: [true, null, "x"] }, text: '{"a":[true,null,"x"],"b":1}' },
    { name: "absent fields", value: { a: undefined, b: {} }, text: '{"b":{}}' },
    {
      name: "hostile keys",
      value: JSON.parse('{"constructor":2,"__proto__":1}'),
      text: '{"__proto__":1,"constructor":2}',
    },
  ])("writes $name", ({ value, text }) => expect(stableJson(value)).toBe(text));

  it("is read back as it was written, whatever the order of keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // -0 has no sign in JSON.
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(stableJson(value))).toEqual(plain);
      }),
    );
  });
});
