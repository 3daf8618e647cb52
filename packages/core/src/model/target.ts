/** Targets as they should be: what is registered in each target group, and who may reach it. */
import type { Diagnostic } from "./diagnostic.ts";
import type { Permission } from "./security-group.ts";

/** A target to register. Known by id and port; the zone is no part of its identity. */
export interface TargetSpec {
  /** Instance id or IP address. */
  readonly id: string;
  readonly port: number;
  /** `all` for an address outside the VPC, otherwise absent: AWS finds the zone by itself. */
  readonly availabilityZone?: string;
}

/** What should be registered in one target group. */
export type TargetsOf =
  | {
      readonly status: "resolved";
      /** Ascending by id, then port. */
      readonly targets: readonly TargetSpec[];
      /**
       * At most so many targets, counting every target that is registered, draining ones too: what is more isn't
       * registered, in the order of `targets`. Absent: no limit but AWS's.
       */
      readonly limit?: number;
      /** Other clusters register here too: only what this cluster registered may be deregistered. */
      readonly multiCluster?: true;
    }
  /** Can't be told, a diagnostic says why: nothing is registered, nothing deregistered. */
  | { readonly status: "unresolved" };

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
