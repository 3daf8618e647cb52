/** A real API server with its etcd on loopback, for one test file; stopped with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, httpsApi, type KubernetesApi, patientApi } from "@elbplan/k8s-source/cluster";
import { kubernetesBinaries } from "./binaries.mjs";

export interface ApiServer {
  /** As an administrator who may do everything. */
  readonly api: KubernetesApi;
  readonly connection: Connection;
  /** A kubeconfig of that administrator. */
  readonly kubeconfig: string;
  /** The connection, the port and a kubeconfig, as another user. */
  readonly connectionAs: (token: string) => Connection;
  readonly apiAs: (token: string) => KubernetesApi;
  readonly kubeconfigAs: (token: string) => string;
  /** Kills the API server, as a crash would, and starts it again on the same port. */
  readonly restart: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** How long a server may take until it is ready. */
const READY_MS = 60_000;

/** Starts etcd and the API server on free ports, with keys made on the spot. */
export async function startApiServer(): Promise<ApiServer> {
  const binaries: { readonly apiserver: string; readonly etcd: string } = await kubernetesBinaries();
  const folder = mkdtempSync(join(tmpdir(), "elbplan-kube-"));
  const [clients, peers, port] = await freePorts(3);
  const token = randomBytes(16).toString("hex");
  writeFileSync(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(join(folder, "sa.key"), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  writeFileSync(join(folder, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));

  const etcdUrl = `http://127.0.0.1:${clients}`;
  const etcd = run(binaries.etcd, folder, "etcd", [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${peers}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
    `--initial-cluster=default=http://127.0.0.1:${peers}`,
    "--unsafe-no-fsync",
  ]);
  const startServer = (): Server =>
    run(binaries.apiserver, folder, "apiserver", [
      `--etcd-servers=${etcdUrl}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${port}`,
      // Without a certificate of ours the server makes one of its own there.
      `--cert-dir=${join(folder, "pki")}`,
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${join(folder, "sa.pub")}`,
      `--service-account-signing-key-file=${join(folder, "sa.key")}`,
      "--service-cluster-ip-range=10.96.0.0/16",
      "--authorization-mode=RBAC",
      "--endpoint-reconciler-type=none",
      // There is no controller manager and no kubelet.
      "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition,Priority",
    ]);
  const server = `https://127.0.0.1:${port}`;
  const certificate = join(folder, "pki/apiserver.crt");
  const connectionAs = (bearer: string): Connection => {
    const agent = new Agent({ keepAlive: true, ca: readFileSync(certificate) });
    return { server, credentials: async () => ({ headers: { authorization: `Bearer ${bearer}` }, agent }) };
  };

  let current: Server | undefined;
  const start = async (): Promise<void> => {
    current = startServer();
    await ready(current, etcd, certificate, () => httpsApi(connectionAs(token)));
  };
  const kill = async (): Promise<void> => {
    await current?.end("SIGKILL");
    current = undefined;
  };
  const stop = async (): Promise<void> => {
    await kill();
    await etcd.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  const kubeconfigAs = (bearer: string): string => {
    const path = join(folder, `kubeconfig-${randomBytes(4).toString("hex")}`);
    const cluster = { server, "certificate-authority": certificate };
    writeFileSync(path, JSON.stringify(kubeconfigOf(cluster, bearer)), { mode: 0o600 });
    return path;
  };
  const connection = connectionAs(token);
  return {
    api: patientApi(httpsApi(connection)),
    connection,
    kubeconfig: kubeconfigAs(token),
    connectionAs,
    kubeconfigAs,
    apiAs: (bearer) => patientApi(httpsApi(connectionAs(bearer))),
    start,
    kill,
    restart: async () => {
      await kill();
      await start();
    },
    stop,
  };
}

interface Server {
  readonly process: ChildProcess;
  readonly log: string;
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
}

function run(binary: string, folder: string, name: string, args: readonly string[]): Server {
  const log = join(folder, `${name}.log`);
  const output = createWriteStream(log, { flags: "a" });
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  // A test run that is cut short leaves no servers behind.
  const onExit = (): void => void child.kill("SIGKILL");
  process.once("exit", onExit);
  return {
    process: child,
    log,
    end: async (signal) => {
      process.off("exit", onExit);
      child.kill(signal);
      await closed;
    },
  };
}

async function ready(server: Server, etcd: Server, certificate: string, api: () => KubernetesApi): Promise<void> {
  const until = Date.now() + READY_MS;
  let last: unknown = "no certificate yet";
  while (Date.now() < until) {
    const dead = [server, etcd].find(({ process: { exitCode } }) => exitCode !== null);
    if (dead !== undefined) throw new Error(`a server ended: ${readFileSync(dead.log, "utf8").slice(-3000)}`);
    if (existsSync(certificate)) {
      try {
        // Namespaces exist and rights are granted a moment after the server calls itself ready.
        await api().call({ method: "GET", path: "/api/v1/namespaces/kube-system" }, { timeoutMs: 2000 });
        return;
      } catch (error) {
        last = error;
      }
    }
    await sleep(100);
  }
  throw new Error(`the API server isn't ready: ${last}: ${readFileSync(server.log, "utf8").slice(-3000)}`);
}

function kubeconfigOf(cluster: object, token: string): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "e2e",
    clusters: [{ name: "e2e", cluster }],
    users: [{ name: "user", user: { token } }],
    contexts: [{ name: "e2e", context: { cluster: "e2e", user: "user" } }],
  };
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      return new Promise<ReturnType<typeof createServer>>((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
