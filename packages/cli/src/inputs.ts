/** Everything a plan is made from, read from files or a cluster. */
import { existsSync } from "node:fs";
import {
  type Account,
  accountFromJson,
  type ClusterSnapshot,
  type Diagnostic,
  diagnose,
  type Facts,
  type Positions,
  type Settings,
} from "@elbplan/core";
import { type Manifests, readManifests } from "@elbplan/k8s-source";
import { type ClusterInput, readClusterInput } from "./cluster-input.ts";
import { noFacts, readFacts } from "./facts-file.ts";
import type { Io } from "./io.ts";
import { readText } from "./json-file.ts";
import type { InputOptions } from "./options.ts";
import { Refusal, SettingsRefusal } from "./refusal.ts";
import { readSettings } from "./settings-file.ts";
import { newAccount, withSubnets } from "./simulated-account.ts";

export interface Inputs {
  readonly snapshot: ClusterSnapshot;
  readonly positions: Positions;
  readonly facts: Facts;
  /** What exists: of the account or inventory given, otherwise nothing. */
  readonly account: Account;
  /** Whether an account or inventory was given. */
  readonly accountGiven: boolean;
  readonly settings: Settings;
  /** Of reading all this. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what the options name. What makes planning pointless is a refusal, everything else a diagnostic. */
export async function readInputs(
  options: InputOptions,
  io: Io,
  { accountMayBeMissing = false }: { readonly accountMayBeMissing?: boolean } = {},
): Promise<Inputs> {
  refuseUnfinished(options);
  refuseMixedSources(options);
  const manifests = options.cluster === true ? undefined : await readFiles(options, io);
  const { facts, account } = await readWhatExists(options, accountMayBeMissing);
  const { settings, diagnostics } = await readSettings(options.settings, facts, options.lbcFlags ?? {});
  // Without facts little can be planned anyway, and a look at the manifests alone shall need no flags.
  if (options.facts !== undefined && settings.clusterName === "") throw new SettingsRefusal([withoutClusterName()]);
  const objects = manifests ?? (await readClusterInput(options, settings, io));
  return {
    snapshot: objects.snapshot,
    positions: objects.positions,
    facts,
    account: withBindings(account, options, objects),
    accountGiven: options.account !== undefined || options.inventory !== undefined,
    settings,
    diagnostics: [...objects.diagnostics, ...diagnostics, ...(options.facts === undefined ? [withoutFacts()] : [])],
  };
}

function readFiles({ filename, recursive }: InputOptions, io: Io): Promise<Manifests> {
  if (filename === undefined) {
    throw new Refusal("no manifests: name a file or folder with -f, or -f - for standard input, or read a --cluster.");
  }
  return readManifests(filename, { recursive: recursive === true, stdin: io.stdin.bytes });
}

/** Bindings are objects of the cluster, so an inventory of AWS doesn't know them. */
function withBindings(
  account: Account,
  { account: simulated }: InputOptions,
  { bindings }: Partial<ClusterInput>,
): Account {
  return bindings === undefined || simulated !== undefined ? account : { ...account, targetGroupBindings: bindings };
}

function refuseMixedSources({ cluster, filename, context, kubeconfig, namespace }: InputOptions): void {
  if (cluster === true && filename !== undefined)
    throw new Refusal("-f and --cluster say both what is wanted; give one of them.");
  const given = Object.entries({ context, kubeconfig, namespace }).find(([, value]) => value !== undefined);
  if (cluster !== true && given !== undefined)
    throw new Refusal(`--${given[0]} says which cluster; say --cluster to read it.`);
}

/** The account that a saved plan is carried out on; a missing one is made from the facts. */
export async function readSimulatedAccount(options: InputOptions): Promise<Account> {
  refuseUnfinished(options);
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
  return { facts, account: options.facts === undefined ? account : withSubnets(account, facts) };
}

function refuseUnfinished({ aws, account, inventory }: InputOptions): void {
  if (aws === true) throw new Refusal("--aws isn't there yet; use --account FILE or --inventory FILE.");
  if (account !== undefined && inventory !== undefined) {
    throw new Refusal("--account and --inventory say both what exists; give one of them.");
  }
}

/** The account, or the inventory as an account with AWS's default quotas. */
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
