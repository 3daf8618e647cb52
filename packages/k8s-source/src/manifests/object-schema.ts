/** The shapes of Kubernetes objects as data, and a decoder that is as strict about types as the API server's. */
import type { DiagnosticCode } from "@elbplan/core";
import { setOwn } from "./plain-value.ts";

export type FieldSchema =
  | { readonly type: "string" | "integer" | "boolean" | "integerOrString" | "time" | "base64" | "any" }
  | { readonly type: "map"; readonly values: FieldSchema; readonly quoted?: true }
  | { readonly type: "list"; readonly items: FieldSchema }
  | ObjectSchema;

export interface ObjectSchema {
  readonly type: "object";
  readonly fields: { readonly [name: string]: FieldSchema };
  /** Fields that aren't listed are no mistake: the list isn't complete. */
  readonly open?: true;
}

/** Told about everything that isn't as the schema says; `pointer` is an RFC 6901 pointer into the object. */
export type Report = (code: DiagnosticCode, pointer: string, problem: TypeProblem) => void;

export interface TypeProblem {
  readonly value: unknown;
  /** What it should be, for instance `a list`; undefined for an unknown field. */
  readonly wanted?: string;
}

const WANTED = {
  string: "a string",
  integer: "a whole number of 32 bits",
  boolean: "true or false",
  integerOrString: "a whole number or a string",
  time: "a time such as 2030-01-31T12:00:00Z",
  base64: "a base64 string",
} as const;

/**
 * Decodes a value: returns it unchanged where it is as the schema says, and reports where it isn't. As in the API
 * server a null field counts as absent, a null in a list or map as that type's empty value, and an unknown field is
 * kept out of the way (here: kept as it is, and reported if the schema is complete). The input is never changed.
 */
export function decode(schema: FieldSchema, value: unknown, pointer: string, report: Report): unknown {
  switch (schema.type) {
    case "object":
      if (!isPlainObject(value)) return wrong(value, "a map", pointer, report);
      return decodeObject(schema, value, pointer, report);
    case "map":
      if (!isPlainObject(value)) return wrong(value, "a map", pointer, report);
      return decodeMap(schema, value, pointer, report);
    case "list":
      if (!Array.isArray(value)) return wrong(value, "a list", pointer, report);
      return decodeList(schema.items, value, pointer, report);
    case "any":
      return value;
    case "time":
      // Clients that hold objects in memory hold times as dates.
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
      return matches(schema.type, value) ? value : wrong(value, WANTED[schema.type], pointer, report);
    default:
      return matches(schema.type, value) ? value : wrong(value, WANTED[schema.type], pointer, report);
  }
}

/** Adds a step to an RFC 6901 pointer. */
export function pointerTo(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Tells whether a value is a map of JSON. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function matches(type: keyof typeof WANTED, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return isInt32(value);
    case "integerOrString":
      return typeof value === "string" || isInt32(value);
    case "time":
      return typeof value === "string" && /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value);
    case "base64":
      return typeof value === "string" && isBase64(value);
  }
}

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= -(2 ** 31) && (value as number) < 2 ** 31;
}

function isBase64(text: string): boolean {
  const bytes = text.replace(/[\r\n]/g, "");
  return bytes.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bytes);
}

function decodeObject(
  schema: ObjectSchema,
  value: { readonly [key: string]: unknown },
  pointer: string,
  report: Report,
): unknown {
  return rebuilt(value, (key, field) => {
    const known = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    if (known === undefined) {
      if (schema.open === undefined && field !== undefined) {
        report("input.unknown-field", pointerTo(pointer, key), { value: field });
      }
      return field;
    }
    if (field === null || field === undefined) return undefined;
    return decode(known, field, pointerTo(pointer, key), report);
  });
}

function decodeMap(
  schema: FieldSchema & { readonly type: "map" },
  value: { readonly [key: string]: unknown },
  pointer: string,
  report: Report,
): unknown {
  return rebuilt(value, (key, item) => {
    if (item === null || item === undefined) return emptyOf(schema.values);
    if (schema.quoted === true && typeof item !== "string") {
      report("input.annotation-not-string", pointerTo(pointer, key), { value: item, wanted: WANTED.string });
      return item;
    }
    return decode(schema.values, item, pointerTo(pointer, key), report);
  });
}

function decodeList(items: FieldSchema, value: readonly unknown[], pointer: string, report: Report): unknown {
  const decoded = value.map((item, index) => {
    return item === null || item === undefined
      ? emptyOf(items)
      : decode(items, item, pointerTo(pointer, index), report);
  });
  return decoded.every((item, index) => item === value[index]) ? value : decoded;
}

/** The same object if no field changes, otherwise a copy; fields that become undefined are left out. */
function rebuilt(
  value: { readonly [key: string]: unknown },
  change: (key: string, field: unknown) => unknown,
): { readonly [key: string]: unknown } {
  const entries = Object.entries(value).map(([key, field]) => [key, field, change(key, field)] as const);
  if (entries.every(([, before, after]) => before === after && after !== undefined)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, , after] of entries) if (after !== undefined) setOwn(copy, key, after);
  return copy;
}

function emptyOf(schema: FieldSchema): unknown {
  switch (schema.type) {
    case "object":
    case "map":
      return {};
    case "list":
      return [];
    case "integer":
    case "integerOrString":
      return 0;
    case "boolean":
      return false;
    case "any":
      return null;
    default:
      return "";
  }
}

function wrong(value: unknown, wanted: string, pointer: string, report: Report): unknown {
  report("input.field-type", pointer, { value, wanted });
  return value;
}
