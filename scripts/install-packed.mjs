/**
 * Installs the packed packages into a folder, as a consumer of the published ones would: `install-packed.mjs FOLDER`.
 * The packages name each other by version, and none need be in the registry: the tarballs stand in for them.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packageNames, root } from "./files.mjs";

const folder = resolve(process.argv[2] ?? ".");
const dependencies = Object.fromEntries(
  packageNames().map((directory) => {
    const { name, version } = JSON.parse(readFileSync(join(root, "packages", directory, "package.json"), "utf8"));
    return [name, `file:${join(root, ".cache/packed", `${name.slice(1).replace("/", "-")}-${version}.tgz`)}`];
  }),
);
mkdirSync(folder, { recursive: true });
const manifest = { name: "consumer", private: true, type: "module", dependencies, overrides: dependencies };
writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
// Peers are the consumer's own.
const args = ["install", "--no-audit", "--no-fund", "--omit=dev", "--legacy-peer-deps"];
const { status } = spawnSync("npm", args, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
process.exitCode = status ?? 1;
