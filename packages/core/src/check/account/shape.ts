/** Checks JSON that was read from outside against a description of its shape. */

/** What a value must be. `any` is for parts that are looked at where they are used. */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | "any"
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: { readonly [field: string]: Shape }; readonly optional?: { readonly [field: string]: Shape } };

export interface ShapeProblem {
  /** JSON pointer to the place. */
  readonly pointer: string;
  /** What must stand there, for instance `a string`. */
  readonly expected: string;
}

/** All places where `value` isn't of the shape. Fields that the shape doesn't name are let through. */
export function shapeProblems(value: unknown, shape: Shape, pointer = ""): readonly ShapeProblem[] {
  const wrong = (expected: string): readonly ShapeProblem[] => [{ pointer, expected }];
  if (typeof shape === "string") {
    return shape === "any" || typeof value === shape ? [] : wrong(`a ${shape}`);
  }
  if ("oneOf" in shape) {
    return typeof value === "string" && shape.oneOf.includes(value) ? [] : wrong(`one of ${shape.oneOf.join(", ")}`);
  }
  if ("list" in shape) {
    if (!Array.isArray(value)) return wrong("a list");
    return value.flatMap((element, index) => shapeProblems(element, shape.list, `${pointer}/${index}`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("an object");
  if ("map" in shape) {
    return Object.entries(value).flatMap(([key, inner]) => shapeProblems(inner, shape.map, at(pointer, key)));
  }
  return fieldProblems(value, shape.fields, shape.optional ?? {}, pointer);
}

function fieldProblems(
  value: object,
  required: { readonly [field: string]: Shape },
  optional: { readonly [field: string]: Shape },
  pointer: string,
): readonly ShapeProblem[] {
  const fields = new Map(Object.entries(value));
  const check = ([field, shape]: readonly [string, Shape]): readonly ShapeProblem[] =>
    shapeProblems(fields.get(field), shape, at(pointer, field));
  return [
    ...Object.entries(required).flatMap(check),
    ...Object.entries(optional)
      .filter(([field]) => fields.has(field))
      .flatMap(check),
  ];
}

function at(pointer: string, key: string): string {
  return `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
