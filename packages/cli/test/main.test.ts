import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Io } from "../src/io.ts";
import { run } from "./scenario.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const input = ["-f", `${examples}shop`, "--facts", `${examples}facts.json`];

describe("help", () => {
  it("lists the commands on stdout", async () => {
    const { code, stdout, stderr } = await run(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of ["plan", "apply", "desired", "check", "demo"]) expect(stdout).toContain(`  ${command}`);
  });

  it("tells the version", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
  });

  it("says that LBC's flags are taken", async () => {
    expect((await run(["plan", "--help"])).stdout).toContain("--cluster-name");
  });

  it("is what one gets without a command, on stderr", async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("Usage: elbplan");
  });
});

describe("colour", () => {
  const written: string[] = [];
  const terminal: Io["stdout"] = {
    isTTY: true,
    write: (text) => {
      written.push(text);
    },
  };
  const isColoured = async (argv: readonly string[], env: Io["env"] = {}): Promise<boolean> => {
    written.length = 0;
    expect((await run([...argv], "", { stdout: terminal, env })).code).toBe(0);
    return written.join("").includes("\u001b[");
  };

  it.each<{ name: string; argv: readonly string[]; env?: Io["env"]; coloured: boolean }>([
    { name: "on a terminal", argv: [], coloured: true },
    { name: "not with --no-color", argv: ["--no-color"], coloured: false },
    { name: "not with NO_COLOR", argv: [], env: { NO_COLOR: "1" }, coloured: false },
    { name: "with an empty NO_COLOR", argv: [], env: { NO_COLOR: "" }, coloured: true },
    { name: "not on a dumb terminal", argv: [], env: { TERM: "dumb" }, coloured: false },
  ])("$name", async ({ argv, env, coloured }) => {
    expect(await isColoured(["plan", ...input, ...argv], env)).toBe(coloured);
  });
});

describe("apply asks", () => {
  let folder = "";
  let account = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "elbplan-apply-"));
    account = join(folder, "account.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const atTerminal = (answer: string): Partial<Io> => ({
    stdin: { isTTY: true, bytes: (async function* () {})() },
    ask: async () => answer,
  });

  it("and does it if the answer is yes", async () => {
    expect((await run(["apply", ...input, "--account", account], "", atTerminal("yes"))).code).toBe(0);
    expect((await run(["plan", ...input, "--account", account, "--detailed-exitcode"])).code).toBe(0);
  });

  it.each(["no", "y", ""])("and does nothing if it is %j", async (answer) => {
    const { code, stderr } = await run(["apply", ...input, "--account", account], "", atTerminal(answer));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/\nNothing was done\.\n$/) });
    expect(existsSync(account)).toBe(false);
  });

  it("and refuses without a terminal", async () => {
    const { code, stderr } = await run(["apply", ...input, "--account", account]);
    expect(code).toBe(1);
    expect(stderr).toContain("--yes");
    expect(existsSync(account)).toBe(false);
  });
});

describe("streams", () => {
  it("keeps stdout to JSON, with errors on stderr too", async () => {
    const manifest = JSON.stringify({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        name: "web",
        namespace: "shop",
        annotations: { "kubernetes.io/ingress.class": "alb", "alb.ingress.kubernetes.io/scheme": "public" },
      },
      spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
    });
    const argv = ["plan", "-f", "-", "--facts", `${examples}facts.json`, "--format", "json"];
    const { code, stdout, stderr } = await run(argv, manifest);
    expect(code).toBe(1);
    const [error] = JSON.parse(stdout).diagnostics;
    expect(error).toMatchObject({ severity: "error", object: { name: "web" }, at: { file: "<stdin>" } });
    expect(stderr).toContain(error.code);
  });
});
