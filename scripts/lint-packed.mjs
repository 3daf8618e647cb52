/** Reads the packed packages as a consumer's tools would: publint for the manifests, attw for the types. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./files.mjs";

const folder = join(root, ".cache/packed");
const run = (command, ...args) => {
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin", command), args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
  process.exitCode = 1;
};

for (const file of readdirSync(folder)) {
  run("publint", join(folder, file), "--strict");
  // A command has no types to look at.
  if (!file.startsWith("elbplan-cli-")) run("attw", join(folder, file), "--profile", "esm-only", "--no-emoji");
}
