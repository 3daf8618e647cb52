/** What goes to stderr besides data. */
import { type Diagnostic, renderDiagnostics } from "@elbplan/core";
import { paletteFor } from "./colours.ts";
import type { Io } from "./io.ts";
import type { OutputOptions } from "./options.ts";

/** Writes what there is to say about a plan to stderr, parted by an empty line from the plan below it on a terminal. */
export function reportAbovePlan(diagnostics: readonly Diagnostic[], options: OutputOptions, io: Io): void {
  reportDiagnostics(diagnostics, options, io);
  if (diagnostics.length > 0 && io.stderr.isTTY && io.stdout.isTTY) io.stderr.write("\n");
}

/** Writes diagnostics to stderr and returns the exit code that they mean. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], options: OutputOptions, io: Io): number {
  io.stderr.write(renderDiagnostics(diagnostics, paletteFor(io.stderr, io, options.color)));
  return diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
}
