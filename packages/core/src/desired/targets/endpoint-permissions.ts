/** What the target groups of a cluster need on the security groups of their targets, all taken together. */
import { compareStrings } from "../../lib/compare.ts";
import { stableJson } from "../../lib/stable-json.ts";
import { CLUSTER_STACK } from "../../model/graph.ts";
import type { Permission } from "../../model/security-group.ts";
import { SHARED_PERMISSION } from "../../model/target.ts";
import type { TargetGroupBindingSpec } from "../../model/target-group-binding.ts";
import { isReference, isUnknown, type Value } from "../../model/value.ts";

/** Every port; what a rule without a port number admits. */
const ALL_PORTS = { fromPort: 0, toPort: 65535 };

/**
 * The permissions that a binding's networking rules mean for targets on these ports. A port given by name is the
 * Service's target port, whose number is the targets' own. Undefined when a number isn't known yet. A rule without
 * ports admits nothing, as with LBC.
 */
export function permissionsOf(
  { networking }: TargetGroupBindingSpec,
  stack: string,
  targetPorts: readonly number[],
): readonly Permission[] | undefined {
  const permissions: Permission[] = [];
  for (const { from, ports } of networking?.ingress ?? []) {
    for (const { protocol, port } of ports) {
      if (isUnknown(port)) return undefined;
      const ranges =
        port === undefined
          ? [ALL_PORTS]
          : (typeof port === "string" ? targetPorts : [port]).map((number) => ({ fromPort: number, toPort: number }));
      for (const { securityGroupId } of from) {
        const source = { securityGroupId: seenFromCluster(securityGroupId, stack) };
        for (const range of ranges) {
          permissions.push({ protocol: protocol.toLowerCase(), ...range, source, description: SHARED_PERMISSION });
        }
      }
    }
  }
  return permissions;
}

/**
 * Sums up the permissions of one security group. Restricted, as LBC does by default: one range for each protocol and
 * source, from the lowest to the highest port. Otherwise each by itself, without repetitions.
 */
export function sumPermissions(permissions: readonly Permission[], restricted: boolean): readonly Permission[] {
  const sums = new Map<string, Permission>();
  for (const permission of permissions) {
    const { protocol, source, fromPort, toPort } = permission;
    const key = stableJson(restricted ? [protocol, source] : [protocol, source, fromPort, toPort]);
    const before = sums.get(key) ?? permission;
    sums.set(key, {
      ...permission,
      fromPort: Math.min(before.fromPort, fromPort),
      toPort: Math.max(before.toPort, toPort),
    });
  }
  return [...sums]
    .sort(([a, one], [b, other]) => one.fromPort - other.fromPort || one.toPort - other.toPort || compareStrings(a, b))
    .map(([, permission]) => permission);
}

/** The same group, named from within the cluster stack. */
function seenFromCluster(value: Value, stack: string): Value {
  if (!isReference(value)) return value;
  const { stack: holder = stack, ...reference } = value;
  return holder === CLUSTER_STACK ? reference : { ...reference, stack: holder };
}
