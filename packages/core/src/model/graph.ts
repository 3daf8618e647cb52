/** The desired graph: what should exist, per group. */
import type { Diagnostic } from "./diagnostic.ts";
import type { Resource, ResourceKey } from "./resource.ts";
import type { Settings } from "./settings.ts";

export interface DesiredGraph {
  readonly kind: "desired";
  readonly settings: Settings;
  readonly vpcId: string;
  /** By stack id, which is the group's id: `name` or `namespace/name`. */
  readonly stacks: { readonly [id: string]: Stack };
  /**
   * What all groups share: the backend security group, when elbplan makes it, and the permissions on the security
   * groups of targets. Its id is `CLUSTER_STACK`.
   */
  readonly clusterStack: Stack;
  /**
   * Whether the endpoint permissions of the cluster stack are all that any group needs. If `incomplete`, permissions may
   * be added and none be revoked. Absent: nobody looked for targets, and permissions are left as they are.
   */
  readonly endpointPermissions?: "complete" | "incomplete";
  /** `namespace/name` of Ingresses that aren't ours, or are being deleted and held by no finalizer of ours. */
  readonly unmanaged: readonly string[];
  /** Ingresses whose class, class params or group name is invalid: they belong to no group. */
  readonly classErrors: readonly { readonly ingress: string; readonly message: string }[];
  /** Something of the input couldn't be read: nothing may be deleted for being absent from it. */
  readonly incompleteInput?: true;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Stack {
  readonly id: string;
  /** An IngressGroup named by the user, as opposed to one Ingress by itself. */
  readonly explicit: boolean;
  /** `failed`: an error diagnostic says why, there are no resources, and what exists is left as it is. */
  readonly status: "built" | "failed";
  /** Where a failed stack failed: while the group was put together or while its resources were built. */
  readonly failedAt?: "load" | "build";
  /** `namespace/name`, in group order. */
  readonly members: readonly string[];
  /** Members that are broken and whose last good state stays, in group order; absent when there are none. */
  readonly quarantined?: readonly string[];
  /** Hold the group's finalizer but left the group or are being deleted. */
  readonly inactiveMembers: readonly string[];
  readonly resources: { readonly [key: ResourceKey]: Resource };
  /** Ascending. */
  readonly listenerPorts: readonly number[];
  /** `namespace/name` of the Secrets that were read. */
  readonly secrets: readonly string[];
  /** Whether the shared backend security group is in use. */
  readonly usesBackendSecurityGroup: boolean;
}

/** Id of the cluster stack; no group can have it, for group names have no such characters. */
export const CLUSTER_STACK = "(cluster)";
