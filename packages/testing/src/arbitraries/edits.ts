/** What happens to a cluster while somebody works on it. */
import {
  type ClusterSnapshot,
  type Facts,
  type Ingress,
  type Secret,
  WHOLE_KINDS,
  type WholeKind,
} from "@elbplan/core";
import fc from "fast-check";
import { aCluster, type Cluster } from "./cluster.ts";
import { someWorkloads, type Workloads } from "./workloads.ts";

/** One edit of one object, or of what AWS knows; everything else stays the very same object. */
export interface ClusterEdit {
  /** What it does, to be shown when a test fails. */
  readonly name: string;
  readonly apply: (cluster: Cluster) => Cluster;
}

type Lists = Required<
  Pick<
    ClusterSnapshot,
    | "ingresses"
    | "services"
    | "ingressClasses"
    | "ingressClassParams"
    | "secrets"
    | "nodes"
    | "pods"
    | "endpointSlices"
    | "endpoints"
  >
>;

const FINALIZERS = ["ingress.k8s.aws/resources", "group.ingress.k8s.aws/team", "group.ingress.k8s.aws/constructor"];

/** Edits drawn from other clusters that use the same names, so that they change, add and move what is there. */
export const someClusterEdits: fc.Arbitrary<readonly ClusterEdit[]> = fc
  .tuple(aCluster, someWorkloads)
  .chain(([other, workloads]) =>
    fc.array(fc.oneof(anEdit(other), aWorkloadEdit(workloads)), {
      minLength: 1,
      maxLength: 8,
    }),
  );

type WorkloadList = "nodes" | "pods" | "endpointSlices" | "endpoints";

const aWorkloadList = fc.constantFrom<WorkloadList>("nodes", "pods", "endpointSlices", "endpoints");

function aWorkloadEdit(workloads: Workloads): fc.Arbitrary<ClusterEdit> {
  const { nodes, pods, endpointSlices, endpoints, networkInterfaces } = workloads;
  return fc.oneof(
    { weight: 3, arbitrary: fc.nat().map((at) => putOneOf("endpointSlices", endpointSlices, at)) },
    { weight: 1, arbitrary: fc.nat().map((at) => remove("endpointSlices", at)) },
    { weight: 2, arbitrary: fc.nat().map((at) => putOneOf("pods", pods, at)) },
    { weight: 1, arbitrary: fc.nat().map((at) => remove("pods", at)) },
    { weight: 2, arbitrary: fc.nat().map((at) => putOneOf("nodes", nodes, at)) },
    { weight: 1, arbitrary: fc.nat().map((at) => remove("nodes", at)) },
    { weight: 1, arbitrary: fc.nat().map((at) => putOneOf("endpoints", endpoints, at)) },
    { weight: 1, arbitrary: aWorkloadList.map(forget) },
    { weight: 2, arbitrary: fc.subarray([...WHOLE_KINDS]).map(holdWhole) },
    { weight: 4, arbitrary: aWorkloadList.map((list) => putAll(list, workloads[list])) },
    {
      weight: 2,
      arbitrary: fc
        .option(fc.shuffledSubarray([...networkInterfaces]), { nil: undefined, freq: 3 })
        .map(findInterfaces),
    },
  );
}

function anEdit({ snapshot, facts }: Cluster): fc.Arbitrary<ClusterEdit> {
  const { ingresses, services, ingressClassParams } = snapshot;
  return fc.oneof(
    { weight: 6, arbitrary: fc.nat().map((at) => putOneOf("ingresses", ingresses, at)) },
    { weight: 2, arbitrary: fc.nat().map((at) => remove("ingresses", at)) },
    { weight: 3, arbitrary: fc.nat().map((at) => putOneOf("services", services, at)) },
    { weight: 1, arbitrary: fc.nat().map((at) => remove("services", at)) },
    { weight: 1, arbitrary: fc.nat().map((at) => putOneOf("ingressClassParams", ingressClassParams, at)) },
    { weight: 1, arbitrary: fc.nat().map((at) => remove("ingressClasses", at)) },
    { weight: 2, arbitrary: fc.tuple(fc.nat(), fc.subarray(FINALIZERS), fc.boolean()).map(hold) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.boolean()).map(authenticate) },
    { weight: 1, arbitrary: fc.constantFrom("one", "two").map(setSecret) },
    { weight: 1, arbitrary: fc.constantFrom("a", "b").map(labelNamespaces) },
    { weight: 1, arbitrary: fc.nat().map((at) => copy("ingresses", at)) },
    {
      weight: 1,
      arbitrary: fc.constant({ name: "other facts", apply: (cluster: Cluster) => ({ ...cluster, facts }) }),
    },
    { weight: 1, arbitrary: fc.constant(copyFacts) },
  );
}

const edit = (name: string, change: (snapshot: ClusterSnapshot) => ClusterSnapshot): ClusterEdit => ({
  name,
  apply: (cluster) => ({ ...cluster, snapshot: change(cluster.snapshot) }),
});

type Named = { readonly metadata: { readonly namespace?: string; readonly name: string } };

const nameOf = ({ metadata: { namespace = "", name } }: Named): string => `${namespace}/${name}`;

/** In place of the object of the same name, or at the end. */
function put<L extends keyof Lists>(snapshot: ClusterSnapshot, list: L, object: Lists[L][number]): ClusterSnapshot {
  const objects: readonly Named[] = snapshot[list] ?? [];
  const at = objects.findIndex((each) => nameOf(each) === nameOf(object));
  return { ...snapshot, [list]: at < 0 ? [...objects, object] : objects.with(at, object) };
}

function putOneOf<L extends keyof Lists>(list: L, objects: Lists[L], at: number): ClusterEdit {
  const object = objects[at % Math.max(1, objects.length)];
  if (object === undefined) return edit("nothing", (snapshot) => snapshot);
  return edit(`put ${list} ${nameOf(object)}`, (snapshot) => put(snapshot, list, object));
}

function remove(list: keyof Lists, at: number): ClusterEdit {
  return edit(`remove ${list} ${at}`, (snapshot) => {
    const objects: readonly unknown[] | undefined = snapshot[list];
    if (objects === undefined) return snapshot;
    return { ...snapshot, [list]: objects.toSpliced(at % Math.max(1, objects.length), 1) };
  });
}

function putAll<L extends WorkloadList>(list: L, objects: Lists[L]): ClusterEdit {
  return edit(`put all ${list}`, (snapshot) => ({ ...snapshot, [list]: objects }));
}

/** As if nobody had looked for them. */
function forget(list: WorkloadList): ClusterEdit {
  return edit(`forget ${list}`, ({ [list]: _, ...rest }) => rest as ClusterSnapshot);
}

function holdWhole(whole: readonly WholeKind[]): ClusterEdit {
  return edit(`hold every ${whole.join()}`, (snapshot) => ({ ...snapshot, whole }));
}

function findInterfaces(networkInterfaces: Facts["networkInterfaces"]): ClusterEdit {
  return {
    name: `find ${networkInterfaces?.map(({ id }) => id).join() ?? "no"} interfaces`,
    apply: ({ facts: { networkInterfaces: _, ...facts }, ...cluster }) => ({
      ...cluster,
      facts: { ...facts, ...(networkInterfaces && { networkInterfaces }) },
    }),
  };
}

function changeIngress(name: string, at: number, change: (ingress: Ingress) => Ingress): ClusterEdit {
  return edit(`${name} ingress ${at}`, (snapshot) => {
    const ingress = snapshot.ingresses[at % Math.max(1, snapshot.ingresses.length)];
    return ingress === undefined ? snapshot : put(snapshot, "ingresses", change(ingress));
  });
}

function hold([at, finalizers, deleting]: readonly [number, readonly string[], boolean]): ClusterEdit {
  return changeIngress(`${deleting ? "delete" : "keep"} with ${finalizers.join()}`, at, (ingress) => {
    const { deletionTimestamp: _, ...metadata } = ingress.metadata;
    const deletion = deleting ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {};
    return { ...ingress, metadata: { ...metadata, finalizers, ...deletion } };
  });
}

function authenticate([at, tolerant]: readonly [number, boolean]): ClusterEdit {
  return changeIngress("authenticate", at, (ingress) => {
    const endpoints = { authorizationEndpoint: "https://a", tokenEndpoint: "https://t", userInfoEndpoint: "https://u" };
    const oidc = { issuer: "https://i", ...endpoints, secretName: "oidc" };
    const annotations = {
      ...ingress.metadata.annotations,
      "alb.ingress.kubernetes.io/auth-type": "oidc",
      "alb.ingress.kubernetes.io/auth-idp-oidc": JSON.stringify(oidc),
      "alb.ingress.kubernetes.io/auth-on-unauthenticated-request": tolerant ? "allow" : "deny",
      "alb.ingress.kubernetes.io/listen-ports": '[{"HTTPS":443}]',
      "alb.ingress.kubernetes.io/certificate-arn": "arn:aws:acm:eu-central-1:111122223333:certificate/a",
    };
    return { ...ingress, metadata: { ...ingress.metadata, annotations } };
  });
}

function setSecret(clientSecret: string): ClusterEdit {
  return edit(`secret ${clientSecret}`, (snapshot) =>
    ["shop", "shop-2", "pay"].reduce((before, namespace) => {
      const stringData = { clientID: "id", clientSecret };
      const secret: Secret = { apiVersion: "v1", kind: "Secret", metadata: { namespace, name: "oidc" }, stringData };
      return put(before, "secrets", secret);
    }, snapshot),
  );
}

function labelNamespaces(label: string): ClusterEdit {
  return edit(`label namespaces ${label}`, (snapshot) => ({
    ...snapshot,
    namespaces: snapshot.namespaces.map((namespace) => ({
      ...namespace,
      metadata: { ...namespace.metadata, labels: { label } },
    })),
  }));
}

/** Equal, and yet another object: what a source that shares nothing gives. */
function copy(list: "ingresses", at: number): ClusterEdit {
  return edit(`copy ${list} ${at}`, (snapshot) => {
    const object = snapshot[list][at % Math.max(1, snapshot[list].length)];
    return object === undefined ? snapshot : put(snapshot, list, structuredClone(object));
  });
}

const copyFacts: ClusterEdit = {
  name: "copy facts",
  apply: (cluster) => ({ ...cluster, facts: structuredClone(cluster.facts) }),
};
