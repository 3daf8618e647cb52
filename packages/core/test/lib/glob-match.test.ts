import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globMatches, parseGlob } from "../../src/lib/glob-match.ts";

/** By definition, without any cleverness. */
function naive(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] === "*") return naive(pattern.slice(1), text) || (text !== "" && naive(pattern, text.slice(1)));
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1));
}

describe("globMatches", () => {
  it.each([
    { pattern: "/img/*", text: "/img/", matches: true },
    { pattern: "/img/*", text: "/img/a/b", matches: true },
    { pattern: "/img/*", text: "/img", matches: false },
    { pattern: "/img/*/pics", text: "/img/a/b/pics", matches: true },
    { pattern: "*.example.com", text: "example.com", matches: false },
    { pattern: "?", text: "", matches: false },
    { pattern: "a?c", text: "abc", matches: true },
    { pattern: "a?c", text: "abbc", matches: false },
    { pattern: "", text: "", matches: true },
    { pattern: "", text: "a", matches: false },
    { pattern: "**", text: "", matches: true },
    { pattern: "*a*b", text: "aab", matches: true },
    { pattern: "a.c", text: "abc", matches: false },
  ])("$pattern on $text: $matches", ({ pattern, text, matches }) => {
    expect(globMatches(parseGlob(pattern), text)).toBe(matches);
  });

  it.each([
    { pattern: "a\\*", text: "a*", matches: true },
    { pattern: "a\\*", text: "ab", matches: false },
    { pattern: "a\\?*", text: "a?b", matches: true },
    { pattern: "a\\\\*", text: "a\\b", matches: true },
    { pattern: "a\\b", text: "a\\b", matches: true },
    { pattern: "a\\", text: "a\\", matches: true },
  ])("with escapes, $pattern on $text: $matches", ({ pattern, text, matches }) => {
    expect(globMatches(parseGlob(pattern, true), text)).toBe(matches);
  });

  it("agrees with the definition", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (glob, subject) => globMatches(parseGlob(glob), subject) === naive(glob, subject)),
      { numRuns: 5000 },
    );
  });

  it("doesn't explode", () => {
    const started = performance.now();
    expect(globMatches(parseGlob(`${"*a".repeat(60)}b`), "a".repeat(5000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
