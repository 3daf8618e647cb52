import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globsIntersect } from "../../src/lib/glob.ts";

describe("globsIntersect", () => {
  it.each([
    { a: "/a", b: "/a", meet: true },
    { a: "/a", b: "/b", meet: false },
    { a: "", b: "", meet: true },
    { a: "", b: "*", meet: true },
    { a: "", b: "?", meet: false },
    { a: "*", b: "?", meet: true },
    { a: "/a*", b: "/*b", meet: true },
    { a: "/a*", b: "/b*", meet: false },
    { a: "*.example.com", b: "www.*", meet: true },
    { a: "*.example.com", b: "*.example.org", meet: false },
    { a: "/api/?", b: "/api/v1", meet: false },
    { a: "/api/??", b: "/api/v*", meet: true },
    { a: "a*b*c", b: "a?c", meet: true },
    { a: "a*b*c", b: "ac", meet: false },
  ])("$a and $b: $meet", ({ a, b, meet }) => {
    expect(globsIntersect(a, b)).toBe(meet);
    expect(globsIntersect(b, a)).toBe(meet);
  });

  it("agrees with trying all short texts", () => {
    const glob = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 4 });
    // Whatever two such globs have in common they also have in common in at most eight characters.
    const texts = [""];
    for (let i = 0; i < texts.length && (texts[i] ?? "").length < 8; i++) texts.push(`${texts[i]}a`, `${texts[i]}b`);
    const matches = (pattern: string): ((text: string) => boolean) => {
      const regex = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      return (text) => regex.test(text);
    };
    fc.assert(
      fc.property(glob, glob, (a, b) => {
        const inA = matches(a);
        const inB = matches(b);
        expect(globsIntersect(a, b)).toBe(texts.some((text) => inA(text) && inB(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it("takes no time for what would take for ever with backtracking", () => {
    expect(globsIntersect(`${"a*".repeat(60)}b`, `${"a*".repeat(60)}c`)).toBe(false);
    expect(globsIntersect(`${"a*".repeat(60)}b*a`, "a".repeat(200))).toBe(false);
  });
});
