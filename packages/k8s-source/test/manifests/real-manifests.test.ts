import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseManifests } from "../../src/index.ts";

const root = resolve(import.meta.dirname, "../../../..");
const cases = join(root, "conformance", "cases");
// Manifests as found in public repositories; they aren't part of the project, so they may be absent.
const wild = resolve(root, "..", "shared", "wild");
const wildFiles = existsSync(wild) ? readdirSync(wild).filter((name) => name.endsWith(".yaml")) : [];

describe("the recorded cases", () => {
  it("are read without an error", () => {
    const errors: unknown[] = [];
    let files = 0;
    for (const area of readdirSync(cases)) {
      for (const name of readdirSync(join(cases, area))) {
        const path = join(cases, area, name, "manifests.yaml");
        if (!existsSync(path)) continue;
        files++;
        const file = `${area}/${name}`;
        const { diagnostics, counts } = parseManifests([{ file, text: readFileSync(path, "utf8") }]);
        errors.push(...diagnostics.filter(({ severity }) => severity === "error"));
        expect(counts.ignored, file).toEqual({});
      }
    }
    expect(errors).toEqual([]);
    expect(files).toBeGreaterThan(500);
  }, 60_000);
});

describe("manifests as found in public repositories", () => {
  it.each(wildFiles.map((name) => ({ name })))(
    "$name is read, or answered with the place of what is wrong",
    ({ name }) => {
      const manifests = parseManifests([{ file: name, text: readFileSync(join(wild, name), "utf8") }]);
      const objects = Object.values(manifests.counts.read).concat(Object.values(manifests.counts.ignored));
      const errors = manifests.diagnostics.filter(({ severity }) => severity === "error");
      expect(objects.length + errors.length).toBeGreaterThan(0);
      for (const { at } of errors) expect(at?.file).toBe(name);
      for (const { metadata } of manifests.snapshot.ingresses) {
        const ref = { kind: "Ingress", namespace: metadata.namespace!, name: metadata.name };
        expect(manifests.positions(ref, "/metadata/name")?.file).toBe(name);
      }
    },
  );

  it("are there, or their absence is no failure", () => {
    expect(wildFiles.length === 0 || wildFiles.length > 40).toBe(true);
  });
});
