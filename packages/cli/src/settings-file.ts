/** Settings from the facts' flags, the settings file and the command line; the later win. */
import { diagnose, type Facts, type Settings, settingsFromFlags } from "@elbplan/core";
import { parse, YAMLParseError } from "yaml";
import { checkShape, readText } from "./json-file.ts";
import { Refusal, SettingsRefusal } from "./refusal.ts";

/** All settings. Those that LBC's controller would not start with are refused. */
export async function readSettings(
  file: string | undefined,
  facts: Facts,
  flags: { readonly [name: string]: string },
): Promise<Settings> {
  const clusterName = facts.clusterName === undefined ? {} : { "cluster-name": facts.clusterName };
  const fromFacts = settingsFromFlags({ ...clusterName, ...facts.flags });
  const fromFile = file === undefined ? {} : await readSettingsFile(file);
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
  return settings;
}

async function readSettingsFile(file: string): Promise<Partial<Settings>> {
  const data = parseYaml(file, await readText(file)) ?? {};
  checkShape(file, data, "settings", "settings.malformed");
  return data as Partial<Settings>;
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [start] = error.linePos ?? [];
    const at = { file, line: start?.line ?? 1, column: start?.col ?? 1 };
    const message = `${file} is neither valid YAML nor JSON.`;
    throw new Refusal("nothing was planned.", [diagnose("settings.malformed", message, { at })]);
  }
}
