/** The emulator's Python environment: made once, in the cache folder of the checkout. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
const ENVIRONMENT = join(import.meta.dirname, "../../.cache/moto");

/**
 * Makes the virtual environment with the pinned packages unless it is there already, and returns its `python`. Needs
 * Python 3.10 or newer with venv and pip, and pip's package index; throws with what they said if that fails.
 */
export async function installMoto(): Promise<string> {
  const python = join(ENVIRONMENT, "bin/python");
  const stampFile = join(ENVIRONMENT, "elbplan-stamp");
  const version = await run("python3", ["--version"], "Python 3 is needed for the AWS emulator");
  const stamp = createHash("sha256").update(version).update(readFileSync(REQUIREMENTS)).digest("hex");
  if (existsSync(python) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return python;

  rmSync(ENVIRONMENT, { recursive: true, force: true });
  mkdirSync(ENVIRONMENT, { recursive: true });
  await run("python3", ["-m", "venv", ENVIRONMENT], "Python's venv module is needed for the AWS emulator");
  const install = ["-m", "pip", "install", "--no-deps", "--disable-pip-version-check", "-r", REQUIREMENTS];
  await run(python, install, "The AWS emulator's packages could not be installed");
  writeFileSync(stampFile, stamp);
  return python;
}
