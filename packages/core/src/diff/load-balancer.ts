/** Load balancers: replaced for type or scheme; name and customer-owned pool are never changed (LBC's rule). */
import { compareStrings } from "../lib/compare.ts";
import type { FieldChange } from "../model/change.ts";
import type { LoadBalancerSpec } from "../model/load-balancer.ts";
import { ignoredTagKeys } from "../resolve/ownership-tags.ts";
import { diffByResourceId } from "./by-resource-id.ts";
import type { DiffContext } from "./context.ts";
import type { Difference } from "./difference.ts";
import { diffAttributes, diffField, diffSet } from "./fields.ts";
import { diffTags } from "./tags.ts";

/** Compares the stack's load balancers by resource id. */
export function diffLoadBalancers(context: DiffContext): readonly Difference<"loadBalancer">[] {
  const ignored = ignoredTagKeys(context.settings);
  const reservesCapacity = context.settings.featureGates.LBCapacityReservation;
  return diffByResourceId(context, {
    kind: "loadBalancer",
    owned: context.mine.loadBalancers,
    twins: "last, update all",
    replacing: (desired, { spec }) => replacingFields(desired, spec),
    updating: (desired, { spec }) => [
      ...networkFields(desired, spec),
      ...diffAttributes(spec.attributes, desired.attributes),
      ...diffField("/ipv4IpamPoolId", spec.ipv4IpamPoolId, desired.ipv4IpamPoolId),
      ...(reservesCapacity ? capacityFields(desired, spec) : []),
      ...diffTags(desired.tags ?? {}, spec.tags, ignored),
    ],
  });
}

/** Differences that only a new load balancer can settle. */
export function replacingFields(
  desired: Pick<LoadBalancerSpec, "type" | "scheme">,
  existing: LoadBalancerSpec,
): readonly FieldChange[] {
  return [...diffField("/type", existing.type, desired.type), ...diffField("/scheme", existing.scheme, desired.scheme)];
}

/** Subnets and security groups are compared as sets. */
function networkFields(desired: LoadBalancerSpec, existing: LoadBalancerSpec): readonly FieldChange[] {
  const subnets = ({ subnetMappings }: LoadBalancerSpec): readonly string[] =>
    subnetMappings.map(({ subnetId }) => subnetId).sort(compareStrings);
  return [
    ...(desired.securityGroups === undefined
      ? []
      : diffSet("/securityGroups", existing.securityGroups ?? [], desired.securityGroups)),
    ...diffSet("/subnetMappings", subnets(existing), subnets(desired)),
    ...diffField("/ipAddressType", existing.ipAddressType, desired.ipAddressType),
  ];
}

/** No reservation and one of zero units are the same; absent leaves the reservation alone. */
function capacityFields(desired: LoadBalancerSpec, existing: LoadBalancerSpec): readonly FieldChange[] {
  if (desired.minimumCapacityUnits === undefined) return [];
  return diffField("/minimumCapacityUnits", existing.minimumCapacityUnits ?? 0, desired.minimumCapacityUnits);
}
