/**
 * Takes actions out of a plan so that what is left is still a plan.
 *
 * With an action goes everything that depends on it. What is left is then closed under dependencies: it is what somebody
 * has done who works in parallel and stopped, and every such configuration keeps the guarantees of the whole plan.
 * Some things are done wholly or not at all besides, so that nothing half done stays for good:
 * - a replacement: its deletion, its creation and what is built on that;
 * - a new listener with all its rules;
 * - the rule changes of a stack, once its rules can't take their final places.
 */
import { diagnose } from "../../diagnostics/diagnose.ts";
import { updateReason } from "../../diff/reason.ts";
import type { Action } from "../../model/action.ts";
import type { Change } from "../../model/change.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { CLUSTER_STACK } from "../../model/graph.ts";
import type { Plan, PlannedStack } from "../../model/plan.ts";
import { isReference, type Value } from "../../model/value.ts";
import { summarize } from "../../order/summary.ts";

/** A plan with less in it. Pure; a policy that has nothing to object to returns the plan itself. */
export type PlanPolicy = (plan: Plan) => Plan;

export interface Withheld {
  /** Ids of actions that aren't to be done. */
  readonly actions: Iterable<string>;
  /** Actions that are done in part only, by id. */
  readonly rewritten?: ReadonlyMap<string, Action>;
  /** Fields that stay as they are, of changes that are carried out otherwise. */
  readonly isIgnored?: (change: Change, path: string) => boolean;
}

/** Actions named in one message. */
const NAMED = 5;

/** The plan without these actions and what hangs on them, with a diagnostic for each stack that says what is left out. */
export function withhold(plan: Plan, policy: string, { actions, rewritten, isIgnored }: Withheld): Plan {
  const gone = closure(plan, actions);
  const parts = [...(rewritten?.keys() ?? [])].filter((id) => !gone.has(id));
  if (gone.size === 0 && parts.length === 0) return plan;
  const kept = plan.actions.filter(({ id }) => !gone.has(id)).map((action) => rewritten?.get(action.id) ?? action);
  const stacks = plan.stacks
    .map(
      (stack): PlannedStack => ({
        ...stack,
        changes: stack.changes.flatMap((change) => remaining(change, plan.actions, gone, isIgnored)),
      }),
    )
    .filter(({ id, changes }) => id !== CLUSTER_STACK || changes.length > 0);
  return {
    ...plan,
    stacks,
    actions: kept,
    diagnostics: [...plan.diagnostics, ...diagnosticsOf(plan, policy, gone, new Set(parts))],
    summary: summarize(stacks, kept),
  };
}

function closure(plan: Plan, first: Iterable<string>): ReadonlySet<string> {
  const gone = new Set(first);
  if (gone.size === 0) return gone;
  for (let size = -1; size !== gone.size; ) {
    size = gone.size;
    addDependents(plan.actions, gone);
    for (const id of brokenReplacements(plan, gone)) gone.add(id);
    for (const id of brokenRuleChanges(plan.actions, gone)) gone.add(id);
  }
  for (const id of idleWaits(plan.actions, gone)) gone.add(id);
  return gone;
}

/** Actions come after what they depend on, so once through is enough. */
function addDependents(actions: readonly Action[], ids: Set<string>): void {
  for (const { id, dependsOn } of actions) if (dependsOn.some((other) => ids.has(other))) ids.add(id);
}

function brokenReplacements({ stacks, actions }: Plan, gone: ReadonlySet<string>): readonly string[] {
  const replaced = stacks.flatMap(({ changes }) => changes.filter(({ kind }) => kind === "replace"));
  return replaced.flatMap(({ stack, resource }) => {
    const own = actions.filter((action) => action.stack === stack && action.resource === resource);
    const built = new Set(own.map(({ id }) => id));
    addDependents(actions, built);
    return [...built].some((id) => gone.has(id)) ? own.map(({ id }) => id) : [];
  });
}

function brokenRuleChanges(actions: readonly Action[], gone: ReadonlySet<string>): readonly string[] {
  const unordered = new Set<string>();
  const incomplete = new Set<string>();
  for (const action of actions) {
    if (!gone.has(action.id)) continue;
    if (action.kind === "setRulePriorities") unordered.add(action.stack);
    if (action.kind !== "createRule") continue;
    const { listenerArn } = action.details.spec;
    if (isReference(listenerArn)) incomplete.add(`${action.stack} ${listenerArn.ref}`);
  }
  return actions.flatMap((action) => {
    const { id, kind, stack, resource } = action;
    const isRuleChange =
      kind === "modifyRule" ||
      kind === "setRulePriorities" ||
      kind === "deleteRule" ||
      (kind === "createRule" && !isReference(action.details.spec.listenerArn));
    if (isRuleChange && unordered.has(stack)) return [id];
    return kind === "createListener" && incomplete.has(`${stack} ${resource}`) ? [id] : [];
  });
}

/** Waits for whose end nobody waits any more. */
function idleWaits(actions: readonly Action[], gone: ReadonlySet<string>): readonly string[] {
  const idle = new Set<string>();
  for (const { id, kind } of actions.toReversed()) {
    if (kind !== "wait" || gone.has(id)) continue;
    const dependents = actions.filter(({ dependsOn }) => dependsOn.includes(id));
    if (dependents.length > 0 && dependents.every((other) => gone.has(other.id) || idle.has(other.id))) idle.add(id);
  }
  return [...idle];
}

/** The change as far as it is still carried out. */
function remaining(
  change: Change,
  actions: readonly Action[],
  gone: ReadonlySet<string>,
  isIgnored: Withheld["isIgnored"],
): readonly Change[] {
  const carriers = carriersOf(change, actions);
  if (carriers.length > 0 && carriers.every(({ id }) => gone.has(id))) return [];
  if (isIgnored === undefined || change.kind !== "update") return [change];
  const fields = change.fields.filter(({ path }) => !isIgnored(change, path));
  if (fields.length === change.fields.length) return [change];
  return fields.length === 0 ? [] : [{ ...change, fields, reason: updateReason(fields) }];
}

/** The actions that carry a change out: its resource's own; else what takes the resource along. */
function carriersOf(change: Change, actions: readonly Action[]): readonly Action[] {
  const inStack = actions.filter(({ stack }) => stack === change.stack);
  const isThis = (name: Value): boolean =>
    isReference(name) ? name.ref === change.resource : typeof name === "string" && name === change.arn;
  const own = inStack.filter(
    (action) =>
      action.resource === change.resource ||
      (action.kind === "setRulePriorities" && action.details.priorities.some(({ ruleArn }) => isThis(ruleArn))),
  );
  if (own.length > 0 || change.kind !== "delete") return own;
  return inStack.filter(({ kind }) => kind === "deleteLoadBalancer" || kind === "deleteListener");
}

function diagnosticsOf(
  { actions }: Plan,
  policy: string,
  gone: ReadonlySet<string>,
  parts: ReadonlySet<string>,
): readonly Diagnostic[] {
  const byStack = new Map<string, string[]>();
  for (const { id, kind, stack, resource } of actions) {
    if (kind === "wait" || !(gone.has(id) || parts.has(id))) continue;
    const names = byStack.get(stack) ?? [];
    names.push(`${parts.has(id) ? "part of " : ""}${kind} ${resource}`);
    byStack.set(stack, names);
  }
  return [...byStack].map(([stack, names]) => {
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
    const message = `Policy ${policy} withholds ${names.slice(0, NAMED).join(", ")}${more}.`;
    return diagnose("plan.action-withheld", message, { stack });
  });
}
