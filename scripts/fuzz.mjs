/**
 * `node scripts/fuzz.mjs PAIRS [LEVEL]`: the properties of plans over so many generated pairs of states, and minimality up
 * to a level (see packages/core/test/minimality), on all cores. Every part prints the seed it draws from;
 * `ELBPLAN_SEED=… ELBPLAN_FUZZ_RUNS=… npm test -- packages/core/test/check-plan.property.test.ts` repeats one.
 * Ends with `N passed, N failed`, as every step of continuous integration does.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";

const PARTS = 8;
const PROPERTIES = [
  "packages/core/test/check-plan.property.test.ts",
  "packages/core/test/minimality/in-place.property.test.ts",
  "packages/core/test/order/room.test.ts",
];

const [pairs = "20000", level = "1"] = process.argv.slice(2);
const seed = Number(process.env["ELBPLAN_SEED"] ?? Math.floor(Math.random() * 2 ** 30));
const runs = Math.ceil(Number(pairs) / PARTS);
const waiting = [
  {
    name: "minimality",
    files: ["packages/core/test/minimality/minimality.test.ts"],
    env: { ELBPLAN_MINIMALITY: level },
  },
  ...Array.from({ length: PARTS }, (_, part) => ({
    name: `plans ${part + 1} of ${PARTS}`,
    files: PROPERTIES,
    env: { ELBPLAN_FUZZ_RUNS: String(runs), ELBPLAN_SEED: String(seed + part) },
  })),
];

const began = performance.now();
let passed = 0;
let failed = 0;
await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(`${runs * PARTS} pairs from seed ${seed}, minimality level ${level}: ${seconds(began)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function work() {
  for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
    const start = performance.now();
    const { output, code } = await vitest(job);
    const lines = output.split("\n");
    const [, good = "0", bad = "0"] =
      lines.map((line) => /^(\d+) passed, (\d+) failed/.exec(line)).findLast(Boolean) ?? [];
    passed += Number(good);
    failed += code === 0 ? 0 : Math.max(1, Number(bad));
    console.log(`━━ ${job.name}, ${seconds(start)} s`);
    // Of a part that fails everything is told, of others what was drawn and found.
    const told = code === 0 ? lines.filter((line) => /^(?:\S*?39m)?[a-z][^:]*: \d/.test(line)) : lines;
    console.log(told.join("\n"));
  }
}

function vitest({ files, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--no-color", ...files], {
      env: { ...process.env, ...env, VITEST_MAX_WORKERS: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ output, code }));
  });
}

function seconds(start) {
  return Math.round((performance.now() - start) / 1000);
}
