/** The command as it is built: `npm test` compiles before it runs this. */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../bin/elbplan.js", import.meta.url));
const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));

function elbplan(args: readonly string[], input = ""): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: "utf8", input });
  return { status, stdout, stderr };
}

describe("the built command", () => {
  it("prints its help", () => {
    const { status, stdout, stderr } = elbplan(["--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("Usage: elbplan");
  });

  it("plans, and exits 2 when asked whether there are changes", () => {
    const { status, stdout, stderr } = elbplan([
      "plan",
      "-f",
      `${examples}https`,
      "--facts",
      `${examples}facts.json`,
      "--detailed-exitcode",
    ]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^info targets\.not-given: .*\n.*\n$/),
    });
    expect(stdout).toContain("+ load balancer");
  });

  it("exits 1 without a stack trace when the user is wrong", () => {
    const { status, stdout, stderr } = elbplan(["plan", "-f", "-", "--facts", "nowhere.json"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("nowhere.json");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("ends without a word when its reader leaves", async () => {
    const args = ["desired", "-f", `${examples}shop`, "--facts", `${examples}facts.json`];
    const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdout.destroy();
    await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toBe("");
  });
});
