/** From inputs to graph and plan, with causes and places in files filled in. */
import {
  buildDesired,
  type Change,
  type DesiredGraph,
  explainDesired,
  locate,
  type Plan,
  type Positions,
  type Provenance,
  plan,
  type Source,
} from "@elbplan/core";
import type { Inputs } from "./inputs.ts";
import type { PlanningOptions } from "./options.ts";

/** The desired graph; its diagnostics begin with those of reading the input. */
export function buildGraph({ snapshot, facts, settings, diagnostics, positions, ...inputs }: Inputs): DesiredGraph {
  const graph = buildDesired(snapshot, facts, inputs.accountGiven ? inputs.account : undefined, settings);
  return { ...graph, diagnostics: locate([...diagnostics, ...graph.diagnostics], positions) };
}

/** The plan; its diagnostics begin with those of reading the input, its changes tell what caused them. */
export function makePlan(inputs: Inputs, { allowReplace, allowDelete, prune }: PlanningOptions): Plan {
  const made = plan(buildGraph(inputs), inputs.account, {
    allowReplace: allowReplace === true,
    allowDelete: allowDelete === true,
    prune: prune === true,
  });
  const { snapshot, facts, settings, positions } = inputs;
  const causes = explainDesired(snapshot, facts, inputs.accountGiven ? inputs.account : undefined, settings);
  return {
    ...made,
    stacks: made.stacks.map((stack) => ({
      ...stack,
      changes: stack.changes.map((change) => explained(change, causes[stack.id] ?? {}, positions)),
    })),
    actions: made.actions.map((action) => withPlace(action, positions)),
    diagnostics: locate(made.diagnostics, positions),
  };
}

/** Whether any diagnostic is an error. */
export function hasErrors({ diagnostics }: { readonly diagnostics: Plan["diagnostics"] }): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** What caused an update is what caused its fields; what caused a creation is what caused the resource. */
function explained(change: Change, causes: Provenance, positions: Positions): Change {
  const fields = change.fields.map((field) =>
    withCause(field, causeOf(causes, change.resource, field.path), positions),
  );
  const own = causeOf(causes, change.resource, "");
  const cause = change.kind === "create" ? own : (fields.find(({ source }) => source !== undefined)?.source ?? own);
  return withCause(
    { ...change, fields },
    change.kind === "delete" || change.kind === "keep" ? undefined : cause,
    positions,
  );
}

/** The cause of the field, or of the nearest of its ancestors. */
function causeOf(causes: Provenance, resource: string, path: string): Source | undefined {
  for (let pointer = path; ; pointer = pointer.slice(0, pointer.lastIndexOf("/"))) {
    const place = `${resource}#${pointer}`;
    if (Object.hasOwn(causes, place)) return causes[place];
    if (pointer === "") return undefined;
  }
}

function withCause<T extends { readonly source?: Source }>(
  thing: T,
  cause: Source | undefined,
  positions: Positions,
): T {
  if (thing.source !== undefined || cause === undefined) return withPlace(thing, positions);
  return withPlace({ ...thing, source: cause }, positions);
}

function withPlace<T extends { readonly source?: Source }>(thing: T, positions: Positions): T {
  const { source } = thing;
  if (source?.object === undefined || source.at !== undefined) return thing;
  const at = positions(source.object, source.field);
  return at === undefined ? thing : { ...thing, source: { ...source, at } };
}
