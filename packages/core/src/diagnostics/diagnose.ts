import type { Diagnostic } from "../model/diagnostic.ts";
import type { Positions } from "../model/snapshot.ts";
import { DIAGNOSTIC_CODES, type DiagnosticCode } from "./codes.ts";

/** Makes a diagnostic: severity and hint come from the table unless given. */
export function diagnose(
  code: DiagnosticCode,
  message: string,
  rest: Partial<Omit<Diagnostic, "code" | "message">> = {},
): Diagnostic {
  const { severity, hint } = DIAGNOSTIC_CODES[code];
  return { code, severity, message, hint, ...rest };
}

/** Fills in `at` for every diagnostic that names an object which was read from a file. Returns a new list. */
export function locate(diagnostics: readonly Diagnostic[], positions: Positions): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    if (diagnostic.at !== undefined || diagnostic.object === undefined) return diagnostic;
    const at = positions(diagnostic.object, diagnostic.field ?? "");
    return at === undefined ? diagnostic : { ...diagnostic, at };
  });
}
