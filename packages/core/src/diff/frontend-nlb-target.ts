/** The ALB as the target of the network load balancer in front of it. */
import { resourceKey } from "../model/resource.ts";
import { creation, type DiffContext, desiredOf, matched, resolveReferences, updating } from "./context.ts";
import type { Difference } from "./difference.ts";
import { diffField } from "./fields.ts";

/** A target group of this type holds one target; another load balancer or another port means to register anew. */
export function diffFrontendNlbTargets(context: DiffContext): readonly Difference<"frontendNlbTarget">[] {
  return desiredOf(context, "frontendNlbTarget").map(({ id, spec }) => {
    const desired = resolveReferences(context, spec);
    const { targetGroupArn } = desired;
    const { targets } = context.owned.inventory;
    const registered =
      typeof targetGroupArn === "string" && Object.hasOwn(targets, targetGroupArn)
        ? (targets[targetGroupArn] ?? [])
        : [];
    const target = registered.find(({ state }) => state !== "draining");
    if (target === undefined || typeof targetGroupArn !== "string") {
      return { change: creation(context, "frontendNlbTarget", id, desired), desired };
    }
    matched(context, resourceKey("frontendNlbTarget", id), targetGroupArn);
    const existing = {
      arn: targetGroupArn,
      spec: { ...desired, targetGroupArn, targetArn: target.id, targetPort: target.port },
    };
    const fields = [
      ...diffField("/targetArn", target.id, desired.targetArn),
      ...diffField("/targetPort", target.port, desired.targetPort),
    ];
    return { change: updating(context, "frontendNlbTarget", id, targetGroupArn, fields), desired, existing };
  });
}
