/**
 * Values of the graph that are not plain JSON yet.
 *
 * A field that another resource, AWS or the API server will fill in is not a string before the plan runs.
 * It is one of the two shapes below, both plain JSON.
 */

/** A property that exists only after another resource was created, for instance a target group's ARN. Only an executor turns it into a string. */
export interface Reference {
  /** Key of the resource, `<kind>/<resource id>`, for instance `targetGroup/shop/web-web:80`. */
  readonly ref: string;
  readonly field: "arn" | "id" | "dnsName";
  /** Id of the stack that holds the resource, when it is another one than the stack the reference stands in. */
  readonly stack?: string;
}

/** A value that only the API server or AWS will choose. Printed as "known after apply"; the text says what it is. */
export interface Unknown {
  readonly unknown: string;
  /** What LBC's model builder prints for the same object, which was never stored; only for comparing with it. */
  readonly lbc?: string;
  /** How the value will begin, where that is known: a target group's name tells namespace and Service. */
  readonly like?: string;
}

/** A string that may not be known yet. */
export type Value = string | Reference | Unknown;

/** A number that may not be known yet. */
export type NumberValue = number | Unknown;

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A string-to-string map such as tags or attributes. Absent keys mean "not specified". */
export type StringMap = { readonly [key: string]: string };

/**
 * Fields that hold the users' own words as keys and values. Whoever looks for references or unknown values at any depth
 * passes them over: a user may well have tags named `ref` and `field`, or one named `unknown`.
 */
export const STRING_MAP_FIELDS: ReadonlySet<string> = new Set([
  "tags",
  "attributes",
  "labels",
  "matchLabels",
  "authenticationRequestExtraParams",
]);

/** Tells whether a value is a reference to another resource. */
export function isReference(value: unknown): value is Reference {
  if (typeof value !== "object" || value === null || !("ref" in value) || !("field" in value)) return false;
  const { ref, field } = value;
  return typeof ref === "string" && (field === "arn" || field === "id" || field === "dnsName");
}

/** Tells whether a value will be chosen by the API server or AWS. */
export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && "unknown" in value && typeof value.unknown === "string";
}
