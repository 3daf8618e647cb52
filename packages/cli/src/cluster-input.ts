/** The objects of a cluster, instead of files. */
import type { Diagnostic, Inventory, Positions, Settings } from "@elbplan/core";
import type { ClusterReading } from "@elbplan/k8s-source/cluster";
import { askCluster } from "./cluster.ts";
import type { Io } from "./io.ts";
import type { InputOptions } from "./options.ts";

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
