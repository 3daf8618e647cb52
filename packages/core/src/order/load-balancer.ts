/** Actions on load balancers. One that goes or is replaced goes first: a target group serves one load balancer only. */
import type { Difference, StackDiff } from "../diff/difference.ts";
import { updateReason } from "../diff/reason.ts";
import type { ActionKind } from "../model/action.ts";
import type { Change } from "../model/change.ts";
import type { ExistingLoadBalancer, Inventory } from "../model/inventory.ts";
import type { Value } from "../model/value.ts";
import type { ActionList, NewAction } from "./action-list.ts";
import { changedAttributes, changes } from "./changed.ts";
import { attachmentOf } from "./endpoint-permissions.ts";
import { partsOf } from "./part.ts";
import type { Holdings } from "./released.ts";
import { addElbTagActions } from "./tag-actions.ts";

const PROTECTION = "deletion_protection.enabled";

/** A load balancer is usually active after two to three minutes. */
const ACTIVE_SECONDS = 600;

/** Deletes; listeners, rules and certificates go along without a call. Their names are free then. */
export function deleteLoadBalancers(list: ActionList, { loadBalancers }: StackDiff, holdings: Holdings): void {
  const partOf = partsOf(loadBalancers);
  for (const { change, existing } of loadBalancers) {
    if (existing === undefined || (change.kind !== "delete" && change.kind !== "replace")) continue;
    const { stack, resource, reason, kind } = change;
    const part = partOf(change);
    const id = list.add({
      kind: "deleteLoadBalancer",
      stack,
      resource,
      details: { loadBalancerArn: existing.arn },
      reason,
      ...(change.replacePaths?.[0] === undefined ? {} : { field: change.replacePaths[0] }),
      disruption: kind === "replace" ? "replaces: dns-name-changes" : "deletes-load-balancer",
      after: unprotect(list, change, existing, part),
      ...part,
    });
    list.release(loadBalancerName(existing.spec.name), id);
    for (const arn of holdings.ofLoadBalancer(existing.arn)) list.release(arn, id);
    for (const group of existing.spec.securityGroups ?? []) detach(list, group, id);
  }
}

/** The security group can go, and so can what it was let in by. */
function detach(list: ActionList, securityGroupId: Value, id: string): void {
  if (typeof securityGroupId !== "string") return;
  list.release(securityGroupId, id);
  list.release(attachmentOf(securityGroupId), id);
}

/** Deletion protection is no obstacle once the deletion is allowed: it is switched off before, as in LBC. */
function unprotect(
  list: ActionList,
  { stack, resource }: Change,
  { arn, spec }: NonNullable<Difference<"loadBalancer">["existing"]>,
  part: { readonly part?: string },
): readonly string[] {
  if (spec.attributes?.[PROTECTION] !== "true") return [];
  return [
    list.add({
      kind: "modifyLoadBalancerAttributes",
      stack,
      resource,
      details: { loadBalancerArn: arn, attributes: { [PROTECTION]: "false" } },
      reason: "deletion protection keeps AWS from deleting the load balancer",
      field: "/attributes",
      part: ["unprotect", part.part ?? []].flat().join(" "),
    }),
  ];
}

function loadBalancerName(name: string): string {
  return `name of a load balancer: ${name}`;
}

/** Creates and updates. */
export function addLoadBalancers(list: ActionList, { loadBalancers }: StackDiff, inventory: Inventory): void {
  const partOf = partsOf(loadBalancers);
  for (const difference of loadBalancers) {
    const { kind, arn = "" } = difference.change;
    if (kind === "create" || kind === "replace") createLoadBalancer(list, difference);
    if (kind === "update") {
      const state = inventory.loadBalancers[arn]?.state;
      updateLoadBalancer(list, difference, state, partOf(difference.change));
    }
  }
}

function createLoadBalancer(list: ActionList, { change, desired }: Difference<"loadBalancer">): void {
  if (desired === undefined) return;
  const { stack, resource, reason, kind } = change;
  const { attributes = {}, minimumCapacityUnits, ...spec } = desired;
  const common = { stack, resource };
  list.add({
    ...common,
    kind: "createLoadBalancer",
    details: { spec },
    reason,
    disruption: kind === "replace" ? "replaces: dns-name-changes" : "none",
    afterRelease: [loadBalancerName(spec.name)],
  });
  const loadBalancerArn: Value = { ref: resource, field: "arn" };
  if (Object.keys(attributes).length > 0) {
    list.add({
      ...common,
      kind: "modifyLoadBalancerAttributes",
      details: { loadBalancerArn, attributes },
      reason: "a new load balancer has AWS's default attributes",
      field: "/attributes",
    });
  }
  if (minimumCapacityUnits !== undefined && minimumCapacityUnits !== 0) {
    list.add({
      ...common,
      kind: "modifyCapacityReservation",
      details: { loadBalancerArn, capacityUnits: minimumCapacityUnits },
      reason: "a new load balancer has no reserved capacity",
      field: "/minimumCapacityUnits",
      after: [waitUntilActive(list, change, loadBalancerArn, {})],
    });
  }
}

/** In LBC's order: pool away, tags, security groups, subnets, address type, attributes, pool, capacity. */
function updateLoadBalancer(
  list: ActionList,
  { change, desired, existing }: Difference<"loadBalancer">,
  state: ExistingLoadBalancer["state"] | undefined,
  part: { readonly part?: string },
): void {
  if (desired === undefined || existing === undefined) return;
  const loadBalancerArn = existing.arn;
  const add = <K extends ActionKind>(
    path: string,
    action: Pick<NewAction<K>, "kind" | "details" | "disruption" | "after">,
  ): string =>
    list.add<K>({
      ...action,
      stack: change.stack,
      resource: change.resource,
      reason: reasonOf(change, path),
      field: path,
      ...part,
    });
  const pool = changes(change, "/ipv4IpamPoolId");
  if (pool && desired.ipv4IpamPoolId === undefined) {
    add("/ipv4IpamPoolId", { kind: "modifyIpPools", details: { loadBalancerArn, ipv4IpamPoolId: null } });
  }
  addElbTagActions(list, change, loadBalancerArn, part);
  if (changes(change, "/securityGroups")) {
    const before = existing.spec.securityGroups ?? [];
    const after = desired.securityGroups ?? [];
    const gone = before.filter((group) => !after.includes(group));
    const id = add("/securityGroups", {
      kind: "setSecurityGroups",
      details: { loadBalancerArn, securityGroups: after },
      disruption: gone.length > 0 ? "closes-access" : "opens-access",
    });
    for (const group of gone) detach(list, group, id);
  }
  if (changes(change, "/subnetMappings")) {
    const details = { loadBalancerArn, subnetMappings: desired.subnetMappings };
    add("/subnetMappings", { kind: "setSubnets", details, disruption: "drains-connections" });
  }
  if (changes(change, "/ipAddressType")) {
    const details = { loadBalancerArn, ipAddressType: desired.ipAddressType };
    add("/ipAddressType", { kind: "setIpAddressType", details, disruption: "brief" });
  }
  const attributes = changedAttributes(change);
  const [attribute] = Object.keys(attributes);
  if (attribute !== undefined) {
    add("/attributes", { kind: "modifyLoadBalancerAttributes", details: { loadBalancerArn, attributes } });
  }
  if (pool && desired.ipv4IpamPoolId !== undefined) {
    add("/ipv4IpamPoolId", {
      kind: "modifyIpPools",
      details: { loadBalancerArn, ipv4IpamPoolId: desired.ipv4IpamPoolId },
    });
  }
  if (changes(change, "/minimumCapacityUnits")) {
    const capacityUnits = desired.minimumCapacityUnits === 0 ? null : (desired.minimumCapacityUnits ?? null);
    const after = state === "provisioning" ? [waitUntilActive(list, change, loadBalancerArn, part)] : [];
    const details = { loadBalancerArn, capacityUnits };
    add("/minimumCapacityUnits", { kind: "modifyCapacityReservation", details, after });
  }
}

/** AWS reserves capacity only for a load balancer that is active. */
function waitUntilActive(
  list: ActionList,
  { stack, resource }: Change,
  subject: Value,
  part: { readonly part?: string },
): string {
  return list.add({
    kind: "wait",
    stack,
    resource,
    details: { until: "load-balancer-active", subject, deadlineSeconds: ACTIVE_SECONDS, onDeadline: "stop" },
    reason: "AWS reserves capacity only for a load balancer that is active",
    field: "/minimumCapacityUnits",
    ...part,
  });
}

function reasonOf(change: Change, path: string): string {
  return updateReason(change.fields.filter((field) => field.path === path || field.path.startsWith(`${path}/`)));
}
