import { iamPolicy as leastPolicy, renderJson } from "@elbplan/core";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, PlanningOptions } from "../options.ts";
import { makePlan } from "../planning.ts";
import { reportDiagnostics } from "../report.ts";

/** Prints the least IAM policy for the plan; looking at what exists needs more. */
export async function iamPolicy(options: InputOptions & PlanningOptions & OutputOptions, io: Io): Promise<number> {
  const made = makePlan(await readInputs(options, io), options);
  io.stdout.write(renderJson(leastPolicy(made)));
  return reportDiagnostics(made.diagnostics, options, io);
}
