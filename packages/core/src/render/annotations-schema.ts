/** The JSON Schema of annotations, made from the annotation table. */
import type { GrammarName } from "../read/annotation-grammar.ts";
import { type AnnotationRow, defaultText } from "../read/annotation-row.ts";
import { ANNOTATION_PREFIX, ANNOTATIONS } from "../read/annotations.ts";

/** A JSON Schema, as far as this one goes. */
export type AnnotationsSchema = { readonly [keyword: string]: unknown };

/** What a text must look like, by grammar; the other grammars are JSON or too rich for a pattern. */
const PATTERNS: { readonly [G in GrammarName]?: string } = {
  bool: "^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$",
  int32: "^[+-]?[0-9]+$",
  int64: "^[+-]?[0-9]+$",
};

/**
 * Describes the map `metadata.annotations` of an Ingress, or of a Service behind one. Every value is a text. Under our
 * prefix only names of the table are allowed, beyond it everything is.
 */
export function annotationsSchema(): AnnotationsSchema {
  const rows: readonly (readonly [string, AnnotationRow])[] = Object.entries(ANNOTATIONS);
  const sorted = rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const families = sorted.filter(([, row]) => row.family === true);
  const singles = sorted.filter(([, row]) => row.family !== true);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "urn:elbplan:annotations",
    description: "Annotations of an Ingress or Service, as elbplan and LBC read them.",
    type: "object",
    additionalProperties: { type: "string" },
    properties: Object.fromEntries(singles.map(([name, row]) => [ANNOTATION_PREFIX + name, valueSchema(row)])),
    patternProperties: Object.fromEntries(families.map(([name, row]) => [familyPattern(name), valueSchema(row)])),
    propertyNames: {
      anyOf: [
        { not: { pattern: `^${escaped(ANNOTATION_PREFIX)}` } },
        { enum: singles.map(([name]) => ANNOTATION_PREFIX + name) },
        ...families.map(([name]) => ({ pattern: familyPattern(name) })),
      ],
    },
  };
}

function valueSchema(row: AnnotationRow): AnnotationsSchema {
  const { grammar, allowed, about } = row;
  const pattern = PATTERNS[grammar];
  return {
    type: "string",
    description: `${about} Default: ${defaultText(row)}.`,
    ...(allowed !== undefined && { enum: allowed }),
    ...(pattern !== undefined && { pattern }),
  };
}

function familyPattern(name: string): string {
  return `^${escaped(`${ANNOTATION_PREFIX}${name}.`)}.`;
}

function escaped(text: string): string {
  return text.replace(/[.\\/]/g, "\\$&");
}
