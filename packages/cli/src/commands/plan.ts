import { callFor, planCost, renderCostText, renderPlanJson, renderPlanText } from "@elbplan/core";
import { paletteFor } from "../colours.ts";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, PlanningOptions } from "../options.ts";
import { hasErrors, makePlan } from "../planning.ts";
import { reportDiagnostics } from "../report.ts";
import { writeText } from "../write-file.ts";

/** Shows the plan: text for people (diagnostics included), or JSON with the diagnostics on stderr too; `--out` saves it besides. */
export async function plan(options: InputOptions & PlanningOptions & OutputOptions, io: Io): Promise<number> {
  const inputs = await readInputs(options, io);
  const made = makePlan(inputs, options);
  if (options.format === "json") {
    io.stdout.write(renderPlanJson(made, callFor));
    reportDiagnostics(made.diagnostics, options, io);
  } else {
    const palette = paletteFor(io.stdout, io, options.color);
    io.stdout.write(
      renderPlanText(made, { callFor, palette, inventory: inputs.account, calls: options.calls !== false }),
    );
  }
  if (options.cost === true) {
    const output = options.format === "json" ? io.stderr : io.stdout;
    output.write(`\n${renderCostText(planCost(made), paletteFor(output, io, options.color))}`);
  }
  if (options.out !== undefined) {
    await writeText(options.out, renderPlanJson(made, callFor));
    io.stderr.write(`Saved to ${options.out}.\n`);
  }
  if (hasErrors(made)) return 1;
  return options.detailedExitcode === true && made.actions.length > 0 ? 2 : 0;
}
