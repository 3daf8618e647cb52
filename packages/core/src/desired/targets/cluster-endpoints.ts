/** The nodes, pods and endpoints of a snapshot, by what they are asked for; made once per resolution. */
import type { Condition, EndpointSlice, Endpoints, Node, Pod } from "../../model/kubernetes-workloads.ts";
import type { ClusterSnapshot } from "../../model/snapshot.ts";
import { type ClusterIndex, indexCluster, objectKey } from "../../resolve/cluster-index.ts";

/** A list that nobody looked for is undefined. */
export interface ClusterEndpoints {
  readonly cluster: ClusterIndex;
  /** By name. */
  readonly nodes: ReadonlyMap<string, Node> | undefined;
  /** By `namespace/name`. */
  readonly pods: ReadonlyMap<string, Pod> | undefined;
  /** By `namespace/name` of the Service. */
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]> | undefined;
  /** By `namespace/name`, which is that of the Service. */
  readonly endpoints: ReadonlyMap<string, Endpoints> | undefined;
}

const SERVICE_LABEL = "kubernetes.io/service-name";

/** Indexes a snapshot. */
export function indexEndpoints(snapshot: ClusterSnapshot): ClusterEndpoints {
  const { nodes, pods, endpointSlices, endpoints } = snapshot;
  return {
    cluster: indexCluster(snapshot),
    nodes: nodes && new Map(nodes.map((node) => [node.metadata.name, node])),
    pods: pods && new Map(pods.map((pod) => [objectKey(pod), pod])),
    slices: endpointSlices && byService(endpointSlices),
    endpoints: endpoints && new Map(endpoints.map((object) => [objectKey(object), object])),
  };
}

/** The status of a condition, undefined when the object doesn't have it. */
export function conditionStatus(
  { status }: { readonly status?: { readonly conditions?: readonly Condition[] } },
  wanted: string,
): string | undefined {
  return status?.conditions?.find(({ type }) => type === wanted)?.status;
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
