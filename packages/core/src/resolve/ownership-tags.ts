/** Tags that say what is ours: LBC's tracking tags, so that either program finds what the other made. */
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Settings } from "../model/settings.ts";
import type { StringMap } from "../model/value.ts";

export const CLUSTER_TAG = "elbv2.k8s.aws/cluster";
export const STACK_TAG = "ingress.k8s.aws/stack";
export const RESOURCE_TAG = "ingress.k8s.aws/resource";
/** Stands in for stack and resource tag on what all groups share. */
export const CLUSTER_RESOURCE_TAG = "elbv2.k8s.aws/resource";
/** The cluster tag of LBC version 1; used to find, never written. */
export const LEGACY_CLUSTER_TAG = "ingress.k8s.aws/cluster";

/** The tags that tell which stack and resource something is; of the cluster stack, which has no stack tag, too. */
export function ownershipTags(clusterName: string, stack: string, resourceId: string): StringMap {
  return stack === CLUSTER_STACK
    ? { [CLUSTER_TAG]: clusterName, [CLUSTER_RESOURCE_TAG]: resourceId }
    : { [CLUSTER_TAG]: clusterName, [STACK_TAG]: stack, [RESOURCE_TAG]: resourceId };
}

/** All tags of a resource: the ownership tags win over those of its spec, as in LBC. */
export function allTags(clusterName: string, stack: string, resourceId: string, tags: StringMap = {}): StringMap {
  return { ...tags, ...ownershipTags(clusterName, stack, resourceId) };
}

/** What the ownership tags say about a resource of this cluster. */
export interface Ownership {
  readonly stack: string;
  /** Absent when somebody removed the tag. */
  readonly resourceId?: string;
}

/** Whether something is the cluster's, of whatever kind of object; LBC version 1 had a tag of its own. */
export function carriesClusterTag(tags: StringMap | undefined, clusterName: string): boolean {
  const has = (key: string): boolean => tags !== undefined && Object.hasOwn(tags, key) && tags[key] === clusterName;
  return has(CLUSTER_TAG) || has(LEGACY_CLUSTER_TAG);
}

/** Reads the ownership tags; undefined for what isn't this cluster's. Tags of LBC version 1 count too. */
export function ownershipOf(tags: StringMap | undefined, clusterName: string): Ownership | undefined {
  if (tags === undefined) return undefined;
  const tag = (key: string): string | undefined => (Object.hasOwn(tags, key) ? tags[key] : undefined);
  const ours = tag(CLUSTER_TAG) === clusterName;
  if (!ours && tag(LEGACY_CLUSTER_TAG) !== clusterName) return undefined;
  const stack = tag(STACK_TAG);
  if (stack !== undefined) {
    const resourceId = tag(RESOURCE_TAG);
    return resourceId === undefined ? { stack } : { stack, resourceId };
  }
  const shared = tag(CLUSTER_RESOURCE_TAG);
  return ours && shared !== undefined ? { stack: CLUSTER_STACK, resourceId: shared } : undefined;
}

/** Keys that LBC version 1 wrote and nobody changes or removes since. */
function legacyKeys(clusterName: string): readonly string[] {
  return [
    `kubernetes.io/cluster/${clusterName}`,
    "kubernetes.io/cluster-name",
    "kubernetes.io/namespace",
    "kubernetes.io/ingress-name",
    "kubernetes.io/service-name",
    "kubernetes.io/service-port",
    LEGACY_CLUSTER_TAG,
  ];
}

/** Keys that are left as they are on load balancers, target groups and security groups, beside `aws:…`. */
export function ignoredTagKeys(settings: Settings): ReadonlySet<string> {
  return new Set([...legacyKeys(settings.clusterName), ...settings.externalManagedTags]);
}
