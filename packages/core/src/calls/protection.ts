/** AWS WAF (2019-07-29), AWS WAF Classic Regional (2016-11-28) and AWS Shield (2016-06-02). */
import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { Call } from "../model/plan.ts";

type ProtectionKind = Extract<
  ActionKind,
  | "associateWebAcl"
  | "disassociateWebAcl"
  | "associateWafRegional"
  | "disassociateWafRegional"
  | "createShieldProtection"
  | "deleteShieldProtection"
>;

export const protectionCalls: { readonly [K in ProtectionKind]: (details: ActionDetails[K]) => Call } = {
  associateWebAcl: ({ webAclArn, resourceArn }) => ({
    service: "wafv2",
    operation: "AssociateWebACL",
    input: { WebACLArn: webAclArn, ResourceArn: resourceArn },
  }),
  disassociateWebAcl: ({ resourceArn }) => ({
    service: "wafv2",
    operation: "DisassociateWebACL",
    input: { ResourceArn: resourceArn },
  }),
  associateWafRegional: ({ webAclId, resourceArn }) => ({
    service: "waf-regional",
    operation: "AssociateWebACL",
    input: { WebACLId: webAclId, ResourceArn: resourceArn },
  }),
  disassociateWafRegional: ({ resourceArn }) => ({
    service: "waf-regional",
    operation: "DisassociateWebACL",
    input: { ResourceArn: resourceArn },
  }),
  createShieldProtection: ({ name, resourceArn }) => ({
    service: "shield",
    operation: "CreateProtection",
    input: { Name: name, ResourceArn: resourceArn },
  }),
  deleteShieldProtection: ({ protectionId }) => ({
    service: "shield",
    operation: "DeleteProtection",
    input: { ProtectionId: protectionId },
  }),
};
