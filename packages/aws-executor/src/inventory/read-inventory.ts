/**
 * Reads what exists, no more than a plan compares:
 *
 *     load balancers ┐         ┌─ attributes, capacity, web ACLs, Shield
 *                    ├─ tags ──┼─ listeners ── certificates, attributes ┐
 *     target groups ─┘         │           └── rules ───────────────────┴─ tags
 *                              └─ attributes, targets of target groups
 *     security groups of ours ── those that let them in
 *     certificates of ours
 *
 * Everything in one column is asked for at the same time.
 */

import type { LoadBalancer, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  asksForShield,
  type ExistingLoadBalancer,
  type ExistingTargetGroup,
  type Inventory,
  type InventoryNeeded,
  loadBalancerParts,
  narrowInventory,
  ownershipOf,
  targetGroupParts,
} from "@elbplan/core";
import type { AwsApi } from "../aws-api.ts";
import { loadBalancerRecord } from "../records/load-balancer.ts";
import { tagsOf } from "../records/tags.ts";
import { targetGroupRecord } from "../records/target-group.ts";
import { readShieldProtection, readShieldSubscription, readWafRegional, readWebAcl } from "./addon.ts";
import { readCertificates } from "./certificate.ts";
import { findOfCluster } from "./find-of-cluster.ts";
import { readListeners } from "./listeners-of.ts";
import { createReader, type Reader, type ReaderOptions } from "./reader.ts";
import { readEndpointSecurityGroups, readSecurityGroups } from "./security-groups-of.ts";
import { targetsOf } from "./target-health.ts";

export interface InventoryScope {
  readonly region: string;
  readonly accountId: string;
  /** Find load balancers and target groups by the Resource Groups Tagging API (feature gate EnableRGTAPI). */
  readonly byTaggingApi: boolean;
  /** Kubernetes objects, which AWS doesn't know; by `namespace/name`. */
  readonly targetGroupBindings?: Inventory["targetGroupBindings"];
}

/** Reads the inventory that planning needs. Rejects with an `AwsError` if a call fails; what vanishes meanwhile is left out. */
export async function readInventory(
  api: AwsApi,
  needed: InventoryNeeded,
  scope: InventoryScope,
  options: ReaderOptions,
): Promise<Inventory> {
  const reader = createReader(api, options);
  const { region, accountId, targetGroupBindings = {} } = scope;
  const [balanced, secured, shieldSubscription, certificates] = await Promise.all([
    readBalancing(reader, needed, scope),
    readSecured(reader, needed),
    asksForShield(needed) ? readShieldSubscription(reader) : undefined,
    needed.certificates
      ? readCertificates(reader, (tags) => ownershipOf(tags, needed.clusterName) !== undefined)
      : Promise.resolve([]),
  ]);
  const inventory: Inventory = {
    formatVersion: 1,
    region,
    accountId,
    vpcId: needed.vpcId,
    ...balanced,
    ...secured,
    certificates: byArn(certificates),
    ...(shieldSubscription === false && { shieldSubscription }),
    targetGroupBindings,
  };
  return narrowInventory(inventory, needed);
}

type Balancing = Pick<
  Inventory,
  | "loadBalancers"
  | "listeners"
  | "listenerRules"
  | "targetGroups"
  | "targets"
  | "webAclAssociations"
  | "wafRegionalAssociations"
  | "shieldProtections"
>;

async function readBalancing(reader: Reader, needed: InventoryNeeded, scope: InventoryScope): Promise<Balancing> {
  const bound = Object.values(scope.targetGroupBindings ?? {}).map(({ spec }) => spec.targetGroupArn);
  const { vpcId, clusterName } = needed;
  const { byTaggingApi } = scope;
  const found = await findOfCluster(reader, { vpcId, clusterName, byTaggingApi, targetGroups: new Set(bound) });
  const balancers = found.loadBalancers.map(
    ({ answer, tags }) => [answer, loadBalancerRecord(answer, { tags })] as const,
  );
  const groups = found.targetGroups.map(({ answer, tags }) => [answer, targetGroupRecord(answer, { tags })] as const);
  const [told, { listeners, rules }, groupsTold] = await Promise.all([
    Promise.all(balancers.map(([answer, known]) => readLoadBalancer(reader, needed, answer, known))),
    readListeners(
      reader,
      needed,
      balancers.map(([, known]) => ({ arn: known.arn, parts: loadBalancerParts(needed, known) })),
    ),
    Promise.all(groups.map(([answer, known]) => readTargetGroup(reader, needed, answer, known))),
  ]);
  return {
    loadBalancers: byArn(told.map(({ loadBalancer }) => loadBalancer)),
    listeners: byArn(listeners),
    listenerRules: byArn(rules),
    targetGroups: byArn(groupsTold.map(({ targetGroup }) => targetGroup)),
    targets: known(groupsTold.map(({ targetGroup, targets }) => [targetGroup.arn, targets])),
    webAclAssociations: known(told.map(({ loadBalancer, webAcl }) => [loadBalancer.arn, webAcl])),
    wafRegionalAssociations: known(told.map(({ loadBalancer, wafRegional }) => [loadBalancer.arn, wafRegional])),
    shieldProtections: known(told.map(({ loadBalancer, shield }) => [loadBalancer.arn, shield])),
  };
}

interface LoadBalancerTold {
  readonly loadBalancer: ExistingLoadBalancer;
  readonly webAcl: string | undefined;
  readonly wafRegional: string | undefined;
  readonly shield: { readonly id: string; readonly name: string } | undefined;
}

async function readLoadBalancer(
  reader: Reader,
  needed: InventoryNeeded,
  answer: LoadBalancer,
  known: ExistingLoadBalancer,
): Promise<LoadBalancerTold> {
  const { arn } = known;
  const parts = loadBalancerParts(needed, known);
  const input = { LoadBalancerArn: arn };
  const [attributes, capacity, webAcl, wafRegional, shield] = await Promise.all([
    parts.attributes ? reader.unlessGone("elasticloadbalancingv2", "DescribeLoadBalancerAttributes", input) : undefined,
    parts.capacity ? reader.unlessGone("elasticloadbalancingv2", "DescribeCapacityReservation", input) : undefined,
    parts.webAcl ? readWebAcl(reader, arn) : undefined,
    parts.wafRegional ? readWafRegional(reader, arn) : undefined,
    parts.shield ? readShieldProtection(reader, arn) : undefined,
  ]);
  const loadBalancer = loadBalancerRecord(answer, {
    tags: known.spec.tags ?? {},
    ...(attributes && { attributes: tagsOf(attributes.Attributes) }),
    ...(capacity && { minimumCapacityUnits: capacity.MinimumLoadBalancerCapacity?.CapacityUnits ?? 0 }),
  });
  return { loadBalancer, webAcl, wafRegional, shield };
}

async function readTargetGroup(
  reader: Reader,
  needed: InventoryNeeded,
  answer: TargetGroup,
  known: ExistingTargetGroup,
): Promise<{ readonly targetGroup: ExistingTargetGroup; readonly targets: Inventory["targets"][string] | undefined }> {
  const parts = targetGroupParts(needed, known);
  const input = { TargetGroupArn: known.arn };
  const [attributes, health] = await Promise.all([
    parts.attributes ? reader.unlessGone("elasticloadbalancingv2", "DescribeTargetGroupAttributes", input) : undefined,
    parts.targets ? reader.unlessGone("elasticloadbalancingv2", "DescribeTargetHealth", input) : undefined,
  ]);
  const targetGroup = targetGroupRecord(answer, {
    tags: known.spec.tags ?? {},
    ...(attributes && { attributes: tagsOf(attributes.Attributes) }),
  });
  return { targetGroup, targets: health && targetsOf(health.TargetHealthDescriptions) };
}

async function readSecured(
  reader: Reader,
  needed: InventoryNeeded,
): Promise<Pick<Inventory, "securityGroups" | "endpointSecurityGroups">> {
  const groups = await readSecurityGroups(reader, needed);
  const securityGroups = byArn(groups);
  if (needed.endpointPermissions === undefined) return { securityGroups };
  const own = Object.keys(securityGroups);
  return { securityGroups, endpointSecurityGroups: await readEndpointSecurityGroups(reader, needed, own) };
}

function byArn<T extends { readonly arn: string }>(items: readonly T[]): { readonly [arn: string]: T } {
  return known(items.map((item) => [item.arn, item]));
}

/** Entries that have a value, keys ascending. */
function known<T>(entries: readonly (readonly [string, T | undefined])[]): { readonly [key: string]: T } {
  const present = entries.filter((entry): entry is readonly [string, T] => entry[1] !== undefined);
  return Object.fromEntries(present.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
