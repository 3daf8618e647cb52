import { describe, expect, it } from "vitest";
import { linearRegex } from "../src/linear-regex.ts";
import { regexSamples } from "../src/route/witness/regex-samples.ts";

const regex = linearRegex();

describe("linearRegex", () => {
  it.each([
    { pattern: "^/api/v[0-9]+$", text: "/api/v12", ignoreCase: false, matches: true },
    { pattern: "^/api/v[0-9]+$", text: "/api/v12/", ignoreCase: false, matches: false },
    { pattern: "API", text: "/api", ignoreCase: true, matches: true },
    { pattern: "API", text: "/api", ignoreCase: false, matches: false },
    { pattern: "", text: "anything", ignoreCase: false, matches: true },
    { pattern: "(?=x)", text: "x", ignoreCase: false, matches: undefined },
    { pattern: "(", text: "x", ignoreCase: false, matches: undefined },
    { pattern: "(a)\\1", text: "aa", ignoreCase: false, matches: undefined },
  ])("$pattern on $text: $matches", ({ pattern, text, ignoreCase, matches }) => {
    expect(regex.matches(pattern, text, ignoreCase)).toBe(matches);
  });

  it.each([
    { name: "groups", pattern: "^/(.*)/(.*)$", replacement: "/$2/$1", text: "/a/b", result: "/b/a" },
    { name: "no match", pattern: "^x", replacement: "y", text: "/a", result: null },
    { name: "no such group", pattern: "a", replacement: "$1", text: "a", result: undefined },
    { name: "not understood", pattern: "(?!a)", replacement: "b", text: "a", result: undefined },
    { name: "a group that took no part", pattern: "a(b)?", replacement: "[$1]", text: "a", result: "[]" },
    { name: "group 1 and a digit", pattern: "(a)", replacement: "$12", text: "a", result: "a2" },
    { name: "a lone dollar", pattern: "a", replacement: "$x", text: "a", result: "$x" },
    { name: "what groups hold is no template", pattern: "(.*)", replacement: "<$1>", text: "$1", result: "<$1>" },
  ])("replaces: $name", ({ pattern, replacement, text, result }) => {
    expect(regex.replaceFirst(pattern, replacement, text, false)).toBe(result);
  });

  it("takes linear time on a pattern that makes others explode", () => {
    const started = performance.now();
    expect(regex.matches("^(a+)+$", `${"a".repeat(20_000)}b`, false)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("regexSamples", () => {
  it.each([
    "^/api/v[0-9]+/.*$",
    "^(a|b|cd)\\.example\\.com$",
    "x{2,4}y?z*",
    "[^/]+\\.(png|jpe?g)$",
    "^/(?:users|orders)/(?P<id>\\d+)$",
    "[a-c\\d_-]{3}",
    "\\w+\\s\\W",
    "a|",
    "",
    "[]x]",
  ])("samples of %s match it", (pattern) => {
    const samples = regexSamples(pattern);
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) expect(regex.matches(`^(?:${pattern})$`, sample, false), sample).toBe(true);
  });

  it.each(["(?=a)", "(", "[a", "*a", "\\p{L}", "\\1", "a{99}", "a)", "[[:alpha:]]"])("gives none of %s", (pattern) => {
    expect(regexSamples(pattern)).toEqual([]);
  });

  it("varies every part", () => {
    expect(regexSamples("^/v[12]/(a|b)?$")).toEqual(expect.arrayContaining(["/v1/", "/v2/", "/v1/a", "/v1/b"]));
  });
});
