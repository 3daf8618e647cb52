import type { FeatureGates } from "../model/settings.ts";
import { DEFAULT_SETTINGS } from "./default-settings.ts";
import { type Parsed, parseBool, quote } from "./grammar.ts";

/** `Name=true,Other=false`; blanks around names and values are cut, an unknown name is an error. Unnamed gates keep their defaults. */
export function parseFeatureGates(text: string): Parsed<FeatureGates> {
  const gates: { [gate: string]: boolean } = {};
  for (const pair of text.split(",")) {
    if (pair.trim() === "") continue;
    const equals = pair.indexOf("=");
    if (equals < 0) return { problem: `${quote(pair)} is not a Name=true or Name=false` };
    const name = pair.slice(0, equals).trim();
    if (!Object.hasOwn(DEFAULT_SETTINGS.featureGates, name))
      return { problem: `there is no feature gate ${quote(name)}` };
    const value = parseBool(pair.slice(equals + 1).trim());
    if ("problem" in value) return { problem: `gate ${name}: ${value.problem}` };
    gates[name] = value.value;
  }
  return { value: { ...DEFAULT_SETTINGS.featureGates, ...gates } };
}
