import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GRAMMARS, type GrammarName } from "../../src/read/annotation-grammar.ts";
import { boolean, decodeJson, int32, intOrString, list, object, record, string } from "../../src/read/json.ts";
import { type JsonNode, parseJsonText } from "../../src/read/json-text.ts";
import { GRAMMAR_RUNS, GRAMMAR_TIMEOUT } from "../fixtures/grammar-runs.ts";

const refused = { problem: expect.any(String) };

describe("JSON annotations with case-insensitive keys, unknown keys ignored, strict types", () => {
  const decoder = object({ type: string, on: boolean, port: int32, either: intOrString, names: list(string) });

  it.each([
    { text: '{"type":"a"}', value: { type: "a" } },
    { text: ' {"TYPE":"a","Names":["b"]}\n', value: { type: "a", names: ["b"] } },
    { text: '{"type":"a","unknown":{"deep":[1.5,null]}}', value: { type: "a" } },
    { text: '{"type":null,"names":null}', value: {} },
    { text: '{"type":"a","type":"b"}', value: { type: "b" } },
    { text: '{"type":"a","TYPE":"b","type":"c"}', value: { type: "c" } },
    { text: '{"TYPE":"a","type":"b","TYPE":"c"}', value: { type: "c" } },
    { text: '{"names":["a",null]}', value: { names: ["a", ""] } },
    { text: '{"either":"80"}', value: { either: "80" } },
    { text: '{"either":80}', value: { either: 80 } },
    { text: '{"port":-0}', value: { port: 0 } },
    { text: '{"constructor":"a","__proto__":{"type":"b"}}', value: {} },
    { text: "null", value: undefined },
    { text: '{"type":"\\u00e9\\ud83d\\ude00\\n\\/"}', value: { type: "é😀\n/" } },
    { text: '{"type":"\\ud800x\\udc00"}', value: { type: "\ufffdx\ufffd" } },
  ])("$text", ({ text, value }) => {
    expect(decodeJson(text, decoder)).toEqual({ value });
  });

  it.each([
    '{"type":1}',
    '{"type":["a"]}',
    '{"on":"true"}',
    '{"on":1}',
    '{"port":"80"}',
    '{"port":80.0}',
    '{"port":8e1}',
    '{"port":80.5}',
    '{"port":2147483648}',
    '{"either":80.0}',
    '{"either":true}',
    '{"names":"a"}',
    '{"names":{"0":"a"}}',
    "[]",
    '"a"',
    "1",
  ])("%s has a wrong type", (text) => {
    expect(decodeJson(text, decoder)).toEqual(refused);
  });

  it.each([
    "",
    " ",
    "{",
    "{]",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    "[1,]",
    "[,1]",
    "{}{}",
    "{a:1}",
    "{'a':1}",
    "nul",
    "tru",
  ])("%j is no JSON", (text) => {
    expect(decodeJson(text, decoder)).toEqual(refused);
  });
  it.each([
    "01",
    "+1",
    ".5",
    "1.",
    "-",
    "1e",
    "NaN",
    "Infinity",
    "\ufeff1",
    '"\t"',
    '"\\x41"',
    '"\\u12g4"',
    '"a',
    "\u00a01",
  ])("%j is no JSON either", (text) => {
    expect(parseJsonText(text)).toEqual(refused);
  });

  it("null items of lists and maps are Go's zero values", () => {
    expect(decodeJson("[null,{}]", list(object({ type: string })))).toEqual({ value: [{}, {}] });
    expect(decodeJson('{"a":null}', record(string))).toEqual({ value: { a: "" } });
    expect(decodeJson('{"a":null}', record(int32))).toEqual({ value: { a: 0 } });
    expect(decodeJson("[null]", list(boolean))).toEqual({ value: [false] });
    expect(decodeJson("[null]", list(list(string)))).toEqual({ value: [[]] });
    expect(decodeJson("[null]", list(record(string)))).toEqual({ value: [{}] });
    expect(decodeJson("[null]", list(intOrString))).toEqual({ value: [0] });
  });

  it("a free key __proto__ is a key like any other", () => {
    const decoded = decodeJson('{"__proto__":"a"}', record(string));
    expect(Object.entries("value" in decoded ? (decoded.value ?? {}) : {})).toEqual([["__proto__", "a"]]);
  });

  it("names the place of what is wrong", () => {
    expect(decodeJson('[{"names":["a",1]}]', list(decoder))).toEqual({
      problem: "[0].names[1] must be a string, not the number 1",
    });
    expect(decodeJson("[1 2]", list(int32))).toEqual({
      problem: "it is not valid JSON: a comma or ] is missing at character 4",
    });
  });

  it("refuses nesting without end", () => {
    expect(parseJsonText("[".repeat(1_000_000))).toEqual(refused);
    expect(parseJsonText('{"a":'.repeat(1_000_000))).toEqual(refused);
  });
});

describe("JSON text", () => {
  const plain = (node: JsonNode): unknown => {
    switch (node.kind) {
      case "null":
        return null;
      case "number":
        return Number(node.text);
      case "list":
        return node.items.map(plain);
      case "object":
        return Object.fromEntries(node.entries.map(([key, item]) => [key, plain(item)]));
      default:
        return node.value;
    }
  };

  it("reads all that JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = parseJsonText(text);
        expect("node" in parsed && plain(parsed.node)).toEqual(JSON.parse(text));
      }),
    );
  });

  it(
    "accepts and refuses what JSON.parse accepts and refuses",
    () => {
      const piece = fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        "\\",
        "1",
        "-",
        ".",
        "e",
        "null",
        '"a"',
        " ",
        "u",
        "\n",
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
          const text = pieces.join("");
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          expect("node" in parseJsonText(text)).toBe(valid);
        }),
        { numRuns: GRAMMAR_RUNS },
      );
    },
    GRAMMAR_TIMEOUT,
  );
});

it("listen ports: keys in capitals, ports within range, and no list without ports", () => {
  const read = GRAMMARS.listenPorts;
  expect(read('[{"HTTP":80},{"HTTPS":443}]')).toEqual({
    value: [
      { port: 80, protocol: "HTTP" },
      { port: 443, protocol: "HTTPS" },
    ],
  });
  expect(read('[{"HTTP":80,"HTTPS":443}]')).toMatchObject({ value: { length: 2 } });
  expect(read('[{"HTTP":80},{"HTTPS":80}]')).toEqual({ value: [{ port: 80, protocol: "HTTPS" }] });
  expect(read("[{}]")).toEqual({ value: [] });
  for (const text of [
    "[]",
    "null",
    '[{"http":80}]',
    '[{"TCP":80}]',
    '[{"HTTP":0}]',
    '[{"HTTP":65536}]',
    '[{"HTTP":null}]',
  ])
    expect(read(text), text).toEqual(refused);
  for (const text of ['{"HTTP":80}', '[{"HTTP":"80"}]', '[{"HTTP":80.0}]', "[80]", ""])
    expect(read(text), text).toEqual(refused);
});

it(
  "no grammar throws, whatever the text",
  () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      "=",
      "1",
      "a",
      "null",
      " ",
      "\ud800",
      "\u0000",
      "type",
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(GRAMMARS) as GrammarName[])),
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(piece).map((pieces) => pieces.join("")),
          fc.json(),
        ),
        (grammar, text) => {
          const parsed = GRAMMARS[grammar](text);
          expect("value" in parsed || parsed.problem.length > 0).toBe(true);
        },
      ),
      { numRuns: GRAMMAR_RUNS },
    );
  },
  GRAMMAR_TIMEOUT,
);
