/** The objects of a cluster, instead of files. The client of Kubernetes is loaded only here. */
import type { Diagnostic, Inventory, Positions, Settings } from "@elbplan/core";
import type { ClusterReading, KubernetesApi } from "@elbplan/k8s-source/cluster";
import type { Io } from "./io.ts";
import type { InputOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

export interface ClusterInput {
  readonly snapshot: ClusterReading["snapshot"];
  /** Objects of a cluster stand in no file. */
  readonly positions: Positions;
  readonly diagnostics: readonly Diagnostic[];
  /** The bindings that exist; undefined if they couldn't be read. */
  readonly bindings?: Inventory["targetGroupBindings"];
}

/** Reads a cluster once. No way to it, or none to its API server, is a refusal. */
export async function readClusterInput(options: InputOptions, settings: Settings, io: Io): Promise<ClusterInput> {
  const { namespace } = options;
  return askCluster(options, io, async (source, api) => {
    const reading = await source.readCluster(api, {
      settings,
      ...(namespace !== undefined && { namespaces: [...new Set(namespace)] }),
    });
    const { snapshot, diagnostics, targetGroupBindings } = reading;
    return {
      snapshot,
      positions: () => undefined,
      diagnostics,
      ...(targetGroupBindings && { bindings: source.bindingsOfInventory(targetGroupBindings) }),
    };
  });
}

type Source = typeof import("@elbplan/k8s-source/cluster");

/** Asks the cluster that the options name; that it can't be asked is a refusal. */
export async function askCluster<T>(
  { kubeconfig, context }: InputOptions,
  io: Io,
  ask: (source: Source, api: KubernetesApi) => Promise<T>,
): Promise<T> {
  const source = await import("@elbplan/k8s-source/cluster");
  try {
    const connection = await source.connect({
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
      env: io.env,
    });
    return await ask(source, source.patientApi(source.httpsApi(connection), { attempts: 3 }));
  } catch (error) {
    if (error instanceof source.ConnectionError) throw new Refusal(`${error.message}.`);
    if (error instanceof source.KubernetesError) throw new Refusal(`the cluster can't be read: ${error.message}.`);
    throw error;
  }
}
