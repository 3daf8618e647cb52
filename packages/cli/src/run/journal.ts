/** The journal of `apply --journal`: what an earlier run left is told, and this run is appended. */
import { existsSync } from "node:fs";
import type { FileJournal } from "@elbplan/aws-executor";
import type { Io } from "../io.ts";
import { readText } from "../json-file.ts";
import { Refusal } from "../refusal.ts";

/** Opens the file. A run that was cut off needs no undoing: the plan is made from what exists now, and finishes the job. */
export async function openJournalFile(file: string, io: Io): Promise<FileJournal> {
  const { openJournal, readJournal } = await import("@elbplan/aws-executor");
  if (existsSync(file)) {
    try {
      const { ended, lastBegan, unanswered } = readJournal(await readText(file, "nothing was done."));
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
  return { journal: (entry) => journal(entry).catch(unwritable), close };
}
