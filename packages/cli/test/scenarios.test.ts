import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { play } from "./scenario.ts";

const folder = new URL("scenarios/", import.meta.url);
const scenarios = readdirSync(folder)
  .filter((file) => file.endsWith(".txt"))
  .map((file) => ({ name: file.replace(".txt", ""), path: new URL(file, folder) }));

describe("scenarios", () => {
  it.each(scenarios)("$name", async ({ path }) => {
    const written = readFileSync(path, "utf8");
    const played = await play(written);
    expect(played).not.toContain("this is a bug in elbplan");
    if (process.env["UPDATE_GOLDENS"] === "1") writeFileSync(path, played);
    else expect(played).toBe(written);
    expect(await play(played), "the second run differs from the first").toBe(played);
  });
});
