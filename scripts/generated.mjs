/** Writes generated files, or with `--check` on the command line only says which are stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./files.mjs";

/** @param files pairs of path and text; @param command what rewrites them */
export function writeGenerated(files, command) {
  for (const [path, text] of files) {
    const full = join(root, path);
    if (existsSync(full) && readFileSync(full, "utf8") === text) continue;
    if (process.argv.includes("--check")) {
      console.error(`${path} is stale. Rewrite it: ${command}`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
      console.error(`wrote ${path}`);
    }
  }
}
