/** `--cluster`: the same answers as from files, from a cluster that holds the same objects. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseYaml } from "@elbplan/k8s-source";
import { type SimulatedCluster, simulatedCluster } from "@elbplan/k8s-source/simulated-cluster";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { run } from "./scenario.ts";
import { type ServedCluster, serveCluster } from "./served-cluster.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const facts = ["--facts", `${examples}facts.json`];
const PLURALS: { readonly [kind: string]: string } = {
  Ingress: "ingresses",
  IngressClass: "ingressclasses",
  IngressClassParams: "ingressclassparams",
  Service: "services",
  Namespace: "namespaces",
  Node: "nodes",
  Pod: "pods",
  EndpointSlice: "endpointslices",
};

const folder = mkdtempSync(join(tmpdir(), "elbplan-cluster-"));
afterAll(() => rmSync(folder, { recursive: true }));
let served: ServedCluster | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** Files that name no Node don't mean that there are none, and a cluster without any does. */
const metadata = { name: "unrelated", namespace: "elsewhere" };
const WORKLOADS = [
  { apiVersion: "v1", kind: "Node", metadata: { name: "n" } },
  { apiVersion: "v1", kind: "Pod", metadata },
  { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, addressType: "IPv4" },
];

/** The HTTPS example, as an API server would hold it: a stored Service has a uid, which is in names. */
const objects = [
  ...readFileSync(`${examples}https/bakery.yaml`, "utf8")
    .split(/^---$/m)
    .map((text) => parseYaml("bakery.yaml", text).value as { kind: string; metadata: object })
    .map((object) => ({ ...object, metadata: { ...object.metadata, uid: `uid-${object.kind}` } })),
  ...WORKLOADS,
];

function bakery(options: Parameters<typeof simulatedCluster>[0] = {}): SimulatedCluster {
  const cluster = simulatedCluster(options);
  for (const object of objects) cluster.apply(object, PLURALS[object.kind] ?? "");
  return cluster;
}

function file(): string {
  const path = join(folder, "bakery.json");
  writeFileSync(path, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  return path;
}

async function onCluster(cluster: SimulatedCluster, command: string, ...argv: readonly string[]) {
  served = await serveCluster(cluster);
  return run([command, "--cluster", "--kubeconfig", served.kubeconfig, ...argv]);
}

describe("a cluster instead of files", () => {
  it.each([
    ["plan"],
    ["desired"],
    ["facts-needed"],
    ["check"],
    ["iam-policy"],
    ["explain", "GET https://bakery.example.com/"],
  ])("%s says the same", async (command, ...more) => {
    const fromFiles = await run([command, "-f", file(), "--whole", ...facts, ...more]);
    const fromCluster = await onCluster(bakery(), command, ...facts, ...more);
    // Objects of a cluster stand in no file.
    const neutral = (text: string): string =>
      text.replaceAll(/ \([^ ]*bakery\.json:[\d:]+\)|[^ ]*bakery\.json:[\d:]+: /g, "");
    expect(neutral(fromCluster.stdout)).toBe(neutral(fromFiles.stdout));
    expect(fromCluster.code).toBe(fromFiles.code);
  });

  it("only reads, and never shows its credentials", async () => {
    const { stdout, stderr } = await onCluster(bakery(), "plan", ...facts);
    expect(served?.requests.every((request) => request.startsWith("GET "))).toBe(true);
    expect(`${stdout}${stderr}`).not.toContain("canary");
  });

  it("takes a context", async () => {
    expect((await onCluster(bakery(), "desired", ...facts, "--context", "there")).code).toBe(0);
    const { code, stderr } = await onCluster(bakery(), "desired", ...facts, "--context", "nowhere");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'elbplan: the kubeconfig has no context "nowhere"; it has here, there.\n',
    });
  });

  it("takes namespaces, and says that there are others", async () => {
    const { code, stdout, stderr } = await onCluster(
      bakery(),
      "desired",
      ...facts,
      "--namespace",
      "other",
      "--namespace",
      "more",
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stacks: {}, incompleteInput: true });
    expect(stderr).toContain(
      "info cluster.namespaces-limited: Of the cluster only these namespaces were read: other, more.",
    );
  });
});

describe("a cluster that doesn't show everything", () => {
  it("names the rights that are missing, plans what it can, and exits 1", async () => {
    const cluster = bakery({ allow: ({ resource }) => resource !== "services" });
    const { code, stdout, stderr } = await onCluster(cluster, "plan", ...facts);
    expect(code).toBe(1);
    expect(stderr).toContain("error cluster.forbidden: The API server doesn't show the services of the cluster");
    expect(stderr).toContain("backend.service-unreadable");
    expect(stdout).not.toContain("503");
  });

  it("that refuses everything is no reason to delete anything", async () => {
    const cluster = bakery({ allow: () => false });
    const { code, stdout, stderr } = await onCluster(
      cluster,
      "plan",
      ...facts,
      "--prune",
      "--allow-delete",
      "--format",
      "json",
    );
    expect(code).toBe(1);
    expect(stderr).toContain("plan.prune-refused");
    expect(JSON.parse(stdout).actions).toEqual([]);
  });

  it("says so when it can't be reached", async () => {
    served = await serveCluster(bakery());
    const { kubeconfig } = served;
    const text = readFileSync(kubeconfig, "utf8").replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1");
    writeFileSync(kubeconfig, text);
    const { code, stderr } = await run(["check", "--cluster", "--kubeconfig", kubeconfig]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "elbplan: the cluster can't be read: GET /apis/networking.k8s.io/v1/ingresses: connect ECONNREFUSED",
    );
  }, 60_000);
});
