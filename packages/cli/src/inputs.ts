/** Everything a plan is made from, read from files, a cluster and AWS. */
import { existsSync } from "node:fs";
import type { AwsReading } from "@elbplan/aws-executor";
import {
  type Account,
  accountFromJson,
  asAccount,
  type ClusterSnapshot,
  type Diagnostic,
  diagnose,
  type Facts,
  type PolicyTexts,
  type Positions,
  type SentClients,
  type Settings,
} from "@elbplan/core";
import { type Manifests, readManifests } from "@elbplan/k8s-source";
import { type AwsQuestion, readAwsInput } from "./aws-input.ts";
import { type ClusterInput, readClusterInput } from "./cluster-input.ts";
import { noFacts, readFacts } from "./facts-file.ts";
import type { Io } from "./io.ts";
import { readText } from "./json-file.ts";
import type { InputOptions, PlanningOptions } from "./options.ts";
import { Refusal, SettingsRefusal } from "./refusal.ts";
import { readSettings } from "./settings-file.ts";
import { newAccount, quotasOf, withSubnets } from "./simulated-account.ts";

export interface Inputs {
  readonly snapshot: ClusterSnapshot;
  readonly positions: Positions;
  readonly facts: Facts;
  /** What exists: of the account or inventory given, otherwise nothing. */
  readonly account: Account;
  /** Whether an account or inventory was given. */
  readonly accountGiven: boolean;
  readonly settings: Settings;
  /** How far plans go by the settings file. */
  readonly policies: PolicyTexts;
  /** The OIDC clients that AWS was sent last, if a journal tells. */
  readonly sentClients?: SentClients;
  /** Of reading all this. */
  readonly diagnostics: readonly Diagnostic[];
}

interface ReadOptions {
  readonly accountMayBeMissing?: boolean;
  /** What to read of AWS beside what a plan of these objects compares. */
  readonly everything?: AwsQuestion["everything"];
}

/** Reads what the options name. What makes planning pointless is a refusal, everything else a diagnostic. */
export async function readInputs(
  options: InputOptions & Pick<PlanningOptions, "prune" | "drain">,
  io: Io,
  { accountMayBeMissing = false, everything }: ReadOptions = {},
): Promise<Inputs> {
  refuseMixedSources(options);
  const manifests = options.cluster === true ? undefined : await readFiles(options, io);
  const known = await readWhatExists(options, accountMayBeMissing);
  const { settings, policies, diagnostics } = await readSettings(options.settings, known.facts, options.lbcFlags ?? {});
  // Without facts little can be planned anyway, and a look at the manifests alone shall need no flags.
  const needsCluster = options.facts !== undefined || options.aws === true;
  if (needsCluster && settings.clusterName === "") throw new SettingsRefusal([withoutClusterName()]);
  const objects: ClusterInput = manifests ?? (await readClusterInput(options, settings, io));
  const { snapshot, bindings } = objects;
  const facts = options.facts === undefined ? undefined : known.facts;
  const found =
    options.aws === true
      ? await readAwsInput({ snapshot, settings, facts, bindings, ...(everything && { everything }) }, options, io)
      : undefined;
  return {
    snapshot,
    positions: objects.positions,
    facts: found?.facts ?? known.facts,
    account: found === undefined ? withBindings(known.account, options, objects) : accountOf(found),
    accountGiven: found !== undefined || options.account !== undefined || options.inventory !== undefined,
    settings,
    policies,
    diagnostics: [
      ...objects.diagnostics,
      ...diagnostics,
      ...(facts === undefined && found === undefined ? [withoutFacts()] : []),
    ],
  };
}

/** The inventory as an account, with the quotas that AWS tells. */
function accountOf({ inventory, facts }: AwsReading): Account {
  return withFacts(asAccount(inventory), facts);
}

/** The account with the subnets and quotas that the facts tell. */
function withFacts(account: Account, facts: Facts): Account {
  return withSubnets({ ...account, quotas: { ...account.quotas, ...quotasOf(facts) } }, facts);
}

function readFiles({ filename, recursive, whole }: InputOptions, io: Io): Promise<Manifests> {
  if (filename === undefined) {
    throw new Refusal("no manifests: name a file or folder with -f, or -f - for standard input, or read a --cluster.");
  }
  return readManifests(filename, { recursive: recursive === true, whole: whole === true, stdin: io.stdin.bytes });
}

/** Bindings are objects of the cluster, so an inventory of AWS doesn't know them. */
function withBindings(
  account: Account,
  { account: simulated }: InputOptions,
  { bindings }: Partial<ClusterInput>,
): Account {
  return bindings === undefined || simulated !== undefined ? account : { ...account, targetGroupBindings: bindings };
}

function refuseMixedSources(options: InputOptions): void {
  refuseTwoAccounts(options);
  refuseAwsOptions(options);
  const { cluster, filename, whole, context, kubeconfig, namespace } = options;
  if (cluster === true && filename !== undefined)
    throw new Refusal("-f and --cluster say both what is wanted; give one of them.");
  if (cluster === true && whole === true) {
    throw new Refusal("--whole says of files that they hold everything; a --cluster tells by itself.");
  }
  const given = Object.entries({ context, kubeconfig, namespace }).find(([, value]) => value !== undefined);
  if (cluster !== true && given !== undefined)
    throw new Refusal(`--${given[0]} says which cluster; say --cluster to read it.`);
}

/** The account that a saved plan is carried out on; a missing one is made from the facts. */
export async function readSimulatedAccount(options: InputOptions): Promise<Account> {
  refuseTwoAccounts(options);
  return (await readWhatExists(options, true)).account;
}

async function readWhatExists(
  options: InputOptions,
  accountMayBeMissing: boolean,
): Promise<Pick<Inputs, "facts" | "account">> {
  const given = await readAccount(options, accountMayBeMissing);
  if (given === undefined && accountMayBeMissing && options.facts === undefined) {
    throw new Refusal("a new account needs --facts FILE, which tells its region and VPC.");
  }
  const facts = options.facts === undefined ? noFacts(given) : await readFacts(options.facts);
  const account = given ?? newAccount(facts);
  return { facts, account: options.facts === undefined ? account : withFacts(account, facts) };
}

function refuseTwoAccounts({ aws, account, inventory }: InputOptions): void {
  const given = Object.entries({ account, inventory, aws }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  if (given.length > 1) throw new Refusal(`${given.join(" and ")} say both what exists; give one of them.`);
}

function refuseAwsOptions({ aws, profile, assumeRole, externalId, fips, dualstack }: InputOptions): void {
  const names = { profile, "assume-role": assumeRole, "external-id": externalId, fips, dualstack };
  const given = Object.entries(names).find(([, value]) => value !== undefined);
  if (aws !== true && given !== undefined)
    throw new Refusal(`--${given[0]} says how AWS is called; say --aws to call it.`);
}

/** The account, or the inventory as an account of which no quota is known. */
async function readAccount({ account, inventory }: InputOptions, mayBeMissing: boolean): Promise<Account | undefined> {
  const file = account ?? inventory;
  if (file === undefined || (mayBeMissing && !existsSync(file))) return undefined;
  const loaded = accountFromJson(await readText(file), file);
  if ("account" in loaded) return loaded.account;
  throw new Refusal("nothing was planned.", loaded.diagnostics);
}

function withoutClusterName(): Diagnostic {
  return diagnose("settings.cluster-name-missing", "Neither the facts nor a flag nor a setting names the cluster.");
}

function withoutFacts(): Diagnostic {
  return diagnose("facts.none", "No facts about AWS were given, so subnets and certificates can't be looked up.");
}
