import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("no import goes against the arrows of the house", () => {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const command = ["node_modules/dependency-cruiser/bin/dependency-cruise.mjs", "packages", "--output-type", "err"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, "--config", ".dependency-cruiser.mjs"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
}, 30_000);
