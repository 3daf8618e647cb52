import { keepLast } from "../lib/keep-last.ts";
import type { IngressClassParams } from "../model/ingress-class-params.ts";
import type { IngressClass, Namespace, ObjectMeta, Secret, Service } from "../model/kubernetes.ts";
import type { ClusterSnapshot, ObjectRef, Unreadable } from "../model/snapshot.ts";
import type { ClusterLookups } from "./context.ts";

/** The objects of a snapshot by name, made once per build. Namespaced objects by `namespace/name`. */
export interface ClusterIndex {
  /** By namespace, then by name: asked for every path, so without making a text for each. */
  readonly services: ReadonlyMap<string, ReadonlyMap<string, Service>>;
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly ingressClasses: ReadonlyMap<string, IngressClass>;
  readonly ingressClassParams: ReadonlyMap<string, IngressClassParams>;
  /** Tells of an object that isn't among these whether it may be there all the same: it couldn't be read. */
  readonly isUnreadable: (object: ObjectRef) => boolean;
  /** Kinds of which there are objects, or may be, that couldn't be read. */
  readonly unreadableKinds: ReadonlySet<string>;
}

/** Indexes a snapshot. An object given twice keeps its last version. */
export function indexCluster(snapshot: ClusterSnapshot): ClusterIndex {
  return clusterIndexer()(snapshot);
}

/** Indexes one snapshot after another; a list that is the same list as last time isn't indexed again. */
export function clusterIndexer(): (snapshot: ClusterSnapshot) => ClusterIndex {
  const services = keepLast(byNamespace);
  const secrets = keepLast(byName<Secret>);
  const namespaces = keepLast(byName<Namespace>);
  const ingressClasses = keepLast(byName<IngressClass>);
  const ingressClassParams = keepLast(byName<IngressClassParams>);
  return (snapshot) => ({
    services: services(snapshot.services),
    secrets: secrets(snapshot.secrets),
    namespaces: namespaces(snapshot.namespaces),
    ingressClasses: ingressClasses(snapshot.ingressClasses),
    ingressClassParams: ingressClassParams(snapshot.ingressClassParams),
    isUnreadable: unreadableTest(snapshot.unreadable),
    unreadableKinds: new Set(
      [...(snapshot.unreadable?.objects ?? []), ...(snapshot.unreadable?.kinds ?? [])].map(({ kind }) => kind),
    ),
  });
}

function unreadableTest(
  { objects, kinds = [] }: Unreadable = { objects: [], others: 0 },
): ClusterIndex["isUnreadable"] {
  const names = new Set(objects.map(({ kind, namespace = "", name }) => `${kind}/${namespace}/${name}`));
  const whole = new Set(kinds.map(({ kind, namespace = "" }) => `${kind}/${namespace}`));
  return ({ kind, namespace = "", name }) =>
    names.has(`${kind}/${namespace}/${name}`) || whole.has(`${kind}/${namespace}`) || whole.has(`${kind}/`);
}

/** The Service of that name in a namespace. */
export function findService(
  cluster: Pick<ClusterLookups, "services">,
  namespace: string | undefined,
  name: string,
): Service | undefined {
  return cluster.services.get(namespace ?? "")?.get(name);
}

function byNamespace(services: readonly Service[]): Map<string, Map<string, Service>> {
  const namespaces = new Map<string, Map<string, Service>>();
  for (const service of services) {
    const { namespace = "", name } = service.metadata;
    const found = namespaces.get(namespace);
    if (found === undefined) namespaces.set(namespace, new Map([[name, service]]));
    else found.set(name, service);
  }
  return namespaces;
}

/** By `namespace/name`, or the name alone of a cluster-scoped object. */
export function byName<T extends { readonly metadata: ObjectMeta }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [objectKey(object), object]));
}

/** `namespace/name`, or the name alone of a cluster-scoped object. */
export function objectKey(object: { readonly metadata: ObjectMeta }): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
