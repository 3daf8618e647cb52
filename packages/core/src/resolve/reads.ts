/** What the building of one group looked at: while all of it is the same, the group needn't be built again. */
import equal from "fast-deep-equal";
import type { Facts } from "../model/facts.ts";
import type { Secret, Service } from "../model/kubernetes.ts";
import type { ObjectRef } from "../model/snapshot.ts";
import type { CertificateIndex } from "./certificates.ts";
import type { BuildContext, ClusterLookups, Lookup } from "./context.ts";
import type { ExistingPlacement } from "./existing-load-balancer.ts";

/** Services that were asked for, by namespace and name. */
export type ServiceReads = Map<string, Map<string, Service | undefined>>;

/** What was found, by what was asked for. Only that: a whole context would keep alive all that it was made of. */
export interface Reads {
  readonly services: ServiceReads;
  readonly secrets: Map<string, Secret | undefined>;
  /** By `kind/namespace/name`. */
  readonly unreadable: Map<string, { readonly object: ObjectRef; readonly found: boolean }>;
  readonly facts: Map<PropertyKey, unknown>;
  readonly placements: Map<string, ExistingPlacement | undefined>;
  readonly ownsBackendSecurityGroup: boolean;
  certificates?: CertificateIndex;
}

/** A context that takes down what is read of it. */
export function recordReads(context: BuildContext): { readonly context: BuildContext; readonly reads: Reads } {
  const { cluster, certificates } = context;
  const reads: Reads = {
    services: new Map(),
    secrets: new Map(),
    unreadable: new Map(),
    facts: new Map(),
    placements: new Map(),
    ownsBackendSecurityGroup: context.ownsBackendSecurityGroup,
  };
  const recording: BuildContext = {
    ...context,
    cluster: {
      services: recordedServices(reads.services, cluster.services),
      secrets: recorded(reads.secrets, cluster.secrets),
      isUnreadable: (object) => {
        const found = cluster.isUnreadable(object);
        reads.unreadable.set(`${object.kind}/${object.namespace ?? ""}/${object.name}`, { object, found });
        return found;
      },
    },
    facts: recordedFacts(reads.facts, context.facts),
    certificates: {
      get exact() {
        reads.certificates = certificates;
        return certificates.exact;
      },
      get wildcard() {
        reads.certificates = certificates;
        return certificates.wildcard;
      },
    },
    existing: recorded(reads.placements, context.existing),
  };
  return { context: recording, reads };
}

/**
 * Tells whether everything that was looked at is found the same on another context. Objects, and sections of the facts,
 * count as the same by identity.
 */
export function readsHold(reads: Reads, context: BuildContext): boolean {
  const { cluster, facts, certificates, existing } = context;
  return (
    reads.ownsBackendSecurityGroup === context.ownsBackendSecurityGroup &&
    (reads.certificates === undefined || reads.certificates === certificates) &&
    factsHold(reads.facts, facts) &&
    every(reads.secrets, (key, found) => cluster.secrets.get(key) === found) &&
    every(reads.unreadable, (_, { object, found }) => cluster.isUnreadable(object) === found) &&
    every(reads.placements, (stack, found) => equal(existing.get(stack), found)) &&
    servicesHold(reads.services, cluster.services)
  );
}

/** Services that are taken down when they are asked for. */
export function recordedServices(
  found: ServiceReads,
  services: ClusterLookups["services"],
): ClusterLookups["services"] {
  return {
    get: (namespace) => {
      const names = found.get(namespace) ?? new Map<string, Service | undefined>();
      found.set(namespace, names);
      return recorded(names, services.get(namespace));
    },
  };
}

/** Whether the same Services are found. */
export function servicesHold(found: ServiceReads, services: ClusterLookups["services"]): boolean {
  return every(found, (namespace, names) => {
    const there = services.get(namespace);
    return every(names, (name, service) => there?.get(name) === service);
  });
}

/** A look-up that takes down what was found. */
export function recorded<T>(found: Map<string, T | undefined>, lookup: Lookup<T> | undefined): Lookup<T> {
  return {
    get: (key) => {
      const value = lookup?.get(key);
      found.set(key, value);
      return value;
    },
  };
}

/** Facts whose sections are taken down when they are read. */
export function recordedFacts(found: Map<PropertyKey, unknown>, facts: Facts): Facts {
  return new Proxy(facts, {
    get: (target, section) => {
      const value: unknown = Reflect.get(target, section);
      found.set(section, value);
      return value;
    },
  });
}

/** Whether the same sections are there. */
export function factsHold(found: ReadonlyMap<PropertyKey, unknown>, facts: Facts): boolean {
  return every(found, (section, value) => Reflect.get(facts, section) === value);
}

/** Whether it holds for every entry of a map. */
export function every<K, V>(map: ReadonlyMap<K, V>, holds: (key: K, value: V) => boolean): boolean {
  for (const [key, value] of map) if (!holds(key, value)) return false;
  return true;
}
