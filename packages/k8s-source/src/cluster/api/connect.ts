/** Which cluster is meant, decided as kubectl does. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { type Connection, ConnectionError } from "./connection.ts";
import { connectInCluster, isInCluster } from "./in-cluster.ts";
import { connectKubeconfig } from "./kubeconfig.ts";

export interface ConnectOptions {
  /** A kubeconfig file. */
  readonly kubeconfig?: string;
  /** A context of the kubeconfig. */
  readonly context?: string;
  /** `process.env` by default. */
  readonly env?: { readonly [name: string]: string | undefined };
  readonly clock?: Clock;
}

/**
 * Connects by the kubeconfig or context named; else by KUBECONFIG or `~/.kube/config`; else by the service account of
 * the pod this runs in. Throws a ConnectionError if there is no way. Nothing is sent yet.
 */
export async function connect(options: ConnectOptions = {}): Promise<Connection> {
  const { kubeconfig, context, env = process.env, clock } = options;
  const home = env["HOME"] ?? homedir();
  const named = kubeconfig !== undefined || context !== undefined || Boolean(env["KUBECONFIG"]);
  if (named || existsSync(join(home, ".kube/config"))) {
    return connectKubeconfig({
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
      ...(clock && { clock }),
    });
  }
  if (isInCluster(env)) return connectInCluster({ env, ...(clock && { clock }) });
  throw new ConnectionError("no cluster: there is no kubeconfig, and this isn't a pod of a cluster");
}
