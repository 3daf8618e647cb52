/** The published packages, as a stranger meets them: packed, installed from tarballs, imported, run. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const packed = join(root, ".cache/packed");
const project = mkdtempSync(join(tmpdir(), "elbplan-packed-"));

const run = (command: string, args: string[], input = "") => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, encoding: "utf8", input });
  return { status, stdout, stderr };
};
const elbplan = (args: string[], input = "") => run(join(project, "node_modules/.bin/elbplan"), args, input);

const manifests = readdirSync(join(root, "packages")).map((folder) =>
  JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")),
);

beforeAll(() => {
  expect(run(process.execPath, [join(root, "scripts/pack.mjs")])).toMatchObject({ status: 0 });
  expect(readdirSync(packed)).toHaveLength(manifests.length);
  const install = run(process.execPath, [join(root, "scripts/install-packed.mjs"), project]);
  expect(install.status, install.stderr).toBe(0);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe.each(manifests.filter(({ exports }) => exports["."]))("$name", ({ name, exports }) => {
  // The test tools import vitest, which works only inside its runs.
  const importable = name === "@elbplan/testing" ? [] : Object.keys(exports);
  const subpaths = importable.filter((path) => !path.includes("*") && !path.endsWith(".json"));

  it.each(subpaths)("can be imported: %s", (subpath) => {
    const specifier = `${name}${subpath.slice(1)}`;
    const { status, stderr } = run(process.execPath, ["--input-type=module", "-e", `await import("${specifier}")`]);
    expect(status, stderr).toBe(0);
  });

  it("holds its licence and no leftovers", () => {
    const folder = join(project, "node_modules", name);
    const files = readdirSync(folder, { recursive: true }).map(String);
    expect(files).toContain("LICENSE");
    expect(files.filter((file) => /tsbuildinfo|\.test\.|^test\//.test(file))).toEqual([]);
  });
});

it("publishes the JSON Schemas", () => {
  const code = `import s from "@elbplan/core/schemas/plan.schema.json" with { type: "json" }; console.log(s.$id)`;
  expect(run(process.execPath, ["--no-warnings", "--input-type=module", "-e", code]).stdout).toBe("urn:elbplan:plan\n");
});

describe("the installed command", () => {
  it("prints its help on standard output", () => {
    const { status, stdout, stderr } = elbplan(["--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("plan");
    expect(stdout).toContain("apply");
  });

  it("plans an Ingress from standard input", () => {
    const facts = join(root, "conformance/facts/common-1.json");
    const { status, stdout, stderr } = elbplan(["plan", "-f", "-", "--facts", facts], ingress);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("web");
  });
});

const ingress = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: alb }
spec: { controller: ingress.k8s.aws/alb }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: NodePort, ports: [{ port: 80, nodePort: 30080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  ingressClassName: alb
  rules:
    - host: shop.example.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
`;
