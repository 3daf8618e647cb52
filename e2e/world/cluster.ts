import type { ClusterSnapshot } from "@elbplan/core";
import { parseManifests } from "@elbplan/k8s-source";
import type { Seed } from "../moto/seed.ts";
import { clusterManifests, type Manifest } from "../scenarios/cluster.ts";
import type { Step } from "../scenarios/scenarios.ts";

/** The cluster of a scenario as it changes. */
export interface Cluster {
  /** Makes a step's changes. Deleted Ingresses stay, held by LBC's finalizer, until `settle`. */
  apply(step: Step): void;
  /** What an API server would list now. */
  snapshot(): ClusterSnapshot;
  /** The finalizers of deleted Ingresses are gone. */
  settle(): void;
}

export function createCluster(seed: Seed): Cluster {
  const ingresses = new Map<string, Manifest>();
  const leaving = new Set<string>();
  let pods = 2;
  return {
    apply: ({ applies = [], deletes = [], pods: wanted = pods }) => {
      pods = wanted;
      for (const ingress of applies) {
        ingresses.set(keyOf(ingress), ingress);
        leaving.delete(keyOf(ingress));
      }
      for (const key of deletes) leaving.add(key);
    },
    snapshot: () => {
      const held = [...ingresses].map(([key, ingress]) => (leaving.has(key) ? deleted(ingress) : ingress));
      const text = [...clusterManifests(seed, pods), LOGIN, ...held]
        .map((object) => JSON.stringify(object))
        .join("\n---\n");
      return parseManifests([{ file: "cluster.yaml", text }], { whole: true }).snapshot;
    },
    settle: () => {
      for (const key of leaving) ingresses.delete(key);
      leaving.clear();
    },
  };
}

/** The client of the Ingresses that authenticate. */
const LOGIN: Manifest = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace: "default", name: "login" },
  stringData: { clientID: "e2e", clientSecret: "client-secret" },
};

interface Metadata {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: { readonly [name: string]: string };
}

function keyOf(ingress: Manifest): string {
  const { namespace, name } = ingress["metadata"] as Metadata;
  return `${namespace}/${name}`;
}

/** As the API server has an Ingress that was deleted while a finalizer holds it. */
function deleted(ingress: Manifest): Manifest {
  const metadata = ingress["metadata"] as Metadata;
  const group = metadata.annotations["alb.ingress.kubernetes.io/group.name"];
  const finalizers = [group === undefined ? "ingress.k8s.aws/resources" : `group.ingress.k8s.aws/${group}`];
  return { ...ingress, metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers } };
}
