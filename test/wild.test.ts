/**
 * Real manifests from public repositories, where a checkout has them beside it (`../shared/wild`): nothing crashes or
 * hangs, and every Ingress is planned or answered with a diagnostic that names object, field and line.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import {
  buildDesired,
  type Diagnostic,
  emptyInventory,
  type Facts,
  locate,
  plan,
  settingsFromFlags,
} from "@elbplan/core";
import { type ManifestFile, parseManifests } from "@elbplan/k8s-source";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const wild = join(root, "..", "shared", "wild");
const files = existsSync(wild) ? readdirSync(wild).filter((name) => name.endsWith(".yaml")) : [];
const common = readFacts(join(root, "conformance", "facts", "common-1.json"));

function readFacts(file: string): Facts {
  return JSON.parse(readFileSync(file, "utf8")) as Facts;
}

function read(file: string): ManifestFile {
  return { file, text: readFileSync(file, "utf8") };
}

function planAll(manifests: readonly ManifestFile[], facts: Facts) {
  const { settings } = settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName ?? "" });
  const { snapshot, positions, diagnostics } = parseManifests(manifests);
  const graph = buildDesired(snapshot, facts, undefined, settings);
  const inventory = emptyInventory({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
  const made = plan(graph, inventory);
  return { snapshot, graph, made, diagnostics: [...diagnostics, ...locate(made.diagnostics, positions)] };
}

describe("real manifests", () => {
  it("are found only where a checkout has them beside it", () => {
    expect(files.length > 0).toBe(existsSync(wild));
  });

  for (const name of files) {
    it(`${name}: each Ingress is planned or answered`, () => {
      const { snapshot, graph, diagnostics } = planAll([read(join(wild, name))], common);
      const planned = new Set(
        Object.values(graph.stacks).flatMap(({ status, members }) => (status === "built" ? members : [])),
      );
      for (const { metadata } of snapshot.ingresses) {
        const key = `${metadata.namespace}/${metadata.name}`;
        if (planned.has(key) || graph.unmanaged.includes(key)) continue;
        const answers = diagnostics.filter(
          ({ object }) => object?.name === metadata.name && object.namespace === metadata.namespace,
        );
        expect(answers.filter(isPlaced), key).not.toHaveLength(0);
      }
    });
  }

  for (const estate of files.filter((name) => name.includes("RENDERED"))) {
    const which = estate.includes("production") ? "production" : "integration";
    it(`the ${which} estate is planned whole, in under a second`, () => {
      const companions = join(wild, "companions", which);
      const begin = performance.now();
      const { snapshot, graph, made, diagnostics } = planAll(
        [read(join(wild, estate)), read(join(companions, "companions.yaml"))],
        readFacts(join(companions, "facts.json")),
      );
      expect(performance.now() - begin).toBeLessThan(1000);
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(Object.values(graph.stacks).flatMap(({ members }) => members)).toHaveLength(snapshot.ingresses.length);
      expect(made.actions.length).toBeGreaterThan(0);
    });
  }
});

function isPlaced({ severity, field, at }: Diagnostic): boolean {
  return severity === "error" && field !== undefined && at !== undefined;
}
