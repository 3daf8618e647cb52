import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/lib/sha256.ts";
import { stableDigest } from "../../src/lib/stable-digest.ts";
import { stableJson } from "../../src/lib/stable-json.ts";

/** The text that is hashed, made the simple way: canonical JSON in which a text that stood before is its number. */
function numbered(value: unknown): string {
  const seen = new Map<string, number>();
  return stableJson(value).replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) => {
    const number = seen.get(text);
    if (number !== undefined) return `#${number}`;
    seen.set(text, seen.size);
    return text;
  });
}

/** Few texts, so that they recur, among them such as stand for others. */
const texts = fc.constantFrom("", "a", "b", "#0", "#1", '"', "\\", "0");
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.constantFrom(0, 1, true, null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(texts, tie("value"), { maxKeys: 4 }),
  ),
})).value;

describe("stableDigest", () => {
  it("is the hash of the canonical JSON with texts that recur as numbers", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), values), (value) => {
        expect(stableDigest(value)).toBe(sha256Hex(numbered(value)));
      }),
    );
  });

  it("is the same of the same data only", () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        expect(stableDigest(one) === stableDigest(other)).toBe(stableJson(one) === stableJson(other));
      }),
      { numRuns: 1000 },
    );
  });

  it("is so for long and strange texts", () => {
    const value = {
      list: Array.from({ length: 3000 }, (_, index) => ({ [`key ${index}`]: '😀\ud800"\n', absent: undefined })),
    };
    expect(stableDigest(value)).toBe(sha256Hex(numbered(value)));
  });
});
