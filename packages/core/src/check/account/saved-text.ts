/** Saved JSON, read back: what is wrong with it as diagnostics that name file, line and field. */
import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import { diagnose } from "../../diagnostics/diagnose.ts";
import { jsonError } from "../../lib/json-error.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { fieldName } from "../../render/names.ts";
import type { ShapeProblem } from "./shape.ts";

/** Places of one file told one by one; the rest are mostly their consequences. */
const PLACES = 10;

/** What was read, for messages. */
export interface SavedText {
  /** `the account`. */
  readonly name: string;
  /** Path of the file, if it came from one. */
  readonly file?: string;
  /** The code of what can't be read. */
  readonly malformed: DiagnosticCode;
}

/** Parses JSON; an error tells its line and column. */
export function parseSaved(
  text: string,
  { name, file, malformed }: SavedText,
): { readonly value: unknown } | { readonly diagnostics: readonly Diagnostic[] } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { line, column, message } = jsonError(text) ?? { line: 1, column: 1, message: "it can't be read" };
    const start = file ?? name.charAt(0).toUpperCase() + name.slice(1);
    return {
      diagnostics: [
        file === undefined
          ? diagnose(malformed, `${start} isn't valid JSON: line ${line}, column ${column}: ${message}.`, { field: "" })
          : diagnose(malformed, `${start} isn't valid JSON: ${message}.`, { field: "", at: { file, line, column } }),
      ],
    };
  }
}

/** One diagnostic for each of the first places, and one that counts the others. */
export function shapeDiagnostics(
  problems: readonly ShapeProblem[],
  { name, file, malformed }: SavedText,
): readonly Diagnostic[] {
  const where = file ?? name;
  const told = problems.slice(0, PLACES).map(({ pointer, expected }) => {
    const place = pointer === "" ? "the whole" : fieldName(pointer);
    return diagnose(malformed, `In ${where}, ${place} must be ${expected}.`, { field: pointer });
  });
  const more = problems.length - told.length;
  return more === 0
    ? told
    : [...told, diagnose(malformed, `In ${where}, ${more} more ${more === 1 ? "place is" : "places are"} wrong.`)];
}
