/** A cluster and an account in memory, and a controller between them. */
import type { AwsApi, AwsCall } from "@elbplan/aws-executor";
import {
  type Account,
  type Action,
  DEFAULT_SETTINGS,
  type Executor,
  emptyAccount,
  type Facts,
  type Ingress,
  type Settings,
  type SimulatedExecutor,
  simulatedExecutor,
} from "@elbplan/core";
import type { KubernetesApi, KubernetesRequest } from "@elbplan/k8s-source/cluster";
import { type SimulatedCluster, simulatedCluster } from "@elbplan/k8s-source/simulated-cluster";
import { facts as factsOf, fakeAws, ingressClass } from "@elbplan/testing";
import { type ControllerEvent, type ControllerOptions, createController } from "../src/index.ts";

const CLUSTER = "test";

const PLURALS: { readonly [kind: string]: string } = {
  EndpointSlice: "endpointslices",
  Ingress: "ingresses",
  IngressClass: "ingressclasses",
  IngressClassParams: "ingressclassparams",
  Namespace: "namespaces",
  Node: "nodes",
  Pod: "pods",
  Secret: "secrets",
  Service: "services",
};

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
}

export interface World {
  readonly cluster: SimulatedCluster;
  readonly account: () => Account;
  readonly events: ControllerEvent[];
  /** AWS calls that change something, in their order, as `kind resource`. */
  readonly writes: string[];
  /** AWS calls that read. */
  readonly reads: AwsCall[];
  /** Writes to the cluster by the controller, as `METHOD path`. */
  readonly kubernetesWrites: string[];
  readonly apply: (...objects: readonly object[]) => void;
  readonly remove: (object: object) => Promise<void>;
  readonly stored: (object: object) => Ingress | undefined;
  /** Kubernetes events as `reason object: message`. */
  readonly told: () => readonly string[];
  /** Somebody else changes the account. */
  readonly tamper: (change: (account: Account) => Account) => void;
  /** Starts a controller. */
  readonly start: (options?: Partial<ControllerOptions>) => Running;
}

export interface Running {
  /** Resolves when nothing is left to do. */
  readonly quiet: (within?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly failed: Promise<unknown>;
}

export interface WorldOptions {
  /** What AWS knows; a function is asked before each answer. */
  readonly facts?: Facts | (() => Facts);
  readonly settings?: Partial<Settings>;
  /** Between the controller and AWS. */
  readonly wrap?: (executor: Executor) => Executor;
  /** Between the controller and what it reads of AWS. */
  readonly wrapAws?: (aws: AwsApi) => AwsApi;
  /** Between the controller and the API server. */
  readonly wrapKubernetes?: (api: KubernetesApi) => KubernetesApi;
}

export function createWorld({
  facts: given = factsOf(),
  settings,
  wrap = (it) => it,
  wrapAws = (it) => it,
  wrapKubernetes = (it) => it,
}: WorldOptions = {}): World {
  const cluster = simulatedCluster();
  const factsNow = typeof given === "function" ? given : () => given;
  const { region, accountId, vpc, quotas } = factsNow();
  let simulated: SimulatedExecutor = simulatedExecutor(
    emptyAccount({ region, accountId, vpcId: vpc.id, ...(quotas && { quotas }) }),
    "waits",
  );
  const account = (): Account => simulated.account();
  const events: ControllerEvent[] = [];
  const writes: string[] = [];
  const reads: AwsCall[] = [];
  const kubernetesWrites: string[] = [];
  // What goes over a wire lets others run meanwhile.
  const wire = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const aws = wrapAws(async (call) => {
    reads.push(call);
    await wire();
    return fakeAws({ facts: factsNow(), account })(call);
  });
  const executor: Executor = wrap({
    find: (step) => simulated.find(step),
    met: (wait) => simulated.met(wait),
    send: async (step) => {
      writes.push(inShort(step.action));
      await wire();
      return simulated.send(step);
    },
  });
  const api = wrapKubernetes({
    ...cluster.api,
    call: async (request, options) => {
      await wire();
      if (request.method !== "GET" && !isEvent(request)) kubernetesWrites.push(`${request.method} ${request.path}`);
      return cluster.api.call(request, options);
    },
  });
  const apply = (...objects: readonly object[]): void => {
    for (const object of objects as readonly Manifest[]) cluster.apply(object, PLURALS[object.kind] ?? "");
  };
  apply(ingressClass());
  return {
    cluster,
    account,
    tamper: (change) => {
      simulated = simulatedExecutor(change(account()), "waits");
    },
    events,
    writes,
    reads,
    kubernetesWrites,
    apply,
    remove: async (object) => {
      const { apiVersion, kind, metadata } = object as Manifest;
      const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const within = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
      await cluster.api.call({ method: "DELETE", path: `${root}${within}/${PLURALS[kind]}/${metadata.name}` });
    },
    stored: (object) => {
      const { metadata } = object as Manifest;
      const found = cluster
        .objects("networking.k8s.io/ingresses")
        .find((one) => one.metadata["name"] === metadata.name && one.metadata["namespace"] === metadata.namespace);
      return found as Ingress | undefined;
    },
    told: () =>
      cluster.objects("/events").map((event) => {
        const { reason, involvedObject, message } = event as unknown as {
          readonly [field: string]: string & { readonly name: string };
        };
        return `${reason} ${involvedObject?.name}: ${message}`;
      }),
    start: (options = {}) => {
      const stopping = new AbortController();
      const controller = createController({
        settings: { ...DEFAULT_SETTINGS, clusterName: CLUSTER, ...settings },
        place: { region, accountId, vpcId: vpc.id },
        kubernetes: api,
        aws,
        executor,
        ...options,
        onEvent: (event) => {
          events.push(event);
          options.onEvent?.(event);
        },
      });
      const failed = controller.run(stopping.signal).then(
        () => undefined,
        (error: unknown) => error,
      );
      return {
        failed,
        quiet: async (within = 20_000) => {
          const end = Date.now() + within;
          for (let settled = 0; settled < 2; ) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            settled = controller.health().settled ? settled + 1 : 0;
            if (Date.now() > end) throw new Error("something is always left to do");
          }
        },
        stop: async () => {
          stopping.abort();
          const error = await failed;
          if (error !== undefined) throw error;
        },
      };
    },
  };
}

function inShort({ kind, resource }: Action): string {
  return `${kind} ${resource}`;
}

function isEvent({ path }: KubernetesRequest): boolean {
  return /\/events(\/|$)/.test(path);
}
