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
    expect(renderJson({ b: [], a: { z: "x", c: undefined, d: 1 } })).toBe(
      '{\n  "a": {\n    "d": 1,\n    "z": "x"\n  },\n  "b": []\n}\n',
    );
  });
});
