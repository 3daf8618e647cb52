/** From inputs to graph and plan, with causes and places in files filled in. */
import {
  buildDesired,
  buildExplained,
  type DesiredGraph,
  type Diagnostic,
  diagnose,
  locate,
  type Plan,
  type PlanOptions,
  type PolicyTexts,
  type Positions,
  plan,
  policyOf,
  readPolicies,
  type Source,
} from "@elbplan/core";
import type { Inputs } from "./inputs.ts";
import type { PlanningOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";
import { unmanagedDiagnostics } from "./unmanaged.ts";

/** The desired graph; its diagnostics begin with those of reading the input. */
export function buildGraph(inputs: Inputs): DesiredGraph {
  return withReading(inputs, buildDesired(...buildArguments(inputs)));
}

function withReading(inputs: Inputs, graph: DesiredGraph): DesiredGraph {
  return { ...graph, diagnostics: together(inputs, graph, graph.diagnostics) };
}

/** The desired graph and where everything in it comes from. */
export function explainGraph(inputs: Inputs): {
  readonly graph: DesiredGraph;
  readonly provenance: ReturnType<typeof buildExplained>["provenance"];
} {
  const { desired, provenance } = buildExplained(...buildArguments(inputs));
  return { graph: withReading(inputs, desired), provenance };
}

/** What was agreed to. */
export function planOptions({ allowReplace, allowDelete, prune, warm, drain }: PlanningOptions): PlanOptions {
  return {
    allowReplace: allowReplace === true,
    allowDelete: allowDelete === true,
    prune: prune === true,
    warm: warm !== false,
    drain: drain === true,
  };
}

/** How far the plan goes: the option's mode before the file's, what either protects or ignores. Texts that choose nothing are refused. */
function policyTexts({ policies }: Inputs, { policyMode, protect = [], ignore = [] }: PlanningOptions): PolicyTexts {
  const texts = {
    mode: policyMode ?? policies.mode ?? "sync",
    protect: [...(policies.protect ?? []), ...protect],
    ignore: [...(policies.ignore ?? []), ...ignore],
  };
  const read = readPolicies(texts);
  if ("problems" in read) throw new Refusal(read.problems.join(" "));
  return texts;
}

/** Whether a policy may leave something undone. */
export function hasPolicy(inputs: Inputs, planning: PlanningOptions): boolean {
  const { mode, protect = [], ignore = [] } = policyTexts(inputs, planning);
  return mode !== "sync" || protect.length + ignore.length > 0;
}

/** The plan, as `planGraph` makes it. */
export function makePlan(inputs: Inputs, planning: PlanningOptions): Plan {
  return planGraph(inputs, planning).made;
}

/**
 * The plan and the graph that it leads to. Its diagnostics begin with those of reading the input, its changes tell what
 * caused them, and what is drift from the last goal if there is one.
 */
export function planGraph(
  inputs: Inputs,
  planning: PlanningOptions,
  lastGoal?: DesiredGraph,
): { readonly graph: DesiredGraph; readonly made: Plan } {
  const policies = policyTexts(inputs, planning);
  const { positions, sentClients } = inputs;
  const options: PlanOptions = {
    ...planOptions(planning),
    ...(lastGoal && { lastGoal }),
    ...(sentClients && { sentClients }),
  };
  const { desired: graph, provenance } = buildExplained(...buildArguments(inputs));
  const made = policyOf(policies, inputs.account)(plan(graph, inputs.account, options, provenance));
  const placed: Plan = {
    ...made,
    stacks: made.stacks.map((stack) => ({
      ...stack,
      changes: stack.changes.map((change) => ({
        ...withPlace(change, positions),
        fields: change.fields.map((field) => withPlace(field, positions)),
      })),
    })),
    actions: made.actions.map((action) => withPlace(action, positions)),
    diagnostics: [...together(inputs, graph, made.diagnostics), ...targetsUntold(graph)],
  };
  return { graph, made: placed };
}

/** A graph that would register targets says nothing of permissions only when nothing tells where traffic ends. */
function targetsUntold({ settings, endpointPermissions }: DesiredGraph): readonly Diagnostic[] {
  if (settings.targetRegistration !== "direct" || endpointPermissions !== undefined) return [];
  const message = "The input holds neither Nodes nor EndpointSlices; the targets of target groups are left alone.";
  return [diagnose("targets.not-given", message)];
}

/** Whether any diagnostic is an error. */
export function hasErrors({ diagnostics }: { readonly diagnostics: Plan["diagnostics"] }): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function together(
  { snapshot, positions, diagnostics }: Inputs,
  { stacks, unmanaged }: DesiredGraph,
  made: readonly Diagnostic[],
): readonly Diagnostic[] {
  // The graph says more of EKS Auto Mode than that it isn't ours.
  const explained = made
    .filter(({ code }) => code === "class.auto-mode")
    .map(({ object }) => `${object?.namespace}/${object?.name}`);
  // What leaves a group and is still held by our finalizer is cleaned up, so it isn't left alone.
  const leaving = new Set(Object.values(stacks).flatMap(({ inactiveMembers }) => inactiveMembers));
  const strangers = unmanaged.filter((key) => !leaving.has(key));
  const leftAlone = unmanagedDiagnostics(snapshot, strangers).filter(
    ({ object }) => !explained.includes(`${object?.namespace}/${object?.name}`),
  );
  return locate([...diagnostics, ...leftAlone, ...made], positions);
}

/** Without an account or inventory, what the facts tell of load balancers serves instead. */
function buildArguments(inputs: Inputs): Parameters<typeof buildDesired> {
  const { snapshot, facts, settings, account, accountGiven } = inputs;
  return [snapshot, facts, accountGiven ? account : undefined, settings];
}

function withPlace<T extends { readonly source?: Source }>(thing: T, positions: Positions): T {
  const { source } = thing;
  if (source?.object === undefined || source.at !== undefined) return thing;
  const at = positions(source.object, source.field);
  return at === undefined ? thing : { ...thing, source: { ...source, at } };
}
