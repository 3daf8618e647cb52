/** The journal of the plans under way, in one file that is empty while none is. */
import { truncateSync, writeFileSync } from "node:fs";
import { type Journal, type JournalEntry, openJournal, readJournal } from "@elbplan/aws-executor";

export interface GroupJournals {
  /** The journal of a group's plan. */
  readonly of: (group: string) => Journal;
  readonly close: () => Promise<void>;
}

/** What an earlier process was doing when it ended. */
export interface LeftBehind {
  readonly group: string;
  /** When the plan began. */
  readonly began: string;
  /** Operations that no answer was heard of. */
  readonly unanswered: readonly string[];
}

/**
 * Appends to the file, which only its owner may read. Lines are those of `openJournal`, with the group. When the last plan
 * under way has ended the file is emptied: what is done is seen in AWS, so it holds only what may be half done.
 */
export async function openGroupJournals(path: string): Promise<GroupJournals> {
  writeFileSync(path, "", { mode: 0o600 });
  const file = await openJournal(path);
  const underWay = new Set<string>();
  const journal =
    (group: string): Journal =>
    async (entry) => {
      if (entry.entry === "begin") underWay.add(group);
      const line: JournalEntry & { readonly group: string } = { ...entry, group };
      await file.journal(line);
      if (entry.entry !== "end") return;
      underWay.delete(group);
      // Nobody else has a line on its way, and none can come between.
      if (underWay.size === 0) truncateSync(path);
    };
  return { of: journal, close: file.close };
}

/**
 * Reads what such a file holds; a last line that was cut off is as if it weren't there. Throws a `SyntaxError` for a file
 * that is no such journal, which must not be emptied.
 */
export function leftBehind(text: string): readonly LeftBehind[] {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  if (last !== "" && !last.startsWith("{")) throw new SyntaxError("it is no journal of a controller");
  const groups = new Map<string, string[]>();
  for (const [index, line] of lines.entries()) {
    const group = groupOf(line);
    if (group === undefined) throw new SyntaxError(`line ${index + 1} is no line of a controller's journal`);
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  return [...groups].flatMap(([group, own]) => {
    const { ended, lastBegan = "", unanswered } = readJournal(`${own.join("\n")}\n`);
    return ended ? [] : [{ group, began: lastBegan, unanswered: unanswered.map(({ call }) => call.operation) }];
  });
}

function groupOf(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const group = typeof value === "object" && value !== null && "group" in value ? value.group : undefined;
    return typeof group === "string" ? group : undefined;
  } catch {
    return undefined;
  }
}
