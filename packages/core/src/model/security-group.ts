import type { StringMap, Value } from "./value.ts";

export interface SecurityGroupSpec<V = Value> {
  readonly name: string;
  readonly description: string;
  readonly ingress: readonly Permission<V>[];
  readonly tags?: StringMap;
}

/** One permission with exactly one source. The description is no part of its identity. */
export interface Permission<V = Value> {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly source:
    | { readonly cidrIp: string }
    | { readonly cidrIpv6: string }
    | { readonly prefixListId: string }
    | { readonly securityGroupId: V };
  readonly description?: string;
}

/**
 * What the quota of permissions counts: IPv4 and IPv6 apart, while one for a security group or a prefix list counts in
 * both (VPC User Guide: quotas). The size of a prefix list isn't known here: it counts as one.
 */
export function permissionCount(permissions: readonly Permission[]): number {
  const v4 = permissions.filter(({ source }) => !("cidrIpv6" in source)).length;
  const v6 = permissions.filter(({ source }) => !("cidrIp" in source)).length;
  return Math.max(v4, v6);
}
