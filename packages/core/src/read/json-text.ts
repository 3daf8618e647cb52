/**
 * JSON text → a tree that keeps what decoding as Go does needs and JSON.parse loses: how a number was written, the
 * order of keys, and keys given twice. The grammar is that of RFC 8259, as in Go's encoding/json.
 */

export type JsonNode =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  /** As written, for instance `80` or `80.0`. */
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly JsonNode[] }
  /** In the order of the text, repeated keys included. */
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, JsonNode])[] };

/** No annotation nests deeper than six levels; the limit keeps hostile ones off the stack. */
const DEEPEST = 200;

const WHITE_SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Parses a whole text. The problem names the place by its number of characters from the start. */
export function parseJsonText(text: string): { readonly node: JsonNode } | { readonly problem: string } {
  const reader: Reader = { text, at: 0, problem: undefined };
  const node = readValue(reader, 0);
  skip(reader);
  if (reader.problem === undefined && reader.at < text.length) fail(reader, "there is more after the value");
  return reader.problem === undefined ? { node } : { problem: reader.problem };
}

interface Reader {
  readonly text: string;
  at: number;
  /** The first one; nothing is read after it. */
  problem: string | undefined;
}

const NULL: JsonNode = { kind: "null" };

function fail(reader: Reader, what: string): JsonNode {
  reader.problem ??= `it is not valid JSON: ${what} at character ${reader.at + 1}`;
  return NULL;
}

function skip(reader: Reader): void {
  take(reader, WHITE_SPACE);
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0] ?? "";
  reader.at += found.length;
  return found;
}

function readValue(reader: Reader, depth: number): JsonNode {
  if (depth > DEEPEST) return fail(reader, "it nests too deeply");
  skip(reader);
  const char = reader.text[reader.at];
  switch (char) {
    case undefined:
      return fail(reader, "it ends too early");
    case "{":
      return readObject(reader, depth);
    case "[":
      return readList(reader, depth);
    case '"':
      return { kind: "string", value: readString(reader) };
    case "t":
      return readWord(reader, "true", { kind: "boolean", value: true });
    case "f":
      return readWord(reader, "false", { kind: "boolean", value: false });
    case "n":
      return readWord(reader, "null", NULL);
    default: {
      const number = take(reader, NUMBER);
      return number === "" ? fail(reader, `${JSON.stringify(char)} begins no value`) : { kind: "number", text: number };
    }
  }
}

function readWord(reader: Reader, word: string, node: JsonNode): JsonNode {
  if (!reader.text.startsWith(word, reader.at)) return fail(reader, `a value other than ${word} was found`);
  reader.at += word.length;
  return node;
}

function readList(reader: Reader, depth: number): JsonNode {
  const items: JsonNode[] = [];
  readMembers(reader, "]", () => items.push(readValue(reader, depth + 1)));
  return { kind: "list", items };
}

function readObject(reader: Reader, depth: number): JsonNode {
  const entries: (readonly [string, JsonNode])[] = [];
  readMembers(reader, "}", () => {
    skip(reader);
    if (reader.text[reader.at] !== '"') return void fail(reader, "a key in double quotes is missing");
    const key = readString(reader);
    skip(reader);
    if (reader.text[reader.at] !== ":") return void fail(reader, "a colon is missing");
    reader.at++;
    entries.push([key, readValue(reader, depth + 1)]);
  });
  return { kind: "object", entries };
}

/** From the opening bracket to the closing one; members are separated by commas, and none follows the last. */
function readMembers(reader: Reader, close: string, readMember: () => void): void {
  reader.at++;
  skip(reader);
  if (reader.text[reader.at] === close) {
    reader.at++;
    return;
  }
  while (reader.problem === undefined) {
    readMember();
    skip(reader);
    const char = reader.text[reader.at];
    if (reader.problem !== undefined) return;
    if (char !== "," && char !== close) return void fail(reader, `a comma or ${close} is missing`);
    reader.at++;
    if (char === close) return;
  }
}

function readString(reader: Reader): string {
  reader.at++;
  const pieces: string[] = [];
  for (;;) {
    pieces.push(takePlain(reader));
    const char = reader.text[reader.at];
    if (char === '"') {
      reader.at++;
      return wellFormed(pieces.join(""));
    }
    if (char !== "\\") {
      fail(reader, char === undefined ? "it ends within a string" : "a control character stands in a string");
      return "";
    }
    const escaped = readEscape(reader);
    if (escaped === undefined) {
      fail(reader, "an unknown escape stands in a string");
      return "";
    }
    pieces.push(escaped);
  }
}

/** Everything up to the closing quote, an escape or a control character, which must not stand in a string. */
function takePlain(reader: Reader): string {
  const start = reader.at;
  for (; reader.at < reader.text.length; reader.at++) {
    const code = reader.text.charCodeAt(reader.at);
    if (code === 0x22 || code === 0x5c || code < 0x20) break;
  }
  return reader.text.slice(start, reader.at);
}

function readEscape(reader: Reader): string | undefined {
  const name = reader.text[reader.at + 1] ?? "";
  if (name === "u") {
    const digits = reader.text.slice(reader.at + 2, reader.at + 6);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) return undefined;
    reader.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
  const char = ESCAPES.get(name);
  if (char !== undefined) reader.at += 2;
  return char;
}

/** Half of a surrogate pair becomes U+FFFD, as in Go: no other text may leave here. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : "\ufffd",
  );
}
