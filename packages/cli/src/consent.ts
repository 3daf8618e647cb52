/** What is about to be done is shown, and somebody must agree. */
import { callFor, type Inventory, type Plan, renderPlanText } from "@elbplan/core";
import { paletteFor } from "./colours.ts";
import type { Io } from "./io.ts";
import type { InputOptions, OutputOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";
import { reportAbovePlan } from "./report.ts";

/** Shows the plan on standard output, its diagnostics above it on standard error. */
export function showPlan(plan: Plan, inventory: Inventory, options: OutputOptions, io: Io): void {
  reportAbovePlan(plan.diagnostics, options, io);
  const palette = paletteFor(io.stdout, io, options.color);
  const calls = options.calls !== false;
  io.stdout.write(renderPlanText(plan, { callFor, palette, inventory, calls, diagnostics: false }));
}

/** Asks on the terminal, unless `--yes` was said; without a terminal that is a refusal. */
export async function consented(plan: Plan, options: InputOptions & OutputOptions, io: Io): Promise<boolean> {
  if (options.yes === true) return true;
  if (!io.stdin.isTTY || options.filename?.includes("-") === true) {
    throw new Refusal("apply asks before it does anything, and there is no terminal to ask on; say --yes.");
  }
  const calls = plan.actions.filter(({ kind }) => kind !== "wait").length;
  const answer = await io.ask(`\nMake ${calls === 1 ? "this call" : `these ${calls} calls`}? Only "yes" will do: `);
  return answer.trim() === "yes";
}
