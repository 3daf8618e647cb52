import { factsNeeded as needed, renderJson } from "@elbplan/core";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { reportDiagnostics } from "../report.ts";

/** Prints the look-ups that a plan of these objects needs. */
export async function factsNeeded(options: InputOptions & OutputOptions, io: Io): Promise<number> {
  const { aws, ...offline } = options;
  if (aws === true) throw new Refusal("facts-needed asks AWS nothing; leave out --aws, or use capture.");
  const { snapshot, settings, diagnostics } = await readInputs(offline, io);
  io.stdout.write(renderJson(needed(snapshot, settings)));
  return reportDiagnostics(
    diagnostics.filter(({ code }) => code !== "facts.none"),
    options,
    io,
  );
}
