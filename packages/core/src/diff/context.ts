/** What the files of this stage share while one stack is compared. */
import { compareStrings } from "../lib/compare.ts";
import type { Change, ChangeKind, FieldChange } from "../model/change.ts";
import { type Resource, type ResourceKey, type ResourceKind, type ResourceOf, resourceKey } from "../model/resource.ts";
import type { Settings } from "../model/settings.ts";
import { isReference, STRING_MAP_FIELDS, type StringMap } from "../model/value.ts";
import { allTags } from "../resolve/ownership-tags.ts";
import { wholeSpec } from "./fields.ts";
import { entry, type Owned, type OwnedStack } from "./owned.ts";
import { createReason, deleteReason, updateReason } from "./reason.ts";

/** ARNs (or ids) of what exists and stays, by stack id and resource key. */
export type Matches = Map<string, Map<ResourceKey, string>>;

export interface DiffContext {
  readonly settings: Settings;
  /** Something of the input couldn't be read: absence from it means nothing. */
  readonly isIncomplete: boolean;
  readonly stack: string;
  readonly desired: ReadonlyMap<ResourceKind, readonly Resource[]>;
  readonly owned: Owned;
  readonly mine: OwnedStack;
  /** Filled in as resources are matched: those that others refer to come first. */
  readonly matches: Matches;
}

/** Sorts the resources of a stack by kind and id. */
export function byKind(resources: {
  readonly [key: ResourceKey]: Resource;
}): ReadonlyMap<ResourceKind, readonly Resource[]> {
  const kinds = new Map<ResourceKind, Resource[]>();
  for (const resource of Object.values(resources)) entry(kinds, resource.kind, () => []).push(resource);
  for (const list of kinds.values()) list.sort((a, b) => compareStrings(a.id, b.id));
  return kinds;
}

/** The desired resources of one kind, ascending id. */
export function desiredOf<K extends ResourceKind>(context: DiffContext, kind: K): readonly ResourceOf<K>[] {
  // The map was sorted by kind, so that a list of kind K holds nothing else.
  return (context.desired.get(kind) ?? []) as readonly Resource[] as readonly ResourceOf<K>[];
}

/** Notes that a desired resource exists. */
export function matched(context: DiffContext, key: ResourceKey, arn: string): void {
  entry(context.matches, context.stack, () => new Map()).set(key, arn);
}

/** The ARN or id of a desired resource that exists and stays. */
export function matchOf(context: Resolving, key: ResourceKey, stack: string = context.stack): string | undefined {
  return context.matches.get(stack)?.get(key);
}

/** Replaces the references to what exists by its ARN or id, at any depth; other references stay, and what holds none is shared. */
export function resolveReferences<T>(context: Resolving, value: T): T {
  return resolve(context, value) as T;
}

/** What says which stack a reference stands in, and what exists. */
type Resolving = Pick<DiffContext, "stack" | "matches">;

function resolve(context: Resolving, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isReference(value)) {
    if (value.field === "dnsName") return value;
    return matchOf(context, value.ref, value.stack) ?? value;
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => resolve(context, item));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const fields = value as { readonly [key: string]: unknown };
  let changed: { [key: string]: unknown } | undefined;
  for (const key of Object.keys(fields)) {
    if (STRING_MAP_FIELDS.has(key)) continue;
    const resolved = resolve(context, fields[key]);
    if (resolved === fields[key]) continue;
    changed ??= { ...fields };
    changed[key] = resolved;
  }
  return changed ?? value;
}

/** A spec's tags together with the ownership tags. */
export function tagsOf(context: DiffContext, id: string, tags: StringMap | undefined): StringMap {
  return allTags(context.settings.clusterName, context.stack, id, tags);
}

interface ChangeParts {
  readonly arn?: string;
  readonly fields?: readonly FieldChange[];
  readonly reason: string;
  readonly replacePaths?: readonly string[];
}

function change(context: DiffContext, kind: ChangeKind, type: ResourceKind, id: string, parts: ChangeParts): Change {
  const { arn, fields = [], reason, replacePaths } = parts;
  return {
    kind,
    stack: context.stack,
    resource: resourceKey(type, id),
    type,
    ...(arn === undefined ? {} : { arn }),
    fields,
    reason,
    ...(replacePaths === undefined ? {} : { replacePaths }),
  };
}

/** The change of something that doesn't exist. */
export function creation(context: DiffContext, type: ResourceKind, id: string, spec: object): Change {
  return change(context, "create", type, id, { fields: wholeSpec(spec, "after"), reason: createReason(type) });
}

/** The change of something that nobody asks for. */
export function deletion(context: DiffContext, type: ResourceKind, id: string, arn: string, spec: object): Change {
  return change(context, "delete", type, id, { arn, fields: wholeSpec(spec, "before"), reason: deleteReason(type) });
}

/** `update`, or `keep` when there is no difference. */
export function updating(
  context: DiffContext,
  type: ResourceKind,
  id: string,
  arn: string,
  fields: readonly FieldChange[],
): Change {
  return fields.length === 0
    ? change(context, "keep", type, id, { arn, reason: "nothing differs" })
    : change(context, "update", type, id, { arn, fields, reason: updateReason(fields) });
}

/** The change of something that can't get its new fields in place. */
export function replacement(
  context: DiffContext,
  type: ResourceKind,
  id: string,
  arn: string,
  fields: readonly FieldChange[],
): Change {
  const reason = `${updateReason(fields)}, which AWS allows only for a new resource`;
  return change(context, "replace", type, id, { arn, fields, reason, replacePaths: fields.map(({ path }) => path) });
}
