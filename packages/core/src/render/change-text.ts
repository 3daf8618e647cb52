/** One resource's change as lines of text. */
import type { Action, Disruption } from "../model/action.ts";
import type { Change, ChangeKind, FieldChange } from "../model/change.ts";
import type { Inventory } from "../model/inventory.ts";
import { describeCreation, describeDeletion } from "./creation-text.ts";
import { changeName, renamed } from "./existing-text.ts";
import { fieldName, pointerSegments, sourceName } from "./names.ts";
import type { Palette } from "./palette.ts";
import { describe, shorten } from "./value-text.ts";

/** The sign in front of a change, as terraform has them. */
export const SIGNS = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  keep: " ",
} as const satisfies Record<ChangeKind, string>;

/** Longest text of one side of `old → new`. */
const SIDE = 96;
/** Both sides stand on one line up to this length. */
const LINE = 100;

/**
 * The lines of one change, without line breaks at their ends. `actions` are those that carry this change out, the
 * inventory is what exists before.
 */
export function changeLines(
  change: Change,
  actions: readonly Action[],
  palette: Palette,
  inventory?: Inventory,
): readonly string[] {
  const paint = change.kind === "keep" ? palette.dim : palette[change.kind];
  const labels = [...new Set(actions.map(({ disruption }) => disruption))].filter((label) => label !== "none").sort();
  const head = [
    `  ${paint(SIGNS[change.kind])} ${palette.strong(changeName(change, inventory))}`,
    ...labels.map((label) => paintDisruption(label, palette)),
  ].join(" ");
  const named = { ...change, fields: [...renamed(change, actions, inventory), ...change.fields] };
  return [head, ...body(named, palette), ...why(change, palette)];
}

function body(change: Change, palette: Palette): readonly string[] {
  switch (change.kind) {
    case "create":
      return aligned(describeCreation(change));
    case "update":
      return change.fields.length === 0 ? [] : fieldLines(change, palette);
    case "replace":
      return [
        ...(change.fields.length === 0 ? [] : fieldLines(change, palette)),
        ...(change.type === "loadBalancer" ? ["      its listeners and rules are made anew"] : []),
      ];
    case "delete":
      return aligned(describeDeletion(change));
    case "keep":
      return [];
  }
}

function fieldLines({ fields, replacePaths }: Change, palette: Palette): readonly string[] {
  const names = fields.map(({ path }) => specFieldName(path));
  const width = Math.max(...names.map((name) => name.length));
  return fields.flatMap((field, index) => {
    const drift = field.drift === true ? ` ${palette.warning("[drift]")}` : "";
    const replaces = replacePaths?.includes(field.path) === true ? ` ${palette.replace("(forces replacement)")}` : "";
    const forced = `${replaces}${drift}`;
    const maps = mapPair(field);
    if (maps !== undefined) return [`      ${names[index]}:${forced}`, ...mapLines(maps, palette)];
    const before = shorten(describe(field.before), SIDE);
    const after = shorten(describe(field.after), SIDE);
    const label = `      ${`${names[index]}:`.padEnd(width + 1)} `;
    const oneLine = `${label}${palette.delete(before)} → ${palette.create(after)}${forced}`;
    if (label.length + before.length + after.length + 3 <= LINE) return [oneLine];
    return [`${label}${palette.delete(before)}`, `${" ".repeat(label.length - 2)}→ ${palette.create(after)}${forced}`];
  });
}

/** `attribute idle_timeout.timeout_seconds`, `tag team`, `healthCheck.path`. */
function specFieldName(path: string): string {
  const [first, second, ...rest] = pointerSegments(path);
  if (second !== undefined && rest.length === 0 && (first === "attributes" || first === "tags")) {
    return `${first.slice(0, -1)} ${second}`;
  }
  return fieldName(path);
}

interface MapPair {
  readonly before: ReadonlyMap<string, unknown>;
  readonly after: ReadonlyMap<string, unknown>;
}

/** Tags and attributes change key by key. */
function mapPair({ before, after }: FieldChange): MapPair | undefined {
  const sides = [before, after].map((side) => (side === undefined || side === null ? {} : side));
  const maps = sides.map((side) =>
    typeof side === "object" && !Array.isArray(side) && Object.values(side).every((item) => typeof item === "string")
      ? new Map<string, unknown>(Object.entries(side))
      : undefined,
  );
  const [left, right] = maps;
  if (left === undefined || right === undefined || left.size + right.size === 0) return undefined;
  // References and unknowns are objects of strings too.
  return [left, right].some((map) => map.has("ref") || map.has("unknown")) ? undefined : { before: left, after: right };
}

function mapLines({ before, after }: MapPair, palette: Palette): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    if (old === now) return [];
    if (!after.has(key)) return [`        ${palette.delete("-")} ${key}: ${describe(old)}`];
    if (!before.has(key)) return [`        ${palette.create("+")} ${key}: ${describe(now)}`];
    return [`        ${palette.update("~")} ${key}: ${describe(old)} → ${describe(now)}`];
  });
}

/** That a missing resource is created needs no words; where it comes from does. */
function why({ kind, reason, source }: Change, palette: Palette): readonly string[] {
  const parts = [kind === "create" ? "" : reason, source === undefined ? "" : sourceName(source)];
  const text = parts.filter((part) => part !== "").join("; ");
  return text === "" ? [] : [palette.dim(`      # ${text}`)];
}

/** Colour says how much it hurts. */
export function paintDisruption(disruption: Disruption, palette: Palette): string {
  const harmless = disruption === "none" || disruption === "brief";
  return (harmless ? palette.warning : palette.error)(`[${disruption}]`);
}

function aligned(lines: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...lines.map(([label]) => label.length));
  return lines.map(([label, value]) => `      ${`${label}:`.padEnd(width + 1)} ${shorten(value, 2 * SIDE)}`);
}
