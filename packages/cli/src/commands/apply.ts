import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { type Account, accountToJson, callFor, type Plan, renderPlanText } from "@elbplan/core";
import { type CarriedOut, carryOut } from "../carry-out.ts";
import { paletteFor } from "../colours.ts";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, PlanningOptions } from "../options.ts";
import { hasErrors, makePlan } from "../planning.ts";
import { Refusal } from "../refusal.ts";

/** Shows the plan, asks, and carries it out on the account. The account file is written even if calls were refused. */
export async function apply(
  saved: string | undefined,
  options: InputOptions & PlanningOptions & OutputOptions,
  io: Io,
): Promise<number> {
  if (saved !== undefined) throw new Refusal(`saved plans can't be applied yet; run apply without ${saved}.`);
  const { account: file } = options;
  if (file === undefined) throw new Refusal("apply needs an account to work on: --account FILE.");
  const inputs = await readInputs(options, io, { accountMayBeMissing: true });
  const plan = makePlan(inputs, options);
  const palette = paletteFor(io.stdout, io, options.color);
  io.stdout.write(
    renderPlanText(plan, { callFor, palette, inventory: inputs.account, calls: options.calls !== false }),
  );

  if (plan.actions.length > 0 && !(await consented(plan, options, io))) {
    io.stderr.write("Nothing was done.\n");
    return 1;
  }
  const { account, refused } = applied(inputs.account, plan, options, io);
  // A new account is kept even if there was nothing to do in it, but not one that came of a mistake.
  if (plan.actions.length > 0 || (!existsSync(file) && !hasErrors(plan))) await save(file, account);
  return refused > 0 || hasErrors(plan) ? 1 : 0;
}

/** The file is replaced at once, so that no crash leaves half of it. */
async function save(file: string, account: Account): Promise<void> {
  const draft = `${file}.tmp`;
  try {
    await writeFile(draft, accountToJson(account));
    await rename(draft, file);
  } catch (error) {
    throw new Refusal(`${file} can't be written: ${error instanceof Error ? error.message : String(error)}.`);
  }
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
