/** The journal of `apply --journal`: what an earlier run left is told, and this run is appended. */
import { existsSync } from "node:fs";
import type { FileJournal, PendingWait } from "@elbplan/aws-executor";
import type { Io } from "../io.ts";
import { readText } from "../json-file.ts";
import { Refusal } from "../refusal.ts";

/** A journal that is open, and the waits that an earlier run was cut off in. */
export interface OpenJournal extends FileJournal {
  readonly pending: readonly PendingWait[];
}

/** Opens the file. A run that was cut off needs no undoing: the plan is made from what exists now, and finishes the job. */
export async function openJournalFile(file: string, io: Io): Promise<OpenJournal> {
  const { openJournal, pendingWaits, readJournal, SYSTEM_CLOCK } = await import("@elbplan/aws-executor");
  let pending: readonly PendingWait[] = [];
  if (existsSync(file)) {
    try {
      const { ended, lastBegan, unanswered, waiting } = readJournal(await readText(file, "nothing was done."));
      pending = pendingWaits(waiting, SYSTEM_CLOCK, new Date());
      const calls = unanswered.map(({ call }) => call.operation).join(", ");
      if (!ended) io.stderr.write(`${file}: the run of ${lastBegan} was cut off.\n`);
      if (calls !== "")
        io.stderr.write(`${file}: no answer was heard to ${calls}; what they did is found as it is now.\n`);
    } catch (thrown) {
      if (thrown instanceof SyntaxError) throw new Refusal(`${file} can't be appended to: ${thrown.message}.`);
      throw thrown;
    }
  }
  const unwritable = (thrown: unknown): never => {
    throw new Refusal(`${file} can't be written: ${(thrown as Error).message}. Nothing more was begun.`);
  };
  const { journal, close } = await openJournal(file).catch(unwritable);
  return { journal: (entry) => journal(entry).catch(unwritable), close, pending };
}
