/**
 * Packs every package into .cache/packed/ as it would be published. By pnpm, because npm would leave the
 * workspace's own way of writing versions in the manifests.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./files.mjs";

const folder = join(root, ".cache/packed");
rmSync(folder, { recursive: true, force: true });
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { status, stdout, stderr } = spawnSync(
  "npx",
  ["--yes", packageManager, "--recursive", "pack", "--pack-destination", folder],
  { cwd: root, encoding: "utf8", shell: process.platform === "win32" },
);
if (status !== 0) console.error(`${stdout}${stderr}`);
process.exitCode = status ?? 1;
