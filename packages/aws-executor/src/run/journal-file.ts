/** A journal in a file: JSON lines that survive a crash, and what they tell afterwards. */
import { type FileHandle, open } from "node:fs/promises";
import type { Call, CallError, SentClients } from "@elbplan/core";
import type { Clock } from "../clock.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import type { PendingWait } from "./result.ts";

export interface FileJournal {
  readonly journal: Journal;
  readonly close: () => Promise<void>;
}

/** A line of the file. */
export type JournalLine = JournalEntry & {
  /** When, in ISO 8601. */
  readonly at: string;
};

/**
 * Appends to the file, which only its owner may read, and makes every entry safe before it resolves. Entries that come
 * while others are written are written together.
 */
export async function openJournal(path: string, now: () => Date = () => new Date()): Promise<FileJournal> {
  const file = await open(path, "a+", 0o600);
  // A line that an earlier run was cut off in stays by itself.
  let waiting: string[] = (await endsInLine(file)) ? [] : ["\n"];
  let writing: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    // Whoever comes in the same turn goes along.
    await Promise.resolve();
    const lines = waiting.join("");
    waiting = [];
    writing = undefined;
    await file.appendFile(lines);
    await file.datasync();
  };
  let last: Promise<void> = Promise.resolve();
  return {
    journal: (entry) => {
      waiting.push(`${JSON.stringify({ at: now().toISOString(), ...entry } satisfies JournalLine)}\n`);
      writing ??= last.then(flush);
      last = writing;
      return writing;
    },
    close: async () => {
      await last;
      await file.close();
    },
  };
}

async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === "\n";
}

/** What earlier runs have left in a journal. */
export interface JournalMemory {
  /** Calls of the last run that nobody heard an answer of: the run was cut off, or no answer came. */
  readonly unanswered: readonly { readonly action: string; readonly call: Call; readonly error?: CallError }[];
  /** Whether the last run came to its end. */
  readonly ended: boolean;
  /** When the last run began; absent if none did. */
  readonly lastBegan?: string;
  /** OIDC clients that AWS was sent last, by the ARN of the rule or listener. */
  readonly clients: SentClients;
  /** Waits of the last run that it didn't see met. */
  readonly waiting: readonly JournalWait[];
}

/** A wait that a run was cut off in, or gave up. */
export interface JournalWait extends Pick<PendingWait, "action" | "until" | "subject"> {
  /** When the run began it, in ISO 8601. */
  readonly at: string;
  /** How long earlier runs had waited. */
  readonly forMilliseconds: number;
}

/**
 * For `runPlan`: waits for connections to end go on where they were, for they are done at their deadline. All others get
 * their whole time in a new process: an earlier one may have given them up, or nobody has looked for hours. So does a wait
 * that began in the future, by another clock.
 */
export function pendingWaits(waiting: readonly JournalWait[], clock: Clock, now: Date): readonly PendingWait[] {
  const draining = waiting.filter(({ until }) => until === "targets-drained");
  return draining.flatMap(({ at, forMilliseconds, ...wait }) => {
    const elapsed = now.getTime() - Date.parse(at) + forMilliseconds;
    return elapsed >= 0 ? [{ ...wait, since: clock.now() - elapsed, againInMilliseconds: 0 }] : [];
  });
}

/**
 * Reads a journal. A line that a run was cut off in counts as never written: what it tells of wasn't begun.
 * Throws a `SyntaxError` naming the line for anything else that is no journal.
 */
export function readJournal(text: string): JournalMemory {
  const open = new Map<string, { action: string; call: Call; error?: CallError }>();
  const clients = new Map<string, SentClients[string]>();
  const waiting = new Map<string, JournalWait>();
  let ended = true;
  let lastBegan: string | undefined;
  for (const line of linesOf(text)) {
    switch (line.entry) {
      case "begin":
        open.clear();
        waiting.clear();
        ended = false;
        lastBegan = line.at;
        break;
      case "sent":
        open.set(line.action, { action: line.action, call: line.call });
        break;
      case "answered":
        open.delete(line.action);
        for (const [arn, sent] of Object.entries(line.clients ?? {})) clients.set(arn, sent);
        break;
      case "adopted":
        open.delete(line.action);
        break;
      case "error": {
        const sent = open.get(line.action);
        if (line.error.outcome === "refused") open.delete(line.action);
        else if (sent !== undefined) sent.error = line.error;
        break;
      }
      case "end":
        ended = true;
        break;
      case "waiting": {
        const { entry: _, ...wait } = line;
        waiting.set(line.action, wait);
        break;
      }
      case "met":
        waiting.delete(line.action);
        break;
    }
  }
  return {
    unanswered: [...open.values()],
    ended,
    ...(lastBegan === undefined ? {} : { lastBegan }),
    clients: Object.fromEntries(clients),
    waiting: [...waiting.values()],
  };
}

function linesOf(text: string): readonly JournalLine[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.flatMap((line, index) => {
    const read = lineOf(line);
    if (read !== undefined) return [read];
    // The last line of a run that was cut off: the end, or another run begins after it.
    const next = lines[index + 1];
    if (next === undefined ? text.startsWith("{") : lineOf(next)?.entry === "begin") return [];
    throw new SyntaxError(`line ${index + 1} is no line of a journal`);
  });
}

function lineOf(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === "object" && line !== null && "entry" in line ? (line as JournalLine) : undefined;
  } catch {
    return undefined;
  }
}
