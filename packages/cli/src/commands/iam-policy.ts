import { iamPolicy as leastPolicy, renderJson } from "@elbplan/core";
import { noFacts, readFacts } from "../facts-file.ts";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, PlanningOptions } from "../options.ts";
import { makePlan } from "../planning.ts";
import { reportDiagnostics } from "../report.ts";
import { readSettings } from "../settings-file.ts";

/** Prints the least IAM policy for the plan, or without objects for looking at what exists, which a plan's doesn't hold. */
export async function iamPolicy(options: InputOptions & PlanningOptions & OutputOptions, io: Io): Promise<number> {
  if (options.filename === undefined && options.cluster !== true) {
    const { readPolicy } = await import("@elbplan/aws-executor");
    const facts = options.facts === undefined ? noFacts(undefined) : await readFacts(options.facts);
    const { settings, diagnostics } = await readSettings(options.settings, facts, options.lbcFlags ?? {});
    io.stdout.write(renderJson(readPolicy(settings)));
    return reportDiagnostics(diagnostics, options, io);
  }
  const made = makePlan(await readInputs(options, io), options);
  io.stdout.write(renderJson(leastPolicy(made)));
  return reportDiagnostics(made.diagnostics, options, io);
}
