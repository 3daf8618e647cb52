import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { jsonError } from "../../src/lib/json-error.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("jsonError", () => {
  it.each([
    { text: "", line: 1, column: 1, message: "the text ends where a value is expected" },
    { text: '{"a": 1,\n}', line: 2, column: 1, message: '"}" stands where a key in double quotes is expected' },
    {
      text: "[1 2]",
      line: 1,
      column: 4,
      message: '"2" stands where a comma or the end of the object or list is expected',
    },
    { text: '{"a" 1}', line: 1, column: 6, message: '"1" stands where a colon is expected' },
    { text: "{} {}", line: 1, column: 4, message: '"{" stands where the end of the text is expected' },
    { text: '[\n"a]', line: 2, column: 1, message: "a string opens here and isn't closed" },
    { text: '["\\x"]', line: 1, column: 3, message: "a string holds an escape that JSON doesn't know" },
    { text: '["a\n"]', line: 1, column: 4, message: "a string holds a line break or another control character" },
  ])("$text", ({ text, ...error }) => {
    expect(jsonError(text)).toEqual(error);
  });

  test.prop([fc.jsonValue(), fc.nat(), fc.constantFrom("", ",", "}", "]", '"', "1", ":", "\\", " ", "{")])(
    "agrees with JSON.parse on what is JSON",
    (value, at, insert) => {
      const text = JSON.stringify(value, null, 1);
      const place = at % (text.length + 1);
      for (const edited of [text, text.slice(0, place) + insert + text.slice(place), text.slice(0, place)]) {
        expect(jsonError(edited) === undefined).toBe(isJson(edited));
      }
    },
  );
});
