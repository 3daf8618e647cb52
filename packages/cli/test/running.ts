/** A `run` on a cluster in memory and an AWS that answers, watched from outside. */
import type { AwsApi, AwsCall } from "@elbplan/aws-executor";
import { emptyAccount } from "@elbplan/core";
import type { KubernetesApi } from "@elbplan/k8s-source/cluster";
import { type SimulatedAccess, type SimulatedCluster, simulatedCluster } from "@elbplan/k8s-source/simulated-cluster";
import { facts as factsOf, fakeAws, ingress, ingressClass, service } from "@elbplan/testing";
import type { Io } from "../src/io.ts";
import { run } from "./scenario.ts";
import { stubAws } from "./stub-aws.ts";

const FACTS = factsOf();
const READS = /^(?:Describe|Get|List)/;
const PLURALS: { readonly [kind: string]: string } = {
  Ingress: "ingresses",
  IngressClass: "ingressclasses",
  Secret: "secrets",
  Service: "services",
  Lease: "leases",
};
/** Any port of loopback. */
const PORTS = ["--metrics-bind-addr=127.0.0.1:0", "--health-probe-bind-addr=127.0.0.1:0"];
export const FLAGS = [`--aws-vpc-id=${FACTS.vpc.id}`, "--cluster-name=test", ...PORTS];

export interface Outside {
  readonly cluster: SimulatedCluster;
  readonly apply: (...objects: readonly object[]) => void;
  /** Deletes the Ingress, as a user does: it stays until its finalizers are gone. */
  readonly deleteIngress: () => void;
  /** Writes to the API server, as `METHOD path`. */
  readonly kubernetesWrites: string[];
  /** Calls of AWS that change something. */
  readonly awsWrites: AwsCall[];
  readonly kubernetes: KubernetesApi;
  readonly aws: AwsApi;
}

/** A Service with an Ingress, and an account in which nothing exists. `around` stands before AWS. */
export function outside(
  around: (api: AwsApi) => AwsApi = (api) => api,
  allow: (access: SimulatedAccess) => boolean = () => true,
): Outside {
  let isUser = false;
  const cluster = simulatedCluster({ allow: (access) => isUser || allow(access) });
  const { region, accountId, vpc } = FACTS;
  const reading = fakeAws({ facts: FACTS, account: emptyAccount({ region, accountId, vpcId: vpc.id }) });
  const stub = stubAws();
  const kubernetesWrites: string[] = [];
  const apply = (...objects: readonly object[]): void => {
    for (const object of objects) cluster.apply(object, PLURALS[(object as { kind: string }).kind] ?? "");
  };
  apply(ingressClass(), service(), ingress());
  return {
    cluster,
    apply,
    deleteIngress: () => {
      isUser = true;
      // It is answered before anybody else is heard.
      void cluster.api.call({ method: "DELETE", path: "/apis/networking.k8s.io/v1/namespaces/default/ingresses/web" });
      isUser = false;
    },
    kubernetesWrites,
    awsWrites: stub.writes,
    kubernetes: {
      ...cluster.api,
      call: (request, options) => {
        if (request.method !== "GET") kubernetesWrites.push(`${request.method} ${request.path}`);
        return cluster.api.call(request, options);
      },
    },
    aws: around((call, options) => (READS.test(call.operation) ? reading(call) : stub.aws(call, options))),
  };
}

export interface RunningCommand {
  readonly out: () => string;
  /** Lines of the log. */
  readonly log: () => readonly { readonly [field: string]: unknown }[];
  readonly text: () => string;
  /** Resolves when a line of the log, or standard output, is as asked. */
  readonly until: (is: () => boolean) => Promise<void>;
  readonly said: (msg: string) => boolean;
  /** As SIGTERM does. */
  readonly interrupt: () => void;
  readonly code: Promise<number>;
  /** Asks the probes and the metrics. */
  readonly get: (path: string) => Promise<{ readonly status: number; readonly body: string }>;
}

/** Starts the command. */
export function start(argv: readonly string[], { kubernetes, aws }: Outside, env: Io["env"] = {}): RunningCommand {
  const written = { stdout: "", stderr: "" };
  let interrupt = (): void => {};
  const output = (name: "stdout" | "stderr"): Io["stdout"] => ({
    isTTY: false,
    write: (text) => {
      written[name] += text;
    },
  });
  const ran = run(["run", ...FLAGS, ...argv], "", {
    kubernetes,
    aws,
    env,
    stdout: output("stdout"),
    stderr: output("stderr"),
    onInterrupt: (stop) => {
      interrupt = stop;
      return () => {};
    },
  });
  const log = (): readonly { readonly [field: string]: unknown }[] =>
    written.stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { readonly [field: string]: unknown });
  const said = (msg: string): boolean => log().some((line) => line["msg"] === msg);
  return {
    out: () => written.stdout,
    text: () => written.stderr,
    log,
    said,
    until: async (is) => {
      const end = Date.now() + 20_000;
      while (!is()) {
        if (Date.now() > end) throw new Error(`it never came about; the log:\n${written.stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    interrupt: () => interrupt(),
    code: ran.then(({ code }) => code),
    get: async (path) => {
      const listening = log().find((line) => (line["paths"] as readonly string[] | undefined)?.includes(path));
      const response = await fetch(`http://127.0.0.1:${listening?.["port"]}${path}`);
      return { status: response.status, body: await response.text() };
    },
  };
}
