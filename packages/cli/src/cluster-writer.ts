/** What `apply` needs of a cluster beside its objects. */
import type { Inventory, Sender } from "@elbplan/core";
import type { KubernetesApi } from "@elbplan/k8s-source/cluster";
import type { Io } from "./io.ts";
import type { InputOptions, RunningOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

/** Writes of TargetGroupBindings go to the cluster that the plan is made from; undefined without `--cluster`. */
export async function clusterWriter(options: InputOptions, io: Io): Promise<Sender | undefined> {
  if (options.cluster !== true) return undefined;
  const { bindingSender } = await import("@elbplan/k8s-source/cluster");
  const { send, find } = bindingSender(await clusterApi(options, io));
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
  const { bindingsOfInventory, readCluster } = await import("@elbplan/k8s-source/cluster");
  const { DEFAULT_SETTINGS } = await import("@elbplan/core");
  const { targetGroupBindings } = await readCluster(await clusterApi(options, io), { settings: DEFAULT_SETTINGS });
  return targetGroupBindings === undefined ? {} : bindingsOfInventory(targetGroupBindings);
}

/** Two that write the same load balancers undo each other's work: refuses while LBC leads, unless that is wanted. */
export async function refuseBesideLbc(options: InputOptions & RunningOptions, io: Io): Promise<void> {
  if (options.cluster !== true || options.alongside === true) return;
  const { lbcLeader } = await import("@elbplan/k8s-source/cluster");
  const leader = await lbcLeader(await clusterApi(options, io));
  if (leader.leads === false) return;
  const why =
    leader.leads === "unknown"
      ? "whether the AWS Load Balancer Controller runs on this cluster can't be seen: its Lease may not be read"
      : `the AWS Load Balancer Controller runs on this cluster: ${leader.holder} leads by a Lease in ${leader.namespace}`;
  throw new Refusal(`${why}. Stop it first, or say --alongside if its Ingresses aren't those of this plan.`);
}

async function clusterApi({ kubeconfig, context }: InputOptions, io: Io): Promise<KubernetesApi> {
  const source = await import("@elbplan/k8s-source/cluster");
  const connection = await source.connect({
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    env: io.env,
  });
  return source.patientApi(source.httpsApi(connection), { attempts: 3 });
}
