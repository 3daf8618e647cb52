/** The nodes, pods and endpoints of a snapshot, and their network interfaces, by what they are asked for. */
import { keepLast } from "../../lib/keep-last.ts";
import type { Facts } from "../../model/facts.ts";
import type { EndpointSlice, Endpoints, Node, Pod } from "../../model/kubernetes-workloads.ts";
import type { ClusterSnapshot, WholeKind } from "../../model/snapshot.ts";
import { byName, objectKey } from "../../resolve/cluster-index.ts";
import type { ClusterLookups, Lookup } from "../../resolve/context.ts";
import { type InterfaceIndex, indexInterfaces } from "./interface-index.ts";
import { type NodeChoice, nodeChoices } from "./node-choice.ts";

/** What is asked for by name and whether it is there, and not listed: so that it is known what targets depend on. */
export type Names<T> = Pick<ReadonlyMap<string, T>, "get" | "has">;

/** A list that nobody looked for is undefined. */
export interface ClusterEndpoints {
  readonly cluster: Pick<ClusterLookups, "services">;
  /** By name. */
  readonly nodes: Names<Node> | undefined;
  /** Those for instance targets, by `selectorKey`. */
  readonly nodeChoices: Lookup<NodeChoice> | undefined;
  /** By `namespace/name`. */
  readonly pods: Names<Pod> | undefined;
  /** By `namespace/name` of the Service. */
  readonly slices: Names<readonly EndpointSlice[]> | undefined;
  /** By `namespace/name`, which is that of the Service. */
  readonly endpoints: Names<Endpoints> | undefined;
  /** Of the facts. */
  readonly interfaces: InterfaceIndex | undefined;
  /** Kinds whose lists hold every object. */
  readonly whole: Names<true>;
}

const NONE: readonly WholeKind[] = [];
const SERVICE_LABEL = "kubernetes.io/service-name";

/** Indexes one input after another; a list that is the same list as last time isn't indexed again. */
export type EndpointIndexer = (
  snapshot: ClusterSnapshot,
  cluster: ClusterEndpoints["cluster"],
  facts: Facts,
) => ClusterEndpoints;

/** An indexer that has nothing to remember yet. */
export function endpointIndexer(): EndpointIndexer {
  const nodesByName = keepLast((nodes: readonly Node[]) => new Map(nodes.map((node) => [node.metadata.name, node])));
  const choicesOf = keepLast(nodeChoices);
  const podsByName = keepLast(byName<Pod>);
  const slicesByService = keepLast(byService);
  const endpointsByName = keepLast(byName<Endpoints>);
  const interfaceIndex = keepLast(indexInterfaces);
  const wholeKinds = keepLast(
    (kinds: readonly WholeKind[]) => new Map(kinds.map((kind) => [kind as string, true as const])),
  );
  return ({ nodes, pods, endpointSlices, endpoints, whole = NONE }, cluster, { networkInterfaces }) => ({
    cluster,
    nodes: nodes && nodesByName(nodes),
    nodeChoices: nodes && choicesOf(nodes),
    pods: pods && podsByName(pods),
    slices: endpointSlices && slicesByService(endpointSlices),
    endpoints: endpoints && endpointsByName(endpoints),
    interfaces: networkInterfaces && interfaceIndex(networkInterfaces),
    whole: wholeKinds(whole),
  });
}

function byService(slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly EndpointSlice[]> {
  const services = new Map<string, EndpointSlice[]>();
  // A slice given twice keeps its last version.
  for (const slice of new Map(slices.map((each) => [objectKey(each), each])).values()) {
    const { namespace = "", labels = {} } = slice.metadata;
    if (!Object.hasOwn(labels, SERVICE_LABEL)) continue;
    const key = `${namespace}/${labels[SERVICE_LABEL]}`;
    const found = services.get(key);
    if (found === undefined) services.set(key, [slice]);
    else found.push(slice);
  }
  return services;
}
