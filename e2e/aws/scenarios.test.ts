/**
 * The recorded scenarios over the wire. Each step is planned, carried out against the emulator and looked at again: then
 * there is nothing to do, the emulator holds what the simulated account says, and fewer calls were made than LBC made.
 * ELBPLAN_TABLES=1 prints the calls.
 */
import { simulate } from "@elbplan/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingress } from "../scenarios/ingress.ts";
import { LBC_CALLS } from "../scenarios/lbc-calls.ts";
import { SCENARIO_NAMES, type ScenarioName, scenarioOf } from "../scenarios/scenarios.ts";
import { stateOfAccount } from "../state/account-state.ts";
import { stateOfEmulator } from "../state/emulator-state.ts";
import { seededAccount } from "../state/seeded-account.ts";
import { settle } from "../world/settle.ts";
import { fastClock, startWorlds, type World, type Worlds } from "../world/world.ts";

/** Calls of one step, in the words of the table. */
interface Row {
  readonly step: string;
  readonly reads: number;
  readonly writes: number;
  readonly "LBC's reads": number;
  readonly "LBC's writes": number;
}

let worlds: Worlds;
const table: Row[] = [];

beforeAll(async () => {
  worlds = await startWorlds();
});
afterAll(async () => {
  await worlds.stop();
  if (process.env["ELBPLAN_TABLES"] === "1") console.table(table);
});

/** Goes through a scenario and returns the calls of each step. */
async function play(world: World, name: ScenarioName): Promise<readonly Row[]> {
  const { cluster, proxy, seed } = world;
  const rows: Row[] = [];
  let account = seededAccount(seed);
  for (const step of scenarioOf(name, seed)) {
    cluster.apply(step);
    const simulated = await world.planFor(account);
    proxy.clear();
    const { plan } = await world.look();
    const result = await world.run(plan);
    const calls = proxy.calls();
    expect(result.diagnostics, `${step.name}: what the run says`).toEqual([]);
    expect(result.state, `${step.name}: how the run ends`).toBe("done");
    expect(
      calls.filter(({ code }) => code !== undefined),
      `${step.name}: refused calls`,
    ).toEqual([]);

    expect(
      plan.actions.map(({ id }) => id),
      `${step.name}: the same plan for the simulated account`,
    ).toEqual(simulated.actions.map(({ id }) => id));
    account = simulate(account, simulated).account;
    expect(await stateOfEmulator(world.clients), `${step.name}: the same state`).toEqual(
      stateOfAccount(account, { nodes: seed.nodeSecurityGroup }),
    );
    expect((await world.look()).plan.actions, `${step.name}: nothing is left to do`).toEqual([]);

    const writes = calls.filter(({ write }) => write).length;
    const { reads, writes: theirWrites } = LBC_CALLS[step.name] ?? { reads: 0, writes: 0 };
    rows.push({
      step: step.name,
      reads: calls.length - writes,
      writes,
      "LBC's reads": reads,
      "LBC's writes": theirWrites,
    });
    cluster.settle();
  }
  return rows;
}

const sum = (rows: readonly Row[], ...columns: readonly (keyof Row)[]): number =>
  rows.flatMap((row) => columns.map((column) => Number(row[column]))).reduce((total, count) => total + count, 0);

describe("scenarios over the wire", () => {
  it.each(SCENARIO_NAMES)("%s: done, agreed upon, and with fewer calls than LBC's", async (name) => {
    const rows = await play(await worlds.fresh(), name);
    table.push(...rows);
    for (const { step, writes, "LBC's writes": theirs } of rows) expect(writes, step).toBeLessThanOrEqual(theirs);
    expect(sum(rows, "reads", "writes")).toBeLessThanOrEqual(sum(rows, "LBC's reads", "LBC's writes"));
  });

  it("take at least 40 % fewer calls in all", () => {
    const ours = sum(table, "reads", "writes");
    const theirs = sum(table, "LBC's reads", "LBC's writes");
    expect(table.length).toBe(Object.keys(LBC_CALLS).length);
    expect(ours).toBeLessThanOrEqual(0.6 * theirs);
  });

  it("come to the same where things are found by the tagging API", async () => {
    const rows = await play(await worlds.fresh({ featureGates: "EnableRGTAPI=true" }), "single");
    for (const { step, writes, "LBC's writes": theirs } of rows) expect(writes, step).toBeLessThanOrEqual(theirs);
  });

  it("request a certificate, prove its domains in Route 53, use it, and delete it", async () => {
    const featureGates = "EnableCertificateManagement=true";
    const world = await worlds.fresh({ featureGates, clock: fastClock(100) });
    const annotations = { "listen-ports": '[{"HTTPS":443}]', "create-acm-cert": "true" };
    const requested = async () =>
      (await world.clients.acm("ListCertificates")).CertificateSummaryList.filter(
        ({ DomainName }: { DomainName: string }) => DomainName === "new.example.com",
      );
    world.cluster.apply({
      name: "create",
      applies: [ingress("shop", ["/* web"], { annotations, host: "new.example.com" })],
    });
    const { plan } = await world.look();
    const { state, diagnostics } = await world.run(plan);
    expect({ state, diagnostics }).toEqual({ state: "done", diagnostics: [] });
    const [certificate, ...others] = await requested();
    expect(others).toEqual([]);
    expect(certificate).toMatchObject({ Status: "ISSUED", InUse: true });
    expect((await world.look()).plan.actions).toEqual([]);
    world.cluster.apply({ name: "delete", deletes: ["default/shop"] });
    expect(await settle(world, { name: "delete" })).toBe(1);
    expect(await requested()).toEqual([]);
  });

  it("look again at one load balancer with at most 8 calls beside one for each target group, and write nothing", async () => {
    const world = await worlds.fresh();
    const [create] = scenarioOf("single", world.seed);
    if (create !== undefined) world.cluster.apply(create);
    await world.run((await world.look()).plan);
    await world.look();
    world.proxy.clear();
    const { plan } = await world.look();
    expect(plan.actions).toEqual([]);
    const calls = world.proxy.calls();
    expect(calls.filter(({ write }) => write)).toEqual([]);
    const health = calls.filter(({ operation }) => operation === "DescribeTargetHealth");
    expect(health).toHaveLength(3);
    expect(calls.length - health.length).toBeLessThanOrEqual(8);
  });
});
