/** Borders of grammars and flags. */
import { describe, expect, it } from "vitest";
import { parseInt32, parseInt64, parseStringMap, quote } from "../../src/read/grammar.ts";
import { parseListenPorts } from "../../src/read/listener-json.ts";
import { LBC_FLAGS, settingsFromFlags } from "../../src/read/settings.ts";

const problem = expect.objectContaining({ problem: expect.any(String) });

describe("ports at their borders", () => {
  it.each([
    { text: '[{"HTTP":1}]', expected: { value: [{ port: 1, protocol: "HTTP" }] } },
    { text: '[{"HTTPS":65535}]', expected: { value: [{ port: 65535, protocol: "HTTPS" }] } },
    { text: '[{"HTTP":0}]', expected: problem },
    { text: '[{"HTTP":65536}]', expected: problem },
    { text: "{", expected: problem },
  ])("$text", ({ text, expected }) => {
    expect(parseListenPorts(text)).toEqual(expected);
  });
});

describe("integers with signs and zeros", () => {
  it.each([
    { name: "a plus in front", read: parseInt32("+7"), expected: { value: 7 } },
    { name: "zeros behind a sign", read: parseInt32("-0000000000000000000000000012"), expected: { value: -12 } },
    { name: "zeros within", read: parseInt32("1002003"), expected: { value: 1002003 } },
    { name: "a plus behind", read: parseInt32("7+"), expected: problem },
    { name: "twenty digits", read: parseInt64("10000000000000000000"), expected: problem },
  ])("$name", ({ read, expected }) => {
    expect(read).toEqual(expected);
  });
});

describe("key=value pairs", () => {
  it.each([
    { name: "nothing before the equals sign", text: "=v", expected: problem },
    { name: "rest without an equals sign", text: "a=1,b", expected: problem },
    { name: "two rests without an equals sign", text: "a=1,b,c", expected: problem },
    { name: "a comma at the end stays", text: "a=1,", expected: { value: { a: "1," } } },
    { name: "space around both", text: " a = 1 ", expected: { value: { a: "1" } } },
  ])("$name", ({ text, expected }) => {
    expect(parseStringMap(text)).toEqual(expected);
  });
});

describe("flags", () => {
  it("access to targets may be managed while the shared security group is on", () => {
    expect(settingsFromFlags({ "enable-manage-backend-security-group-rules": "true" }).diagnostics).toEqual([]);
    const off = { "enable-manage-backend-security-group-rules": "true", "enable-backend-security-group": "false" };
    expect(settingsFromFlags(off).diagnostics.map(({ code }) => code)).toEqual(["settings.flags-disagree"]);
  });

  it("no security group is a security group that is made", () => {
    expect(settingsFromFlags({ "backend-security-group": "" }).diagnostics).toEqual([]);
  });

  it("zero targets at most means no limit, fewer mean nothing", () => {
    expect(settingsFromFlags({ "max-targets-per-target-group": "0" }).diagnostics).toEqual([]);
    expect(settingsFromFlags({ "max-targets-per-target-group": "-1" }).diagnostics).toHaveLength(1);
  });

  it("tells the errors in the same order, whatever the order of the flags", () => {
    const wrong = { "enable-waf": "maybe", "default-target-type": "lambda", nonsense: "1" };
    const reversed = Object.fromEntries(Object.entries(wrong).reverse());
    const told = settingsFromFlags(wrong).diagnostics;
    expect(told.map(({ code }) => code)).toEqual([
      "settings.flag-invalid",
      "settings.flag-invalid",
      "settings.flag-unknown",
    ]);
    expect(settingsFromFlags(reversed).diagnostics).toEqual(told);
  });

  it("a flag without a name, a pair without a key and a gate without a value are refused", () => {
    const codes = (flags: Record<string, string>) => settingsFromFlags(flags).diagnostics.map(({ code }) => code);
    expect(codes({ "feature-gates": "=true" })).toEqual(["settings.flag-invalid"]);
    expect(codes({ "feature-gates": "ALBSingleSubnet" })).toEqual(["settings.flag-invalid"]);
    expect(codes({ "default-tags": "nothing" })).toEqual(["settings.flag-invalid"]);
  });

  it("lists each of LBC's flags once", () => {
    const all = [...LBC_FLAGS.planning, ...LBC_FLAGS.ignored];
    expect(all).toEqual([...new Set(all)]);
  });
});

it("cuts what is long in messages and leaves the rest whole", () => {
  expect(quote("x".repeat(120))).toBe(`"${"x".repeat(120)}"`);
  expect(quote("x".repeat(121))).toBe(`"${"x".repeat(117)}..."`);
});
