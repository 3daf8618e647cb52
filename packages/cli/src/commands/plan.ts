import {
  callFor,
  type Plan,
  planCost,
  renderCostText,
  renderPlanJson,
  renderPlanText,
  renderVerification,
  sealPlan,
} from "@elbplan/core";
import { paletteFor } from "../colours.ts";
import { readGoal } from "../goal-file.ts";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, PlanningOptions } from "../options.ts";
import { hasErrors, planGraph, planOptions } from "../planning.ts";
import { reportAbovePlan, reportDiagnostics } from "../report.ts";
import { verify } from "../verify.ts";
import { writeText } from "../write-file.ts";

/** Shows the plan as text for people, or as JSON, which holds the diagnostics too; on stderr they stand in both cases. `--out` saves it besides. */
export async function plan(options: InputOptions & PlanningOptions & OutputOptions, io: Io): Promise<number> {
  const inputs = await readInputs(options, io);
  const lastGoal = options.lastGoal === undefined ? undefined : await readGoal(options.lastGoal);
  const { graph, made } = planGraph(inputs, options, lastGoal);
  // As it is saved: with what it was made from, so that it can be told later whether it is still good.
  const sealed = (): Plan => sealPlan(made, graph, inputs.account, planOptions(options));
  const verification = options.verify === true ? await verify(graph, inputs, made, options) : undefined;
  if (options.format === "json") {
    io.stdout.write(renderPlanJson(sealed(), callFor, verification?.check));
    reportDiagnostics(made.diagnostics, options, io);
  } else {
    const palette = paletteFor(io.stdout, io, options.color);
    reportAbovePlan(made.diagnostics, options, io);
    io.stdout.write(
      renderPlanText(made, {
        callFor,
        palette,
        inventory: inputs.account,
        calls: options.calls !== false,
        diagnostics: false,
      }),
    );
  }
  if (verification !== undefined && options.format !== "json") {
    const palette = paletteFor(io.stdout, io, options.color);
    io.stdout.write(`\n${renderVerification(verification.check, verification.claimed, palette)}`);
  }
  if (options.cost === true) {
    const output = options.format === "json" ? io.stderr : io.stdout;
    output.write(`\n${renderCostText(planCost(made), paletteFor(output, io, options.color))}`);
  }
  if (options.out !== undefined) {
    await writeText(options.out, renderPlanJson(sealed(), callFor));
    io.stderr.write(`Saved to ${options.out}.\n`);
  }
  if (hasErrors(made) || verification?.holds === false) return 1;
  return options.detailedExitcode === true && made.actions.length > 0 ? 2 : 0;
}
