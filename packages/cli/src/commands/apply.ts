import { existsSync } from "node:fs";
import { type Account, accountToJson, type Plan } from "@elbplan/core";
import { type CarriedOut, carryOut } from "../carry-out.ts";
import { paletteFor } from "../colours.ts";
import { consented, showPlan } from "../consent.ts";
import { readInputs, readSimulatedAccount } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, PlanningOptions, RunningOptions } from "../options.ts";
import { readPlan, refuseSettled, refuseStale } from "../plan-file.ts";
import { hasErrors, makePlan } from "../planning.ts";
import { Refusal } from "../refusal.ts";
import { writeText } from "../write-file.ts";

export type ApplyOptions = InputOptions & PlanningOptions & OutputOptions & RunningOptions;

/** Shows the plan, made now or saved before, asks, and carries it out: on AWS, or on a simulated account. */
export async function apply(saved: string | undefined, options: ApplyOptions, io: Io): Promise<number> {
  const { account: file, aws } = options;
  if (file !== undefined && aws === true) throw new Refusal("--aws and --account say both where; give one of them.");
  if (aws === true) return (await import("./apply-on-aws.ts")).applyOnAws(saved, options, io);
  if (file === undefined) throw new Refusal("apply needs to know where: --aws, or --account FILE for a simulated one.");
  refuseRunning(options);
  return applyOnAccount(saved, file, options, io);
}

/** A simulated account answers at once and forgets nothing. */
function refuseRunning({ journal, alongside }: RunningOptions): void {
  const given = journal !== undefined ? "--journal" : alongside === true ? "--alongside" : undefined;
  if (given !== undefined) throw new Refusal(`${given} is for --aws; a simulated account has no use for it.`);
}

/** The account file is written even if calls were refused. */
async function applyOnAccount(saved: string | undefined, file: string, options: ApplyOptions, io: Io): Promise<number> {
  const { plan, existing } = saved === undefined ? await planned(options, io) : await loaded(saved, options);
  showPlan(plan, existing, options, io);
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
