import { existsSync } from "node:fs";
import { type Account, accountToJson, callFor, type Plan, renderPlanText } from "@elbplan/core";
import { type CarriedOut, carryOut } from "../carry-out.ts";
import { paletteFor } from "../colours.ts";
import { readInputs, readSimulatedAccount } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, PlanningOptions } from "../options.ts";
import { readPlan, refuseSettled, refuseStale } from "../plan-file.ts";
import { hasErrors, makePlan } from "../planning.ts";
import { Refusal } from "../refusal.ts";
import { reportAbovePlan } from "../report.ts";
import { writeText } from "../write-file.ts";

/** Shows the plan, made now or saved before, asks, and carries it out on the account. The account file is written even if calls were refused. */
export async function apply(
  saved: string | undefined,
  options: InputOptions & PlanningOptions & OutputOptions,
  io: Io,
): Promise<number> {
  const { account: file } = options;
  if (file === undefined) throw new Refusal("apply needs an account to work on: --account FILE.");
  const { plan, existing } = saved === undefined ? await planned(options, io) : await loaded(saved, options);
  const palette = paletteFor(io.stdout, io, options.color);
  reportAbovePlan(plan.diagnostics, options, io);
  io.stdout.write(
    renderPlanText(plan, {
      callFor,
      palette,
      inventory: existing,
      calls: options.calls !== false,
      diagnostics: false,
    }),
  );

  if (plan.actions.length > 0 && !(await consented(plan, options, io))) {
    io.stderr.write("Nothing was done.\n");
    return 1;
  }
  const { account, refused } = applied(existing, plan, options, io);
  // A new account is kept even if there was nothing to do in it, but not one that came of a mistake.
  if (plan.actions.length > 0 || (!existsSync(file) && !hasErrors(plan))) await writeText(file, accountToJson(account));
  return refused > 0 || hasErrors(plan) ? 1 : 0;
}

interface Applicable {
  readonly plan: Plan;
  /** What exists before it. */
  readonly existing: Account;
}

async function planned(options: InputOptions & PlanningOptions, io: Io): Promise<Applicable> {
  const inputs = await readInputs(options, io, { accountMayBeMissing: true });
  return { plan: makePlan(inputs, options), existing: inputs.account };
}

async function loaded(saved: string, options: InputOptions & PlanningOptions): Promise<Applicable> {
  refuseSettled(saved, options);
  const plan = await readPlan(saved);
  const existing = await readSimulatedAccount(options);
  refuseStale(plan, existing);
  return { plan, existing };
}

function applied(account: Account, plan: Plan, options: OutputOptions, io: Io): CarriedOut {
  if (plan.actions.length === 0) return { account, refused: 0 };
  return carryOut(account, plan, io.stderr.write, paletteFor(io.stderr, io, options.color));
}

async function consented(plan: Plan, options: InputOptions & OutputOptions, io: Io): Promise<boolean> {
  if (options.yes === true) return true;
  if (!io.stdin.isTTY || options.filename?.includes("-") === true) {
    throw new Refusal("apply asks before it does anything, and there is no terminal to ask on; say --yes.");
  }
  const calls = plan.actions.filter(({ kind }) => kind !== "wait").length;
  const answer = await io.ask(`\nMake ${calls === 1 ? "this call" : `these ${calls} calls`}? Only "yes" will do: `);
  return answer.trim() === "yes";
}
