/** The status of a group's Ingresses: where their traffic comes in. */
import type { Stack } from "../model/graph.ts";
import type { ExistingLoadBalancer, Inventory } from "../model/inventory.ts";
import type { IngressLoadBalancer } from "../model/kubernetes.ts";
import type { Settings } from "../model/settings.ts";
import { ownershipOf } from "../resolve/ownership-tags.ts";

/**
 * The entries that LBC writes (behaviour.md §5.1): the DNS name in lower case with the ports in ascending order, and
 * without ports the one of a network load balancer in front. Undefined while the group has no load balancer.
 */
export function ingressStatus(
  { id, listenerPorts }: Pick<Stack, "id" | "listenerPorts">,
  inventory: Pick<Inventory, "loadBalancers">,
  { clusterName }: Pick<Settings, "clusterName">,
): readonly IngressLoadBalancer[] | undefined {
  const mine = Object.values(inventory.loadBalancers).filter(
    ({ spec }) => ownershipOf(spec.tags, clusterName)?.stack === id,
  );
  const [application, network] = [named(mine, "application"), named(mine, "network")];
  if (application === undefined) return undefined;
  const ports = listenerPorts.toSorted((a, b) => a - b).map((port) => ({ port }));
  return [{ hostname: application, ports }, ...(network === undefined ? [] : [{ hostname: network }])];
}

function named(all: readonly ExistingLoadBalancer[], type: string): string | undefined {
  return all.find(({ spec }) => spec.type === type)?.dnsName.toLowerCase();
}
