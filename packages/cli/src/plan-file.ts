/** Saved plans: read, checked, and refused where the account isn't what they were made for. */
import { diagnose, fieldName, type Inventory, type Plan, planFromJson, stalePlan } from "@elbplan/core";
import { readText, schemaFaults } from "./json-file.ts";
import type { InputOptions, PlanningOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

const NOTHING_DONE = "nothing was done.";

/** Reads a plan that `plan --out` or `plan --format json` wrote; anything else is refused. */
export async function readPlan(file: string): Promise<Plan> {
  const text = await readText(file, NOTHING_DONE);
  const loaded = planFromJson(text, file);
  if ("diagnostics" in loaded) throw new Refusal(NOTHING_DONE, loaded.diagnostics);
  // An action of a wrong shape fails every alternative of the schema, so its place alone is told.
  const [fault] = schemaFaults(JSON.parse(text), "plan");
  if (fault !== undefined) {
    const field = fault.instancePath.split("/").slice(0, 3).join("/");
    const message = `In ${file}, ${fieldName(field) || "the whole"} is nothing that this elbplan writes.`;
    throw new Refusal(NOTHING_DONE, [diagnose("plan.malformed", message, { field })]);
  }
  return loaded.plan;
}

/** Refuses a plan that was made for another state of the account. */
export function refuseStale(plan: Plan, inventory: Inventory): void {
  const stale = stalePlan(plan, inventory);
  if (stale.length > 0) throw new Refusal(NOTHING_DONE, stale);
}

/** LBC's flags that say how AWS is called, not what is made there. */
const CONNECTION: ReadonlySet<string> = new Set([
  "aws-region",
  "aws-max-retries",
  "aws-api-endpoints",
  "aws-api-throttle",
]);

/** What a saved plan has settled can't be said again: options that would be passed over are refused. */
export function refuseSettled(file: string, options: InputOptions & PlanningOptions): void {
  const settled = [
    options.filename && "-f",
    options.settings && "--settings",
    options.prune && "--prune",
    options.warm === false && "--no-warm",
    options.drain && "--drain",
    options.allowReplace && "--allow-replace",
    options.allowDelete && "--allow-delete",
    (options.policyMode ?? "sync") !== "sync" && "--policy-mode",
    options.protect && "--protect",
    options.ignore && "--ignore",
    ...Object.keys(options.lbcFlags ?? {}).flatMap((flag) => (CONNECTION.has(flag) ? [] : `--${flag}`)),
  ].filter((option) => typeof option === "string");
  if (settled.length === 0) return;
  throw new Refusal(`what ${file} does was settled when it was made; leave out ${settled.join(", ")}.`);
}
