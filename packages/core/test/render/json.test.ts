import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { renderJson } from "../../src/render/json.ts";

describe("renderJson", () => {
  test.prop([fc.jsonValue()])("is the same data", (value) => {
    expect(JSON.parse(renderJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  test.prop([fc.dictionary(fc.string(), fc.jsonValue())])("does not depend on the order of keys", (value) => {
    const reversed = Object.fromEntries(Object.entries(value).reverse());
    expect(renderJson(reversed)).toBe(renderJson(value));
  });

  it("leaves undefined fields out, sorts keys and ends with a line break", () => {
    expect(renderJson({ b: [], a: { c: undefined, 10: 1, 9: "x" } })).toBe(
      '{\n  "a": {\n    "10": 1,\n    "9": "x"\n  },\n  "b": []\n}\n',
    );
  });
});
