/** Settings from the facts' flags, the settings file and the command line; the later win. */
import {
  type Diagnostic,
  diagnose,
  type Facts,
  type PolicyTexts,
  type Settings,
  type SettingsFile,
  settingsFromFlags,
} from "@elbplan/core";
import { parseYaml } from "@elbplan/k8s-source";
import { checkShape, readText } from "./json-file.ts";
import { Refusal, SettingsRefusal } from "./refusal.ts";

export interface ReadSettings {
  readonly settings: Settings;
  /** Of the file. */
  readonly policies: PolicyTexts;
  /** Warnings of reading the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** All settings. Those that LBC's controller would not start with are refused. */
export async function readSettings(
  file: string | undefined,
  facts: Facts,
  flags: { readonly [name: string]: string },
): Promise<ReadSettings> {
  const clusterName = facts.clusterName === undefined ? {} : { "cluster-name": facts.clusterName };
  const fromFacts = settingsFromFlags({ ...clusterName, ...facts.flags });
  const warnings: Diagnostic[] = [];
  const { policies = {}, ...fromFile } = file === undefined ? {} : await readSettingsFile(file, warnings);
  const base: Settings = {
    ...fromFacts.settings,
    ...fromFile,
    featureGates: { ...fromFacts.settings.featureGates, ...fromFile.featureGates },
    compat: { ...fromFacts.settings.compat, ...fromFile.compat },
  };
  const { settings, diagnostics } = settingsFromFlags(flags, base);
  // What disagrees in the facts' flags disagrees again in the sum of all.
  const said = new Map(
    [...fromFacts.diagnostics, ...diagnostics].map((diagnostic) => [diagnostic.message, diagnostic]),
  );
  if (said.size > 0) throw new SettingsRefusal([...said.values()]);
  return { settings, policies, diagnostics: warnings };
}

async function readSettingsFile(file: string, warnings: Diagnostic[]): Promise<Partial<SettingsFile>> {
  const { value, problems } = parseYaml(file, await readText(file));
  const [fatal] = problems.filter((problem) => problem.fatal);
  if (fatal !== undefined) {
    const message = `${file} is neither valid YAML nor JSON: ${fatal.message}.`;
    throw new Refusal("nothing was planned.", [diagnose("settings.malformed", message, { at: fatal.at })]);
  }
  for (const { message, at } of problems) {
    warnings.push(diagnose("input.duplicate-key", `Line ${at.line}: ${message}.`, { at }));
  }
  const data = value ?? {};
  checkShape(file, data, "settings", "settings.malformed");
  return data as Partial<SettingsFile>;
}
