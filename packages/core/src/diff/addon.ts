/** What is attached to a load balancer: web ACLs and Shield. Only what the goal mentions is looked at (LBC's rule). */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { resourceKey } from "../model/resource.ts";
import type { Value } from "../model/value.ts";
import { creation, type DiffContext, deletion, desiredOf, matched, resolveReferences, updating } from "./context.ts";
import type { Difference } from "./difference.ts";
import { diffField } from "./fields.ts";

/** Names of protections that LBC (and its first version) made; others aren't ours to delete. */
const OUR_PROTECTIONS: ReadonlySet<string> = new Set([
  "managed by aws-load-balancer-controller",
  "managed by aws-alb-ingress-controller",
]);

/** WAFv2; nothing without the flag `enable-wafv2`. */
export function diffWebAclAssociations(context: DiffContext): readonly Difference<"webAclAssociation">[] {
  if (!context.settings.enableWafv2) return [];
  return desiredOf(context, "webAclAssociation").flatMap(({ id, spec }): readonly Difference<"webAclAssociation">[] => {
    const desired = resolveReferences(context, spec);
    const webAclArn = byLoadBalancer(context.owned.inventory.webAclAssociations, desired.resourceArn);
    if (webAclArn === undefined) {
      return desired.webAclArn === "" ? [] : [{ change: creation(context, "webAclAssociation", id, desired), desired }];
    }
    const existing = { arn: webAclArn, spec: { webAclArn, resourceArn: String(desired.resourceArn) } };
    if (desired.webAclArn === "") {
      return [{ change: deletion(context, "webAclAssociation", id, webAclArn, existing.spec), existing }];
    }
    matched(context, resourceKey("webAclAssociation", id), webAclArn);
    const fields = diffField("/webAclArn", webAclArn, desired.webAclArn);
    return [{ change: updating(context, "webAclAssociation", id, webAclArn, fields), desired, existing }];
  });
}

/** WAF classic; nothing without the flag `enable-waf`. */
export function diffWafRegionalAssociations(context: DiffContext): readonly Difference<"wafRegionalAssociation">[] {
  if (!context.settings.enableWaf) return [];
  return desiredOf(context, "wafRegionalAssociation").flatMap(
    ({ id, spec }): readonly Difference<"wafRegionalAssociation">[] => {
      const desired = resolveReferences(context, spec);
      const webAclId = byLoadBalancer(context.owned.inventory.wafRegionalAssociations, desired.resourceArn);
      if (webAclId === undefined) {
        return desired.webAclId === ""
          ? []
          : [{ change: creation(context, "wafRegionalAssociation", id, desired), desired }];
      }
      const existing = { arn: webAclId, spec: { webAclId, resourceArn: String(desired.resourceArn) } };
      if (desired.webAclId === "") {
        return [{ change: deletion(context, "wafRegionalAssociation", id, webAclId, existing.spec), existing }];
      }
      matched(context, resourceKey("wafRegionalAssociation", id), webAclId);
      const fields = diffField("/webAclId", webAclId, desired.webAclId);
      return [{ change: updating(context, "wafRegionalAssociation", id, webAclId, fields), desired, existing }];
    },
  );
}

/** Shield; nothing without the flag `enable-shield` or a subscription. Only protections of our name are deleted. */
export function diffShieldProtections(context: DiffContext): readonly Difference<"shieldProtection">[] {
  if (!context.settings.enableShield || context.owned.inventory.shieldSubscription === false) return [];
  return desiredOf(context, "shieldProtection").flatMap(({ id, spec }): readonly Difference<"shieldProtection">[] => {
    const desired = resolveReferences(context, spec);
    const protection = byLoadBalancer(context.owned.inventory.shieldProtections, desired.resourceArn);
    if (protection === undefined) {
      return desired.enabled ? [{ change: creation(context, "shieldProtection", id, desired), desired }] : [];
    }
    const existing = { arn: protection.id, spec: { enabled: true, resourceArn: String(desired.resourceArn) } };
    if (!desired.enabled && OUR_PROTECTIONS.has(protection.name)) {
      return [{ change: deletion(context, "shieldProtection", id, protection.id, existing.spec), existing }];
    }
    matched(context, resourceKey("shieldProtection", id), protection.id);
    return [{ change: updating(context, "shieldProtection", id, protection.id, []), desired, existing }];
  });
}

/** That protection is asked for in vain. */
export function shieldWarnings({ settings, owned, stack, ...context }: DiffContext): readonly Diagnostic[] {
  if (!settings.enableShield || owned.inventory.shieldSubscription !== false) return [];
  const asked = desiredOf({ settings, owned, stack, ...context }, "shieldProtection").some(({ spec }) => spec.enabled);
  const message = `The load balancer of ${stack} isn't protected by Shield: the account has no subscription.`;
  return asked ? [diagnose("shield.no-subscription", message, { stack })] : [];
}

function byLoadBalancer<T>(records: { readonly [arn: string]: T }, arn: Value): T | undefined {
  return typeof arn === "string" && Object.hasOwn(records, arn) ? records[arn] : undefined;
}
