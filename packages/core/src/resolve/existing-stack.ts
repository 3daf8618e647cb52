/** What exists of one stack, by the tags that say who owns what. */
import { compareStrings } from "../lib/compare.ts";
import type {
  Existing,
  ExistingCertificate,
  ExistingLoadBalancer,
  ExistingSecurityGroup,
  ExistingTargetGroup,
  Inventory,
} from "../model/inventory.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { TargetGroupBindingSpec } from "../model/target-group-binding.ts";
import type { StringMap } from "../model/value.ts";
import {
  CLUSTER_RESOURCE_TAG,
  CLUSTER_TAG,
  LEGACY_CLUSTER_TAG,
  ownershipOf,
  RESOURCE_TAG,
  STACK_TAG,
} from "./ownership-tags.ts";

export type ExistingListener = Existing<ListenerSpec<string>>;
export type ExistingRule = Existing<ListenerRuleSpec<string>>;

/** By resource id. Of several with one id the one that the others of the plan refer to: the last, of security groups the first. */
export interface ExistingStack {
  readonly loadBalancers: ReadonlyMap<string, ExistingLoadBalancer>;
  readonly targetGroups: ReadonlyMap<string, ExistingTargetGroup>;
  readonly securityGroups: ReadonlyMap<string, ExistingSecurityGroup>;
  readonly certificates: ReadonlyMap<string, ExistingCertificate>;
}

interface Ownable {
  readonly arn: string;
  readonly vpcId?: string;
  readonly spec: { readonly tags?: StringMap };
}

/** Picks what carries the tags of a stack. What is in another VPC isn't ours. */
export function existingStack(inventory: Inventory, clusterName: string, vpcId: string, stack: string): ExistingStack {
  const owned = <T extends Ownable>(records: { readonly [arn: string]: T }): [string, T][] =>
    sortedByArn(records).flatMap((record): [string, T][] => {
      if (record.vpcId !== undefined && record.vpcId !== vpcId) return [];
      const owner = ownershipOf(record.spec.tags, clusterName);
      return owner?.stack === stack && owner.resourceId !== undefined ? [[owner.resourceId, record]] : [];
    });
  return {
    loadBalancers: new Map(owned(inventory.loadBalancers)),
    targetGroups: new Map(owned(inventory.targetGroups)),
    securityGroups: new Map(owned(inventory.securityGroups).reverse()),
    certificates: new Map(owned(inventory.certificates)),
  };
}

/** The listeners of a load balancer, ascending port. */
export function listenersOf(inventory: Inventory, loadBalancerArn: string): readonly ExistingListener[] {
  return Object.values(inventory.listeners)
    .filter(({ spec }) => spec.loadBalancerArn === loadBalancerArn)
    .sort((a, b) => a.spec.port - b.spec.port);
}

/** The rules of a listener, ascending priority. */
export function rulesOf(inventory: Inventory, listenerArn: string): readonly ExistingRule[] {
  return Object.values(inventory.listenerRules)
    .filter(({ spec }) => spec.listenerArn === listenerArn)
    .sort((a, b) => a.spec.priority - b.spec.priority);
}

/** The bindings of a target group, ascending name. */
export function bindingsOf(
  inventory: Inventory,
  targetGroupArn: string,
): readonly Existing<TargetGroupBindingSpec<string>>[] {
  return sortedByArn(inventory.targetGroupBindings).filter(({ spec }) => spec.targetGroupArn === targetGroupArn);
}

/** Tags as a graph holds them: without those of ownership, which a plan adds, and those of AWS. */
export function withoutOwnership(tags: StringMap = {}): StringMap {
  const owning = [CLUSTER_TAG, LEGACY_CLUSTER_TAG, STACK_TAG, RESOURCE_TAG, CLUSTER_RESOURCE_TAG];
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !owning.includes(key) && !key.startsWith("aws:")));
}

function sortedByArn<T>(records: { readonly [arn: string]: T }): readonly T[] {
  return Object.entries(records)
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([, record]) => record);
}
