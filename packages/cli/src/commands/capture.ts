import { existsSync } from "node:fs";
import { type Account, everythingNeeded, type Facts, type Inventory, renderJson } from "@elbplan/core";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { CaptureOptions, InputOptions, OutputOptions } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { reportDiagnostics } from "../report.ts";
import { writeText } from "../write-file.ts";

/**
 * Writes what AWS knows and what exists there: the facts that a plan of these objects needs, and of the inventory all that
 * any plan could compare, so that the objects may be edited without AWS.
 */
export async function capture(options: InputOptions & OutputOptions & CaptureOptions, io: Io): Promise<number> {
  const { account, inventory, facts } = options;
  const given = Object.entries({ account, inventory, facts }).find(([, value]) => value !== undefined);
  if (given !== undefined) throw new Refusal(`capture reads AWS; it has no use for --${given[0]}.`);
  const outFacts = options.outFacts ?? newFile("facts.json", "--out-facts");
  const outInventory = options.outInventory ?? newFile("inventory.json", "--out-inventory");
  const inputs = await readInputs({ ...options, aws: true }, io, { everything: everythingNeeded });
  await writeText(outFacts, renderJson(factsOf(inputs.facts)));
  await writeText(outInventory, renderJson(inventoryOf(inputs.account)));
  io.stderr.write(`Saved to ${outFacts} and ${outInventory}.\n`);
  return reportDiagnostics(inputs.diagnostics, options, io);
}

/** What is there already is replaced only when it is named. */
function newFile(name: string, option: string): string {
  if (existsSync(name)) throw new Refusal(`${name} is there already; to replace it write ${option} ${name}.`);
  return name;
}

/** A file that says in which format it is. */
function factsOf({ formatVersion: _, ...facts }: Facts): Facts {
  return { formatVersion: 1, ...facts };
}

/** Without the quotas and subnets of an account: those are facts. */
function inventoryOf(account: Account): Inventory {
  const { quotas: _quotas, sequence: _sequence, subnets: _subnets, ...inventory } = account;
  return inventory;
}
