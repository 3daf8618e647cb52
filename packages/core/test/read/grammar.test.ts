import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  enumerate,
  parseBool,
  parseInt32,
  parseInt64,
  parseIntOrString,
  parseStringList,
  parseStringMap,
  quote,
  trimSpace,
} from "../../src/read/grammar.ts";
import { GRAMMAR_RUNS, GRAMMAR_TIMEOUT } from "../fixtures/grammar-runs.ts";

vi.setConfig({ testTimeout: GRAMMAR_TIMEOUT });

const refused = { problem: expect.any(String) };

describe("bool (12 literal spellings, no trim) and int32/int64 grammars with range check", () => {
  it.each(["1", "t", "T", "TRUE", "true", "True"])("%s is true", (text) => {
    expect(parseBool(text)).toEqual({ value: true });
  });
  it.each(["0", "f", "F", "FALSE", "false", "False"])("%s is false", (text) => {
    expect(parseBool(text)).toEqual({ value: false });
  });
  it.each(["", " true", "true ", "yes", "on", "tRUE", "2", "TrUe"])("%j is no boolean", (text) => {
    expect(parseBool(text)).toEqual(refused);
  });

  it.each([
    { text: "0", value: 0 },
    { text: "-0", value: 0 },
    { text: "+7", value: 7 },
    { text: "007", value: 7 },
    { text: "2147483647", value: 2147483647 },
    { text: "-2147483648", value: -2147483648 },
    { text: `${"0".repeat(10_000)}5`, value: 5 },
  ])("int32 $text is $value", ({ text, value }) => {
    expect(parseInt32(text)).toEqual({ value });
  });
  it.each(["", " 1", "1 ", "1.0", "1e3", "0x10", "1_000", "--1", "+", "2147483648", "-2147483649", "９", "NaN"])(
    "int32 refuses %j",
    (text) => {
      expect(parseInt32(text)).toEqual(refused);
    },
  );
  it("int32 refuses a million digits at once", () => {
    expect(parseInt32("9".repeat(1_000_000))).toEqual(refused);
  });
  it("int64 ends at 2^63", () => {
    const tooLarge = { problem: expect.stringContaining("does not fit into 64 bits") };
    expect(parseInt64("9223372036854775808")).toEqual(tooLarge);
    expect(parseInt64("-9223372036854775809")).toEqual(tooLarge);
    expect(parseInt64("9".repeat(1_000_000))).toEqual(tooLarge);
  });
  it.each(["9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808"])(
    "int64 refuses %s rather than change it",
    (text) => {
      expect(parseInt64(text)).toEqual({ problem: `"${text}" lies beyond 2^53 and can't be kept to the last digit` });
    },
  );
  it("every 64-bit integer reads as itself or is refused", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
        const parsed = parseInt64(String(number));
        if ("value" in parsed) expect(String(parsed.value)).toBe(String(number));
        else expect(Number.isSafeInteger(Number(number))).toBe(false);
      }),
      { numRuns: GRAMMAR_RUNS },
    );
  });
  it("every integer within 2^53 reads as itself", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(parseInt64(String(number))).toEqual({ value: number });
      }),
      { numRuns: GRAMMAR_RUNS },
    );
  });
  it("every 32-bit integer reads as itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (number) => {
        expect(parseInt32(String(number))).toEqual({ value: number });
      }),
      { numRuns: GRAMMAR_RUNS },
    );
  });
});

describe("IntOrString parse and string form", () => {
  it.each([
    { text: "80", value: 80 },
    { text: "+080", value: 80 },
    { text: "http", value: "http" },
    { text: "", value: "" },
    { text: "80.0", value: "80.0" },
    { text: "2147483648", value: "2147483648" },
  ])("$text is $value", ({ text, value }) => {
    expect(parseIntOrString(text)).toBe(value);
  });
});

describe("stringList grammar (comma, trim, drop empties)", () => {
  it.each([
    { text: "", items: [] },
    { text: " , ,", items: [] },
    { text: "a", items: ["a"] },
    { text: " a ,b,, c d ,", items: ["a", "b", "c d"] },
    { text: "\ta\u00a0,\u2003b\u0085", items: ["a", "b"] },
    { text: "a\\,b", items: ["a\\", "b"] },
    { text: "\ufeffa", items: ["\ufeffa"] },
  ])("$text", ({ text, items }) => {
    expect(parseStringList(text)).toEqual(items);
  });
});

describe("stringMap grammar with backslash escapes and comma-only-if-`=`-follows rule", () => {
  it.each<{ readonly text: string; readonly map: Readonly<Record<string, string>> }>([
    { text: "", map: {} },
    { text: "a=1", map: { a: "1" } },
    { text: " a = 1 , b = 2 ", map: { a: "1", b: "2" } },
    { text: "a=", map: { a: "" } },
    { text: "a=b=c", map: { a: "b=c" } },
    { text: "a=1,a=2", map: { a: "2" } },
    { text: "a=x\\,y,b=2", map: { a: "x,y", b: "2" } },
    { text: "a=\\\\", map: { a: "\\" } },
    { text: "a=1\\", map: { a: "1\\" } },
    { text: "a=1,", map: { a: "1," } },
    { text: "a\\b=1", map: { ab: "1" } },
    { text: "constructor=1,toString=2", map: { constructor: "1", toString: "2" } },
  ])("$text", ({ text, map }) => {
    expect(parseStringMap(text)).toEqual({ value: map });
  });
  it.each(["a", "=1", " =1", "a=1,,b=2", "a=1,b", "a=1, ", ",a=1", "a=1,b,c=2", " "])("%j is refused", (text) => {
    expect(parseStringMap(text)).toEqual(refused);
  });
  it("keeps the key __proto__ as a key like any other", () => {
    const parsed = parseStringMap("__proto__=1,a=2");
    expect(Object.entries("value" in parsed ? parsed.value : {})).toEqual([
      ["__proto__", "1"],
      ["a", "2"],
    ]);
  });
  it("reads what was written with escapes", () => {
    const escaped = (text: string): string => text.replace(/[\\,]/g, "\\$&");
    const word = fc.string({ unit: fc.constantFrom("a", "é", ",", "\\", "😀") }).map((text) => `k${text}k`);
    fc.assert(
      fc.property(fc.dictionary(word, word, { minKeys: 1 }), (map) => {
        const text = Object.entries(map).map(([key, value]) => `${escaped(key)}=${escaped(value)}`);
        expect(parseStringMap(text.join(","))).toEqual({ value: map });
      }),
      { numRuns: GRAMMAR_RUNS },
    );
  });
});

it("trimSpace cuts what Go calls white space", () => {
  expect(trimSpace("\u3000\u1680 a \v\f\u2029")).toBe("a");
  expect(trimSpace("\u200ba\ufeff")).toBe("\u200ba\ufeff");
});

it("messages stay short", () => {
  expect(quote("x".repeat(1_000_000)).length).toBeLessThan(130);
  expect(enumerate(Array.from({ length: 1000 }, () => "y".repeat(1000))).length).toBeLessThan(1300);
  expect(enumerate(["a", "b"])).toBe("a, b");
});
