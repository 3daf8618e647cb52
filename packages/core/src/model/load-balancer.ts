import type { StringMap, Value } from "./value.ts";

/** A load balancer: the ALB of a group, or the network load balancer in front of it. `V` is string in an inventory. */
export interface LoadBalancerSpec<V = Value> {
  readonly name: string;
  readonly type: "application" | "network";
  readonly scheme: "internal" | "internet-facing";
  readonly ipAddressType: string;
  readonly subnetMappings: readonly SubnetMapping[];
  /** Order as LBC lists them; compared as a set. */
  readonly securityGroups?: readonly V[];
  /** Only the attributes that are specified; others are left as they are. */
  readonly attributes?: StringMap;
  readonly customerOwnedIpv4Pool?: string;
  readonly ipv4IpamPoolId?: string;
  /** Reserved capacity; 0 resets the reservation, absent leaves it alone. */
  readonly minimumCapacityUnits?: number;
  /** In a graph without the ownership tags, in an inventory all tags. */
  readonly tags?: StringMap;
}

export interface SubnetMapping {
  readonly subnetId: string;
  readonly allocationId?: string;
}
