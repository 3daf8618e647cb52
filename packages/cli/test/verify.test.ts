import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
