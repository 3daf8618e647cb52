/** Holds every source file to its budget of lines: one concept a file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, packageNames, root } from "./files.mjs";

const budgetOf = (path) => (path.startsWith("packages/core/src/model/") ? 150 : 400);

const files = [...packageNames().flatMap((name) => filesUnder(`packages/${name}/src`)), ...filesUnder("scripts")];
for (const path of files) {
  const lines = readFileSync(join(root, path), "utf8").trimEnd().split("\n").length;
  if (lines <= budgetOf(path)) continue;
  console.error(`${path} has ${lines} lines; its budget is ${budgetOf(path)}.`);
  process.exitCode = 1;
}
