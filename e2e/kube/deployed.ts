/** deploy/ on a real API server, and the service account that elbplan runs as. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseYaml } from "@elbplan/k8s-source";
import { isConflict, isNotFound, type KubernetesApi } from "@elbplan/k8s-source/cluster";
import type { ApiServer } from "./api-server.ts";

const DEPLOY = new URL("../../deploy/", import.meta.url);

// biome-ignore lint/suspicious/noExplicitAny: manifests of many shapes
export type Manifest = any;

/** Kinds that the tests apply. */
const PLURALS: { readonly [kind: string]: string } = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  CustomResourceDefinition: "customresourcedefinitions",
  Deployment: "deployments",
  EndpointSlice: "endpointslices",
  Ingress: "ingresses",
  IngressClass: "ingressclasses",
  IngressClassParams: "ingressclassparams",
  Lease: "leases",
  Namespace: "namespaces",
  Node: "nodes",
  Pod: "pods",
  PodDisruptionBudget: "poddisruptionbudgets",
  Role: "roles",
  RoleBinding: "rolebindings",
  Secret: "secrets",
  Service: "services",
  ServiceAccount: "serviceaccounts",
  TargetGroupBinding: "targetgroupbindings",
};

/** The path of an object's list. */
export function collectionOf({ apiVersion, kind, metadata: { namespace } }: Manifest): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${PLURALS[kind]}`;
}

/** The path of an object. */
export function pathOf(object: Manifest): string {
  return `${collectionOf(object)}/${object.metadata.name}`;
}

/** Creates an object, or gives one that is there this content; its status too, which a creation leaves out. */
export async function apply(api: KubernetesApi, object: Manifest): Promise<Manifest> {
  let stored: Manifest;
  try {
    stored = await api.call({ method: "POST", path: collectionOf(object), body: object });
  } catch (error) {
    if (!isConflict(error)) throw error;
    stored = await patch(api, object, object);
  }
  return object.status === undefined ? stored : patch(api, object, { status: object.status }, "status");
}

/** A merge patch. */
export function patch(api: KubernetesApi, object: Manifest, body: object, subresource?: string): Promise<Manifest> {
  const path = subresource === undefined ? pathOf(object) : `${pathOf(object)}/${subresource}`;
  return api.call({ method: "PATCH", path, patchType: "application/merge-patch+json", body });
}

export function remove(api: KubernetesApi, object: Manifest): Promise<unknown> {
  return api.call({ method: "DELETE", path: pathOf(object) });
}

/** The manifests of a kustomization, with its namespace. */
function kustomization(folder: string): readonly Manifest[] {
  return read(`${folder}/kustomization.yaml`).resources.map((file: string) => read(`${folder}/${file}`));
}

function read(path: string): Manifest {
  return parseYaml(path, readFileSync(new URL(path, DEPLOY), "utf8")).value;
}

/** Applies deploy/crds and deploy/base, and gives the port as the service account of the Deployment. */
export async function deployed(server: ApiServer, ...components: readonly string[]): Promise<KubernetesApi> {
  return server.apiAs(await deploy(server, ...components));
}

/** Applies deploy/crds and deploy/base, and gives a token of the service account of the Deployment. */
export async function deploy({ api }: ApiServer, ...components: readonly string[]): Promise<string> {
  const folders = ["crds", "base", ...components.map((name) => `components/${name}`)];
  for (const object of folders.flatMap(kustomization)) await apply(api, object);
  for (const plural of ["ingressclassparams", "targetgroupbindings"]) await served(api, plural);
  const [account] = kustomization("base").filter(({ kind }) => kind === "ServiceAccount");
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { audiences: [] } };
  const path = `${pathOf(account)}/token`;
  const { status } = (await api.call({ method: "POST", path, body: request })) as Manifest;
  return status.token;
}

/** A definition is served a moment after it was created. */
async function served(api: KubernetesApi, plural: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await api.call({ method: "GET", path: `/apis/elbv2.k8s.aws/v1beta1/${plural}` });
      return;
    } catch (error) {
      if (!isNotFound(error) || tries > 100) throw error;
      await sleep(100);
    }
  }
}

/** Waits until something holds, for ten seconds unless told otherwise. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${condition}`);
    await sleep(20);
  }
}
