/**
 * Decoding JSON annotations the way Go's encoding/json does for LBC: object keys match without regard to case, unknown
 * keys are ignored, null leaves a field unset, a wrong type is an error. Decoders collect problems, none throws.
 */

/** Turns parsed JSON into a typed value, or undefined with a problem noted. `at` names the place for messages. */
export type Decoder<T> = (value: unknown, at: string, problems: string[]) => T | undefined;

/** The type that a decoder yields. */
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

function expected(what: string, value: unknown, at: string, problems: string[]): undefined {
  const found = Array.isArray(value)
    ? "a list"
    : typeof value === "object"
      ? "an object"
      : `the ${typeof value} ${JSON.stringify(value)}`;
  problems.push(`${at === "" ? "the value" : at} must be ${what}, not ${found}`);
  return undefined;
}

export const string: Decoder<string> = (value, at, problems) =>
  typeof value === "string" ? value : expected("a string", value, at, problems);

export const boolean: Decoder<boolean> = (value, at, problems) =>
  typeof value === "boolean" ? value : expected("true or false", value, at, problems);

/** A whole number within 32 bits. */
export const int32: Decoder<number> = (value, at, problems) =>
  typeof value === "number" && Number.isInteger(value) && value >= -2147483648 && value <= 2147483647
    ? value
    : expected("an integer of 32 bits", value, at, problems);

/** A whole number beyond which JavaScript can't tell neighbours apart is refused rather than changed. */
export const int64: Decoder<number> = (value, at, problems) =>
  typeof value === "number" && Number.isSafeInteger(value) ? value : expected("an integer", value, at, problems);

/** A number of 32 bits or a string, as Kubernetes' IntOrString. */
export const intOrString: Decoder<number | string> = (value, at, problems) =>
  typeof value === "string" ? value : int32(value, at, problems);

/** A list; null items are read as `empty`. */
export function list<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, at, problems) => {
    if (!Array.isArray(value)) return expected("a list", value, at, problems);
    const items: T[] = [];
    for (const [index, entry] of value.entries()) {
      const decoded = item(entry, `${at}[${index}]`, problems);
      if (decoded !== undefined) items.push(decoded);
    }
    return items;
  };
}

/** An object with free keys. */
export function record<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, at, problems) => {
    if (!isObject(value)) return expected("an object", value, at, problems);
    const entries: [string, T][] = [];
    for (const key of Object.keys(value)) {
      const entry = value[key];
      if (entry === null) continue;
      const decoded = item(entry, join(at, key), problems);
      if (decoded !== undefined) entries.push([key, decoded]);
    }
    return Object.fromEntries(entries);
  };
}

type Fields = { readonly [name: string]: Decoder<unknown> };
type Decodes<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Decoder<infer T> ? T : never };

/** An object with known fields; each may be absent. */
export function object<F extends Fields>(fields: F): Decoder<Decodes<F>> {
  const byLowerName = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  return (value, at, problems) => {
    if (!isObject(value)) return expected("an object", value, at, problems);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const name = byLowerName.get(key.toLowerCase());
      const entry = value[key];
      if (name === undefined || entry === null) continue;
      const decoded = (fields[name] as Decoder<unknown>)(entry, join(at, key), problems);
      if (decoded !== undefined) result[name] = decoded;
    }
    return result as Decodes<F>;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

/** Parses a text and decodes it; `null` yields undefined without a problem. */
export function decodeJson<T>(
  text: string,
  decoder: Decoder<T>,
): { readonly value: T | undefined } | { readonly problem: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { problem: `it is not valid JSON: ${(error as Error).message}` };
  }
  if (parsed === null) return { value: undefined };
  const problems: string[] = [];
  const value = decoder(parsed, "", problems);
  const [problem] = problems;
  return problem === undefined ? { value } : { problem };
}
