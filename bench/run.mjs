/**
 * `npm run bench`: how long planning takes, by input. `npm run -s bench -- --input DIR --json` prints one line
 * `{"input","parse_ms","build_ms","plan_ms","runs"}` for any folder with manifests.yaml and facts.json. Times are warm
 * medians in milliseconds: parse = text → snapshot, build = read + resolve + desired, plan = diff + order against an
 * empty inventory.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as core from "../packages/core/dist/index.js";
import * as source from "../packages/k8s-source/dist/index.js";
import { generateSnapshot } from "./generate.mjs";

const INPUTS = ["one", "forty", "forty-https", "thousand"];
const SIZES = [100, 1000, 10000];
const BUDGET_MS = 4000;
const WARM_UP_MS = 400;

const { values } = parseArgs({
  options: {
    input: { type: "string", multiple: true },
    json: { type: "boolean" },
    runs: { type: "string", default: "15" },
  },
});
const wantedRuns = Math.max(1, Number(values.runs) || 15);
const inputs = fileURLToPath(new URL("inputs/", import.meta.url));

const rows = (values.input ?? INPUTS.map((name) => join(inputs, name))).map(measureFolder);
if (values.json) for (const row of rows) console.log(JSON.stringify(row));
else {
  console.table(rows);
  if (values.input === undefined) console.table(SIZES.map(measureSize));
}

function measureFolder(directory) {
  const text = readFileSync(join(directory, "manifests.yaml"), "utf8");
  const facts = JSON.parse(readFileSync(join(directory, "facts.json"), "utf8"));
  const parse = median(() => source.parseManifests([{ file: "manifests.yaml", text }]));
  return { input: basename(directory), parse_ms: parse.ms, ...measurePlanning(parse.value.snapshot, facts) };
}

function measureSize(count) {
  const facts = JSON.parse(readFileSync(join(inputs, "one", "facts.json"), "utf8"));
  const { runs, ...row } = measurePlanning(generateSnapshot(count), facts);
  return { ingresses: count, ...row, build_us_per_ingress: round((row.build_ms / count) * 1000), runs };
}

function measurePlanning(snapshot, facts) {
  const { settings } = core.settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName });
  const inventory = core.emptyInventory({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
  const build = median(() => core.buildDesired(snapshot, facts, inventory, settings));
  const plan = median(() => core.plan(build.value, inventory, {}));
  return { build_ms: build.ms, plan_ms: plan.ms, runs: build.runs };
}

/** At least three runs after a warm-up (long enough for the compiler), as many as asked for within the time budget. */
function median(run) {
  let value = run();
  const warm = performance.now();
  while (performance.now() - warm < WARM_UP_MS) value = run();
  const times = [];
  const started = performance.now();
  while (times.length < 3 || (times.length < wantedRuns && performance.now() - started < BUDGET_MS)) {
    const start = performance.now();
    value = run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { ms: round(times[Math.floor(times.length / 2)]), runs: times.length, value };
}

function round(ms) {
  return Math.round(ms * 100) / 100;
}
