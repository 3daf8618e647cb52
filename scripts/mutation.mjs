/**
 * `npm run mutation -- read`: mutation testing of one folder of the core, incremental, never a gate. The report is
 * .cache/mutation/<folder>/report.html; scores and the survivors that matter go into docs/testing.md.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { root } from "./files.mjs";

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || !existsSync(`${root}/packages/core/src/${folder}`)) {
  console.error("usage: npm run mutation -- FOLDER [stryker options]   (a folder of packages/core/src)");
  process.exit(1);
}
const cache = `.cache/mutation/${folder}`;
mkdirSync(`${root}/${cache}`, { recursive: true });
const config = {
  testRunner: "vitest",
  // pnpm's layout hides the plugin from Stryker's own search.
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "scripts/mutation.vitest.config.ts", related: true },
  mutate: [`packages/core/src/${folder}/**/*.ts`],
  ignorePatterns: ["**/dist", ".cache", "bench", "e2e", "docs"],
  incremental: true,
  incrementalFile: `${cache}/incremental.json`,
  tempDirName: ".cache/stryker",
  // Messages are for people; their wording is no contract.
  mutator: { excludedMutations: ["StringLiteral"] },
  ignoreStatic: true,
  reporters: ["progress-append-only", "clear-text", "html", "json"],
  htmlReporter: { fileName: `${cache}/report.html` },
  jsonReporter: { fileName: `${cache}/report.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  timeoutMS: 20000,
};
const file = `${cache}/stryker.config.json`;
writeFileSync(`${root}/${file}`, JSON.stringify(config, null, 2));
const stryker = "node_modules/@stryker-mutator/core/bin/stryker.js";
const { status } = spawnSync(process.execPath, [stryker, "run", file, ...rest], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
