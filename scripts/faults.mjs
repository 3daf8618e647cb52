/**
 * `node scripts/faults.mjs SCHEDULES`: planning again after so many random schedules of faults and crashes in a simulated
 * account (test/faults.property.test.ts), and a quarter as many that pass within one run, on all cores.
 * `ELBPLAN_SEED=… ELBPLAN_FAULT_RUNS=… npm test -- test/faults.property.test.ts` repeats a part.
 * Ends with `N passed, N failed`, as every step of continuous integration does.
 */
import { firstSeed, runParts } from "./parts.mjs";

const PARTS = 8;

const [schedules = "20000"] = process.argv.slice(2);
const seed = firstSeed();
const runs = Math.ceil(Number(schedules) / PARTS);
const { passed, failed, seconds } = await runParts(
  Array.from({ length: PARTS }, (_, part) => ({
    name: `faults ${part + 1} of ${PARTS}`,
    files: ["test/faults.property.test.ts"],
    env: { ELBPLAN_FAULT_RUNS: String(runs), ELBPLAN_SEED: String(seed + part) },
  })),
);
console.log(`${runs * PARTS} schedules from seed ${seed}: ${seconds} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
