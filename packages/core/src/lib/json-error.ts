/** Where a text stops being JSON; the messages of JSON.parse differ between engines and mostly tell no place. */

export interface JsonError {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** A clause, for instance `"o" can't stand here`. */
  readonly message: string;
}

/** What may come next. */
type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end" | "nothing";

const WORD = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const WORDS: Record<Expected, string> = {
  value: "a value",
  "value or end": "a value or ]",
  key: "a key in double quotes",
  "key or end": "a key in double quotes or }",
  colon: "a colon",
  "comma or end": "a comma or the end of the object or list",
  nothing: "the end of the text",
};

/** The first error of a text that is no JSON (RFC 8259); undefined for JSON. Takes time linear in the text. */
export function jsonError(text: string): JsonError | undefined {
  const open: string[] = [];
  let expected: Expected = "value";
  let index = skipSpace(text, 0);
  while (index < text.length) {
    const next = step(text, index, expected, open);
    if (typeof next === "string") return errorAt(text, index, next);
    if ("wrong" in next) return errorAt(text, next.end, next.wrong);
    expected = next.expected;
    index = skipSpace(text, next.end);
  }
  return expected === "nothing"
    ? undefined
    : errorAt(text, index, `the text ends where ${WORDS[expected]} is expected`);
}

type Step =
  | string
  | { readonly end: number; readonly expected: Expected }
  | { readonly end: number; readonly wrong: string };

/** Takes one token; `open` is the stack of brackets. */
function step(text: string, index: number, expected: Expected, open: string[]): Step {
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  const wrong = `${JSON.stringify(character)} stands where ${WORDS[expected]} is expected`;
  const after = (): Expected => (open.length === 0 ? "nothing" : "comma or end");
  const wantsValue = expected === "value" || expected === "value or end";
  const end = index + 1;
  if (character === "}" || character === "]") {
    const [opening, empty] = character === "}" ? ["{", "key or end"] : ["[", "value or end"];
    if (open.at(-1) !== opening || (expected !== empty && expected !== "comma or end")) return wrong;
    open.pop();
    return { end, expected: after() };
  }
  if (character === ",") {
    return expected === "comma or end" ? { end, expected: open.at(-1) === "{" ? "key" : "value" } : wrong;
  }
  if (character === ":") return expected === "colon" ? { end, expected: "value" } : wrong;
  if (character === '"') {
    if (!wantsValue && expected !== "key" && expected !== "key or end") return wrong;
    const closed = stringEnd(text, index);
    return "wrong" in closed ? closed : { end: closed.end, expected: wantsValue ? after() : "colon" };
  }
  if (!wantsValue) return wrong;
  if (character === "{" || character === "[") {
    open.push(character);
    return { end, expected: character === "{" ? "key or end" : "value or end" };
  }
  WORD.lastIndex = index;
  const word = WORD.exec(text)?.[0];
  return word === undefined ? wrong : { end: index + word.length, expected: after() };
}

function stringEnd(
  text: string,
  start: number,
): { readonly end: number } | { readonly end: number; readonly wrong: string } {
  for (let index = start + 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') return { end: index + 1 };
    if (character < " ") return { end: index, wrong: "a string holds a line break or another control character" };
    if (character !== "\\") continue;
    const length = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(index + 1, index + 6))?.[0].length;
    if (length === undefined) return { end: index, wrong: "a string holds an escape that JSON doesn't know" };
    index += length;
  }
  return { end: start, wrong: "a string opens here and isn't closed" };
}

function skipSpace(text: string, from: number): number {
  let index = from;
  while (index < text.length && " \t\n\r".includes(text.charAt(index))) index++;
  return index;
}

function errorAt(text: string, offset: number, message: string): JsonError {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n"), message };
}
