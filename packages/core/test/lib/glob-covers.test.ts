import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { globCovers, globsIntersect } from "../../src/lib/glob.ts";

const glob = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 7 });
const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 7 });
/** A text has no wildcards, so both globs have a text in common only if the glob matches it. */
const matches = globsIntersect;

describe("globCovers", () => {
  it.each([
    ["*", "a?b*", true],
    ["/a/*", "/a/b", true],
    ["/a/*", "/a", false],
    ["/a*", "/a/*", true],
    ["/a/*", "/a*", false],
    ["*.a.example", "x.y.a.example", true],
    ["*.a.example", "*.b.a.example", true],
    ["*.a.example", "a.example", false],
    ["a?c", "abc", true],
    ["a?c", "a*c", false],
    ["?*", "*?", true],
    ["**", "*", true],
    ["*?", "*", false],
    ["a*b*c", "a*c", false],
    ["a*c", "a*b*c", true],
    ["", "", true],
    ["", "*", false],
    ["*", "", true],
  ])("%s covers %s: %s", (covering, covered, expected) => {
    expect(globCovers(covering, covered)).toBe(expected);
  });

  test.prop([glob, glob, text])(
    "never says so of a text that the covering glob doesn't match",
    (covering, covered, word) => {
      if (globCovers(covering, covered) && matches(covered, word)) expect(matches(covering, word)).toBe(true);
    },
  );

  test.prop([glob, text])("is matching when the covered one is a text", (covering, word) => {
    expect(globCovers(covering, word)).toBe(matches(covering, word));
  });

  test.prop([glob, glob, glob])("is transitive where it says yes", (a, b, c) => {
    if (globCovers(a, b) && globCovers(b, c)) expect(globCovers(a, c)).toBe(true);
  });
});
