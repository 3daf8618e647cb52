/** A desired graph as text, read back. */
import { parseSaved, type SavedText, shapeDiagnostics } from "./check/account/saved-text.ts";
import { type Shape, shapeProblems } from "./check/account/shape.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import type { DesiredGraph } from "./model/graph.ts";

export type LoadedGraph = { readonly graph: DesiredGraph } | { readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads what `elbplan desired` printed. Text of another shape is answered with `graph.malformed`, each with a pointer; what is
 * no JSON with its place. `file` is the name that messages show.
 */
export function graphFromJson(text: string, file?: string): LoadedGraph {
  const saved: SavedText = { name: "the graph", malformed: "graph.malformed", ...(file === undefined ? {} : { file }) };
  const parsed = parseSaved(text, saved);
  if ("diagnostics" in parsed) return parsed;
  const problems = shapeProblems(parsed.value, GRAPH);
  if (problems.length > 0) return { diagnostics: shapeDiagnostics(problems, saved) };
  // The shape was checked above; specs are compared field by field, whatever they hold.
  return { graph: parsed.value as DesiredGraph };
}

const STACK: Shape = {
  fields: {
    id: "string",
    status: { oneOf: ["built", "failed"] },
    members: { list: "string" },
    inactiveMembers: { list: "string" },
    resources: { map: { fields: { kind: "string", id: "string", spec: { map: "any" } } } },
  },
};

const GRAPH: Shape = {
  fields: {
    kind: { oneOf: ["desired"] },
    settings: {
      fields: { clusterName: "string", featureGates: { map: "boolean" }, externalManagedTags: { list: "string" } },
    },
    vpcId: "string",
    stacks: { map: STACK },
    clusterStack: STACK,
    unmanaged: { list: "string" },
    classErrors: { list: "any" },
    diagnostics: { list: "any" },
  },
};
