/** docs/testing.md tells of every action that isn't played over the wire, and of no other. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LACKS } from "../e2e/aws/lacks.ts";

it("lists what the contract of executors leaves out over the wire, with the reasons", () => {
  const page = readFileSync(new URL("../docs/testing.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("| left out over the wire | because |\n|---|---|\n");
  const [rows = ""] = section.split("\n\n");
  const told = rows.split("\n").flatMap((row) => {
    const [, kinds = "", reason = ""] = row.split("|").map((cell) => cell.trim());
    return [...kinds.matchAll(/`(\w+)`/g)].map(([, kind]) => [kind, reason]);
  });
  expect(Object.fromEntries(told)).toEqual(LACKS);
});
