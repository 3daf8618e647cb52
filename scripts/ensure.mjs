/**
 * Makes a checkout ready to run: installs what is missing and, with `--build`, compiles what is stale.
 * Node builtins only, because it runs before anything is installed. Speaks on stderr; `--quiet` mutes all but errors.
 * Does nothing, fast, when nothing changed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { buildIfStale } from "./compile.mjs";
import { hashFiles, packageNames, root } from "./files.mjs";

const quiet = process.argv.includes("--quiet");
const say = (text) => quiet || process.stderr.write(`${text}\n`);
const fail = (text, code) => {
  process.stderr.write(`elbplan: ${text}\n`);
  process.exit(code || 1);
};

process.chdir(root);
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);
install();
if (process.argv.includes("--build")) {
  const status = buildIfStale(say);
  if (status !== 0) fail("the sources do not compile. (Tests alone: npx vitest run)", status);
}

function install() {
  const stampFile = "node_modules/.elbplan-installed";
  const manifests = packageNames().map((name) => `packages/${name}/package.json`);
  const stamp = hashFiles(["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...manifests]);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;

  const { packageManager } = JSON.parse(readFileSync("package.json", "utf8"));
  // npx may be configured to refuse what is not installed, hence --yes. Without a terminal pnpm cannot ask.
  const command = ["--yes", packageManager, "install", "--frozen-lockfile", "--config.confirmModulesPurge=false"];
  say(`Installing dependencies: npx ${command.join(" ")}`);
  // Standard output belongs to the command that follows.
  const output = quiet ? "pipe" : 2;
  const { status, error, stdout, stderr } = spawnSync("npx", command, {
    stdio: ["ignore", output, output],
    maxBuffer: 2 ** 26,
    shell: process.platform === "win32",
  });
  if (error || status !== 0) {
    if (quiet) process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
    fail(
      `the dependencies could not be installed${error ? ` (${error.message})` : ""}. ` +
        "Is the npm registry reachable, and does pnpm-lock.yaml fit every package.json?",
      status,
    );
  }
  mkdirSync("node_modules", { recursive: true });
  writeFileSync(stampFile, stamp);
}
