import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/lib/sha256.ts";
import { stableDigest } from "../../src/lib/stable-digest.ts";
import { stableJson } from "../../src/lib/stable-json.ts";

describe("stableDigest", () => {
  it("is the hash of the canonical JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(stableDigest(value)).toBe(sha256Hex(stableJson(value)));
      }),
    );
  });

  it("is so for long and strange texts", () => {
    const value = {
      list: Array.from({ length: 3000 }, (_, index) => ({ [`key ${index}`]: '😀\ud800"\n', absent: undefined })),
    };
    expect(stableDigest(value)).toBe(sha256Hex(stableJson(value)));
  });
});
