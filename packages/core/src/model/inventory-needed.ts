/**
 * What of an inventory has to be read, as data: what planning compares, and nothing else. Names, places, tags, listeners
 * and rules come with the resources themselves; what AWS answers only to further calls is asked for one by one.
 */
import type { LoadBalancerSpec } from "./load-balancer.ts";
import type { HealthCheck, TargetGroupSpec } from "./target-group.ts";

export interface InventoryNeeded {
  readonly clusterName: string;
  readonly vpcId: string;
  /** Stacks that are planned, by id. */
  readonly stacks: { readonly [id: string]: StackNeeded };
  /**
   * What is read of stacks that aren't listed, beside their load balancers, target groups and security groups: nothing,
   * what deleting them depends on, or everything that a plan could compare.
   */
  readonly otherStacks: "nothing" | "deletion" | "everything";
  /** A target group that goes is drained before: how long that takes and what is left in it has to be known. */
  readonly drain: boolean;
  /** Tags of listeners and rules. */
  readonly listenerTags: boolean;
  /** Certificates that were requested for the cluster. */
  readonly certificates: boolean;
  /** Permissions on security groups that targets are behind; absent: nobody compares them. */
  readonly endpointPermissions?: EndpointPermissionsNeeded;
}

/** By resource id. What exists under another id goes. */
export interface StackNeeded {
  readonly loadBalancers: { readonly [id: string]: LoadBalancerNeeded };
  readonly targetGroups: { readonly [id: string]: TargetGroupNeeded };
}

export interface LoadBalancerNeeded {
  /** One that differs here can't stay: it is replaced. */
  readonly fixed: Pick<LoadBalancerSpec, "type" | "scheme">;
  readonly attributes: boolean;
  readonly capacity: boolean;
  readonly webAcl: boolean;
  readonly wafRegional: boolean;
  readonly shield: boolean;
  /** Ports of the listeners whose attributes are compared, ascending. */
  readonly listenerAttributes: readonly number[];
}

export interface TargetGroupNeeded {
  /** One that differs here can't stay: it is replaced. */
  readonly fixed: FixedTargetGroupFields;
  readonly attributes: boolean;
  readonly targets: boolean;
}

/** What AWS sets only at creation. Absent: not compared, except for `targetControlPort`, where it means that there is none. */
export interface FixedTargetGroupFields
  extends Pick<TargetGroupSpec, "targetType" | "protocol" | "protocolVersion" | "targetControlPort"> {
  readonly healthCheck?: Partial<HealthCheck>;
}

export interface EndpointPermissionsNeeded {
  /** Ids of the security groups that must let load balancers in, ascending. */
  readonly securityGroups: readonly string[];
  /**
   * Ids of security groups that aren't ours and that ours are reached from, ascending. Whatever lets in one of these or
   * one of ours by a permission described `SHARED_PERMISSION` is read too: it may have to be closed.
   */
  readonly sources: readonly string[];
}
