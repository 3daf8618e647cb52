/** Where the traffic of generated Services ends: few nodes and pods, so that generated endpoints meet them. */
import {
  type ClusterSnapshot,
  type EndpointSlice,
  type Endpoints,
  type NetworkInterfaceFact,
  type Node,
  type ObjectMeta,
  type Pod,
  WHOLE_KINDS,
} from "@elbplan/core";
import fc from "fast-check";
import type { Cluster } from "./cluster.ts";

/** The lists of a snapshot that tell targets. */
export type Workloads = Required<Pick<ClusterSnapshot, "nodes" | "pods" | "endpointSlices" | "endpoints">> & {
  /** Of the facts. */
  readonly networkInterfaces: readonly NetworkInterfaceFact[];
};

const NAMESPACES = ["shop", "shop-2", "pay"];
const SERVICES = ["web", "api", "constructor"];
const NODES = ["a", "b", "constructor"];
const PODS = ["p", "q", "constructor"];

type Labels = NonNullable<ObjectMeta["labels"]>;

/** The usual value, and now and then the other one. */
function mostly<T>(usual: T, other: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(other) });
}

const aState = fc.constantFrom("True", "True", "True", "False", "Unknown");
const aPort = fc.constantFrom({ name: "http", port: 8080 }, { name: "tls", port: 8443 }, { name: "http", port: 9090 });

function everyPlace<T>(
  names: readonly string[],
  of: (metadata: ObjectMeta, address: string) => fc.Arbitrary<T>,
): fc.Arbitrary<readonly T[]> {
  const all = NAMESPACES.flatMap((namespace, block) =>
    names.map((name, at) => of({ namespace, name }, `10.0.${block}.${at + 1}`)),
  );
  return fc.tuple(...all);
}

const someNodes: fc.Arbitrary<readonly Node[]> = fc.tuple(
  ...NODES.map((name) =>
    fc
      .record({
        ready: aState,
        providerID: mostly(`aws:///a/i-${name}`, "unknown"),
        labels: mostly<Labels>({ team: "a" }, { "node-role.kubernetes.io/master": "" }),
      })
      .map(
        ({ ready, providerID, labels }): Node => ({
          apiVersion: "v1",
          kind: "Node",
          metadata: { name, labels },
          spec: { providerID },
          status: { conditions: [{ type: "Ready", status: ready }] },
        }),
      ),
  ),
);

const somePods = everyPlace(PODS, (metadata) =>
  fc.tuple(fc.constantFrom(...NODES), aState).map(
    ([nodeName, status]): Pod => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: { nodeName },
      status: { conditions: [{ type: "ContainersReady", status }] },
    }),
  ),
);

const podOf = ({ namespace = "" }: ObjectMeta, name: string): { kind: string; namespace: string; name: string } => ({
  kind: "Pod",
  namespace,
  name,
});

/** Addresses `x.y.z.1` to `.3` are those of the pods of a namespace, the rest of them nobody's. */
const someSlices = everyPlace(SERVICES, ({ namespace = "", name }, address) =>
  fc
    .record({
      ports: fc.uniqueArray(aPort, { minLength: 1, maxLength: 2 }),
      pods: fc.array(fc.tuple(fc.constantFrom(...PODS, "missing"), fc.boolean(), fc.boolean()), { maxLength: 4 }),
      addressType: fc.constantFrom("IPv4", "IPv4", "IPv4", "IPv6"),
    })
    .map(
      ({ ports, pods, addressType }): EndpointSlice => ({
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: { namespace, name: `${name}-1`, labels: { "kubernetes.io/service-name": name } },
        addressType,
        ports,
        endpoints: pods.map(([pod, ready, terminating]) => ({
          addresses: [address.replace(/\d+$/, `${PODS.indexOf(pod) + 1}`)],
          conditions: { ready, terminating },
          targetRef: podOf({ namespace, name }, pod),
        })),
      }),
    ),
);

const someEndpoints = everyPlace(SERVICES, (metadata, address) =>
  fc.tuple(fc.constantFrom(...PODS), fc.boolean()).map(([pod, ready]): Endpoints => {
    const addresses = [{ ip: address.replace(/\d+$/, `${PODS.indexOf(pod) + 1}`), targetRef: podOf(metadata, pod) }];
    const subset = ready ? { addresses } : { notReadyAddresses: addresses };
    return {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata,
      subsets: [{ ...subset, ports: [{ name: "http", port: 80 }] }],
    };
  }),
);

const someInterfaces: fc.Arbitrary<readonly NetworkInterfaceFact[]> = fc.tuple(
  ...NODES.map((name, at) =>
    fc.oneof(fc.constant(["sg-2"]), mostly(["sg-1"], ["sg-1", "sg-2"])).map((securityGroupIds) => ({
      id: `eni-${name}`,
      instanceId: `i-${name}`,
      deviceIndex: 0,
      subnetId: "subnet-0a",
      securityGroupIds,
      privateIps: [`10.0.${at}.1`],
      prefixes: [`10.0.${at}.2/32`],
    })),
  ),
);

/** Objects for all Services, pods and nodes that generated clusters name. */
export const someWorkloads: fc.Arbitrary<Workloads> = fc.record({
  nodes: someNodes,
  pods: somePods,
  endpointSlices: someSlices,
  endpoints: someEndpoints,
  networkInterfaces: someInterfaces,
});

/** The cluster with them. */
export function withWorkloads(cluster: Cluster, { networkInterfaces, ...lists }: Workloads): Cluster {
  return {
    ...cluster,
    snapshot: { ...cluster.snapshot, ...lists, whole: WHOLE_KINDS },
    facts: { ...cluster.facts, networkInterfaces },
  };
}
