/** What a plan tells of things that exist already, beyond what changes: enough not to take one for another. */
import type { Action } from "../model/action.ts";
import type { Change, FieldChange } from "../model/change.ts";
import type { Inventory } from "../model/inventory.ts";
import { resourceName, splitKey } from "./names.ts";
import { describe, shorten } from "./value-text.ts";

/** Longest text of a rule's conditions beside its name. */
const CONDITIONS = 96;

/**
 * The resource's name for the heading of its change. A rule that exists and stays is named by the number that it has,
 * the one that it gets, and its conditions: `rule 80:3 → 80:2 (host www.loaf.example; path /rolls)`. Numbers alone would
 * name the rule that goes and the one that takes its place alike. The conditions are left out if they are among the
 * changes, or if the inventory doesn't hold the rule.
 */
export function changeName(change: Change, inventory: Inventory | undefined): string {
  const { kind, type, resource, fields } = change;
  if (type !== "listenerRule" || kind !== "update") return resourceName(resource);
  const old = fields.find(({ path }) => path === "/priority")?.before;
  const { id } = splitKey(resource);
  const colon = id.indexOf(":");
  const moved = old === undefined || colon < 0 ? "" : `rule ${id.slice(0, colon)}:${describe(old)} → ${id}`;
  const named = moved === "" ? resourceName(resource) : moved;
  const conditions = fields.some(({ path }) => path === "/conditions") ? undefined : conditionsOf(change, inventory);
  return conditions === undefined ? named : `${named} (${shorten(conditions, CONDITIONS)})`;
}

function conditionsOf({ arn }: Change, inventory: Inventory | undefined): string | undefined {
  const conditions = existingOf(inventory?.listenerRules, arn)?.spec.conditions;
  return conditions === undefined || conditions.length === 0 ? undefined : describe(conditions);
}

/** The name that a load balancer gets by being replaced, if it isn't the one that it has. `actions` carry the change out. */
export function renamed(
  { kind, type, arn }: Change,
  actions: readonly Action[],
  inventory: Inventory | undefined,
): readonly FieldChange[] {
  if (kind !== "replace" || type !== "loadBalancer") return [];
  const before = existingOf(inventory?.loadBalancers, arn)?.spec.name;
  const creation = actions.find((action) => action.kind === "createLoadBalancer");
  const after = creation?.kind === "createLoadBalancer" ? creation.details.spec.name : undefined;
  return before === undefined || after === undefined || before === after ? [] : [{ path: "/name", before, after }];
}

function existingOf<T>(all: { readonly [arn: string]: T } = {}, arn = ""): T | undefined {
  return Object.hasOwn(all, arn) ? all[arn] : undefined;
}
