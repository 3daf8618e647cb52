/** Looks at the input and at what is made of it for mistakes and surprises. */
import { explainDesired } from "./build-desired.ts";
import { lintAll } from "./check/lint/lint.ts";
import { lintInput } from "./check/lint/lint-input.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import type { Facts } from "./model/facts.ts";
import type { DesiredGraph } from "./model/graph.ts";
import type { Settings } from "./model/settings.ts";
import type { ClusterSnapshot } from "./model/snapshot.ts";
import type { Provenance } from "./model/source.ts";

/**
 * Warnings and notes about objects that can be planned all the same: misspelt and ineffective annotations, rules that
 * nothing reaches, what AWS will refuse, where LBC's rules surprise. `graph` is what was built from the same input.
 * Says nothing twice that building the graph said, nor what planning said: `said` are its diagnostics. Independent of the
 * order of the input.
 */
export function lint(
  snapshot: ClusterSnapshot,
  facts: Facts,
  graph: DesiredGraph,
  settings: Settings,
  provenance: { readonly [stack: string]: Provenance } = explainDesired(snapshot, facts, undefined, settings),
  said: readonly Diagnostic[] = [],
): readonly Diagnostic[] {
  return lintAll(lintInput(snapshot, facts, graph, settings, provenance, said));
}
