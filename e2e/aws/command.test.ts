/** The command against the emulator: plan, apply a saved plan, refuse it when it is stale, apply an edit, find nothing to do. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJournal } from "@elbplan/aws-executor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../packages/cli/test/scenario.ts";
import { type Clients, clientsOf, REGION } from "../moto/clients.ts";
import { type Seed, seedAccount } from "../moto/seed.ts";
import { type Emulator, startEmulator } from "../moto/start.ts";
import { clusterManifests, type Manifest } from "../scenarios/cluster.ts";
import { ingress, type Path } from "../scenarios/ingress.ts";

let emulator: Emulator;
let clients: Clients;
let seed: Seed;
const folder = mkdtempSync(join(tmpdir(), "elbplan-command-"));
const [saved, journal] = [join(folder, "plan.json"), join(folder, "journal.jsonl")];

beforeAll(async () => {
  emulator = await startEmulator();
  clients = clientsOf(emulator.endpoint);
  seed = await seedAccount(clients);
  process.env["AWS_ENDPOINT_URL"] = emulator.endpoint;
});
afterAll(async () => {
  delete process.env["AWS_ENDPOINT_URL"];
  rmSync(folder, { recursive: true });
  await emulator.stop();
});

/** The cluster's objects in a file, with one Ingress of these paths. */
function manifests(...paths: readonly Path[]): string {
  const file = join(folder, "cluster.yaml");
  const objects: readonly Manifest[] = [...clusterManifests(seed, 2), ingress("shop", paths)];
  writeFileSync(file, objects.map((object) => JSON.stringify(object)).join("\n---\n"));
  return file;
}

const elbplan = (command: string, ...rest: readonly string[]) =>
  run([command, ...rest, "--aws", `--aws-region=${REGION}`]);
const input = (...paths: readonly Path[]) => [
  "-f",
  manifests(...paths),
  "--cluster-name=e2e",
  `--aws-vpc-id=${seed.vpcId}`,
];

async function rules(): Promise<readonly string[]> {
  const { LoadBalancers } = await clients.elbv2("DescribeLoadBalancers");
  const { Listeners } = await clients.elbv2("DescribeListeners", { LoadBalancerArn: LoadBalancers[0].LoadBalancerArn });
  const { Rules } = await clients.elbv2("DescribeRules", { ListenerArn: Listeners[0].ListenerArn });
  return Rules.filter(({ IsDefault }: { IsDefault: boolean }) => !IsDefault).map(
    ({ Priority, Conditions }: { Priority: string; Conditions: { PathPatternConfig: { Values: string[] } }[] }) =>
      `${Priority} ${Conditions[0]?.PathPatternConfig.Values.join()}`,
  );
}

describe("elbplan against AWS", () => {
  it("saves a plan, carries it out, and then there is nothing to do", async () => {
    const made = await elbplan("plan", ...input("/api* api", "/* web"), "--out", saved);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining("CreateLoadBalancer") });
    const applied = await elbplan("apply", saved, "--yes", "--journal", journal);
    expect(applied.stderr).toMatch(/Applied: (\d+) of \1 steps\.\n$/);
    expect(applied.code).toBe(0);
    expect(await rules()).toEqual(["1 /api,/api/*", "2 /*"]);
    expect(readJournal(readFileSync(journal, "utf8"))).toMatchObject({ ended: true, unanswered: [] });
    const again = await elbplan("plan", ...input("/api* api", "/* web"), "--detailed-exitcode");
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to do") });
  });

  it("refuses a saved plan when somebody has changed what it was made for, and says what", async () => {
    expect((await elbplan("plan", ...input("/new admin", "/api* api", "/* web"), "--out", saved)).code).toBe(0);
    const { TargetGroups } = await clients.elbv2("DescribeTargetGroups");
    const [group] = TargetGroups;
    const modify = (path: string) =>
      clients.elbv2("ModifyTargetGroup", { TargetGroupArn: group.TargetGroupArn, HealthCheckPath: path });
    await modify("/somebody-else");
    const stale = await elbplan("apply", saved, "--yes");
    expect(stale.code).toBe(1);
    expect(stale.stderr).toContain(`target group ${group.TargetGroupName} differs in healthCheck.`);
    await modify(group.HealthCheckPath);
    expect(await elbplan("apply", saved, "--yes")).toMatchObject({ code: 0 });
    expect(await rules()).toEqual(["1 /new", "2 /api,/api/*", "3 /*"]);
    // It was good for what it has changed itself.
    expect(await elbplan("apply", saved, "--yes")).toMatchObject({ code: 1 });
  });

  it("applies an edit at once", async () => {
    const { code, stderr } = await elbplan("apply", ...input("/* web"), "--yes", "--journal", journal);
    expect(stderr).toMatch(/Applied: (\d+) of \1 steps\.\n$/);
    expect(code).toBe(0);
    expect(await rules()).toEqual(["1 /*"]);
    expect(readFileSync(journal, "utf8").match(/"entry":"begin"/g)).toHaveLength(2);
  });
});
