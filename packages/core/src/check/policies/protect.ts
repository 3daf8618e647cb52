/** A policy that keeps chosen resources as they are. */
import type { Action } from "../../model/action.ts";
import type { Change } from "../../model/change.ts";
import type { Inventory } from "../../model/inventory.ts";
import type { Plan } from "../../model/plan.ts";
import { type ResourceKey, type ResourceKind, resourceKey } from "../../model/resource.ts";
import type { StringMap } from "../../model/value.ts";
import { CREATIONS } from "../../order/action-list.ts";
import { type PlanPolicy, withhold } from "./withhold.ts";

/** Chooses what exists; all that is given must be so. An empty selector chooses everything. */
export interface ResourceSelector {
  /** Id of the stack. */
  readonly stack?: string;
  readonly kind?: ResourceKind;
  /** `<kind>/<resource id>`, for instance `targetGroup/shop/web-web:80`. */
  readonly key?: ResourceKey;
  /** A tag that the resource carries; with any value if none is given. */
  readonly tag?: { readonly key: string; readonly value?: string };
}

/** Something that exists, as a selector sees it. */
interface Entity {
  readonly stack: string;
  readonly key: ResourceKey;
  readonly tags: StringMap;
}

/** Fields of an action's details that name what it changes. */
const SUBJECTS = [
  "loadBalancerArn",
  "listenerArn",
  "ruleArn",
  "targetGroupArn",
  "securityGroupId",
  "resourceArn",
  "resourceId",
];

/**
 * What the selector chooses is neither changed nor deleted, nor taken along by the deletion of the load balancer or
 * listener that it belongs to. New resources are made all the same. `inventory` is the one that the plan was made from.
 */
export function protect(selector: ResourceSelector, inventory: Inventory): PlanPolicy {
  return (plan) => {
    const known = changesByArn(plan);
    const touched = plan.actions.filter((action) =>
      entitiesOf(action, plan, inventory, known).some((entity) => matches(selector, entity)),
    );
    return withhold(plan, "protect", { actions: touched.map(({ id }) => id) });
  };
}

function matches(selector: ResourceSelector, { stack, key, tags }: Entity): boolean {
  const { tag } = selector;
  return (
    (selector.stack === undefined || selector.stack === stack) &&
    (selector.kind === undefined || key.startsWith(`${selector.kind}/`)) &&
    (selector.key === undefined || selector.key === key) &&
    (tag === undefined || (Object.hasOwn(tags, tag.key) && (tag.value === undefined || tags[tag.key] === tag.value)))
  );
}

/** Changes of what exists. */
function changesByArn({ stacks }: Plan): ReadonlyMap<string, Change> {
  const changes = stacks.flatMap((stack) => stack.changes);
  return new Map(changes.flatMap((change) => (change.arn === undefined ? [] : [[change.arn, change] as const])));
}

/** What exists and an action changes or takes away. */
function entitiesOf(
  action: Action,
  { stacks }: Plan,
  inventory: Inventory,
  known: ReadonlyMap<string, Change>,
): readonly Entity[] {
  const { stack, resource, kind } = action;
  if (kind === "wait" || CREATIONS.has(kind)) return [];
  const change = stacks.find(({ id }) => id === stack)?.changes.find((one) => one.resource === resource);
  if (change?.kind === "create") return [];
  const arns = [...new Set(subjectsOf(action).flatMap((arn) => [arn, ...partsOf(arn, kind, inventory)]))];
  const own: Entity = { stack, key: resource, tags: tagsOf(change?.arn ?? arns[0], inventory) };
  return [
    own,
    ...arns.map((arn): Entity => {
      const planned = known.get(arn);
      return {
        stack: planned?.stack ?? stack,
        key: planned?.resource ?? keyOf(arn, inventory) ?? resource,
        tags: tagsOf(arn, inventory),
      };
    }),
  ];
}

/** ARNs and ids that exist and that the action's call names as what it changes. */
function subjectsOf(action: Action): readonly string[] {
  const details: { readonly [field: string]: unknown } = { ...action.details };
  const named = SUBJECTS.map((field) => details[field]);
  const rules = action.kind === "setRulePriorities" ? action.details.priorities.map(({ ruleArn }) => ruleArn) : [];
  const certificate = action.kind === "deleteCertificate" ? [action.details.certificateArn] : [];
  return [...named, ...rules, ...certificate].filter((value) => typeof value === "string");
}

/** What goes with a load balancer or listener. */
function partsOf(arn: string, kind: Action["kind"], inventory: Inventory): readonly string[] {
  if (kind !== "deleteLoadBalancer" && kind !== "deleteListener") return [];
  const listeners = Object.values(inventory.listeners).filter((one) =>
    kind === "deleteListener" ? one.arn === arn : one.spec.loadBalancerArn === arn,
  );
  const listenerArns = new Set(listeners.map((one) => one.arn));
  const rules = Object.values(inventory.listenerRules).filter(({ spec }) => listenerArns.has(spec.listenerArn));
  return [...listenerArns, ...rules.map((rule) => rule.arn)];
}

/** The key of what no change names. Only listeners and rules have one that can be told from what exists. */
function keyOf(arn: string, { listeners, listenerRules }: Inventory): ResourceKey | undefined {
  const listener = own(listeners, arn);
  if (listener !== undefined) return resourceKey("listener", String(listener.spec.port));
  const rule = own(listenerRules, arn);
  if (rule === undefined) return undefined;
  const port = own(listeners, rule.spec.listenerArn)?.spec.port;
  return resourceKey("listenerRule", `${port}:${rule.spec.priority}`);
}

function tagsOf(arn: string | undefined, inventory: Inventory): StringMap {
  if (arn === undefined) return {};
  const { loadBalancers, listeners, listenerRules, targetGroups, securityGroups, certificates } = inventory;
  const tables: readonly { readonly [arn: string]: { readonly spec: { readonly tags?: StringMap } } }[] = [
    loadBalancers,
    listeners,
    listenerRules,
    targetGroups,
    securityGroups,
    certificates,
  ];
  return tables.map((table) => own(table, arn)).find((one) => one !== undefined)?.spec.tags ?? {};
}

function own<T>(table: { readonly [arn: string]: T }, arn: string): T | undefined {
  return Object.hasOwn(table, arn) ? table[arn] : undefined;
}
