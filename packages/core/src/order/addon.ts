/** Actions on what is attached to a load balancer. */
import type { StackDiff } from "../diff/difference.ts";
import type { Value } from "../model/value.ts";
import { type ActionList, actionId } from "./action-list.ts";

/** The name by which LBC knows protections that it made. */
const PROTECTION_NAME = "managed by aws-load-balancer-controller";

/** Attaches and detaches: WAFv2, WAF classic, Shield. */
export function addAddons(list: ActionList, stack: StackDiff): void {
  for (const { change, desired, existing } of stack.webAclAssociations) {
    const common = { stack: change.stack, resource: change.resource, reason: change.reason, field: "/webAclArn" };
    if (desired === undefined && existing !== undefined) {
      const details = { resourceArn: existing.spec.resourceArn };
      list.add({ kind: "disassociateWebAcl", ...common, details, disruption: "opens-access" });
    } else if (desired !== undefined && change.kind !== "keep") {
      list.add({ kind: "associateWebAcl", ...common, details: desired });
    }
  }
  for (const { change, desired, existing } of stack.wafRegionalAssociations) {
    const common = { stack: change.stack, resource: change.resource, reason: change.reason, field: "/webAclId" };
    if (desired === undefined && existing !== undefined) {
      const details = { resourceArn: existing.spec.resourceArn };
      list.add({ kind: "disassociateWafRegional", ...common, details, disruption: "opens-access" });
    } else if (desired !== undefined && change.kind !== "keep") {
      list.add({ kind: "associateWafRegional", ...common, details: desired });
    }
  }
  for (const { change, desired, existing } of stack.shieldProtections) {
    const common = { stack: change.stack, resource: change.resource, reason: change.reason, field: "/enabled" };
    if (change.kind === "delete" && existing !== undefined) {
      const details = { protectionId: existing.arn, resourceArn: existing.spec.resourceArn };
      list.add({ kind: "deleteShieldProtection", ...common, details, disruption: "opens-access" });
    } else if (change.kind === "create" && desired !== undefined) {
      const details = { name: PROTECTION_NAME, resourceArn: desired.resourceArn };
      list.add({ kind: "createShieldProtection", ...common, details });
    }
  }
}

/** Registers the ALB with the network load balancer in front of it; another target of that group goes before. */
export function addFrontendNlbTargets(list: ActionList, stack: StackDiff): void {
  for (const { change, desired, existing } of stack.frontendNlbTargets) {
    if (desired === undefined || change.kind === "keep") continue;
    const common = { stack: change.stack, resource: change.resource, reason: change.reason };
    const target = (id: Value, port: number): { readonly id: Value; readonly port: number } => ({ id, port });
    const { targetGroupArn } = desired;
    const deregistered =
      existing === undefined
        ? []
        : [
            list.add({
              ...common,
              kind: "deregisterTargets",
              details: { targetGroupArn, targets: [target(existing.spec.targetArn, existing.spec.targetPort)] },
              disruption: "drains-connections",
            }),
          ];
    list.add({
      ...common,
      kind: "registerTargets",
      details: { targetGroupArn, targets: [target(desired.targetArn, desired.targetPort)] },
      // AWS takes the load balancer as a target only once it listens on that port.
      after: [...deregistered, actionId(change.stack, `listener/${desired.targetPort}`, "createListener")],
    });
  }
}
