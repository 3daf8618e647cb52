/**
 * The connection of a pod: the service account that Kubernetes mounts into it (Kubernetes documentation, "Accessing the
 * API from within a Pod"). Without @kubernetes/client-node, which would cost a controller 80 MB for reading two files.
 */
import { readFile } from "node:fs/promises";
import { Agent } from "node:https";
import { type Clock, systemClock } from "../clock.ts";
import { type Connection, ConnectionError, type Credentials } from "./connection.ts";

/** Tokens are renewed in place; client-go reads them as often. */
const FRESH_MS = 60_000;

export interface InClusterOptions {
  readonly env: { readonly [name: string]: string | undefined };
  /** Where the service account is mounted. */
  readonly folder?: string;
  readonly clock?: Clock;
}

const MOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Whether this process looks like one in a pod. */
export function isInCluster(env: InClusterOptions["env"]): boolean {
  return Boolean(env["KUBERNETES_SERVICE_HOST"] && env["KUBERNETES_SERVICE_PORT"]);
}

/** Connects by the pod's service account. Throws a ConnectionError if there is none. */
export async function connectInCluster({
  env,
  folder = MOUNTED,
  clock = systemClock,
}: InClusterOptions): Promise<Connection> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) throw new ConnectionError("this process doesn't run in a pod of a cluster");
  const read = (name: string): Promise<string> =>
    readFile(`${folder}/${name}`, "utf8").catch((error: NodeJS.ErrnoException) => {
      throw new ConnectionError(`the pod's service account can't be read: ${folder}/${name}: ${error.code}`);
    });

  let ca: string | undefined;
  let agent: Agent | undefined;
  const load = async (): Promise<Credentials> => {
    const [token, currentCa] = await Promise.all([read("token"), read("ca.crt")]);
    if (agent === undefined || currentCa !== ca) {
      ca = currentCa;
      agent = new Agent({ keepAlive: true, ca });
    }
    return { headers: { authorization: `Bearer ${token.trim()}` }, agent };
  };
  let loaded = await load();
  let loadedAt = clock.now();
  const namespace = await read("namespace").catch(() => "");
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    ...(namespace.trim() !== "" && { namespace: namespace.trim() }),
    credentials: async (renew) => {
      if (renew || clock.now() - loadedAt > FRESH_MS) {
        loaded = await load();
        loadedAt = clock.now();
      }
      return loaded;
    },
  };
}
