/**
 * `npm run bench`: how long planning takes, by input. `npm run -s bench -- --input DIR --json` prints one line
 * `{"input","parse_ms","build_ms","plan_ms","runs"}` for any folder with manifests.yaml and facts.json. Times are warm
 * medians in milliseconds: parse = text → snapshot, build = read + resolve + desired, plan = diff + order against an
 * empty inventory. `npm run bench -- --edits` measures only what one edit costs a planner that keeps what it built,
 * `npm run bench -- --controller` only what a controller needs, and `npm run bench -- --verify` only a listener of a hundred
 * rules in two states: its plan, and the proof of that.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as core from "../packages/core/dist/index.js";
import * as source from "../packages/k8s-source/dist/index.js";
import { measureController } from "./controller.mjs";
import { measureEdits } from "./edits.mjs";
import { generateSnapshot } from "./generate.mjs";
import { median, round } from "./median.mjs";
import { measureTwoStates } from "./two-states.mjs";

const INPUTS = ["one", "forty", "forty-https", "thousand"];
const SIZES = [100, 1000, 10000];

const { values } = parseArgs({
  options: {
    input: { type: "string", multiple: true },
    json: { type: "boolean" },
    edits: { type: "boolean" },
    controller: { type: "boolean" },
    verify: { type: "boolean" },
    runs: { type: "string", default: "15" },
  },
});
const wantedRuns = Math.max(1, Number(values.runs) || 15);
const inputs = fileURLToPath(new URL("inputs/", import.meta.url));

if (values.edits) show(measureEdits(factsOfOne(), wantedRuns));
else if (values.verify) show([measureTwoStates(factsOfOne(), wantedRuns)]);
else if (values.controller) show([await measureController(factsOfOne())]);
else {
  show((values.input ?? INPUTS.map((name) => join(inputs, name))).map(measureFolder));
  if (values.input === undefined && !values.json) {
    show(SIZES.map(measureSize));
    show(measureEdits(factsOfOne(), wantedRuns));
    show([measureTwoStates(factsOfOne(), wantedRuns)]);
    show([await measureController(factsOfOne())]);
  }
}

function show(rows) {
  if (values.json) for (const row of rows) console.log(JSON.stringify(row));
  else console.table(rows);
}

function factsOfOne() {
  return JSON.parse(readFileSync(join(inputs, "one", "facts.json"), "utf8"));
}

function measureFolder(directory) {
  const text = readFileSync(join(directory, "manifests.yaml"), "utf8");
  const facts = JSON.parse(readFileSync(join(directory, "facts.json"), "utf8"));
  const parse = median(() => source.parseManifests([{ file: "manifests.yaml", text }]), wantedRuns);
  return { input: basename(directory), parse_ms: parse.ms, ...measurePlanning(parse.value.snapshot, facts) };
}

function measureSize(count) {
  const facts = factsOfOne();
  const { runs, ...row } = measurePlanning(generateSnapshot(count), facts);
  return { ingresses: count, ...row, build_us_per_ingress: round((row.build_ms / count) * 1000), runs };
}

function measurePlanning(snapshot, facts) {
  const { settings } = core.settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName });
  const inventory = core.emptyInventory({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
  const build = median(() => core.buildDesired(snapshot, facts, inventory, settings), wantedRuns);
  const plan = median(() => core.plan(build.value, inventory, {}), wantedRuns);
  return { build_ms: build.ms, plan_ms: plan.ms, runs: build.runs };
}
