/** Rules that change nothing but their number share one line; an insertion at the top moves every rule below it. */
import type { Change } from "../model/change.ts";
import { SIGNS } from "./change-text.ts";
import { splitKey } from "./names.ts";
import type { Palette } from "./palette.ts";

/** Moves shown by number. */
const SHOWN = 10;

/** Several rules of one listener of which only the priority changes. */
export interface Renumbered {
  readonly listener: string;
  readonly moved: readonly { readonly before: string; readonly after: string }[];
}

/** Puts such rules together, at the place of the first; a single one stays as it is. The order is kept otherwise. */
export function gatherRenumbered(changes: readonly Change[]): readonly (Change | Renumbered)[] {
  const byListener = new Map<string, Change[]>();
  for (const change of changes) {
    if (!isRenumbered(change)) continue;
    const listener = listenerOf(change);
    byListener.set(listener, [...(byListener.get(listener) ?? []), change]);
  }
  return changes.flatMap((change): readonly (Change | Renumbered)[] => {
    const together = isRenumbered(change) ? byListener.get(listenerOf(change)) : undefined;
    if (together === undefined || together.length < 2) return [change];
    if (together[0] !== change) return [];
    const moved = together.flatMap(({ fields }) =>
      fields.map(({ before, after }) => ({ before: String(before), after: String(after) })),
    );
    return [{ listener: listenerOf(change), moved }];
  });
}

/** `~ 3 rules of listener 80 move: 1 → 2, 3 → 4, 4 → 5`. */
export function renumberedLines({ listener, moved }: Renumbered, palette: Palette): readonly string[] {
  const moves = moved.slice(0, SHOWN).map(({ before, after }) => `${before} → ${after}`);
  const more = moved.length > SHOWN ? ` and ${moved.length - SHOWN} more` : "";
  const what = palette.strong(`${moved.length} rules of listener ${listener}`);
  return [`  ${palette.update(SIGNS.update)} ${what} change only their numbers: ${moves.join(", ")}${more}`];
}

function isRenumbered({ kind, type, fields, drift }: Change): boolean {
  const [only] = fields;
  return (
    kind === "update" && type === "listenerRule" && drift !== true && fields.length === 1 && only?.path === "/priority"
  );
}

function listenerOf({ resource }: Change): string {
  return splitKey(resource).id.split(":")[0] ?? "";
}
