/**
 * What an inventory holds of each stack, by the tags that LBC and elbplan write. Written apart from the diff on
 * purpose: a mistake there must not be repeated here.
 */
import { CLUSTER_STACK } from "../../model/graph.ts";
import type { Inventory } from "../../model/inventory.ts";
import type { ResourceKey } from "../../model/resource.ts";
import type { Settings } from "../../model/settings.ts";
import type { StringMap } from "../../model/value.ts";

/** The kinds that bear ownership tags. */
type TaggedKind = "loadBalancer" | "targetGroup" | "securityGroup" | "certificate";

export interface OwnedItem {
  readonly kind: TaggedKind;
  readonly stack: string;
  /** Key that the tags give it. */
  readonly key: ResourceKey;
  readonly arn: string;
}

const COLLECTIONS = {
  loadBalancer: "loadBalancers",
  targetGroup: "targetGroups",
  securityGroup: "securityGroups",
  certificate: "certificates",
} as const satisfies { readonly [K in TaggedKind]: keyof Inventory };

/** Everything of this cluster in the inventory that bears ownership tags. */
export function ownedItems(inventory: Inventory, settings: Settings): readonly OwnedItem[] {
  return (Object.keys(COLLECTIONS) as TaggedKind[]).flatMap((kind) =>
    Object.values(inventory[COLLECTIONS[kind]]).flatMap(({ arn, spec }): readonly OwnedItem[] => {
      const owner = ownerOf(spec.tags ?? {}, settings.clusterName);
      return owner === undefined ? [] : [{ kind, stack: owner.stack, key: `${kind}/${owner.id}`, arn }];
    }),
  );
}

function ownerOf(tags: StringMap, cluster: string): { readonly stack: string; readonly id: string } | undefined {
  const has = new Map(Object.entries(tags));
  const isOurs = has.get("elbv2.k8s.aws/cluster") === cluster || has.get("ingress.k8s.aws/cluster") === cluster;
  if (!isOurs) return undefined;
  const stack = has.get("ingress.k8s.aws/stack");
  if (stack !== undefined) return { stack, id: has.get("ingress.k8s.aws/resource") ?? "" };
  const shared = has.get("elbv2.k8s.aws/resource");
  return shared === undefined ? undefined : { stack: CLUSTER_STACK, id: shared };
}

/** The tags that a resource must bear beside those of its spec. */
export function requiredTags(settings: Settings, stack: string, id: string): StringMap {
  if (stack === CLUSTER_STACK) {
    return { "elbv2.k8s.aws/cluster": settings.clusterName, "elbv2.k8s.aws/resource": id };
  }
  return {
    "elbv2.k8s.aws/cluster": settings.clusterName,
    "ingress.k8s.aws/stack": stack,
    "ingress.k8s.aws/resource": id,
  };
}

/** Keys that nobody writes or removes on load balancers, target groups and security groups (LBC's rule). */
export function untouchedTagKeys(settings: Settings): readonly string[] {
  return [
    ...settings.externalManagedTags,
    `kubernetes.io/cluster/${settings.clusterName}`,
    "kubernetes.io/cluster-name",
    "kubernetes.io/namespace",
    "kubernetes.io/ingress-name",
    "kubernetes.io/service-name",
    "kubernetes.io/service-port",
    "ingress.k8s.aws/cluster",
  ];
}
