/** The kinds that are read from a cluster: where the API server has them, and what is kept of their objects. */
import { READINESS_GATE_PREFIX, type SnapshotList } from "@elbplan/core";
import { only, type Shape, without } from "./read/pick.ts";

/** A list of a snapshot, or the bindings, which belong to an inventory. */
export type ClusterList = SnapshotList | "targetGroupBindings";

export interface ClusterKind {
  readonly kind: string;
  readonly list: ClusterList;
  readonly apiVersion: string;
  /** The resource's name in paths and rights. */
  readonly plural: string;
  readonly namespaced?: true;
  /** Of a CustomResourceDefinition of LBC's, which may not be installed. */
  readonly custom?: true;
  /**
   * Without its objects little can be planned, and their absence would mean something. Of the others core knows by
   * itself what it can't do without them.
   */
  readonly decisive?: true;
  readonly shape: Shape;
}

/** What kubectl apply leaves behind: the object once more. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

const annotations = without(LAST_APPLIED);
const named = { name: true, namespace: true, uid: true, deletionTimestamp: true } as const;
const targetRef = { kind: true, namespace: true, name: true } as const;
const ports = { name: true, port: true, protocol: true } as const;
const addresses = { ip: true, nodeName: true, targetRef } as const;

/**
 * Of readiness gates' conditions what a patch is compared with, and since when they are so; of others the state alone, for
 * they change without end.
 */
function podCondition(value: unknown): unknown {
  const { type, status, reason, message, lastTransitionTime } = (value ?? {}) as { readonly [field: string]: unknown };
  const isGate = typeof type === "string" && type.startsWith(READINESS_GATE_PREFIX);
  return { type, status, ...(isGate && { reason, message, lastTransitionTime }) };
}

/**
 * All kinds, in the order in which they are listed: Ingresses first, for they say which Secrets are wanted. Resource
 * versions aren't kept: they change with every heartbeat of a node, and an object that stays as it is must stay the same
 * object.
 */
export const CLUSTER_KINDS: readonly ClusterKind[] = [
  {
    kind: "Ingress",
    list: "ingresses",
    apiVersion: "networking.k8s.io/v1",
    plural: "ingresses",
    namespaced: true,
    decisive: true,
    shape: {
      metadata: { ...named, labels: true, annotations, finalizers: true, generation: true },
      spec: true,
      status: { loadBalancer: true },
    },
  },
  {
    kind: "IngressClass",
    list: "ingressClasses",
    apiVersion: "networking.k8s.io/v1",
    plural: "ingressclasses",
    decisive: true,
    shape: { metadata: { name: true, annotations }, spec: true },
  },
  {
    kind: "IngressClassParams",
    list: "ingressClassParams",
    apiVersion: "elbv2.k8s.aws/v1beta1",
    plural: "ingressclassparams",
    custom: true,
    decisive: true,
    shape: { metadata: { name: true }, spec: true },
  },
  {
    kind: "Service",
    list: "services",
    apiVersion: "v1",
    plural: "services",
    namespaced: true,
    decisive: true,
    shape: { metadata: { ...named, labels: true, annotations, finalizers: true }, spec: true },
  },
  {
    kind: "Namespace",
    list: "namespaces",
    apiVersion: "v1",
    plural: "namespaces",
    shape: { metadata: { name: true, labels: true } },
  },
  {
    kind: "Secret",
    list: "secrets",
    apiVersion: "v1",
    plural: "secrets",
    namespaced: true,
    decisive: true,
    // Nothing but an OIDC client is ever held.
    shape: {
      metadata: { name: true, namespace: true, labels: true },
      data: { clientID: true, clientId: true, clientSecret: true },
    },
  },
  {
    kind: "Node",
    list: "nodes",
    apiVersion: "v1",
    plural: "nodes",
    shape: {
      metadata: { name: true, labels: true },
      spec: { providerID: true, taints: { key: true, value: true, effect: true } },
      status: { conditions: { type: true, status: true } },
    },
  },
  {
    kind: "Pod",
    list: "pods",
    apiVersion: "v1",
    plural: "pods",
    namespaced: true,
    shape: {
      metadata: { ...named, annotations: only("vpc.amazonaws.com/pod-eni") },
      spec: { nodeName: true, readinessGates: { conditionType: true } },
      status: { conditions: podCondition },
    },
  },
  {
    kind: "EndpointSlice",
    list: "endpointSlices",
    apiVersion: "discovery.k8s.io/v1",
    plural: "endpointslices",
    namespaced: true,
    shape: {
      metadata: { name: true, namespace: true, labels: only("kubernetes.io/service-name") },
      addressType: true,
      ports,
      endpoints: {
        addresses: true,
        conditions: { ready: true, serving: true, terminating: true },
        nodeName: true,
        targetRef,
      },
    },
  },
  {
    kind: "Endpoints",
    list: "endpoints",
    apiVersion: "v1",
    plural: "endpoints",
    namespaced: true,
    shape: {
      metadata: { name: true, namespace: true },
      subsets: { addresses, notReadyAddresses: addresses, ports },
    },
  },
  {
    kind: "TargetGroupBinding",
    list: "targetGroupBindings",
    apiVersion: "elbv2.k8s.aws/v1beta1",
    plural: "targetgroupbindings",
    namespaced: true,
    custom: true,
    shape: {
      metadata: { ...named, labels: true, annotations, finalizers: true, generation: true },
      spec: true,
      status: { observedGeneration: true },
    },
  },
];

/** The row of a kind. */
export function clusterKind(kind: string): ClusterKind {
  const found = CLUSTER_KINDS.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`${kind} is no kind that is read from clusters`);
  return found;
}

/** Path of a resource's list, of one namespace or of all; with a name, of one object. */
export function pathOf(
  { apiVersion, plural }: Pick<ClusterKind, "apiVersion" | "plural">,
  namespace?: string,
  name?: string,
): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}
