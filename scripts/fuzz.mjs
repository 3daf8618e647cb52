/**
 * `node scripts/fuzz.mjs PAIRS [LEVEL]`: the properties of plans over so many generated pairs of states, and minimality up
 * to a level (see packages/core/test/minimality), on all cores. Every part prints the seed it draws from;
 * `ELBPLAN_SEED=… ELBPLAN_FUZZ_RUNS=… npm test -- packages/core/test/check-plan.property.test.ts` repeats one.
 * Ends with `N passed, N failed`, as every step of continuous integration does.
 */
import { firstSeed, runParts } from "./parts.mjs";

const PARTS = 8;
const PROPERTIES = [
  "packages/core/test/check-plan.property.test.ts",
  "packages/core/test/minimality/in-place.property.test.ts",
  "packages/core/test/order/room.test.ts",
];

const [pairs = "20000", level = "1"] = process.argv.slice(2);
const seed = firstSeed();
const runs = Math.ceil(Number(pairs) / PARTS);
const { passed, failed, seconds } = await runParts([
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
]);
console.log(`${runs * PARTS} pairs from seed ${seed}, minimality level ${level}: ${seconds} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
