/** TargetGroupBindings, written only when LBC's own controller shall register the targets. Matched by target group ARN. */
import equal from "fast-deep-equal";
import { compareStrings } from "../lib/compare.ts";
import type { FieldChange } from "../model/change.ts";
import type { Existing } from "../model/inventory.ts";
import { resourceKey } from "../model/resource.ts";
import type { TargetGroupBindingSpec } from "../model/target-group-binding.ts";
import { isUnknown, STRING_MAP_FIELDS } from "../model/value.ts";
import { creation, type DiffContext, deletion, desiredOf, matched, resolveReferences, updating } from "./context.ts";
import type { Difference } from "./difference.ts";
import { diffField } from "./fields.ts";
import { everyOwned } from "./owned.ts";

/** None with `targetRegistration: "direct"`: then the plan's executor registers targets, and bindings of LBC stay untouched. */
export function diffTargetGroupBindings(context: DiffContext): readonly Difference<"targetGroupBinding">[] {
  if (context.settings.targetRegistration === "direct") return [];
  const kept = new Set<string>();
  const wanted = desiredOf(context, "targetGroupBinding").flatMap(
    ({ id, spec }): readonly Difference<"targetGroupBinding">[] => {
      const desired = resolveReferences(context, spec);
      const existing =
        typeof desired.targetGroupArn === "string" ? (context.owned.bindings.get(desired.targetGroupArn) ?? []) : [];
      if (existing.length === 0) return [{ change: creation(context, "targetGroupBinding", id, desired), desired }];
      return existing.map((binding) => {
        kept.add(binding.arn);
        matched(context, resourceKey("targetGroupBinding", id), binding.arn);
        return {
          change: updating(context, "targetGroupBinding", id, binding.arn, fieldsOf(desired, binding)),
          desired: { ...desired, name: binding.spec.name },
          existing: binding,
        };
      });
    },
  );
  const unwanted = everyOwned(context.mine.targetGroups).flatMap(({ id, item }) =>
    (context.owned.bindings.get(item.arn) ?? [])
      .filter(({ arn }) => !kept.has(arn))
      .map((existing) => ({
        change: deletion(context, "targetGroupBinding", id, existing.arn, existing.spec),
        existing,
      })),
  );
  return [...wanted, ...unwanted];
}

/** Every field but the names counts: an update replaces labels and spec as a whole, as LBC's merge patch does. */
function fieldsOf(
  desired: TargetGroupBindingSpec,
  { spec }: Existing<TargetGroupBindingSpec<string>>,
): readonly FieldChange[] {
  const { namespace: _namespace, name: _name, networking, ...rest } = desired;
  const current: { readonly [field: string]: unknown } = { ...spec };
  const fields = Object.entries(rest)
    .sort(([a], [b]) => compareStrings(a, b))
    .flatMap(([key, value]) => (key === "multiClusterTargetGroup" ? [] : diffField(`/${key}`, current[key], value)));
  const removed = spec.nodeSelector !== undefined && desired.nodeSelector === undefined;
  return [
    ...fields,
    ...(removed ? diffField("/nodeSelector", spec.nodeSelector, undefined) : []),
    ...diffField(
      "/multiClusterTargetGroup",
      spec.multiClusterTargetGroup ?? false,
      desired.multiClusterTargetGroup ?? false,
    ),
    ...(hasUnknown(networking) || equal(networking, spec.networking)
      ? []
      : diffField("/networking", spec.networking, networking)),
  ];
}

/** A node port that isn't chosen yet. */
function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isUnknown(value)) return true;
  return Object.entries(value).some(([key, item]) => !STRING_MAP_FIELDS.has(key) && hasUnknown(item));
}
