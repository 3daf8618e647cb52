/** Targets as they should be: what is registered in each target group, and who may reach it. */
import type { Diagnostic } from "./diagnostic.ts";
import type { Permission } from "./security-group.ts";
import type { Value } from "./value.ts";

/** A target to register. Known by id and port; the zone is no part of its identity. */
export interface TargetSpec {
  /** Instance id or IP address. */
  readonly id: string;
  readonly port: number;
  /** `all` for an address outside the VPC, otherwise absent: AWS finds the zone by itself. */
  readonly availabilityZone?: string;
}

/** What should be registered in one target group. */
interface WantedTargets {
  /** Ascending by id, then port. */
  readonly targets: readonly TargetSpec[];
  /**
   * At most so many targets, counting those that drain: what is more isn't registered, in the order of `targets`.
   * Nothing is deregistered for it. Absent: no limit but AWS's.
   */
  readonly limit?: number;
  /** Other clusters register here too: nothing is deregistered, for nobody knows whose it is. */
  readonly multiCluster?: true;
  /** There may be targets that the input doesn't tell of: nothing is deregistered. */
  readonly partial?: true;
  /**
   * Ids of the security groups behind which the targets are, ascending: they must admit load balancers before a target
   * is registered. Absent: not known, or nothing has to be opened.
   */
  readonly securityGroups?: readonly string[];
}

/** What is known of the targets of one target group. */
export type TargetsOf =
  | ({ readonly status: "resolved" } & WantedTargets)
  /** Can't be told, a diagnostic says why: nothing is registered, nothing deregistered. */
  | { readonly status: "unresolved" };

/** The targets of a target group that has a binding, under its resource id. A group without them is left as it is. */
export interface TargetsSpec<V = Value> extends WantedTargets {
  readonly targetGroupArn: V;
}

/** What a security group that isn't ours must let in, so that load balancers reach the targets behind it. */
export interface EndpointPermissionsSpec<V = Value> {
  readonly securityGroupId: string;
  /** Sorted; each described `SHARED_PERMISSION`. */
  readonly permissions: readonly Permission<V>[];
}

/** Description of the permissions that are ours on a security group that isn't; LBC's own words. */
export const SHARED_PERMISSION = "elbv2.k8s.aws/targetGroupBinding=shared";

/**
 * What load balancers need on the security groups of their targets, over all target groups of the cluster; part of the
 * cluster stack, so references name the stack of what they refer to.
 */
export interface EndpointPermissions {
  /**
   * Whether nothing is missing. If false some target group's needs aren't known: permissions may be added, and none
   * be revoked.
   */
  readonly complete: boolean;
  /** By id of the security group; each list sorted. A group that isn't named here needs none. */
  readonly bySecurityGroup: { readonly [securityGroupId: string]: readonly Permission[] };
}

/** All targets of a graph. */
export interface ResolvedTargets {
  /** By stack id, then by resource id of the target group; target groups without a binding aren't listed. */
  readonly targets: { readonly [stack: string]: { readonly [targetGroup: string]: TargetsOf } };
  readonly permissions: EndpointPermissions;
  readonly diagnostics: readonly Diagnostic[];
}
