import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesFilter } from "../../src/lib/filter-pattern.ts";

it.each([
  { pattern: "", text: "", matches: true },
  { pattern: "", text: "a", matches: false },
  { pattern: "*", text: "", matches: true },
  { pattern: "a*", text: "abc", matches: true },
  { pattern: "*c", text: "abc", matches: true },
  { pattern: "a*c", text: "ab", matches: false },
  { pattern: "a?c", text: "abc", matches: true },
  { pattern: "a?", text: "a", matches: false },
  { pattern: "a\\*", text: "a*", matches: true },
  { pattern: "a\\*", text: "ab", matches: false },
  { pattern: "*\\?", text: "what?", matches: true },
  { pattern: "a\\", text: "a\\", matches: false },
  { pattern: "A", text: "a", matches: false },
  { pattern: "*a*a*b", text: "aaaaab", matches: true },
])("$pattern and $text: $matches", ({ pattern, text, matches }) => {
  expect(matchesFilter(pattern, text)).toBe(matches);
});

it("an escaped text matches itself and nothing else", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "\\") });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(matchesFilter(one.replace(/[*?\\]/g, "\\$&"), other)).toBe(one === other);
    }),
  );
});

it("hostile patterns end", () => {
  expect(matchesFilter("*a".repeat(500), "a".repeat(5000).concat("b"))).toBe(false);
});
