import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globClasses, globMember, type Language } from "../../src/lib/glob-classes.ts";
import { globMatches, parseGlob } from "../../src/lib/glob-match.ts";

/** Every text over three letters that doesn't begin with c. */
const ABC: Language = {
  start: 0,
  next: (state, code) => (code < 97 || code > 99 || (state === 0 && code === 99) ? undefined : 1),
  accepts: () => true,
  alphabet: "abc",
  special: "",
};

const UP_TO_6 = textsUpTo(6).filter((text) => !text.startsWith("c"));

function textsUpTo(length: number): readonly string[] {
  if (length === 0) return [""];
  const shorter = textsUpTo(length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return [...shorter, ...longest.flatMap((text) => [..."abc"].map((letter) => text + letter))];
}

const patterns = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 4 }), { maxLength: 4 });

describe("globClasses", () => {
  it("finds a text for each set of globs that some text matches", () => {
    fc.assert(
      fc.property(patterns, (globs) => {
        const parsed = globs.map((glob) => parseGlob(glob));
        const setOf = (text: string): string => parsed.map((glob) => (globMatches(glob, text) ? 1 : 0)).join("");
        const { texts, complete } = globClasses(parsed, ABC, 1_000_000);
        const found = new Set(texts.map(setOf));
        expect(complete).toBe(true);
        expect(found.size).toBe(texts.length);
        expect(UP_TO_6.filter((text) => !found.has(setOf(text)))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("says when it stops before the end", () => {
    const globs = Array.from({ length: 40 }, (_, i) => parseGlob(`*a${"b".repeat(i)}c*`));
    expect(globClasses(globs, ABC, 10_000).complete).toBe(false);
  });

  it("gives the same texts every time", () => {
    const globs = ["a*", "*b", "?"].map((glob) => parseGlob(glob));
    expect(globClasses(globs, ABC, 1000)).toEqual(globClasses(globs, ABC, 1000));
  });
});

describe("globMember", () => {
  it("finds a common text if there is one", () => {
    fc.assert(
      fc.property(patterns, (globs) => {
        const parsed = globs.map((glob) => parseGlob(glob));
        const member = globMember(parsed, ABC);
        const isMember = (text: string): boolean => parsed.every((glob) => globMatches(glob, text));
        if (member === undefined) expect(UP_TO_6.filter(isMember)).toEqual([]);
        else expect(isMember(member) && !member.startsWith("c")).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
