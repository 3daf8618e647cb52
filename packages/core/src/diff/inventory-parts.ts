/** What is needed of one existing load balancer or target group; a reader of AWS asks this, and so does `narrowInventory`. */
import type { ExistingLoadBalancer, ExistingTargetGroup } from "../model/inventory.ts";
import type { InventoryNeeded, LoadBalancerNeeded, StackNeeded, TargetGroupNeeded } from "../model/inventory-needed.ts";
import type { StringMap } from "../model/value.ts";
import { ownershipOf } from "../resolve/ownership-tags.ts";
import { replacingFields as replacingLoadBalancerFields } from "./load-balancer.ts";
import { replacingFields as replacingTargetGroupFields } from "./target-group.ts";

export interface LoadBalancerParts
  extends Pick<LoadBalancerNeeded, "attributes" | "capacity" | "webAcl" | "wafRegional" | "shield"> {
  /** Its listeners with their certificates, and the rules. */
  readonly listeners: boolean;
  /** Ports of listeners. */
  readonly listenerAttributes: "all" | readonly number[];
}

const NOTHING: LoadBalancerParts = {
  listeners: false,
  attributes: false,
  capacity: false,
  webAcl: false,
  wafRegional: false,
  shield: false,
  listenerAttributes: [],
};

/** Whether a deletion is possible depends on an attribute; what the listeners hold is free after it. */
const DELETION: LoadBalancerParts = { ...NOTHING, listeners: true, attributes: true };

/** WAF Classic has ended and isn't asked about without cause. */
const EVERYTHING: LoadBalancerParts = {
  listeners: true,
  attributes: true,
  capacity: true,
  webAcl: true,
  wafRegional: false,
  shield: true,
  listenerAttributes: "all",
};

/** What is needed of a load balancer, beside itself and its tags; nothing of one that isn't ours. */
export function loadBalancerParts(needed: InventoryNeeded, { spec, vpcId }: ExistingLoadBalancer): LoadBalancerParts {
  const found = stackOf(needed, spec.tags, vpcId);
  if (found === "nothing") return NOTHING;
  if (found === "everything") return EVERYTHING;
  if (found === "deletion") return DELETION;
  const { stack, resourceId } = found;
  const wanted = Object.hasOwn(stack.loadBalancers, resourceId) ? stack.loadBalancers[resourceId] : undefined;
  if (wanted === undefined || replacingLoadBalancerFields(wanted.fixed, spec).length > 0) return DELETION;
  return { ...wanted, listeners: true };
}

export type TargetGroupParts = Pick<TargetGroupNeeded, "attributes" | "targets">;

/** What is needed of a target group, beside itself and its tags; nothing of one that isn't ours. */
export function targetGroupParts(needed: InventoryNeeded, { spec, vpcId }: ExistingTargetGroup): TargetGroupParts {
  const deletion = { attributes: needed.drain, targets: needed.drain };
  const found = stackOf(needed, spec.tags, vpcId);
  if (found === "nothing") return { attributes: false, targets: false };
  if (found === "everything") return { attributes: true, targets: true };
  if (found === "deletion") return deletion;
  const { stack, resourceId } = found;
  const wanted = Object.hasOwn(stack.targetGroups, resourceId) ? stack.targetGroups[resourceId] : undefined;
  if (wanted === undefined || replacingTargetGroupFields(wanted.fixed, spec).length > 0) return deletion;
  return wanted;
}

function stackOf(
  needed: InventoryNeeded,
  tags: StringMap | undefined,
  vpcId: string,
): { readonly stack: StackNeeded; readonly resourceId: string } | InventoryNeeded["otherStacks"] {
  if (vpcId !== needed.vpcId) return "nothing";
  const owner = ownershipOf(tags, needed.clusterName);
  if (owner === undefined) return "nothing";
  const stack = Object.hasOwn(needed.stacks, owner.stack) ? needed.stacks[owner.stack] : undefined;
  if (stack === undefined) return needed.otherStacks;
  // A stack with something in it that nobody can tell is left as it is.
  return owner.resourceId === undefined ? "nothing" : { stack, resourceId: owner.resourceId };
}
