import { callFor, type Plan, renderJson, renderShellScript } from "@elbplan/core";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, PlanningOptions } from "../options.ts";
import { readPlan, refuseSettled } from "../plan-file.ts";
import { makePlan } from "../planning.ts";
import { reportDiagnostics } from "../report.ts";

/**
 * Prints the plan, made now or saved before, as a shell script, or as a JSON list of the calls that would be sent. It is
 * printed even where a group failed: for the others.
 */
export async function script(
  saved: string | undefined,
  options: InputOptions & PlanningOptions & OutputOptions,
  io: Io,
): Promise<number> {
  if (saved !== undefined) refuseSettled(saved, options);
  const plan = saved === undefined ? makePlan(await readInputs(options, io), options) : await readPlan(saved);
  io.stdout.write(options.format === "json" ? renderJson(await recorded(plan)) : renderShellScript(plan, callFor));
  return reportDiagnostics(plan.diagnostics, options, io);
}

async function recorded(plan: Plan): Promise<readonly object[]> {
  const { recordingExecutor, runPlan } = await import("@elbplan/aws-executor");
  const calls: object[] = [];
  await runPlan(
    plan,
    recordingExecutor(({ action, call }) => calls.push({ action, ...call })),
    { parallelism: 1 },
  );
  return calls;
}
