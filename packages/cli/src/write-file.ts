import { rename, writeFile } from "node:fs/promises";
import { Refusal } from "./refusal.ts";

/** Writes a file at once, so that no crash leaves half of it; refuses where the system does. */
export async function writeText(file: string, text: string): Promise<void> {
  const draft = `${file}.tmp`;
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (error) {
    throw new Refusal(`${file} can't be written: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
