/** Two replicas of `elbplan run`, as processes with the service account's rights: one leads, the other takes over. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Manifest, until } from "../kube/deployed.ts";
import { REGION } from "../moto/clients.ts";
import { type AwsProxy, startProxy } from "../proxy/proxy.ts";
import { ingress, type Path } from "../scenarios/ingress.ts";
import { startWorld, type World } from "./world.ts";

const BIN = new URL("../../packages/cli/bin/elbplan.js", import.meta.url).pathname;
const PATHS: readonly Path[] = ["/api* api", "/admin admin", "/* web"];
const EDITED: readonly Path[] = ["/api* api", "/cart* web", "/admin admin", "/* web"];
/** A Lease lasts fifteen seconds from its last renewal; who waits looks every two, and a little more. */
const TAKEN_OVER_SECONDS = 25;

interface Replica {
  readonly process: ChildProcess;
  /** Its own way to AWS, which tells what it called. */
  readonly proxy: AwsProxy;
  /** The date from which the proxy's times count. */
  readonly since: number;
  readonly said: (msg: string) => boolean;
  readonly log: () => string;
  readonly exitCode: Promise<number | null>;
}

let world: World;
let kubeconfig = "";
let replicas: Replica[] = [];
const folder = mkdtempSync(join(tmpdir(), "elbplan-replicas-"));

beforeAll(async () => {
  world = await startWorld();
  kubeconfig = join(folder, "kubeconfig");
  const { headers } = await world.connection.credentials(false);
  const token = headers["authorization"]?.replace("Bearer ", "");
  const admin = JSON.parse(readFileSync(world.server.kubeconfig, "utf8"));
  const [user] = admin.users;
  writeFileSync(kubeconfig, JSON.stringify({ ...admin, users: [{ ...user, user: { token } }] }), { mode: 0o600 });
}, 30 * 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world?.stop();
});
beforeEach(() => world.reset());
afterEach(async () => {
  for (const { process, proxy, exitCode } of replicas) {
    process.kill("SIGKILL");
    await exitCode;
    await proxy.stop();
  }
  replicas = [];
});

async function start(name: string): Promise<Replica> {
  const proxy = await startProxy(world.emulator.endpoint);
  const since = Date.now();
  const flags = [`--aws-region=${REGION}`, `--aws-vpc-id=${world.seed.vpcId}`, "--cluster-name=e2e"];
  const ports = ["--metrics-bind-addr=127.0.0.1:0", "--health-probe-bind-addr=127.0.0.1:0"];
  const process_ = spawn(process.execPath, [BIN, "run", "--kubeconfig", kubeconfig, ...flags, ...ports], {
    env: { ...process.env, AWS_ENDPOINT_URL: proxy.endpoint, POD_NAME: name, POD_NAMESPACE: "elbplan-system" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  process_.stderr?.on("data", (chunk) => {
    log += chunk;
  });
  const replica: Replica = {
    process: process_,
    proxy,
    since,
    log: () => log,
    said: (msg) => log.includes(`"msg":"${msg}"`),
    exitCode: new Promise((resolve) => process_.once("close", resolve)),
  };
  replicas.push(replica);
  return replica;
}

/** Two of them, the first of which leads. */
async function startBoth(): Promise<readonly [Replica, Replica]> {
  const leader = await start("elbplan-0");
  await until(() => leader.said("leading"), 20);
  const other = await start("elbplan-1");
  await until(() => other.said("found the place"), 20);
  return [leader, other];
}

/** The date of it. */
const firstWrite = ({ proxy, since }: Replica): number =>
  since + Math.min(...proxy.calls().flatMap(({ write, at }) => (write ? [at] : [])));
const writes = ({ proxy }: Replica): number => proxy.calls().filter(({ write }) => write).length;

/** The date at which the Lease runs out that was renewed last. */
async function runsOut(): Promise<number> {
  const metadata = { namespace: "elbplan-system", name: "elbplan-leader" };
  const lease = await world.stored({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata });
  return Date.parse(lease?.spec.renewTime) + lease?.spec.leaseDurationSeconds * 1000;
}

describe("of two replicas", () => {
  const shop = (paths: readonly Path[]): Manifest => ingress("shop", paths);

  it("one works; when it is killed in the middle of a creation the other finishes it", async () => {
    const [leader, other] = await startBoth();
    leader.proxy.setLatency(150);
    await world.apply(shop(PATHS));
    await until(() => writes(leader) >= 4, 20);
    leader.process.kill("SIGKILL");
    const killed = performance.now();
    const end = await runsOut();
    await until(() => other.said("leading"), TAKEN_OVER_SECONDS);
    const takenOver = Math.round(performance.now() - killed);
    await world.settled(undefined, 40);
    console.log(
      `leader killed: the other led ${takenOver} ms later, and all was done ${Math.round(performance.now() - killed)} ms later`,
    );
    expect(firstWrite(other)).toBeGreaterThan(end);
    await world.apply(shop(EDITED));
    await world.settled(undefined, 40);
  });

  it("one that stood still while its Lease ran out writes nothing when it goes on, and ends with 1", async () => {
    const [leader, other] = await startBoth();
    leader.proxy.setLatency(150);
    await world.apply(shop(PATHS));
    await until(() => writes(leader) >= 4, 20);
    leader.process.kill("SIGSTOP");
    const end = await runsOut();
    await until(() => other.said("leading"), TAKEN_OVER_SECONDS);
    await world.settled(undefined, 40);
    expect(firstWrite(other)).toBeGreaterThan(end);
    leader.proxy.clear();
    leader.process.kill("SIGCONT");
    expect(await leader.exitCode).toBe(1);
    expect(leader.said("the Lease was lost")).toBe(true);
    expect(leader.proxy.calls().filter(({ write }) => write)).toEqual([]);
    await world.settled(undefined, 10);
  });

  it("one that is asked to stop finishes its plan and hands over at once", async () => {
    const [leader, other] = await startBoth();
    leader.proxy.setLatency(150);
    await world.apply(shop(PATHS));
    await until(() => writes(leader) >= 4, 20);
    leader.process.kill("SIGTERM");
    expect(await leader.exitCode).toBe(0);
    const ended = performance.now();
    expect(leader.said("stopped")).toBe(true);
    await world.settled(undefined, 5);
    await until(() => other.said("leading"), 5);
    console.log(`leader stopped: the other led ${Math.round(performance.now() - ended)} ms later`);
    // There was nothing left to do.
    await until(() => other.said("read AWS"), 10);
    expect(writes(other)).toBe(0);
  });
});
