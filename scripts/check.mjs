/**
 * `npm run check`: everything that must hold besides the tests. Runs the steps two at a time, prints a table, shows
 * the output of those that fail, and exits 1 if any does. Names of steps as arguments run only those.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./files.mjs";

const bin = (name) => join(root, "node_modules/.bin", name);
const script = (name, ...args) => [process.execPath, join(root, "scripts", name), ...args];

// `after` names the step whose output this one reads.
const steps = [
  { name: "build", run: [script("build.mjs")] },
  // By path: two compilers are installed, and this is the fast one.
  { name: "types", run: [[process.execPath, "node_modules/typescript-native/bin/tsc", "-p", "tsconfig.test.json"]] },
  { name: "lint", run: [[bin("biome"), "ci", "--error-on-warnings", "--colors=off", "."]] },
  { name: "arrows", run: [[bin("depcruise"), "packages", "--config", ".dependency-cruiser.mjs"]] },
  { name: "schemas", run: [script("generate-schemas.mjs", "--check")] },
  { name: "budget", run: [script("file-budget.mjs")] },
  { name: "unused", run: [[bin("knip")]] },
  { name: "api", run: [script("api-reports.mjs", "--check")], after: "build" },
  { name: "docs", run: [script("generate-docs.mjs", "--check")], after: "build" },
  { name: "packages", run: [script("pack.mjs"), script("lint-packed.mjs")], after: "build" },
];

const env = { ...process.env, NO_COLOR: "1" };
const wanted = process.argv.slice(2);
const chosen = steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const results = new Map();
const running = new Map();
const started = Date.now();

while (results.size < chosen.length) {
  for (const step of chosen) {
    if (running.size >= 2) break;
    const ready = !chosen.some(({ name }) => name === step.after) || results.has(step.after);
    if (!ready || running.has(step) || results.has(step.name)) continue;
    running.set(step, perform(step));
  }
  const { step, ...result } = await Promise.race(running.values());
  running.delete(step);
  results.set(step.name, result);
  if (!result.ok) console.log(`\n── ${step.name} ──\n${result.output.trim()}\n`);
}

for (const { name } of chosen) {
  const { ok, seconds } = results.get(name);
  console.log(`${ok ? "ok    " : "FAILED"}  ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`);
}
const failed = [...results.values()].filter(({ ok }) => !ok).length;
console.log(
  `${((Date.now() - started) / 1000).toFixed(1)} s in all\n${results.size - failed} passed, ${failed} failed`,
);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a step's commands one after another until one fails. */
async function perform(step) {
  if (results.get(step.after)?.ok === false) return { step, ok: false, output: `needs ${step.after}`, seconds: 0 };
  const begin = Date.now();
  let output = "";
  let ok = true;
  for (const command of step.run) {
    const result = await execute(command);
    output += result.output;
    ok = result.code === 0;
    if (!ok) break;
  }
  return { step, ok, output, seconds: (Date.now() - begin) / 1000 };
}

function execute([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, shell: process.platform === "win32" });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.on("error", (error) => resolve({ code: 1, output: `${output}${error.message}` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
