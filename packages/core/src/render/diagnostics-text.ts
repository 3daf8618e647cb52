/** Diagnostics as lines of text, in the form that editors and CI systems recognise. */
import type { Diagnostic } from "../model/diagnostic.ts";
import { fieldName, objectName, positionName, resourceName } from "./names.ts";
import { type Palette, PLAIN } from "./palette.ts";

/**
 * One diagnostic: `file:line:column: severity code: message`, then indented the object and field in words and the hint.
 * The place is left out if the object came from no file.
 */
export function renderDiagnostic(diagnostic: Diagnostic, palette: Palette = PLAIN): string {
  const { code, severity, message, hint, at, object, field, stack, resource } = diagnostic;
  const head = `${palette[severity](`${severity} ${code}`)}: ${message}`;
  const where = [
    object && objectName(object),
    field === undefined ? undefined : fieldName(field),
    object === undefined && stack !== undefined ? `group ${stack}` : undefined,
    resource === undefined ? undefined : resourceName(resource),
  ].filter((word) => word !== undefined && word !== "");
  return [
    `${at === undefined ? "" : `${palette.strong(positionName(at))}: `}${head}`,
    ...(where.length === 0 ? [] : [palette.dim(`    ${where.join(", ")}`)]),
    ...(hint === undefined ? [] : [palette.dim(`    hint: ${hint}`)]),
    "",
  ].join("\n");
}

/** Errors first, then warnings, then infos; the order within each is kept. Empty text for no diagnostics. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], palette: Palette = PLAIN): string {
  return (["error", "warning", "info"] as const)
    .flatMap((severity) => diagnostics.filter((diagnostic) => diagnostic.severity === severity))
    .map((diagnostic) => renderDiagnostic(diagnostic, palette))
    .join("");
}

/** `2 errors, 1 warning`; empty text for no diagnostics. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return (["error", "warning", "info"] as const)
    .map((severity) => [severity, diagnostics.filter((it) => it.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}${count === 1 ? "" : "s"}`)
    .join(", ");
}
