/** Saved plans read back. */
import { isActionKind } from "./call-for.ts";
import { parseSaved, type SavedText, shapeDiagnostics } from "./check/account/saved-text.ts";
import { type Shape, shapeProblems } from "./check/account/shape.ts";
import { diagnose } from "./diagnostics/diagnose.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import type { Plan } from "./model/plan.ts";
import type { PlanFile } from "./model/plan-file.ts";
import { planFileDigest } from "./render/plan-json.ts";

export type LoadedPlan = { readonly plan: Plan } | { readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads what `renderPlanJson` wrote, and gives back the plan that it was given. Refused with `plan.malformed` is what
 * isn't JSON or hasn't the parts of a plan, with `plan.version` another format version, and with `plan.altered` what isn't
 * as it was written; spaces and the order of keys don't matter. What `details` of actions hold is described by the
 * published schema (`schemas/plan.schema.json`) and isn't looked at here. `file` is the name that messages show.
 */
export function planFromJson(text: string, file?: string): LoadedPlan {
  const saved: SavedText = { name: "the plan", malformed: "plan.malformed", ...(file === undefined ? {} : { file }) };
  const parsed = parseSaved(text, saved);
  if ("diagnostics" in parsed) return parsed;
  const { value } = parsed;
  const version = typeof value === "object" && value !== null ? new Map(Object.entries(value)).get("formatVersion") : 1;
  if (typeof version === "number" && version !== 1) {
    return refused(
      "plan.version",
      `${file ?? "The plan"} is of format version ${version}; this elbplan reads version 1.`,
      {
        field: "/formatVersion",
      },
    );
  }
  const problems = shapeProblems(value, PLAN_FILE);
  if (problems.length > 0) return { diagnostics: shapeDiagnostics(problems, saved) };
  // The shape was checked above: every part that is read before an action is carried out is there.
  const written = value as PlanFile;
  if (planFileDigest(written) !== written.digest) {
    const short = written.digest.slice(0, 12);
    const message = `${file ?? "The plan"} was changed after it was written: it isn't what its digest ${short} stands for.`;
    return refused("plan.altered", message, { field: "/digest" });
  }
  const strange = written.actions.findIndex(({ kind }) => !isActionKind(kind));
  if (strange >= 0) {
    const kind = JSON.stringify(written.actions[strange]?.kind);
    return refused(
      "plan.malformed",
      `Action ${strange + 1} of ${file ?? "the plan"} is ${kind}, which elbplan doesn't know.`,
      {
        field: `/actions/${strange}/kind`,
      },
    );
  }
  const { digest: _, ...plan } = written;
  return { plan: { ...plan, actions: plan.actions.map(({ call: _call, input: _input, ...action }) => action) } };
}

function refused(...args: Parameters<typeof diagnose>): LoadedPlan {
  return { diagnostics: [diagnose(...args)] };
}

const STRINGS: Shape = { list: "string" };
const CHANGE: Shape = {
  fields: {
    kind: { oneOf: ["create", "update", "replace", "delete", "keep"] },
    stack: "string",
    resource: "string",
    type: "string",
    fields: { list: { fields: { path: "string" } } },
    reason: "string",
  },
};

const ACTION: Shape = {
  fields: {
    id: "string",
    kind: "string",
    stack: "string",
    resource: "string",
    details: { map: "any" },
    dependsOn: STRINGS,
    reason: "string",
    disruption: "string",
  },
};

const SEAL: Shape = {
  fields: {
    region: "string",
    accountId: "string",
    needed: { fields: { clusterName: "string", vpcId: "string" } },
    ignoredTags: STRINGS,
    stacks: { map: { map: { fields: { name: "string", fields: { map: "string" } } } } },
  },
};

const PLAN_FILE: Shape = {
  fields: {
    formatVersion: "number",
    digest: "string",
    inputs: { fields: { digests: { fields: { desired: "string", inventory: "string" } } }, optional: { seal: SEAL } },
    stacks: { list: { fields: { id: "string", members: STRINGS, changes: { list: CHANGE } } } },
    actions: { list: ACTION },
    diagnostics: {
      list: { fields: { code: "string", severity: { oneOf: ["error", "warning", "info"] }, message: "string" } },
    },
    summary: {
      fields: {
        create: "number",
        update: "number",
        replace: "number",
        delete: "number",
        writes: "number",
        kubernetesWrites: "number",
      },
    },
  },
};
