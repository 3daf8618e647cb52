/** `apply --aws`: the plan is made for, or compared with, what exists now, and carried out there. */
import { type AwsApi, awsExecutor, createCache, readInventory, SYSTEM_CLOCK, secretsFrom } from "@elbplan/aws-executor";
import {
  callFor,
  clientsOf,
  type Executor,
  type Inventory,
  type Plan,
  type PlanSeal,
  unknownValues,
} from "@elbplan/core";
import { askAws, openAws } from "../aws.ts";
import { bindingsInCluster, clusterWriter, refuseBesideLbc } from "../cluster-writer.ts";
import { consented, showPlan } from "../consent.ts";
import { type Inputs, readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import { readPlan, refuseSettled, refuseStale } from "../plan-file.ts";
import { readSecretsOf } from "../plan-secrets.ts";
import { hasErrors, makePlan } from "../planning.ts";
import { Refusal } from "../refusal.ts";
import { openJournalFile, type Recalled, recallJournal } from "../run/journal.ts";
import { runOnAws } from "../run/run-on-aws.ts";
import type { ApplyOptions } from "./apply.ts";

/** Exit code 1 if a call was refused, had no answer, or wasn't made because the run was stopped. */
export async function applyOnAws(saved: string | undefined, options: ApplyOptions, io: Io): Promise<number> {
  await refuseBesideLbc(options, io);
  const memory = options.journal === undefined ? undefined : await recallJournal(options.journal, io);
  const { plan, existing, api } =
    saved === undefined ? await planned(options, io, memory) : await loaded(saved, options, io);
  showPlan(plan, existing, options, io);
  const exitCode = hasErrors(plan) ? 1 : 0;
  if (plan.actions.length === 0) return exitCode;
  const unknown = unknownValues(plan, callFor);
  if (unknown.length > 0) throw new Refusal("nothing was done.", unknown);
  if (!(await consented(plan, options, io))) {
    io.stderr.write("Nothing was done.\n");
    return 1;
  }
  const kubernetes = await clusterWriter(options, io);
  const executor = (stop: AbortSignal): Executor => awsExecutor(api, { stop, ...(kubernetes && { kubernetes }) });
  const file = options.journal === undefined ? undefined : await openJournalFile(options.journal);
  try {
    const { color } = options;
    const journal = { ...(file && { journal: file.journal }), ...(memory && { pending: memory.pending }) };
    const result = await runOnAws(plan, executor, { color, ...journal }, io);
    return result.state === "done" ? exitCode : 1;
  } finally {
    await file?.close();
  }
}

interface Applicable {
  readonly plan: Plan;
  /** What exists before it. */
  readonly existing: Inventory;
  readonly api: AwsApi;
}

async function planned(options: ApplyOptions, io: Io, memory: Recalled | undefined): Promise<Applicable> {
  const inputs: Inputs = { ...(await readInputs(options, io)), ...(memory && { sentClients: memory.clients }) };
  const api = await openAws(options, io, secretsFrom(inputs.snapshot.secrets ?? []));
  return { plan: makePlan(inputs, options), existing: inputs.account, api };
}

/** Of a saved plan only what it was made from is read again. */
async function loaded(saved: string, options: ApplyOptions, io: Io): Promise<Applicable> {
  const plan = await readPlan(saved);
  const { filename, ...others } = options;
  // Of manifests only Secrets may still be needed.
  refuseSettled(saved, plan.actions.some((action) => clientsOf(action).length > 0) ? others : options);
  const { seal } = plan.inputs;
  if (seal === undefined) throw new Refusal(`${saved} doesn't tell what it was made from; save it with plan --out.`);
  const region = options.lbcFlags?.["aws-region"] ?? seal.region;
  const secrets = secretsFrom(await readSecretsOf(plan, options, io));
  const api = await openAws({ ...options, lbcFlags: { ...options.lbcFlags, "aws-region": region } }, io, secrets);
  const targetGroupBindings = await bindingsInCluster(options, io);
  const reading = readAgain(api, seal, region, targetGroupBindings);
  const existing = await askAws(reading, "nothing was done.");
  refuseStale(plan, existing);
  return { plan, existing, api };
}

async function readAgain(
  api: AwsApi,
  { needed }: PlanSeal,
  region: string,
  targetGroupBindings: Inventory["targetGroupBindings"],
): Promise<Inventory> {
  const { Account: accountId = "" } = await api({ service: "sts", operation: "GetCallerIdentity", input: {} });
  // Listed, whatever the settings were: the tags' index lags, and this look decides whether the plan is still good.
  const scope = { region, accountId: String(accountId), byTaggingApi: false, targetGroupBindings };
  return readInventory(api, needed, scope, { cache: createCache(SYSTEM_CLOCK) });
}
