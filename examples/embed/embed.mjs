// @ts-check
/** Keeps a planner and carries out what an edit of manifests changes, by an executor of its own; see docs/embedding.md. */
import { readFile } from "node:fs/promises";
import { runPlan } from "@elbplan/aws-executor";
import { createPlanner, emptyAccount, inventoryAfter, plan, settingsFromFlags, share } from "@elbplan/core";
import { readManifests } from "@elbplan/k8s-source";

const { settings } = settingsFromFlags({ "cluster-name": "bakery" });
const facts = JSON.parse(await readFile(new URL("../facts.json", import.meta.url), "utf8"));
const planner = createPlanner(settings);
let inventory = emptyAccount({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
/** @type {import("@elbplan/core").ClusterSnapshot | undefined} */
let snapshot;
let created = 0;

/** @type {import("@elbplan/core").Executor} Shows each call where another would make it, and numbers what it creates. */
const executor = {
  send: async ({ call: { service, operation } }) => {
    console.log(`  call    ${service} ${operation}`);
    created += 1;
    return { arn: `example-${created}`, id: `example-${created}`, dnsName: `${created}.example` };
  },
  find: async () => undefined,
  met: async () => ({ state: "met" }),
};

/** @param {string} folder Whose objects may have changed. */
async function update(folder) {
  const read = await readManifests([folder]);
  snapshot = share(snapshot, read.snapshot); // What says the same as before is the same object as before.
  const { desired, changed, patches } = planner.update(snapshot, facts, inventory);
  console.log(`${folder}: ${changed.length === 0 ? "nothing changed" : `changed ${changed.join(", ")}`}`);
  for (const { op, path } of patches) console.log(`  ${op.padEnd(7)} ${path.slice(1).join(" ▸ ")}`);
  const wanted = plan(desired, inventory, { only: changed });
  const { steps } = await runPlan(wanted, executor);
  inventory = inventoryAfter(inventory, wanted.actions, steps, settings).inventory;
}

for (const folder of process.argv.slice(2)) await update(folder);
