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

/** Infos of one code shown by `renderDiagnostics`. */
const INFOS = 5;

/**
 * Errors first, then warnings, then infos; the order within each is kept. A hint that repeats the one before is left
 * out, and of many infos of one code only the first few are shown (`all` shows them all). Empty text for no diagnostics.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  palette: Palette = PLAIN,
  { all = false }: { readonly all?: boolean } = {},
): string {
  const sorted = (["error", "warning", "info"] as const).flatMap((severity) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity),
  );
  const counts = new Map<string, number>();
  let previous: Diagnostic | undefined;
  let text = "";
  for (const diagnostic of sorted) {
    const { code, severity, hint, ...rest } = diagnostic;
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (!all && severity === "info" && count > INFOS) continue;
    text += renderDiagnostic(hint === previous?.hint ? { code, severity, ...rest } : diagnostic, palette);
    previous = diagnostic;
  }
  for (const [code, count] of all ? [] : counts) {
    const isInfo = sorted.some((it) => it.code === code && it.severity === "info");
    if (isInfo && count > INFOS) text += `${palette.info(`info ${code}`)}: and ${count - INFOS} more.\n`;
  }
  return text;
}

/** `2 errors, 1 warning`; empty text for no diagnostics. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return (["error", "warning", "info"] as const)
    .map((severity) => [severity, diagnostics.filter((it) => it.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}${count === 1 ? "" : "s"}`)
    .join(", ");
}
