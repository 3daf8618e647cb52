/** What lint says about objects, in short. */

import { buildDesired } from "../../../src/build-desired.ts";
import { lint } from "../../../src/lint.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import type { Compat } from "../../../src/model/settings.ts";
import type { ClusterSnapshot } from "../../../src/model/snapshot.ts";
import { settingsFromFlags } from "../../../src/read/settings.ts";
import { snapshot } from "../../fixtures/cluster.ts";
import { deepFreeze } from "../../fixtures/deep-freeze.ts";
import type { Surroundings } from "../../fixtures/desired.ts";
import { facts } from "../../fixtures/facts.ts";

export interface Around extends Surroundings {
  readonly compat?: Partial<Compat>;
}

/** All diagnostics of lint; inputs are frozen. `said` is what planning has said. */
export function lintOf(
  objects: Partial<ClusterSnapshot>,
  around: Around = {},
  said: readonly Diagnostic[] = [],
): readonly Diagnostic[] {
  const { settings } = settingsFromFlags({ "cluster-name": "demo", ...around.flags });
  const all = deepFreeze({ ...settings, compat: { ...settings.compat, ...around.compat } });
  const world = deepFreeze(facts(around.facts));
  const cluster = deepFreeze(snapshot(objects));
  return lint(
    cluster,
    world,
    deepFreeze(buildDesired(cluster, world, undefined, all)),
    all,
    undefined,
    deepFreeze(said),
  );
}

/** `Ingress shop/web scheme`: the object and the field, an annotation of ours by its name alone. */
function placeOf({ object, field = "" }: Diagnostic): string {
  const name = object === undefined ? "" : `${object.kind} ${object.namespace ?? ""}/${object.name}`;
  return `${name} ${field.replace("/metadata/annotations/", "").replace("alb.ingress.kubernetes.io~1", "")}`.trim();
}

/** The places at which a code was found. */
export function placesOf(code: string, objects: Partial<ClusterSnapshot>, around: Around = {}): readonly string[] {
  return lintOf(objects, around)
    .filter((diagnostic) => diagnostic.code === code)
    .map(placeOf);
}
