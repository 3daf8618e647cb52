/** A simulated cluster behind HTTP on loopback, with a kubeconfig that leads to it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesError, KubernetesRequest } from "@elbplan/k8s-source/cluster";
import type { SimulatedCluster } from "@elbplan/k8s-source/simulated-cluster";

export interface ServedCluster {
  readonly kubeconfig: string;
  /** `METHOD path` of every request so far. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

/** Serves it; watches aren't. */
export async function serveCluster(cluster: SimulatedCluster): Promise<ServedCluster> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const asked = requestOf(request);
    requests.push(`${asked.method} ${asked.path}`);
    cluster.api.call(asked).then(
      (answer) => response.end(JSON.stringify(answer)),
      (error: KubernetesError) => {
        const status = { kind: "Status", code: error.status, reason: error.reason, message: error.message };
        response.writeHead(error.status ?? 500).end(JSON.stringify(status));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "elbplan-kubeconfig-"));
  const kubeconfig = join(folder, "config");
  const { port } = server.address() as AddressInfo;
  const context = { name: "here", context: { cluster: "c", user: "u" } };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      "current-context": "here",
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name: "u", user: { token: "canary-4711" } }],
      contexts: [context, { ...context, name: "there" }],
    }),
  );
  return {
    kubeconfig,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function requestOf({ method, url = "" }: IncomingMessage): KubernetesRequest {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  const query = Object.fromEntries(searchParams);
  const { limit, ...rest } = query;
  return {
    method: method as KubernetesRequest["method"],
    path: pathname,
    query: { ...rest, ...(limit !== undefined && { limit: Number(limit) }) },
  };
}
