/** deploy/ and the command agree: arguments, ports, probes, the time to stop, rights. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseYaml } from "@elbplan/k8s-source";
import { allows, OWN_LEASE, RIGHTS } from "@elbplan/k8s-source/cluster";
import type { SimulatedAccess } from "@elbplan/k8s-source/simulated-cluster";
import { describe, expect, it } from "vitest";
import { runFlags } from "../src/controller/flags.ts";
import { GRACE_SECONDS } from "../src/controller/stopping.ts";
import { separateLbcFlags } from "../src/lbc-flags.ts";
import { makeProgram } from "../src/program.ts";
import { FLAGS, outside, start } from "./running.ts";
import { ioFor, run } from "./scenario.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests of many shapes
type Manifest = any;

const base = fileURLToPath(new URL("../../../deploy/base/", import.meta.url));
const read = (name: string): Manifest => parseYaml(name, readFileSync(`${base}${name}`, "utf8")).value;
const deployment = read("deployment.yaml");
const pod = deployment.spec.template.spec;
const [container] = pod.containers;
const argv: readonly string[] = container.args;

describe("the Deployment", () => {
  it("runs the command with options that it takes, and variables that are set", async () => {
    const program = makeProgram(ioFor({}), () => {});
    const { rest, flags } = await separateLbcFlags(argv, program);
    expect(Object.keys(flags)).toEqual(["cluster-name", "aws-vpc-id"]);
    expect(rest).toEqual(["run", "--journal=/var/lib/elbplan/journal.jsonl"]);
    const command = program.commands.find((one) => one.name() === "run");
    expect(command?.options.map(({ long }) => long)).toContain("--journal");
    const variables: readonly string[] = container.env.map(({ name }: { name: string }) => name);
    for (const [, name] of argv.join(" ").matchAll(/\$\((\w+)\)/g)) expect(variables).toContain(name);
    for (const name of ["POD_NAME", "POD_NAMESPACE"]) expect(variables).toContain(name);
  });

  it("says what is missing until an overlay sets it", async () => {
    const world = outside();
    const ports = FLAGS.filter((flag) => flag.includes("bind-addr"));
    const unset = await run(["run", "--cluster-name=", "--aws-vpc-id=", ...ports], "", world);
    expect(unset).toMatchObject({ code: 1, stderr: expect.stringContaining("settings.cluster-name-missing") });
    const named = await run(["run", "--cluster-name=test", "--aws-vpc-id=", ...ports], "", world);
    expect(named).toMatchObject({ code: 1, stderr: expect.stringContaining("aws.vpc-unknown") });
  });

  it("opens and probes the ports that are listened on", async () => {
    const { metrics, health } = runFlags();
    expect(container.ports).toEqual([
      { name: "metrics", containerPort: metrics?.port },
      { name: "health", containerPort: health?.port },
    ]);
    expect(metrics).not.toHaveProperty("host");
    expect(health).not.toHaveProperty("host");
    expect(container.livenessProbe.httpGet).toEqual({ path: "/healthz", port: "health" });
    expect(container.readinessProbe.httpGet).toEqual({ path: "/readyz", port: "health" });
    const annotations = deployment.spec.template.metadata.annotations;
    expect(annotations["prometheus.io/port"]).toBe(String(metrics?.port));
  });

  it("gives more time to stop than is taken", () => {
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(GRACE_SECONDS + 10 + 5);
  });

  it("keeps the journal where it may write", () => {
    const journal = argv.find((argument) => argument.startsWith("--journal="))?.slice("--journal=".length) ?? "";
    expect(container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).toContain(dirname(journal));
    expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
  });
});

describe("the rights", () => {
  const granted = RIGHTS.filter((right) => right.for === "read" || right.for === "run");
  const own = RIGHTS.filter((right) => right.for === "own");

  it("are enough for everything that run does", async () => {
    const denied: SimulatedAccess[] = [];
    const { namespace } = read("role.yaml").metadata;
    const world = outside(undefined, (access) => {
      const isAllowed = allows(granted, access) || (access.namespace === namespace && allows(own, access));
      if (!isAllowed) denied.push(access);
      return isAllowed;
    });
    const command = start([], world, { POD_NAME: "elbplan-0", POD_NAMESPACE: namespace });
    await command.until(() => command.log().some(({ msg, outcome }) => msg === "reconciled" && outcome === "done"));
    world.deleteIngress();
    await command.until(() => world.cluster.objects("networking.k8s.io/ingresses").length === 0);
    command.interrupt();
    expect(await command.code).toBe(0);
    expect(denied).toEqual([]);
    expect(world.cluster.objects("coordination.k8s.io/leases").map(({ metadata }) => metadata["name"])).toEqual([
      OWN_LEASE,
    ]);
  });

  it("of reading are enough for a dry run", async () => {
    const reading = RIGHTS.filter((right) => right.for === "read");
    const denied: SimulatedAccess[] = [];
    const world = outside(undefined, (access) => {
      const isAllowed = allows(reading, access);
      if (!isAllowed) denied.push(access);
      return isAllowed;
    });
    const command = start(["--dry-run"], world);
    await command.until(() => command.out().includes("Plan:"));
    command.interrupt();
    expect(await command.code).toBe(0);
    expect(denied).toEqual([]);
  });
});
