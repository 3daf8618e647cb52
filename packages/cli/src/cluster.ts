/** The way to a cluster. The client of Kubernetes is loaded only here. */
import type { KubernetesApi } from "@elbplan/k8s-source/cluster";
import type { Io } from "./io.ts";
import type { InputOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

export interface OpenCluster {
  readonly api: KubernetesApi;
  /** That of the context or the pod. */
  readonly namespace?: string;
}

/** Opens it as kubectl would; nothing is sent yet. No way to it is a refusal. */
export async function openCluster({ kubeconfig, context }: InputOptions, io: Io): Promise<OpenCluster> {
  if (io.kubernetes !== undefined) return { api: io.kubernetes };
  const source = await import("@elbplan/k8s-source/cluster");
  try {
    const connection = await source.connect({
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
      env: io.env,
    });
    const { namespace } = connection;
    return { api: source.httpsApi(connection), ...(namespace !== undefined && { namespace }) };
  } catch (error) {
    if (error instanceof source.ConnectionError) throw new Refusal(`${error.message}.`);
    throw error;
  }
}

type Source = typeof import("@elbplan/k8s-source/cluster");

/** Asks the cluster that the options name; that it can't be asked is a refusal. */
export async function askCluster<T>(
  options: InputOptions,
  io: Io,
  ask: (source: Source, api: KubernetesApi) => Promise<T>,
): Promise<T> {
  const source = await import("@elbplan/k8s-source/cluster");
  const { api } = await openCluster(options, io);
  try {
    return await ask(source, source.patientApi(api, { attempts: 3 }));
  } catch (error) {
    if (error instanceof source.KubernetesError) throw new Refusal(`the cluster can't be read: ${error.message}.`);
    throw error;
  }
}
