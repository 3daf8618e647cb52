/**
 * Decoding JSON annotations the way Go's encoding/json does for LBC: object keys match without regard to case, unknown
 * keys are ignored, of a key given twice the last one holds, null leaves a field unset, `80.0` is no integer, a wrong
 * type is an error. Decoders collect problems, none throws.
 */
import { parseInt32 } from "./grammar.ts";
import { type JsonNode, parseJsonText } from "./json-text.ts";

/**
 * Turns JSON into a typed value, or undefined with a problem noted. `at` names the place for messages. A null becomes
 * Go's zero value, which is what the item of a list or of a map is then; fields of objects are left unset instead.
 */
export type Decoder<T> = (node: JsonNode, at: string, problems: string[]) => T | undefined;

function expected(what: string, node: JsonNode, at: string, problems: string[]): undefined {
  problems.push(`${at === "" ? "the value" : at} must be ${what}, not ${describe(node)}`);
  return undefined;
}

function describe(node: JsonNode): string {
  switch (node.kind) {
    case "list":
      return "a list";
    case "object":
      return "an object";
    case "null":
      return "null";
    case "number":
      return `the number ${short(node.text)}`;
    case "boolean":
      return `the boolean ${node.value}`;
    case "string":
      return `the string ${JSON.stringify(short(node.value))}`;
  }
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

export const string: Decoder<string> = (node, at, problems) =>
  node.kind === "null" ? "" : node.kind === "string" ? node.value : expected("a string", node, at, problems);

export const boolean: Decoder<boolean> = (node, at, problems) =>
  node.kind === "null" ? false : node.kind === "boolean" ? node.value : expected("true or false", node, at, problems);

/** A whole number within 32 bits, written without point and exponent. */
export const int32: Decoder<number> = (node, at, problems) => {
  if (node.kind === "null") return 0;
  const parsed = node.kind === "number" ? parseInt32(node.text) : undefined;
  return parsed !== undefined && "value" in parsed
    ? parsed.value
    : expected("an integer of 32 bits", node, at, problems);
};

/** A number of 32 bits or a string, as Kubernetes' IntOrString. */
export const intOrString: Decoder<number | string> = (node, at, problems) =>
  node.kind === "string" ? node.value : int32(node, at, problems);

/** A list. */
export function list<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (node, at, problems) => {
    if (node.kind === "null") return [];
    if (node.kind !== "list") return expected("a list", node, at, problems);
    const items: T[] = [];
    for (const [index, entry] of node.items.entries()) {
      const decoded = item(entry, `${at}[${index}]`, problems);
      if (decoded !== undefined) items.push(decoded);
    }
    return items;
  };
}

/** An object with free keys. */
export function record<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (node, at, problems) => {
    if (node.kind === "null") return {};
    if (node.kind !== "object") return expected("an object", node, at, problems);
    const entries = new Map<string, T>();
    for (const [key, entry] of node.entries) {
      const decoded = item(entry, join(at, key), problems);
      if (decoded !== undefined) entries.set(key, decoded);
    }
    return Object.fromEntries(entries);
  };
}

type Fields = { readonly [name: string]: Decoder<unknown> };
type Decodes<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Decoder<infer T> ? T : never };

/** An object with known fields; each may be absent. */
export function object<F extends Fields>(fields: F): Decoder<Decodes<F>> {
  const byLowerName = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  return (node, at, problems) => {
    const result: Record<string, unknown> = {};
    if (node.kind === "null") return result as Decodes<F>;
    if (node.kind !== "object") return expected("an object", node, at, problems);
    for (const [key, entry] of node.entries) {
      const name = byLowerName.get(key.toLowerCase());
      if (name === undefined || entry.kind === "null") continue;
      const decoded = (fields[name] as Decoder<unknown>)(entry, join(at, key), problems);
      if (decoded !== undefined) result[name] = decoded;
    }
    return result as Decodes<F>;
  };
}

function join(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

/** Parses a text and decodes it; `null` yields undefined without a problem. */
export function decodeJson<T>(
  text: string,
  decoder: Decoder<T>,
): { readonly value: T | undefined } | { readonly problem: string } {
  const parsed = parseJsonText(text);
  if ("problem" in parsed) return parsed;
  if (parsed.node.kind === "null") return { value: undefined };
  const problems: string[] = [];
  const value = decoder(parsed.node, "", problems);
  const [problem] = problems;
  return problem === undefined ? { value } : { problem };
}
