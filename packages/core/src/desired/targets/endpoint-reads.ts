/** What the targets of one stack were resolved from: while all of it is the same, they needn't be resolved again. */
import { share } from "../../lib/share.ts";
import type { Facts } from "../../model/facts.ts";
import type { Lookup } from "../../resolve/context.ts";
import {
  every,
  factsHold,
  recorded,
  recordedFacts,
  recordedServices,
  type ServiceReads,
  servicesHold,
} from "../../resolve/reads.ts";
import type { ClusterEndpoints, Names } from "./cluster-endpoints.ts";

/** What targets are resolved from. */
export interface EndpointSources {
  readonly index: ClusterEndpoints;
  readonly facts: Facts;
}

interface LookupReads {
  /** By what was asked for. */
  readonly found: ReadonlyMap<string, unknown>;
  /** The last look-up that gave all this: the same one needn't be asked again. */
  lookup: Lookup<unknown>;
}

/** What was read. */
export interface EndpointReads {
  readonly services: ServiceReads;
  readonly facts: Map<PropertyKey, unknown>;
  /** By name, for each look-up that there was. */
  readonly lookups: Map<string, LookupReads>;
}

/** Sources that take down what is read of them. */
export function recordEndpoints(sources: EndpointSources): { readonly sources: EndpointSources; reads: EndpointReads } {
  const { cluster, nodes, nodeChoices, pods, slices, endpoints, interfaces, whole } = sources.index;
  const reads: EndpointReads = { services: new Map(), facts: new Map(), lookups: new Map() };
  const names = <T>(name: string, there: Lookup<T>): Names<T> => {
    const found = new Map<string, T | undefined>();
    reads.lookups.set(name, { found, lookup: there });
    const { get } = recorded(found, there);
    return { get, has: (key) => get(key) !== undefined };
  };
  const index: ClusterEndpoints = {
    cluster: { services: recordedServices(reads.services, cluster.services) },
    nodes: nodes && names("nodes", nodes),
    nodeChoices: nodeChoices && names("nodeChoices", nodeChoices),
    pods: pods && names("pods", pods),
    slices: slices && names("slices", slices),
    endpoints: endpoints && names("endpoints", endpoints),
    interfaces: interfaces && {
      byId: names("byId", interfaces.byId),
      primary: names("primary", interfaces.primary),
      byAddress: names("byAddress", interfaces.byAddress),
    },
    whole: names("whole", whole),
  };
  return { sources: { index, facts: recordedFacts(reads.facts, sources.facts) }, reads };
}

/** Tells whether everything that was read is the same in other sources. */
export function endpointsHold(reads: EndpointReads, { index, facts }: EndpointSources): boolean {
  const lookups = lookupsOf(index);
  return (
    reads.lookups.size === lookups.size &&
    factsHold(reads.facts, facts) &&
    servicesHold(reads.services, index.cluster.services) &&
    every(reads.lookups, (name, known) => {
      const there = lookups.get(name);
      if (there === known.lookup) return true;
      if (there === undefined) return false;
      if (!every(known.found, (key, value) => share(value, there.get(key)) === value)) return false;
      known.lookup = there;
      return true;
    })
  );
}

/** The look-ups that there are, by name. */
function lookupsOf(index: ClusterEndpoints): ReadonlyMap<string, Lookup<unknown>> {
  const { nodes, nodeChoices, pods, slices, endpoints, interfaces, whole } = index;
  const all: { readonly [name: string]: Lookup<unknown> | undefined } = {
    nodes,
    nodeChoices,
    pods,
    slices,
    endpoints,
    whole,
    ...interfaces,
  };
  return new Map(Object.entries(all).flatMap(([name, there]) => (there === undefined ? [] : [[name, there]])));
}
