/** The recorded cases, planned from the sources: every answer is LBC's, and none depends on the order of the input. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as core from "@elbplan/core";
import * as source from "@elbplan/k8s-source";
import { describe, expect, it } from "vitest";
import { answer, differences, listCases, type RecordedCase, readCase } from "../conformance/compare.mjs";
import { danglingReferences, deepFreeze, shuffled, undefinedPlaces } from "../packages/testing/src/graph-laws.ts";

const directory = fileURLToPath(new URL("../conformance", import.meta.url));
const cases = listCases(directory);
const areas = [...new Set(cases.map(({ area }) => area))];
const recorded = new Map(cases.map((one) => [one, deepFreeze(readCase(directory, one))]));

describe.each(areas)("%s", (area) => {
  const ofArea = [...recorded].filter(([one]) => one.area === area);

  it("is answered as LBC answers it", () => {
    const wrong = ofArea.flatMap(([{ name }, recordedCase]) => {
      const all = differences(recordedCase.expected, answer({ core, source }, recordedCase));
      return all.map(({ path, expected, found }) => ({ name, path, expected, found }));
    });
    expect(wrong).toEqual([]);
  });

  it("yields the same graph whatever the order of the objects", () => {
    for (const [{ name }, recordedCase] of ofArea) {
      const { snapshot, settings } = inputsOf(recordedCase);
      const wanted = JSON.stringify(build(snapshot, recordedCase.facts, settings));
      for (const reorder of [reversed, shuffled(`${area}/${name}`)]) {
        const permuted = deepFreeze({
          ingresses: reorder(snapshot.ingresses),
          ingressClasses: reorder(snapshot.ingressClasses),
          ingressClassParams: reorder(snapshot.ingressClassParams),
          services: reorder(snapshot.services),
          namespaces: reorder(snapshot.namespaces),
          secrets: reorder(snapshot.secrets),
        });
        expect(JSON.stringify(build(permuted, recordedCase.facts, settings)), name).toBe(wanted);
        expect(core.admissionRefusals(permuted, settings), name).toEqual(core.admissionRefusals(snapshot, settings));
      }
    }
  });

  it("yields plain JSON without undefined, and references that lead somewhere", () => {
    for (const [{ name }, recordedCase] of ofArea) {
      const { snapshot, settings } = inputsOf(recordedCase);
      const graph = build(snapshot, recordedCase.facts, settings);
      expect(undefinedPlaces(graph), name).toEqual([]);
      expect(JSON.parse(JSON.stringify(graph)), name).toEqual(graph);
      expect(danglingReferences(graph), name).toEqual([]);
    }
  });
});

it("the floor of the runner is the number of cases", () => {
  const floor: unknown = JSON.parse(readFileSync(new URL("../conformance/floor.json", import.meta.url), "utf8"));
  expect(floor).toMatchObject({ equal: cases.length });
});

function inputsOf({ facts, manifests }: RecordedCase): { snapshot: core.ClusterSnapshot; settings: core.Settings } {
  const { settings } = core.settingsFromFlags(
    facts.flags ?? {},
    facts.clusterName === undefined ? {} : { clusterName: facts.clusterName },
  );
  const { snapshot } = source.parseManifests([{ file: "manifests.yaml", text: manifests }]);
  return { snapshot: deepFreeze(snapshot), settings: deepFreeze(settings) };
}

function build(snapshot: core.ClusterSnapshot, facts: core.Facts, settings: core.Settings): core.DesiredGraph {
  return core.buildDesired(snapshot, facts, undefined, settings);
}

function reversed<T>(items: readonly T[]): readonly T[] {
  return items.toReversed();
}
