/** Valid objects made strange, within their types: what a reader lets through and nobody expects. */
import fc from "fast-check";

/** What must be there for an object to be of its type. */
const REQUIRED = new Set(
  "apiVersion kind metadata name namespace paths backend key value operator id arn az azId cidr region accountId type domain status keyAlgorithm".split(
    " ",
  ),
);

const aStrangeText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    ",",
    "=",
    "null",
    "[null]",
    "{}",
    "[",
    "*",
    "?",
    "/",
    "__proto__",
    "constructor",
    "-1",
    "1e9",
    "true",
    "arn:",
    "sg-",
    "subnet-",
  ),
  fc.string({ unit: "binary" }),
);
const aStrangeNumber = fc.constantFrom(0, -1, 1, 65535, 65536, 2 ** 31, 2 ** 53, 0.5);

/** One change: which leaf or optional field, and what becomes of it. */
const aMutation = fc.record({ place: fc.nat(), drop: fc.boolean(), text: aStrangeText, number: aStrangeNumber });

/** The value with up to five leaves replaced or optional fields left out. */
export function mutated<T>(value: T): fc.Arbitrary<T> {
  return fc
    .array(aMutation, { minLength: 1, maxLength: 5 })
    .map((mutations) => mutations.reduce<unknown>((result, mutation) => change(result, mutation), value) as T);
}

type Path = readonly (string | number)[];
interface Mutation {
  readonly place: number;
  readonly drop: boolean;
  readonly text: string;
  readonly number: number;
}

function change(value: unknown, mutation: Mutation): unknown {
  const paths = leaves(value, []);
  const path = paths[mutation.place % Math.max(1, paths.length)];
  return path === undefined ? value : replaced(value, path, mutation);
}

function leaves(value: unknown, at: Path): readonly Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "kind" || key === "apiVersion" ? [] : leaves(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

function replaced(value: unknown, [key, ...rest]: Path, mutation: Mutation): unknown {
  if (key === undefined)
    return typeof value === "string" ? mutation.text : typeof value === "number" ? mutation.number : value;
  if (Array.isArray(value))
    return value.map((inner, index) => (index === key ? replaced(inner, rest, mutation) : inner));
  const entries = Object.entries(value as object);
  // Leaving out happens to the innermost optional field on the way.
  const leavesOut =
    mutation.drop &&
    rest.length === 0 &&
    typeof key === "string" &&
    !REQUIRED.has(key) &&
    typeof entries.find(([name]) => name === key)?.[1] !== "number";
  return Object.fromEntries(
    entries.flatMap(([name, inner]) =>
      name !== key ? [[name, inner]] : leavesOut ? [] : [[name, replaced(inner, rest, mutation)]],
    ),
  );
}
