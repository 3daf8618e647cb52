/**
 * `npm run conformance [-- area[/case]] [--dir PATH] [--json]`: plans the recorded cases and compares with LBC's answers.
 * Exit 1 when fewer cases are equal than floor.json demands (the whole project's own folder only) or, for a selection
 * or another folder, when any differs. The last line is `equal N of M`.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as core from "../packages/core/dist/index.js";
import * as source from "../packages/k8s-source/dist/index.js";
import { answer, differences, listCases, readCase } from "./compare.mjs";

const own = dirname(fileURLToPath(import.meta.url));
const SHOWN_CASES = 20;
const SHOWN_DIFFERENCES = 3;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dir: { type: "string" }, json: { type: "boolean" } },
});
const directory = values.dir === undefined ? own : resolve(values.dir);
const [area, name] = (positionals[0] ?? "").split("/");
const selected = listCases(directory).filter((one) => (!area || one.area === area) && (!name || one.name === name));
if (selected.length === 0) {
  console.error(`no case matches ${positionals[0] ?? directory}`);
  process.exit(1);
}

const areas = new Map();
const unequal = [];
for (const one of selected) {
  const row = areas.get(one.area) ?? { cases: 0, equal: 0, different: 0, "wrong outcome": 0 };
  areas.set(one.area, row);
  row.cases++;
  const outcome = judge(one);
  row[outcome.kind]++;
  if (outcome.kind !== "equal") unequal.push({ case: `${one.area}/${one.name}`, ...outcome });
}

const equal = selected.length - unequal.length;
if (values.json)
  console.log(JSON.stringify({ cases: selected.length, equal, areas: Object.fromEntries(areas), unequal }, null, 2));
else print();
console.log(`equal ${equal} of ${selected.length}`);
process.exitCode = equal >= demanded() ? 0 : 1;

function judge(one) {
  const recorded = readCase(directory, one);
  let found;
  try {
    found = answer({ core, source }, recorded);
  } catch (error) {
    return {
      kind: "wrong outcome",
      differences: [{ path: "threw", expected: undefined, found: String(error?.stack ?? error) }],
    };
  }
  const all = differences(recorded.expected, found);
  if (all.length === 0) return { kind: "equal" };
  const outcome = all.some(({ path }) => /(\.error|controllerError|threw)$/.test(path));
  return { kind: outcome ? "wrong outcome" : "different", differences: all };
}

function print() {
  console.table(Object.fromEntries(areas));
  for (const { case: id, differences: all } of unequal.slice(0, SHOWN_CASES)) {
    console.log(`\n${id}`);
    for (const { path, expected, found } of all.slice(0, SHOWN_DIFFERENCES)) {
      console.log(`  ${path}\n    LBC:     ${short(expected)}\n    elbplan: ${short(found)}`);
    }
    if (all.length > SHOWN_DIFFERENCES) console.log(`  and ${all.length - SHOWN_DIFFERENCES} more`);
  }
  if (unequal.length > SHOWN_CASES) console.log(`\nand ${unequal.length - SHOWN_CASES} more cases`);
}

function short(value) {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}

/** The floor may only rise; it holds for the whole folder. */
function demanded() {
  if (directory !== own || positionals.length > 0) return selected.length;
  return JSON.parse(readFileSync(new URL("floor.json", import.meta.url), "utf8")).equal;
}
