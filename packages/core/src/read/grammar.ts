/**
 * The value grammars of annotations, class params and flags, exactly as LBC reads them: no trimming where it doesn't
 * trim, the same escapes, the same ranges. Each parser returns the value or says what is wrong; none throws.
 */

export type Parsed<T> = { readonly value: T } | { readonly problem: string };

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** One of the twelve spellings of Go's strconv.ParseBool. */
export function parseBool(text: string): Parsed<boolean> {
  if (TRUE.has(text)) return { value: true };
  if (FALSE.has(text)) return { value: false };
  return { problem: `${quote(text)} is not a boolean (true or false)` };
}

const INTEGER = /^[+-]?[0-9]+$/;

/** Base 10 with an optional sign; no spaces, no underscores; within 32 bits. */
export function parseInt32(text: string): Parsed<number> {
  return parseInteger(text, -2147483648n, 2147483647n, "32");
}

/**
 * As parseInt32 within 64 bits. LBC takes them all; one beyond 2^53 that a JavaScript number can't hold to the last
 * digit is refused here rather than changed. AWS accepts none that large.
 */
export function parseInt64(text: string): Parsed<number> {
  return parseInteger(text, -(2n ** 63n), 2n ** 63n - 1n, "64");
}

function parseInteger(text: string, min: bigint, max: bigint, bits: string): Parsed<number> {
  if (!INTEGER.test(text)) return { problem: `${quote(text)} is not an integer` };
  // Longer than any 64-bit number even with leading zeros stripped: don't build a huge bigint from hostile input.
  const digits = text.replace(/^[+-]?0*/, "");
  if (digits.length > 19) return { problem: `${quote(text)} does not fit into ${bits} bits` };
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  if (value < min || value > max) return { problem: `${quote(text)} does not fit into ${bits} bits` };
  const number = Number(value);
  if (String(number) !== String(value))
    return { problem: `${quote(text)} lies beyond 2^53 and can't be kept to the last digit` };
  return { value: number };
}

/** A number if it parses as a 32-bit integer, otherwise the text itself (Kubernetes' IntOrString). */
export function parseIntOrString(text: string): number | string {
  const parsed = parseInt32(text);
  return "value" in parsed ? parsed.value : text;
}

/** Comma-separated; items are trimmed, empty ones dropped. */
export function parseStringList(text: string): readonly string[] {
  const items: string[] = [];
  for (const piece of text.split(",")) {
    const item = trimSpace(piece);
    if (item !== "") items.push(item);
  }
  return items;
}

/**
 * `k=v` pairs separated by commas. A backslash makes the next character literal. A comma separates only when the rest
 * still holds a `=`; if the rest is neither empty nor holds one, it is a malformed item. Keys and values are trimmed,
 * a key given twice keeps its last value.
 */
export function parseStringMap(text: string): Parsed<Readonly<Record<string, string>>> {
  const map: Record<string, string> = Object.create(null);
  if (text === "") return { value: map };
  for (const item of splitPairs(text)) {
    const equals = item.indexOf("=");
    const key = equals < 0 ? "" : trimSpace(item.slice(0, equals));
    if (key === "") return { problem: `${quote(item)} is not a key=value pair` };
    map[key] = trimSpace(item.slice(equals + 1));
  }
  return { value: { ...map } };
}

function splitPairs(text: string): string[] {
  const items: string[] = [];
  const lastEquals = text.lastIndexOf("=");
  let item = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === "\\" && i + 1 < text.length) {
      item += text[++i];
    } else if (char === "," && i + 1 < text.length) {
      items.push(item);
      item = "";
      if (lastEquals <= i) {
        items.push(text.slice(i + 1));
        return items;
      }
    } else {
      item += char;
    }
  }
  items.push(item);
  return items;
}

const SPACE = new Set(
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

/** Cuts white space as Go's strings.TrimSpace does, which unlike JavaScript's trim keeps U+FEFF. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.has(text[start] as string)) start++;
  while (end > start && SPACE.has(text[end - 1] as string)) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** A list for messages; of a long one only the beginning. */
export function enumerate(items: readonly string[]): string {
  const shown = items.slice(0, 10).map((item) => (item.length > 120 ? `${item.slice(0, 117)}...` : item));
  return shown.join(", ") + (items.length > shown.length ? ` and ${items.length - shown.length} more` : "");
}

/** A text in double quotes for messages; long ones are cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 117)}...` : text);
}
