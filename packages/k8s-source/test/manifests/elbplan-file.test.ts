import { describe, expect, it } from "vitest";
import { parseManifests, parseYaml } from "../../src/index.ts";

const parts = { loadBalancers: {}, listeners: {}, targetGroups: {} };

describe("elbplan's own files among manifests", () => {
  it.each([
    { name: "facts", value: { vpc: {}, subnets: [] }, looksLike: "facts", option: "--facts" },
    { name: "an inventory", value: { formatVersion: 1, ...parts }, looksLike: "an inventory", option: "--inventory" },
    { name: "an account", value: { ...parts, quotas: {}, sequence: 1 }, looksLike: "an account", option: "--account" },
    {
      name: "a plan",
      value: { formatVersion: 1, stacks: [], actions: [] },
      looksLike: "a saved plan",
      option: "elbplan apply",
    },
  ])("$name", ({ value, looksLike, option }) => {
    for (const [found, severity] of [
      [true, "warning"],
      [undefined, "error"],
    ] as const) {
      const text = JSON.stringify(value);
      const file = { file: "a.json", text, ...(found === undefined ? {} : { found }) };
      const [first] = parseManifests([file]).diagnostics;
      expect(first).toMatchObject({
        severity,
        message: `a.json is no manifest; it looks like ${looksLike} and is skipped.`,
      });
      expect(first?.hint).toContain(option);
    }
  });

  it("leaves everything else to the reader of objects", () => {
    const texts = ['{"a": 1}', '{"kind": "Facts", "vpc": {}, "subnets": []}', "- vpc"];
    for (const text of texts) {
      expect(parseManifests([{ file: "a", text, found: true }]).diagnostics[0]?.code).toBe("input.not-an-object");
    }
  });
});

describe("parseYaml", () => {
  it("reads as kubectl does, and says what is wrong and where", () => {
    expect(parseYaml("s.yaml", "a: on\nb: 0777\n")).toEqual({ value: { a: true, b: 511 }, problems: [] });
    expect(parseYaml("s.yaml", "a: 1\na: 2\n")).toMatchObject({
      value: { a: 2 },
      problems: [{ fatal: false, at: { file: "s.yaml", line: 2, column: 1 } }],
    });
    expect(parseYaml("s.yaml", "a: 'x\n")).toEqual({
      value: undefined,
      problems: [
        { fatal: true, message: "a quote opens here and isn't closed", at: { file: "s.yaml", line: 1, column: 4 } },
      ],
    });
    expect(parseYaml("s.yaml", "").value).toBeNull();
  });
});
