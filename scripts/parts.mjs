/** Long property tests in parts, as many at a time as there are cores. */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";

/**
 * Runs test files with variables of the environment, each part in a process of its own. Tells of every part what it drew
 * and found, and everything where it fails. Returns how many tests passed and failed, and the seconds it took.
 */
export async function runParts(parts) {
  const waiting = [...parts];
  const began = performance.now();
  let passed = 0;
  let failed = 0;
  const work = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const start = performance.now();
      const { output, code } = await vitest(part);
      const lines = output.split("\n");
      const [, good = "0", bad = "0"] =
        lines.map((line) => /^(\d+) passed, (\d+) failed/.exec(line)).findLast(Boolean) ?? [];
      passed += Number(good);
      failed += code === 0 ? 0 : Math.max(1, Number(bad));
      console.log(`━━ ${part.name}, ${seconds(start)} s`);
      const told = code === 0 ? lines.filter((line) => /^(?:\S*?39m)?[a-z][^:]*: \d/.test(line)) : lines;
      console.log(told.join("\n"));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { passed, failed, seconds: seconds(began) };
}

/** The seed that the first part draws from: the one given, or a new one. */
export function firstSeed() {
  return Number(process.env["ELBPLAN_SEED"] ?? Math.floor(Math.random() * 2 ** 30));
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
