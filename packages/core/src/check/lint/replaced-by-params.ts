import type { IngressClassParams, KeyValue } from "../../model/ingress-class-params.ts";
import { paramsOf } from "../../read/member.ts";
import type { AnnotationUse } from "./annotation-use.ts";
import { annotationValue, type LintGroup, type LintMember } from "./lint-input.ts";

/** Fields of class params that are read from the first member's class only, and then for all members. */
export const FIRST_MEMBER_FIELDS = [
  "loadBalancerAttributes",
  "minimumLoadBalancerCapacity",
  "ipamConfiguration",
] as const;

/** The field of class params that makes an annotation of a member ineffective, undefined when none does. */
export function replacedBy(
  { name, row }: NonNullable<AnnotationUse["known"]>,
  { member, ingress }: LintMember,
  group: LintGroup,
): { readonly params: IngressClassParams; readonly field: string } | undefined {
  const field = row.params;
  if (field === undefined) return undefined;
  const first = group.members[0]?.member ?? member;
  const holder = (FIRST_MEMBER_FIELDS as readonly string[]).includes(field) ? first : member;
  if (holder.params === undefined) return undefined;
  const spec = paramsOf(holder);
  const replaced = (): boolean => {
    switch (name) {
      case "tags":
        return everyKeyIn(annotationValue(ingress, "tags"), spec.tags);
      case "load-balancer-attributes":
        return everyKeyIn(annotationValue(ingress, "load-balancer-attributes"), spec.loadBalancerAttributes);
      case "listener-attributes":
        return false;
      case "group.name":
        return spec.group?.name !== undefined;
      case "ipam-ipv4-pool-id":
        return isSet(spec.ipamConfiguration?.ipv4IPAMPoolId);
      case "security-group-prefix-lists":
        return isSet(spec.prefixListsIDs ?? spec.PrefixListsIDs);
      default:
        return isSet(spec[field as keyof typeof spec]);
    }
  };
  return replaced() ? { params: holder.params, field: `spec.${field}` } : undefined;
}

/** Empty texts and lists count as absent. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

function everyKeyIn(map: object | undefined, list: readonly KeyValue[] | undefined): boolean {
  const keys = Object.keys(map ?? {});
  return keys.length > 0 && keys.every((key) => list?.some((entry) => entry.key === key) === true);
}
