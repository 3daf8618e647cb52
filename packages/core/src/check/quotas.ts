/** Counts what AWS limits per load balancer; the simulated account refuses by these counts. */
import type { Inventory } from "../model/inventory.ts";
import type { ListenerSpec } from "../model/listener.ts";
import { targetGroupsOf, usesOfTargetGroups } from "./account/association.ts";

/** ARNs of the load balancer's listeners. */
function listenersOf(inventory: Inventory, loadBalancerArn: string): Inventory["listeners"][string][] {
  return Object.values(inventory.listeners).filter(({ spec }) => spec.loadBalancerArn === loadBalancerArn);
}

/** Listeners of a load balancer. */
export function countListeners(inventory: Inventory, loadBalancerArn: string): number {
  return listenersOf(inventory, loadBalancerArn).length;
}

/** Rules over all listeners of a load balancer; default rules don't count. */
export function countRules(inventory: Inventory, loadBalancerArn: string): number {
  const listeners = new Set(listenersOf(inventory, loadBalancerArn).map(({ arn }) => arn));
  return Object.values(inventory.listenerRules).filter(({ spec }) => listeners.has(spec.listenerArn)).length;
}

/** Certificates over all listeners of a load balancer; a listener's default certificate doesn't count. */
export function countCertificates(inventory: Inventory, loadBalancerArn: string): number {
  return listenersOf(inventory, loadBalancerArn)
    .map(({ spec }) => countsAsCertificates(spec))
    .reduce((sum, count) => sum + count, 0);
}

/** Certificates of one listener that count. */
export function countsAsCertificates({ certificates = [] }: Pick<ListenerSpec<string>, "certificates">): number {
  return certificates.slice(1).filter((arn) => arn !== certificates[0]).length;
}

/** Target groups that a load balancer's rules and default actions name, each counted once. */
export function targetGroupsInUse(inventory: Inventory, loadBalancerArn: string): ReadonlySet<string> {
  const inUse = new Set<string>();
  for (const use of usesOfTargetGroups(inventory)) {
    if (use.loadBalancerArn === loadBalancerArn) for (const arn of targetGroupsOf(use.actions)) inUse.add(arn);
  }
  return inUse;
}

/** Targets of a target group; those that drain don't count. */
export function countRegistered({ targets }: Inventory, targetGroupArn: string): number {
  return (targets[targetGroupArn] ?? []).filter(({ state }) => state !== "draining").length;
}

/** Targets of all target groups that serve a load balancer. */
export function countTargets(inventory: Inventory, loadBalancerArn: string): number {
  return Object.values(inventory.targetGroups)
    .filter((group) => group.loadBalancerArns.includes(loadBalancerArn))
    .map(({ arn }) => countRegistered(inventory, arn))
    .reduce((sum, count) => sum + count, 0);
}
