/** Matches what carries a resource-ID tag: load balancers, target groups, security groups, certificates. */
import type { FieldChange } from "../model/change.ts";
import type { Existing } from "../model/inventory.ts";
import { type ResourceOf, resourceKey, type SpecByKind } from "../model/resource.ts";
import {
  creation,
  type DiffContext,
  deletion,
  desiredOf,
  matched,
  replacement,
  resolveReferences,
  tagsOf,
  updating,
} from "./context.ts";
import type { Difference } from "./difference.ts";
import { type ById, everyOwned } from "./owned.ts";

type TaggedKind = "securityGroup" | "certificate" | "targetGroup" | "loadBalancer";
type Found<K extends TaggedKind> = Existing<SpecByKind<string>[K]>;

interface Rules<K extends TaggedKind> {
  readonly kind: K;
  readonly owned: ById<Found<K>>;
  /** Differences that force a new resource; none: it can be kept. */
  readonly replacing: (desired: SpecByKind[K], existing: Found<K>) => readonly FieldChange[];
  readonly updating: (desired: SpecByKind[K], existing: Found<K>) => readonly FieldChange[];
  /** Which of several twins the others refer to; the rest is updated alike, or deleted. */
  readonly twins: "last, update all" | "first, delete others";
}

/**
 * Compares by resource id, ascending. As in LBC, every twin that needs no replacement counts as the resource; those
 * that do go away, and only if none is left a new one is made.
 */
export function diffByResourceId<K extends TaggedKind>(
  context: DiffContext,
  rules: Rules<K>,
): readonly Difference<K>[] {
  const wanted = desiredOf(context, rules.kind);
  const ids = new Set(wanted.map(({ id }) => id));
  const unwanted = everyOwned(rules.owned).filter(({ id }) => !ids.has(id));
  return [
    ...wanted.flatMap((resource) => diffOne(context, rules, resource)),
    ...unwanted.map(({ id, item }) => ({
      change: deletion(context, rules.kind, id, item.arn, item.spec),
      existing: item,
    })),
  ];
}

function diffOne<K extends TaggedKind>(
  context: DiffContext,
  rules: Rules<K>,
  resource: ResourceOf<K>,
): readonly Difference<K>[] {
  const { kind } = rules;
  const { id } = resource;
  const spec: SpecByKind[K] = resource.spec;
  const desired = { ...resolveReferences(context, spec), tags: tagsOf(context, id, spec.tags) };
  const twins = (rules.owned.get(id) ?? []).map((existing) => ({
    existing,
    replacing: rules.replacing(desired, existing),
  }));
  const usable = twins.filter(({ replacing }) => replacing.length === 0).map(({ existing }) => existing);
  const outdated = twins.filter(({ replacing }) => replacing.length > 0);
  const gone = (existing: Found<K>): Difference<K> => ({
    change: deletion(context, kind, id, existing.arn, existing.spec),
    existing,
  });
  const update = (existing: Found<K>): Difference<K> => ({
    change: updating(context, kind, id, existing.arn, rules.updating(desired, existing)),
    desired,
    existing,
  });

  const chosen = rules.twins === "last, update all" ? usable.at(-1) : usable[0];
  if (chosen !== undefined) {
    matched(context, resourceKey(kind, id), chosen.arn);
    return [
      ...usable.map((existing) =>
        existing === chosen || rules.twins === "last, update all" ? update(existing) : gone(existing),
      ),
      ...outdated.map(({ existing }) => gone(existing)),
    ];
  }
  const [first, ...others] = outdated;
  if (first === undefined) return [{ change: creation(context, kind, id, desired), desired }];
  return [
    { change: replacement(context, kind, id, first.existing.arn, first.replacing), desired, existing: first.existing },
    ...others.map(({ existing }) => gone(existing)),
  ];
}
