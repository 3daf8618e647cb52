/** Every feature that docs/conformance.md lists has a test that bears its name. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Feature {
  readonly area: string;
  readonly feature: string;
  /** Path from the root of the repository. */
  readonly test: string;
  /** What the test is called, if not like the feature. */
  readonly named?: string;
  readonly notes?: string;
}

const root = new URL("../", import.meta.url);
const features: readonly Feature[] = JSON.parse(readFileSync(new URL("conformance/features.json", root), "utf8"));

it.each(features)("$area: $feature", ({ feature, test, named = feature }) => {
  const text = readFileSync(new URL(test, root), "utf8");
  const quoted = ['"', "'"].map((quote) => quote + named + quote);
  expect(
    quoted.some((name) => text.includes(name)),
    `${test} has a test called ${named}`,
  ).toBe(true);
});

it("no feature is listed twice", () => {
  const names = features.map(({ area, feature }) => `${area}: ${feature}`);
  expect(names).toEqual([...new Set(names)]);
});
