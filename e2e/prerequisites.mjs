/**
 * What the tests against real components need and don't install themselves: Python 3 for the AWS emulator, whose packages
 * pip installs, and Go to build an API server, unless one was built before. All that is missing is told at once, before
 * anything runs; `node e2e/prerequisites.mjs` tells it alone.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { binaryPaths } from "./kube/binary-paths.mjs";

const PYTHON = [3, 10];
const GO = [1, 26];

/** One sentence for each thing that is missing. */
export function missingPrerequisites() {
  return [...withoutPython(), ...withoutGo()];
}

/** Vitest's global setup. */
export default function setup() {
  const missing = missingPrerequisites();
  if (missing.length > 0) throw new Error(`These tests can't run here:\n${missing.join("\n")}`);
}

function withoutPython() {
  const needed = `Python ${PYTHON.join(".")} or newer with venv and pip is needed for the AWS emulator`;
  const version = answer("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
  if (version === undefined) return [`${needed}; there is no python3 on the PATH.`];
  if (!isNewEnough(version, PYTHON)) return [`${needed}; python3 is ${version}.`];
  const parts = answer("python3", ["-c", "import venv, ensurepip"]);
  return parts === undefined ? [`${needed}; python3 has no venv (on Debian: apt-get install python3-venv).`] : [];
}

function withoutGo() {
  if (Object.values(binaryPaths()).every((path) => existsSync(path))) return [];
  const needed = `Go ${GO.join(".")} or newer is needed to build the Kubernetes API server`;
  const version = answer("go", ["env", "GOVERSION"]);
  if (version === undefined) return [`${needed}; there is no go on the PATH.`];
  return isNewEnough(version.replace("go", ""), GO) ? [] : [`${needed}; go is ${version}.`];
}

function isNewEnough(version, [major, minor]) {
  const [ours = 0, rest = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return ours > major || (ours === major && rest >= minor);
}

/** What a program prints; undefined if it can't be run or fails. */
function answer(program, args) {
  const env = { ...process.env, GOTOOLCHAIN: "local" };
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", env });
  return status === 0 ? stdout.trim() : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingPrerequisites();
  for (const sentence of missing) process.stderr.write(`${sentence}\n`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
