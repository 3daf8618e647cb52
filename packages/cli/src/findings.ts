/** What `elbplan check` adds to what planning says: lint, and what LBC's webhooks would refuse. */
import { admissionDiagnostics, type Diagnostic, lint, locate } from "@elbplan/core";
import type { Inputs } from "./inputs.ts";
import { buildGraph } from "./planning.ts";

/**
 * What planning said and all findings, with their places in files. What both say is told once: a refusal of a field
 * that has an error already, an Ingress left alone that lint warns of, and rules beyond their quota.
 */
export function withFindings(inputs: Inputs, planned: readonly Diagnostic[]): readonly Diagnostic[] {
  const { snapshot, facts, settings, positions } = inputs;
  const found = lint(snapshot, facts, buildGraph(inputs), settings, undefined, planned);
  const warned = new Set(found.filter(({ code }) => code === "lint.ingress-unmanaged").map(objectOf));
  const errors = new Set(planned.filter(({ severity }) => severity === "error").map(placeOf));
  return [
    ...planned.filter((one) => one.code !== "ingress.not-ours" || !warned.has(objectOf(one))),
    ...locate(
      admissionDiagnostics(snapshot, settings).filter((refusal) => !errors.has(placeOf(refusal))),
      positions,
    ),
    ...locate(found, positions),
  ];
}

function objectOf({ object }: Diagnostic): string {
  return JSON.stringify([object?.kind, object?.namespace, object?.name]);
}

function placeOf(diagnostic: Diagnostic): string {
  return `${objectOf(diagnostic)}${diagnostic.field ?? ""}`;
}
