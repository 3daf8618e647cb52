/**
 * Of each recorded case, the facts read from an AWS that knows them build the very graph that all of them build: the
 * look-ups that `factsNeeded` names are enough, and readers lose nothing.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createCache, readFacts } from "@elbplan/aws-executor";
import { buildDesired, type Facts, factsNeeded, settingsFromFlags } from "@elbplan/core";
import { parseManifests } from "@elbplan/k8s-source";
import { fakeAws } from "@elbplan/testing";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "conformance");
const json = <T>(...path: readonly string[]): T => JSON.parse(readFileSync(join(root, ...path), "utf8")) as T;
const areas = readdirSync(join(root, "cases"));

describe("facts read for recorded cases", () => {
  it.each(areas)("%s", async (area) => {
    for (const name of readdirSync(join(root, "cases", area))) {
      const { facts: file } = json<{ facts: string }>("cases", area, name, "case.json");
      const facts = json<Facts>("facts", `${file}.json`);
      const { settings } = settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName ?? "" });
      const manifests = join(root, "cases", area, name, "manifests.yaml");
      const { snapshot } = parseManifests([{ file: manifests, text: readFileSync(manifests, "utf8") }]);
      const { region, accountId, vpc } = facts;
      const found = await readFacts(
        fakeAws({ facts, pageSize: 3 }),
        factsNeeded(snapshot, settings),
        settings,
        { region, accountId, vpcId: vpc.id },
        { cache: createCache({ now: () => 0 }) },
      );
      const graph = buildDesired(snapshot, found, undefined, settings);
      expect(graph, name).toEqual(buildDesired(snapshot, facts, undefined, settings));
    }
  });
});
