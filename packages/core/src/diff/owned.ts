/** The inventory sorted by owner: which stacks exist and what belongs to each. One pass, nothing is searched twice. */
import { compareStrings } from "../lib/compare.ts";
import type {
  Existing,
  ExistingCertificate,
  ExistingLoadBalancer,
  ExistingSecurityGroup,
  ExistingTargetGroup,
  Inventory,
} from "../model/inventory.ts";
import type { TargetGroupBindingSpec } from "../model/target-group-binding.ts";
import type { StringMap } from "../model/value.ts";
import { ownershipOf } from "../resolve/ownership-tags.ts";
import type { ExistingListener, ExistingRule } from "./difference.ts";

/** Resources of one type by resource id, each list by ARN ascending: more than one means somebody made a twin. */
export type ById<T> = ReadonlyMap<string, readonly T[]>;

export interface OwnedStack {
  readonly loadBalancers: ById<ExistingLoadBalancer>;
  readonly targetGroups: ById<ExistingTargetGroup>;
  readonly securityGroups: ById<ExistingSecurityGroup>;
  readonly certificates: ById<ExistingCertificate>;
  /** ARNs of what carries the stack's tags but not the resource's. */
  readonly unidentified: readonly string[];
}

export interface Owned {
  readonly inventory: Inventory;
  readonly stacks: ReadonlyMap<string, OwnedStack>;
  /** By load balancer ARN, ascending port. */
  readonly listeners: ReadonlyMap<string, readonly ExistingListener[]>;
  /** By listener ARN, ascending priority. */
  readonly rules: ReadonlyMap<string, readonly ExistingRule[]>;
  /** By target group ARN, ascending name. */
  readonly bindings: ReadonlyMap<string, readonly Existing<TargetGroupBindingSpec<string>>[]>;
}

interface Draft {
  loadBalancers: Map<string, ExistingLoadBalancer[]>;
  targetGroups: Map<string, ExistingTargetGroup[]>;
  securityGroups: Map<string, ExistingSecurityGroup[]>;
  certificates: Map<string, ExistingCertificate[]>;
  unidentified: string[];
}

/** A stack that owns nothing. */
export const NOTHING_OWNED: OwnedStack = {
  loadBalancers: new Map(),
  targetGroups: new Map(),
  securityGroups: new Map(),
  certificates: new Map(),
  unidentified: [],
};

/** Sorts what exists by stack and resource id. Load balancers, target groups and security groups of another VPC aren't ours. */
export function sortByOwner(inventory: Inventory, clusterName: string, vpcId: string): Owned {
  const stacks = new Map<string, Draft>();
  const own = <T extends { readonly arn: string; readonly spec: { readonly tags?: StringMap } }>(
    records: { readonly [arn: string]: T & { readonly vpcId?: string } },
    listsOf: (draft: Draft) => Map<string, T[]>,
  ): void => {
    for (const record of byArn(records)) {
      if (record.vpcId !== undefined && record.vpcId !== vpcId) continue;
      const owner = ownershipOf(record.spec.tags, clusterName);
      if (owner === undefined) continue;
      const draft = entry(stacks, owner.stack, newDraft);
      if (owner.resourceId === undefined) draft.unidentified.push(record.arn);
      else entry(listsOf(draft), owner.resourceId, () => []).push(record);
    }
  };
  own(inventory.loadBalancers, (draft) => draft.loadBalancers);
  own(inventory.targetGroups, (draft) => draft.targetGroups);
  own(inventory.securityGroups, (draft) => draft.securityGroups);
  own(inventory.certificates, (draft) => draft.certificates);
  return {
    inventory,
    stacks: new Map([...stacks].sort(([a], [b]) => compareStrings(a, b))),
    listeners: groupBy(
      byArn(inventory.listeners),
      ({ spec }) => spec.loadBalancerArn,
      (a, b) => a.spec.port - b.spec.port,
    ),
    rules: groupBy(
      byArn(inventory.listenerRules),
      ({ spec }) => spec.listenerArn,
      (a, b) => a.spec.priority - b.spec.priority,
    ),
    bindings: groupBy(
      byArn(inventory.targetGroupBindings),
      ({ spec }) => spec.targetGroupArn,
      (a, b) => compareStrings(a.arn, b.arn),
    ),
  };
}

/** Everything of one type that a stack owns, ascending resource id, then ARN. */
export function everyOwned<T>(lists: ById<T>): readonly { readonly id: string; readonly item: T }[] {
  return [...lists.keys()].sort(compareStrings).flatMap((id) => (lists.get(id) ?? []).map((item) => ({ id, item })));
}

function newDraft(): Draft {
  return {
    loadBalancers: new Map(),
    targetGroups: new Map(),
    securityGroups: new Map(),
    certificates: new Map(),
    unidentified: [],
  };
}

function byArn<T>(records: { readonly [arn: string]: T }): readonly T[] {
  return Object.keys(records)
    .sort(compareStrings)
    .flatMap((arn) => {
      const record = records[arn];
      return record === undefined ? [] : [record];
    });
}

function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  compare: (a: T, b: T) => number,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) entry(groups, keyOf(item), () => []).push(item);
  for (const group of groups.values()) group.sort(compare);
  return groups;
}

/** The value of a key, made when it is missing. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
