import { describe, expect, it } from "vitest";
import { parseDocument } from "../../src/manifests/parse-document.ts";

function read(text: string): unknown {
  return parseDocument({ file: "m.yaml", text, line: 1, column: 1 }).value;
}

// The right column is what kubectl 1.32 prints for `kubectl annotate --local -f - k=v -o json`.
const values: readonly { readonly name: string; readonly json: unknown }[] = [
  { name: "on", json: true },
  { name: "Off", json: false },
  { name: "yes", json: true },
  { name: "NO", json: false },
  { name: "Y", json: true },
  { name: "n", json: false },
  { name: "True", json: true },
  { name: "'on'", json: "on" },
  { name: '"8080"', json: "8080" },
  { name: "0777", json: 511 },
  { name: "-0777", json: -511 },
  { name: "0_7", json: 7 },
  { name: "0o17", json: 15 },
  { name: "0o8", json: "0o8" },
  { name: "08", json: 8 },
  { name: "0b11", json: 3 },
  { name: "0x1F", json: 31 },
  { name: "+5", json: 5 },
  { name: "1_000", json: 1000 },
  { name: "1_000.5", json: 1000.5 },
  { name: "1e3", json: 1000 },
  { name: "1e", json: "1e" },
  { name: ".5", json: 0.5 },
  { name: "5.", json: 5 },
  { name: "1.2.3", json: "1.2.3" },
  { name: "12:30:45", json: "12:30:45" },
  { name: "190:20:30", json: "190:20:30" },
  { name: "2001-01-01", json: "2001-01-01" },
  { name: "2001-12-14T21:59:43Z", json: "2001-12-14T21:59:43Z" },
  { name: "=", json: "=" },
  { name: "~", json: null },
  { name: "", json: null },
  { name: "12345678901234567890", json: 12345678901234567000 },
  { name: "!!str 5", json: "5" },
  { name: "!!int 5", json: 5 },
  { name: "!!binary aGVsbG8=", json: "hello" },
  { name: "!foo bar", json: "bar" },
];

const keys: readonly { readonly name: string; readonly key: string }[] = [
  { name: "n", key: "false" },
  { name: "y", key: "true" },
  { name: "on", key: "true" },
  { name: "1", key: "1" },
  { name: "1.5", key: "1.5" },
  { name: "0x10", key: "16" },
  { name: "'n'", key: "n" },
];

describe("YAML as kubectl reads it", () => {
  it.each(values)("reads the value $name as $json", ({ name, json }) => {
    expect(read(`a: ${name}\n`)).toEqual({ a: json });
  });

  it.each(keys)("reads the key $name as $key", ({ name, key }) => {
    expect(Object.keys(read(`${name}: v\n`) as object)).toEqual([key]);
  });

  it.each([
    { name: "on under %YAML 1.2", text: "%YAML 1.2\n---\na: on\n", json: { a: true } },
    { name: "the last of equal keys", text: "a: 1\na: 2\n", json: { a: 2 } },
    {
      name: "a merge key",
      text: "x: &x {a: '1', b: '2'}\nz: {<<: *x, b: '3'}\n",
      json: { x: { a: "1", b: "2" }, z: { a: "1", b: "3" } },
    },
    {
      name: "several merged maps, the first wins",
      text: "z: {<<: [{a: 1}, {a: 2, b: 2}]}\n",
      json: { z: { a: 1, b: 2 } },
    },
    { name: "the latest of equal anchors", text: "- &x 1\n- *x\n- &x 2\n- *x\n", json: [1, 1, 2, 2] },
    { name: "JSON with tabs", text: '{\n\t"a": [\n\t\t1\n\t]\n}', json: { a: [1] } },
    { name: "a flow map that is no JSON", text: "{a: on, 'b': 0777}", json: { a: true, b: 511 } },
    { name: "JSON escapes", text: '{"a": "\\u00e4\\/\\ud83d\\ude00"}', json: { a: "ä/😀" } },
  ])("reads $name", ({ text, json }) => {
    expect(read(text)).toEqual(json);
  });

  it.each([
    { name: "NaN", text: "a: .nan" },
    { name: "infinity", text: "a: -.inf" },
    { name: "a null key", text: "~: a" },
    { name: "a list as key", text: "? [a, b]\n: c" },
    { name: "a tab as indentation", text: "a:\n\tb: c" },
    { name: "an alias without anchor", text: "a: *b" },
    { name: "a merge of a string", text: "a: {<<: b}" },
  ])("refuses $name, as kubectl does", ({ text }) => {
    const parsed = parseDocument({ file: "m.yaml", text, line: 1, column: 1 });
    expect(parsed.value).toBeUndefined();
    expect(parsed.problems.map(({ code }) => code)).toEqual(["input.yaml-invalid"]);
  });

  it("keeps __proto__ and constructor as plain keys", () => {
    for (const text of [
      "__proto__: {polluted: 1}\nconstructor: c\n",
      '{"__proto__": {"polluted": 1}, "constructor": "c"}',
    ]) {
      const value = read(text) as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect("polluted" in value).toBe(false);
    }
    expect("polluted" in {}).toBe(false);
  });
});
