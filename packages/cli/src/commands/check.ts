import { countDiagnostics, renderDiagnostics, renderJson } from "@elbplan/core";
import { paletteFor } from "../colours.ts";
import { withFindings } from "../findings.ts";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions } from "../options.ts";
import { makePlan } from "../planning.ts";

/** Prints what there is to say about the objects, of planning, lint and admission, and nothing else. */
export async function check(options: InputOptions & OutputOptions, io: Io): Promise<number> {
  const inputs = await readInputs(options, io);
  // Objects are checked as they are, and nobody writes Nodes into manifests.
  const planning = makePlan(inputs, {}).diagnostics.filter(({ code }) => code !== "targets.not-given");
  const diagnostics = withFindings(inputs, planning);
  if (options.format === "json") io.stdout.write(renderJson({ diagnostics }));
  else io.stdout.write(renderDiagnostics(diagnostics, paletteFor(io.stdout, io, options.color), { all: true }));
  io.stderr.write(`${countDiagnostics(diagnostics) || "Nothing found"}.\n`);
  return diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
}
