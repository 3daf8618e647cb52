import { admissionRefusals, renderJson, renderLbcStack } from "@elbplan/core";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions } from "../options.ts";
import { buildGraph } from "../planning.ts";
import { SettingsRefusal } from "../refusal.ts";
import { reportDiagnostics } from "../report.ts";

/** Prints the desired graph: as it is, or in the shape of LBC's own model. */
export async function desired(options: InputOptions & OutputOptions, io: Io): Promise<number> {
  const asLbc = options.format === "lbc-stack";
  try {
    const inputs = await readInputs(options, io);
    const graph = buildGraph(inputs);
    const refusals = asLbc ? admissionRefusals(inputs.snapshot, inputs.settings) : [];
    io.stdout.write(renderJson(asLbc ? renderLbcStack(graph, refusals) : graph));
    return reportDiagnostics(graph.diagnostics, options, io);
  } catch (error) {
    if (asLbc && error instanceof SettingsRefusal) io.stdout.write(renderJson(notStarted(error)));
    throw error;
  }
}

/** LBC's answer to flags that it doesn't start with. */
function notStarted({ diagnostics }: SettingsRefusal): unknown {
  const controllerError = diagnostics.map(({ message }) => message).join("; ");
  return { controllerError, groups: [], unmanaged: [], classErrors: [], admission: [] };
}
