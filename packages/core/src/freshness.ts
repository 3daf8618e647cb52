/** Whether a saved plan may still be carried out: what its stacks were when it was made, and what they are now. */
import { diagnose } from "./diagnostics/diagnose.ts";
import { inventoryNeeded } from "./diff/inventory-needed.ts";
import { narrowInventory } from "./diff/narrow-inventory.ts";
import { sortByOwner } from "./diff/owned.ts";
import { stackRecords } from "./diff/stack-records.ts";
import { inventoryForDigest } from "./digest.ts";
import { compareStrings } from "./lib/compare.ts";
import { stableDigest } from "./lib/stable-digest.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import { CLUSTER_STACK, type DesiredGraph, type Stack } from "./model/graph.ts";
import type { Inventory } from "./model/inventory.ts";
import type { Plan, PlanOptions, PlanSeal, SealedStack } from "./model/plan.ts";
import type { StringMap } from "./model/value.ts";

/**
 * The plan with a seal: what exists of the stacks that it changes, as digests of the fields that it was made from. The
 * arguments are those that it was made with.
 */
export function sealPlan(plan: Plan, desired: DesiredGraph, inventory: Inventory, options: PlanOptions = {}): Plan {
  const needed = inventoryNeeded(desired, options);
  const ignoredTags = [...desired.settings.externalManagedTags].sort(compareStrings);
  const changed = [...new Set(plan.actions.map(({ stack }) => stack))].sort(compareStrings);
  const stacks = changed.map((id) => {
    const specified = attributesOf(id === CLUSTER_STACK ? desired.clusterStack : desired.stacks[id]);
    const matters = (field: string): boolean => !field.startsWith("attributes/") || specified.has(field);
    const records = recordsOf(inventory, { needed, ignoredTags }, id).map(({ arn, name, digests }) => {
      const fields = Object.entries(digests).filter(([field]) => matters(field));
      return [arn, { name, fields: Object.fromEntries(fields) }] as const;
    });
    return [id, Object.fromEntries(records)] as const;
  });
  const { region, accountId } = inventory;
  const seal: PlanSeal = { region, accountId, needed, ignoredTags, stacks: Object.fromEntries(stacks) };
  return { ...plan, inputs: { ...plan.inputs, seal } };
}

/** Attributes that nobody specifies are nobody's concern. */
function attributesOf(stack: Stack | undefined): ReadonlySet<string> {
  const keys = Object.values(stack?.resources ?? {}).flatMap(({ spec }) =>
    "attributes" in spec ? Object.keys(spec.attributes ?? {}) : [],
  );
  return new Set(keys.map((key) => `attributes/${key}`));
}

interface DigestedRecord {
  readonly arn: string;
  readonly name: string;
  readonly digests: { readonly [field: string]: string };
}

function recordsOf(
  inventory: Inventory,
  { needed, ignoredTags }: Pick<PlanSeal, "needed" | "ignoredTags">,
  stack: string,
): readonly DigestedRecord[] {
  const { clusterName, vpcId } = needed;
  const owned = sortByOwner(narrowInventory(inventory, needed), clusterName, vpcId);
  return stackRecords(owned, stack).map(({ arn, name, fields }) => {
    const digests = Object.entries(fields).map(([field, value]) => [
      field,
      short(field === "tags" ? without(value as StringMap, ignoredTags) : value),
    ]);
    return { arn, name, digests: Object.fromEntries(digests) };
  });
}

function without(tags: StringMap, ignored: readonly string[]): StringMap {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !ignored.includes(key)));
}

/** Long enough that no change goes unseen, short enough to be kept for every field. */
function short(value: unknown): string {
  return stableDigest(value).slice(0, 12);
}

/**
 * Why a plan mustn't be carried out on what exists now, one diagnostic for each of its stacks that isn't what the plan was
 * made for; none if it may. Other stacks don't count, nor do states, health and what nobody specifies. A plan without a
 * seal must find the whole inventory as it was.
 */
export function stalePlan(plan: Plan, inventory: Inventory): readonly Diagnostic[] {
  const { digests, seal } = plan.inputs;
  if (seal === undefined) {
    const [now, then] = [stableDigest(inventoryForDigest(inventory)), digests.inventory];
    if (now === then) return [];
    const texts = [now, then].map((digest) => digest.slice(0, 12));
    return [diagnose("plan.stale", `What exists has the digest ${texts[0]}; the plan was made for ${texts[1]}.`)];
  }
  const { region, accountId, needed, stacks } = seal;
  const place = ({ region: r, accountId: a, vpcId: v }: Pick<Inventory, "region" | "accountId" | "vpcId">): string =>
    `account ${a}, region ${r}, VPC ${v}`;
  const planned = place({ region, accountId, vpcId: needed.vpcId });
  if (place(inventory) !== planned) {
    return [diagnose("plan.stale", `The plan was made for ${planned}; this is ${place(inventory)}.`)];
  }
  return Object.entries(stacks).flatMap(([stack, then]) => {
    const differences = differencesOf(then, recordsOf(inventory, seal, stack));
    if (differences.length === 0) return [];
    const message = `What exists of ${stack} isn't what the plan was made for: ${inWords(differences)}.`;
    return [diagnose("plan.stale", message, { stack })];
  });
}

/** One clause for each record that isn't as it was. */
function differencesOf(then: SealedStack, now: readonly DigestedRecord[]): readonly string[] {
  const known = new Map(now.map((record) => [record.arn, record]));
  const changed = Object.entries(then).flatMap(([arn, { name, fields }]) => {
    const digests = known.get(arn)?.digests;
    if (digests === undefined) return [`${name} is gone`];
    // Of attributes those count that somebody specifies: they have a digest, if they exist.
    const added = Object.keys(digests).filter(
      (field) => !Object.hasOwn(fields, field) && !field.startsWith("attributes/"),
    );
    const other = Object.keys(fields).filter((field) => digests[field] !== fields[field]);
    const all = [...other, ...added].sort(compareStrings);
    return all.length === 0 ? [] : [`${name} differs in ${all.map(fieldInWords).join(", ")}`];
  });
  const created = now.filter(({ arn }) => !Object.hasOwn(then, arn)).map(({ name }) => `${name} is new`);
  return [...changed, ...created];
}

function fieldInWords(field: string): string {
  return field.startsWith("attributes/") ? `attribute ${field.slice("attributes/".length)}` : field;
}

/** So many are told one by one. */
const TOLD = 6;

function inWords(differences: readonly string[]): string {
  const rest = differences.length - TOLD;
  return [...differences.slice(0, TOLD), ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}
