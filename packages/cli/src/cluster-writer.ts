/** What `apply` needs of a cluster beside its objects. */
import { DEFAULT_SETTINGS, type Inventory, type Sender } from "@elbplan/core";
import type { ClusterReading, KubernetesApi } from "@elbplan/k8s-source/cluster";
import { askCluster } from "./cluster.ts";
import type { Io } from "./io.ts";
import type { InputOptions, RunningOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

/** Writes of TargetGroupBindings go to the cluster that the plan is made from; undefined without `--cluster`. */
export async function clusterWriter(options: InputOptions, io: Io): Promise<Sender | undefined> {
  return options.cluster === true ? askCluster(options, io, async (_, api) => kubernetesSender(api)) : undefined;
}

/** Writes TargetGroupBindings. */
export async function kubernetesSender(api: KubernetesApi): Promise<Sender> {
  const { bindingSender } = await import("@elbplan/k8s-source/cluster");
  const { send, find } = bindingSender(api);
  return {
    send: async ({ call }) => {
      await send(call);
      return undefined;
    },
    find: ({ call }) => find(call),
  };
}

/** The bindings that exist, which are part of what a saved plan was made from. */
export async function bindingsInCluster(options: InputOptions, io: Io): Promise<Inventory["targetGroupBindings"]> {
  if (options.cluster !== true) return {};
  return askCluster(options, io, async ({ bindingsOfInventory, readCluster }, api) => {
    const { targetGroupBindings } = await readCluster(api, { settings: DEFAULT_SETTINGS });
    return targetGroupBindings === undefined ? {} : bindingsOfInventory(targetGroupBindings);
  });
}

/** These Secrets of the cluster, those that exist and may be read, and why others may not. */
export async function secretsInCluster(
  keys: readonly string[],
  options: InputOptions,
  io: Io,
): Promise<Pick<ClusterReading, "snapshot" | "diagnostics">> {
  return askCluster(options, io, ({ readSecrets }, api) => readSecrets(api, keys));
}

/** Two that write the same load balancers undo each other's work: refuses while LBC leads, unless that is wanted. */
export async function refuseBesideLbc(options: InputOptions & RunningOptions, io: Io): Promise<void> {
  if (options.cluster !== true || options.alongside === true) return;
  const leader = await askCluster(options, io, ({ lbcLeader }, api) => lbcLeader(api));
  if (leader.leads === false) return;
  const why =
    leader.leads === "unknown"
      ? "whether the AWS Load Balancer Controller runs on this cluster can't be seen: its Lease may not be read"
      : `the AWS Load Balancer Controller runs on this cluster: ${leader.holder} leads by a Lease in ${leader.namespace}`;
  throw new Refusal(`${why}. Stop it first, or say --alongside if its Ingresses aren't those of this plan.`);
}
