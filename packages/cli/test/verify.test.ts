import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { emptyInventory } from "@elbplan/core";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./scenario.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const from = (folder: string): readonly string[] => ["-f", `${examples}${folder}`, "--facts", `${examples}facts.json`];

describe("plan --verify", () => {
  let folder = "";
  let account: readonly string[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "elbplan-verify-"));
    account = ["--account", join(folder, "account.json")];
    expect((await run(["apply", ...from("shop"), ...account, "--yes"])).code).toBe(0);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("prints the proof after the plan", async () => {
    const { code, stdout } = await run(["plan", ...from("shop-edited"), ...account, "--verify"]);
    expect(code).toBe(0);
    const proof = stdout.slice(stdout.indexOf("Verification"));
    expect(proof).toContain("\n  gapless       proven     meanwhile every request is served as before or as after\n");
    expect(proof).toMatch(/\n {2}\d+ requests through \d+ states in .*; planned again from \d+\.\n$/);
    expect(proof).not.toContain("refuted");
  });

  it("prints it under `verification` as JSON", async () => {
    const { code, stdout } = await run(["plan", ...from("shop-edited"), ...account, "--verify", "--format", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).verification).toMatchObject({
      guarantees: { reaches: "proven", gapless: "proven" },
      counterexamples: [],
      bounds: { witnesses: expect.any(Number) },
    });
  });

  it("claims nothing of the goal when a policy leaves something undone", async () => {
    const { code, stdout } = await run([
      "plan",
      ...from("shop-edited"),
      ...account,
      "--verify",
      "--policy-mode",
      "create-only",
    ]);
    expect(stdout).not.toContain("\n  reaches ");
    expect({ code, gapless: stdout.includes("\n  gapless ") }).toEqual({ code: 0, gapless: true });
  });
});

describe("plan with an inventory and facts", () => {
  const folder = mkdtempSync(join(tmpdir(), "elbplan-quotas-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    { rulesPerLoadBalancer: 200, error: false },
    { rulesPerLoadBalancer: 110, error: true },
  ])("counts by the quotas of the facts: $rulesPerLoadBalancer rules", async ({ rulesPerLoadBalancer, error }) => {
    const facts = JSON.parse(readFileSync(`${examples}facts.json`, "utf8"));
    const { region, accountId, vpc } = facts;
    const file = (name: string, value: unknown): string => {
      writeFileSync(join(folder, name), JSON.stringify(value));
      return join(folder, name);
    };
    const paths = Array.from({ length: 120 }, (_, index) => ({
      path: `/${index}`,
      pathType: "Prefix",
      backend: { service: { name: "web", port: { number: 80 } } },
    }));
    const ingress = {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "web", namespace: "default", annotations: { "alb.ingress.kubernetes.io/target-type": "ip" } },
      spec: { ingressClassName: "alb", rules: [{ http: { paths } }] },
    };
    const metadata = { name: "web", namespace: "default" };
    const service = { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 80 }] } };
    const { stdout, stderr } = await run([
      "plan",
      ...["-f", `${examples}shop/class.yaml`],
      ...["-f", file("objects.json", { apiVersion: "v1", kind: "List", items: [ingress, service] })],
      ...["--facts", file("facts.json", { ...facts, quotas: { rulesPerLoadBalancer } })],
      ...["--inventory", file("inventory.json", emptyInventory({ region, accountId, vpcId: vpc.id }))],
    ]);
    expect((stdout + stderr).includes("rules.over-quota")).toBe(error);
    expect(stdout.includes("+ rule 80:1")).toBe(!error);
  });

  it("lets targets in behind a security group with more permissions than AWS's default, which may be raised", async () => {
    const facts = JSON.parse(readFileSync(`${examples}facts.json`, "utf8"));
    const { region, accountId, vpc, subnets } = facts;
    const file = (name: string, value: unknown): string => {
      writeFileSync(join(folder, name), JSON.stringify(value));
      return join(folder, name);
    };
    const metadata = { name: "web", namespace: "default" };
    const backend = { service: { name: "web", port: { number: 80 } } };
    const items = [
      {
        kind: "Ingress",
        apiVersion: "networking.k8s.io/v1",
        metadata,
        spec: { ingressClassName: "alb", defaultBackend: backend },
      },
      {
        kind: "Service",
        apiVersion: "v1",
        metadata,
        spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] },
      },
      {
        kind: "Node",
        apiVersion: "v1",
        metadata: { name: "a" },
        spec: { providerID: "aws:///eu-central-1a/i-0a" },
        status: { conditions: [{ type: "Ready", status: "True" }] },
      },
    ];
    const eni = { id: "eni-1", instanceId: "i-0a", deviceIndex: 0, subnetId: subnets[0].id, privateIps: ["10.0.0.9"] };
    const networkInterfaces = [{ ...eni, securityGroupIds: ["sg-nodes"] }];
    const securityGroups = [...facts.securityGroups, { id: "sg-nodes", name: "nodes", tags: {} }];
    const byHand = Array.from({ length: 70 }, (_, index) => ({
      ...{ protocol: "tcp", fromPort: index + 1, toPort: index + 1 },
      ...{ source: { cidrIp: "10.0.0.0/8" }, description: "by hand" },
    }));
    const inventory = emptyInventory({ region, accountId, vpcId: vpc.id });
    const { code, stdout, stderr } = await run([
      ...["plan", "--verify", "-f", `${examples}shop/class.yaml`],
      ...["-f", file("objects.json", { apiVersion: "v1", kind: "List", items })],
      ...[
        "--facts",
        file("facts.json", { ...facts, networkInterfaces, securityGroups, quotas: { rulesPerLoadBalancer: 100 } }),
      ],
      ...["--inventory", file("inventory.json", { ...inventory, endpointSecurityGroups: { "sg-nodes": byHand } })],
    ]);
    expect(stdout + stderr).toMatch(
      /warning permissions.over-quota: Security group sg-nodes would hold 71 permissions/,
    );
    expect(stdout).toContain("AuthorizeSecurityGroupIngress");
    expect(stdout).toContain("RegisterTargets");
    expect(stdout).not.toContain("refuted");
    expect(code).toBe(0);
  });
});
