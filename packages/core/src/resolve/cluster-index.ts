import type { IngressClassParams } from "../model/ingress-class-params.ts";
import type { IngressClass, Namespace, ObjectMeta, Secret, Service } from "../model/kubernetes.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";

/** The objects of a snapshot by name, made once per build. Namespaced objects by `namespace/name`. */
export interface ClusterIndex {
  readonly services: ReadonlyMap<string, Service>;
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly ingressClasses: ReadonlyMap<string, IngressClass>;
  readonly ingressClassParams: ReadonlyMap<string, IngressClassParams>;
}

/** Indexes a snapshot. An object given twice keeps its last version. */
export function indexCluster(snapshot: ClusterSnapshot): ClusterIndex {
  return {
    services: byName(snapshot.services),
    secrets: byName(snapshot.secrets),
    namespaces: byName(snapshot.namespaces),
    ingressClasses: byName(snapshot.ingressClasses),
    ingressClassParams: byName(snapshot.ingressClassParams),
  };
}

function byName<T extends { readonly metadata: ObjectMeta }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [objectKey(object), object]));
}

/** `namespace/name`, or the name alone of a cluster-scoped object. */
export function objectKey(object: { readonly metadata: ObjectMeta }): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
