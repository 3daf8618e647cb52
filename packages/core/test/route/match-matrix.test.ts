import fc from "fast-check";
import { expect, it } from "vitest";
import { bitsOf, hasBit } from "../../src/lib/bit-set.ts";
import { linearRegex } from "../../src/linear-regex.ts";
import { conditionTest, meetsAll, prepareRequest } from "../../src/route/condition.ts";
import { matchMatrix } from "../../src/route/match-matrix.ts";
import { UNKNOWN_REGEX } from "../../src/route/regex-engine.ts";
import { header, host, hostRegex, method, path, pathRegex, query, request, rule, source } from "./rules.ts";

const condition = fc.constantFrom(
  host("a.com"),
  host("*.com", "b.*"),
  hostRegex("^a"),
  path("/a"),
  path("/*", "/b?"),
  pathRegex("b$"),
  header("x", "1"),
  header("X", "2*"),
  header("y", "*"),
  method("GET"),
  query("k=v", "w"),
  source("10.0.0.0/8"),
);
const requests = fc.array(
  fc.record({
    host: fc.constantFrom("a.com", "B.com", "b.org"),
    path: fc.constantFrom("/a", "/b", "/bc"),
    method: fc.constantFrom("GET", "POST"),
    query: fc.constantFrom("", "k=v", "x=w&y=z"),
    headers: fc.constantFrom({}, { x: "1" }, { X: ["1", "22"] }, { Y: "" }),
    sourceIp: fc.constantFrom("10.0.0.1", "11.0.0.1"),
  }),
  { maxLength: 40 },
);

it("agrees with testing each condition of each rule on each request", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(condition, { maxLength: 3 }), { maxLength: 35 }),
      requests,
      fc.constantFrom(linearRegex(), UNKNOWN_REGEX),
      (conditions, parts, regex) => {
        const rules = conditions.map((list, index) => rule(`r${index}`, ...list));
        const all = parts.map((part) => request(part));
        const matrix = matchMatrix(rules, all, { regex });
        for (const [r, { conditions: list }] of rules.entries()) {
          for (const [q, one] of all.entries()) {
            const tests = list.map((single) => conditionTest(single, regex));
            const verdict = meetsAll(tests, prepareRequest(one));
            expect(hasBit(matrix.byRule[r]!, q)).toBe(verdict === true);
            expect(hasBit(matrix.undecidedByRule[r]!, q)).toBe(verdict === undefined);
          }
        }
        expect(matrix.byRequest.map(({ sure }) => bitsOf(sure).length)).toHaveLength(all.length);
      },
    ),
    { numRuns: 100 },
  );
});
