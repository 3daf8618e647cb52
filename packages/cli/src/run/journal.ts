/** The journal of `apply --journal`: what earlier runs left in it is told, and this run is appended. */
import { existsSync } from "node:fs";
import type { FileJournal, JournalMemory, PendingWait } from "@elbplan/aws-executor";
import type { Io } from "../io.ts";
import { readText } from "../json-file.ts";
import { Refusal } from "../refusal.ts";

/** What earlier runs left, and the waits that the last of them was cut off in. */
export interface Recalled extends JournalMemory {
  readonly pending: readonly PendingWait[];
}

/**
 * Reads the file, which may be missing. A run that was cut off needs no undoing: the plan is made from what exists now, and
 * finishes the job.
 */
export async function recallJournal(file: string, io: Io): Promise<Recalled> {
  const { pendingWaits, readJournal, SYSTEM_CLOCK } = await import("@elbplan/aws-executor");
  const text = existsSync(file) ? await readText(file, "nothing was done.") : "";
  try {
    const memory = readJournal(text);
    const calls = memory.unanswered.map(({ call }) => call.operation).join(", ");
    if (!memory.ended) io.stderr.write(`${file}: the run of ${memory.lastBegan} was cut off.\n`);
    if (calls !== "") {
      io.stderr.write(`${file}: no answer was heard to ${calls}; what they did is found as it is now.\n`);
    }
    return { ...memory, pending: pendingWaits(memory.waiting, SYSTEM_CLOCK, new Date()) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new Refusal(`${file} can't be appended to: ${thrown.message}.`);
    throw thrown;
  }
}

/** Opens the file to append to it. That it can't be written is a refusal, also in the middle of a run. */
export async function openJournalFile(file: string): Promise<FileJournal> {
  const { openJournal } = await import("@elbplan/aws-executor");
  const unwritable = (thrown: unknown): never => {
    throw new Refusal(`${file} can't be written: ${(thrown as Error).message}. Nothing more was begun.`);
  };
  const { journal, close } = await openJournal(file).catch(unwritable);
  return { journal: (entry) => journal(entry).catch(unwritable), close };
}
