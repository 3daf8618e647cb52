import { type DesiredGraph, graphFromJson } from "@elbplan/core";
import { readText } from "./json-file.ts";
import { Refusal } from "./refusal.ts";

/** Reads what `elbplan desired` printed; anything else is refused. */
export async function readGoal(file: string): Promise<DesiredGraph> {
  const loaded = graphFromJson(await readText(file), file);
  if ("graph" in loaded) return loaded.graph;
  throw new Refusal("nothing was planned.", loaded.diagnostics);
}
