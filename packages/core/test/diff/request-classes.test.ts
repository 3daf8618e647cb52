import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClassifiedRule, requestClasses } from "../../src/diff/request-classes.ts";
import { ruleShape } from "../../src/diff/rule-overlap.ts";
import { globMatches, parseGlob } from "../../src/lib/glob-match.ts";
import type { RuleCondition } from "../../src/model/listener-rule.ts";
import { host, path } from "../fixtures/graph.ts";

const HEADER: RuleCondition = {
  field: "http-header",
  httpHeaderConfig: { httpHeaderName: "x", values: ["1"] },
};

const rule = (...conditions: readonly RuleCondition[]): ClassifiedRule => ({
  key: JSON.stringify(conditions),
  shape: ruleShape(conditions),
});

/** The rules of each class by their place in the list, like `0 2`; the class that matches none is the empty text. */
function classes(...rules: readonly ClassifiedRule[]): readonly string[] | undefined {
  const found = requestClasses(rules);
  return found?.classes
    .map((keys) => rules.flatMap(({ key }, index) => (keys.has(key) ? [index] : [])).join(" "))
    .sort();
}

describe("requestClasses", () => {
  it.each<{ readonly name: string; readonly rules: readonly ClassifiedRule[]; readonly expected: readonly string[] }>([
    { name: "no rule", rules: [], expected: [""] },
    { name: "disjoint", rules: [rule(path("/a")), rule(path("/b"))], expected: ["", "0", "1"] },
    { name: "covered", rules: [rule(path("/a")), rule(path("/*"))], expected: ["", "0 1", "1"] },
    { name: "overlapping", rules: [rule(path("/a*")), rule(path("/*b"))], expected: ["", "0", "0 1", "1"] },
    {
      name: "covered by two rules together",
      rules: [rule(path("/a")), rule(path("/b")), rule(path("/a", "/b"))],
      expected: ["", "0 2", "1 2"],
    },
    {
      name: "each two overlap, but not all three",
      rules: [rule(path("/a", "/b")), rule(path("/b", "/c")), rule(path("/c", "/a"))],
      expected: ["", "0 1", "0 2", "1 2"],
    },
    {
      name: "hosts and paths",
      rules: [rule(host("a.io"), path("/x")), rule(host("*.io")), rule(host("b.com"))],
      expected: ["", "0 1", "1", "2"],
    },
    {
      name: "a header proves nothing, and is covered by what stands without it",
      rules: [rule(path("/a"), HEADER), rule(path("/a"))],
      expected: ["", "0 1", "1"],
    },
  ])("$name", ({ rules, expected }) => {
    expect(classes(...rules)).toEqual(expected);
  });

  it("gives up where there are too many", () => {
    const many = Array.from({ length: 40 }, (_, index) => rule(path(`/${index}`)));
    expect(classes(...many)).toBeUndefined();
    const crossing = Array.from({ length: 12 }, (_, index) => rule(path(`*${index}*`)));
    expect(classes(...crossing)).toBeUndefined();
  });

  it("lists the class of every request", () => {
    const glob = fc.stringMatching(/^[ab*?]{1,3}$/);
    const rules = fc.uniqueArray(fc.array(glob, { minLength: 1, maxLength: 2 }), {
      maxLength: 4,
      selector: (globs) => globs.join(),
    });
    fc.assert(
      fc.property(rules, fc.stringMatching(/^[ab]{0,4}$/), (lists, text) => {
        const found = requestClasses(lists.map((globs) => rule(path(...globs))));
        const matched = lists
          .filter((globs) => globs.some((one) => globMatches(parseGlob(one), text)))
          .map((globs) => JSON.stringify([path(...globs)]));
        expect(found?.classes).toContainEqual(new Set(matched));
      }),
      { numRuns: 1000 },
    );
  });
});
