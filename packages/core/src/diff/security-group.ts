/** Security groups: tags and ingress permissions. Name and description can't be changed and are left as they are. */
import { stableJson } from "../lib/stable-json.ts";
import type { FieldChange } from "../model/change.ts";
import { resourceKey } from "../model/resource.ts";
import type { Permission } from "../model/security-group.ts";
import type { Json } from "../model/value.ts";
import { ignoredTagKeys } from "../resolve/ownership-tags.ts";
import { diffByResourceId } from "./by-resource-id.ts";
import { type DiffContext, desiredOf, matched } from "./context.ts";
import type { Difference } from "./difference.ts";
import { diffTags } from "./tags.ts";

/** As in LBC, the first of several twins is kept and the others go. */
export function diffSecurityGroups(context: DiffContext): readonly Difference<"securityGroup">[] {
  const ignored = ignoredTagKeys(context.settings);
  // Permissions of one group may name another, or the group itself: all must be known before any is compared.
  for (const { id } of desiredOf(context, "securityGroup")) {
    const first = context.mine.securityGroups.get(id)?.[0];
    if (first !== undefined) matched(context, resourceKey("securityGroup", id), first.arn);
  }
  return diffByResourceId(context, {
    kind: "securityGroup",
    owned: context.mine.securityGroups,
    twins: "first, delete others",
    replacing: () => [],
    updating: (desired, { spec }) => [
      ...permissionFields(spec.ingress, desired.ingress),
      ...diffTags(desired.tags ?? {}, spec.tags, ignored),
    ],
  });
}

/** Permissions to add and to take away. */
export interface PermissionDifference {
  readonly missing: readonly Permission[];
  readonly extra: readonly Permission[];
}

/** What makes two permissions the same; the description isn't part of it (LBC's rule). */
function permissionKey({ protocol, fromPort, toPort, source }: Permission): string {
  return stableJson([protocol, fromPort, toPort, source]);
}

/** Compares permissions as sets; every extra one goes, whoever wrote it, for the group is ours. */
export function diffPermissions(existing: readonly Permission[], desired: readonly Permission[]): PermissionDifference {
  const current = new Map(existing.map((permission) => [permissionKey(permission), permission]));
  const wanted = new Map(desired.map((permission) => [permissionKey(permission), permission]));
  const sorted = (
    map: ReadonlyMap<string, Permission>,
    other: ReadonlyMap<string, Permission>,
  ): readonly Permission[] =>
    [...map.keys()]
      .filter((key) => !other.has(key))
      .sort()
      .flatMap((key) => map.get(key) ?? []);
  return { missing: sorted(wanted, current), extra: sorted(current, wanted) };
}

function permissionFields(existing: readonly Permission[], desired: readonly Permission[]): readonly FieldChange[] {
  const { missing, extra } = diffPermissions(existing, desired);
  return [
    ...missing.map((permission) => ({ path: "/ingress", after: json(permission) })),
    ...extra.map((permission) => ({ path: "/ingress", before: json(permission) })),
  ];
}

function json({ protocol, fromPort, toPort, source }: Permission): Json {
  return { protocol, fromPort, toPort, source: { ...source } } as unknown as Json;
}
