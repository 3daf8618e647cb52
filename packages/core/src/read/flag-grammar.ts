/** The grammars of flag values, as LBC's flag library reads them: lists and maps are one line of comma-separated values. */
import type { FeatureGates } from "../model/settings.ts";
import type { StringMap } from "../model/value.ts";
import { DEFAULT_SETTINGS } from "./default-settings.ts";
import { type Parsed, parseBool, quote, trimSpace } from "./grammar.ts";

/** `a,b,"c,d"`: nothing is trimmed; an item in double quotes may hold commas, and `""` there is a quote. */
export function parseFlagList(text: string): Parsed<readonly string[]> {
  if (text === "") return { value: [] };
  const items: string[] = [];
  let at = 0;
  for (;;) {
    const item = text[at] === '"' ? quotedItem(text, at) : plainItem(text, at);
    if (item === undefined) return { problem: `${quote(text)} has a stray double quote` };
    items.push(item.value);
    if (item.end >= text.length) return { value: items };
    at = item.end + 1;
  }
}

/** `end` is the place of the comma or of the end of the text. */
interface Item {
  readonly value: string;
  readonly end: number;
}

function plainItem(text: string, start: number): Item | undefined {
  const comma = text.indexOf(",", start);
  const end = comma < 0 ? text.length : comma;
  const value = text.slice(start, end);
  return value.includes('"') ? undefined : { value, end };
}

function quotedItem(text: string, start: number): Item | undefined {
  let value = "";
  for (let at = start + 1; ; ) {
    const close = text.indexOf('"', at);
    if (close < 0) return undefined;
    value += text.slice(at, close);
    const next = text[close + 1];
    if (next === undefined || next === ",") return { value, end: close + 1 };
    if (next !== '"') return undefined;
    value += '"';
    at = close + 2;
  }
}

/** `k=v,k=v`; with a single `=` the whole text is one pair, whose value may hold commas. A key given twice keeps its last value. */
export function parseFlagMap(text: string): Parsed<StringMap> {
  const pairs = text.split("=").length === 2 ? { value: [text.replace(/^"+|"+$/g, "")] } : parseFlagList(text);
  if ("problem" in pairs) return pairs;
  const entries: [string, string][] = [];
  for (const pair of pairs.value) {
    const equals = pair.indexOf("=");
    if (equals < 0) return { problem: `${quote(pair)} is not a key=value pair` };
    entries.push([pair.slice(0, equals), pair.slice(equals + 1)]);
  }
  return { value: Object.fromEntries(entries) };
}

/** `Name=true,Other=false`; blanks around names and values are cut, an unknown name is an error. Only the gates named. */
export function parseFeatureGates(text: string): Parsed<Partial<FeatureGates>> {
  const gates: { [gate: string]: boolean } = {};
  for (const pair of text.split(",")) {
    if (trimSpace(pair) === "") continue;
    const equals = pair.indexOf("=");
    if (equals < 0) return { problem: `${quote(pair)} is not a Name=true or Name=false` };
    const name = trimSpace(pair.slice(0, equals));
    if (!Object.hasOwn(DEFAULT_SETTINGS.featureGates, name))
      return { problem: `there is no feature gate ${quote(name)}` };
    const value = parseBool(trimSpace(pair.slice(equals + 1)));
    if ("problem" in value) return { problem: `gate ${name}: ${value.problem}` };
    gates[name] = value.value;
  }
  return { value: gates };
}
