/**
 * The connection that a kubeconfig names: clusters, contexts, certificates, tokens, exec plugins and proxies, all read
 * and applied by @kubernetes/client-node's KubeConfig. That library is loaded here and nowhere else.
 */
import { Agent } from "node:http";
import { type AgentOptions, type RequestOptions, Agent as TlsAgent } from "node:https";
import type { Cluster, KubeConfig } from "@kubernetes/client-node";
import { type Clock, systemClock } from "../clock.ts";
import { type Connection, ConnectionError, type Credentials } from "./connection.ts";

/** How long credentials are used without asking for them again; a plugin may name no time of expiry. */
const FRESH_MS = 60_000;

export interface KubeconfigOptions {
  /** A file; without it those of KUBECONFIG, or `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Instead of the file's current context. */
  readonly context?: string;
  readonly clock?: Clock;
}

/** Connects by a kubeconfig. Throws a ConnectionError for a file or context that isn't there or can't be used. */
export async function connectKubeconfig({ clock = systemClock, ...options }: KubeconfigOptions): Promise<Connection> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  // Read anew when the server took no credentials: KubeConfig keeps a plugin's token until the expiry that it names.
  let chosen = choose(new KubeConfig(), options);
  let kept: { readonly credentials: Credentials; readonly at: number } | undefined;
  const agents = agentKeeper();
  return {
    server: chosen.cluster.server,
    ...(chosen.namespace && { namespace: chosen.namespace }),
    credentials: async (renew) => {
      if (!renew && kept !== undefined && clock.now() - kept.at < FRESH_MS) return kept.credentials;
      if (renew) chosen = choose(new KubeConfig(), options);
      const at = clock.now();
      const credentials = agents(chosen.cluster, await applied(chosen.config));
      kept = { credentials, at };
      return credentials;
    },
  };
}

interface Chosen {
  readonly config: KubeConfig;
  readonly cluster: Cluster;
  readonly namespace: string | undefined;
}

function choose(config: KubeConfig, { kubeconfig, context }: KubeconfigOptions): Chosen {
  load(config, kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  const name = config.getCurrentContext();
  if (!name) throw new ConnectionError("the kubeconfig has no current context; name one with --context");
  const current = config.getContextObject(name);
  if (current === null) {
    const names = config.getContexts().map((each) => each.name);
    throw new ConnectionError(`the kubeconfig has no context "${name}"; it has ${names.join(", ") || "none"}`);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) throw new ConnectionError(`the context "${name}" names no cluster of the kubeconfig`);
  tellPlugin(config);
  return { config, cluster, namespace: current.namespace };
}

function load(config: KubeConfig, file: string | undefined): void {
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (error) {
    throw new ConnectionError(
      `the kubeconfig${file === undefined ? "" : ` ${file}`} can't be read: ${reasonOf(error)}`,
    );
  }
}

/** A YAML parser's message quotes the lines around a mistake, and those may hold a key. */
function reasonOf(error: unknown): string {
  const { code, reason, mark } = error as { code?: unknown; reason?: unknown; mark?: { line?: unknown } };
  if (code === "ENOENT") return "it doesn't exist";
  if (typeof code === "string") return `the system says ${code}`;
  if (typeof reason === "string") return `${reason} (line ${Number(mark?.line) + 1})`;
  return "it isn't a kubeconfig";
}

async function applied(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new ConnectionError(`no credentials: ${whyNone(error)}`);
  }
  return options;
}

/** What a plugin printed on stderr is for its user; what it printed on stdout is the secret itself. */
function whyNone(error: unknown): string {
  if (error instanceof SyntaxError) return "the exec plugin printed no ExecCredential";
  const { code, message = "" } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return `there is no ${(error as NodeJS.ErrnoException).path ?? "such file"}`;
  return message.trim().slice(0, 500) || "the exec plugin failed";
}

/** Makes credentials of what KubeConfig applied, with an agent that is kept until a certificate changes. */
function agentKeeper(): (cluster: Cluster, options: RequestOptions) => Credentials {
  let agent: Agent | undefined;
  let of = "";
  return (cluster, options) => {
    const { ca, cert, key, passphrase, pfx, rejectUnauthorized, servername, auth, headers } = options;
    const tls = { ca, cert, key, passphrase, pfx, rejectUnauthorized, servername };
    const identity = JSON.stringify(tls);
    if (agent === undefined || identity !== of) {
      of = identity;
      agent = agentFor(cluster, options, tls);
    }
    const basic = auth == null ? {} : { authorization: `Basic ${Buffer.from(auth).toString("base64")}` };
    return { headers: { ...(headers as { readonly [name: string]: string }), ...basic }, agent };
  };
}

function agentFor(cluster: Cluster, options: RequestOptions, tls: { readonly [name: string]: unknown }): Agent {
  // KubeConfig knows how to go through proxies; its own agents keep no connection, which costs a handshake a request.
  if (cluster.proxyUrl) return options.agent as Agent;
  if (cluster.server.startsWith("http:")) return new Agent({ keepAlive: true });
  const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
  return new TlsAgent({ keepAlive: true, ...(given as AgentOptions) });
}

interface Exec {
  readonly apiVersion?: string;
  env?: { readonly name: string; readonly value: string }[];
}

/** Plugins are told which version of ExecCredential to print (Kubernetes documentation, "client-go credential plugins"). */
function tellPlugin(config: KubeConfig): void {
  const exec = config.getCurrentUser()?.exec as Exec | undefined;
  if (!exec?.apiVersion) return;
  const info = { apiVersion: exec.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  exec.env = [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
}
