/** What is attached to a load balancer: web ACLs and Shield protections. */
import type { ActionDetails } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import { type Answer, refuse } from "./answer.ts";
import { newProtectionId } from "./arn.ts";
import type { Resolved } from "./outputs.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;

/** Replaces an association that exists. */
export function associateWebAcl(account: Account, { webAclArn, resourceArn }: Details<"associateWebAcl">): Answer {
  return attach(account, "webAclAssociations", resourceArn, webAclArn);
}

export function associateWafRegional(
  account: Account,
  { webAclId, resourceArn }: Details<"associateWafRegional">,
): Answer {
  return attach(account, "wafRegionalAssociations", resourceArn, webAclId);
}

export function disassociateWebAcl(account: Account, { resourceArn }: Details<"disassociateWebAcl">): Answer {
  return detach(account, "webAclAssociations", resourceArn);
}

export function disassociateWafRegional(account: Account, { resourceArn }: Details<"disassociateWafRegional">): Answer {
  return detach(account, "wafRegionalAssociations", resourceArn);
}

type Associations = "webAclAssociations" | "wafRegionalAssociations";

function attach(account: Account, associations: Associations, resourceArn: string, acl: string): Answer {
  if (account.loadBalancers[resourceArn] === undefined) return noSuchItem(resourceArn);
  if (acl === "") return refuse("account.invalid-value", "WAFInvalidParameter", "the web ACL to associate is empty");
  return {
    change: (draft) => {
      draft[associations][resourceArn] = acl;
    },
  };
}

function detach(account: Account, associations: Associations, resourceArn: string): Answer {
  if (account.loadBalancers[resourceArn] === undefined) return noSuchItem(resourceArn);
  return {
    change: (draft) => {
      delete draft[associations][resourceArn];
    },
  };
}

function noSuchItem(resourceArn: string): Answer {
  return refuse("account.not-found", "WAFNonexistentItem", `the account holds no load balancer ${resourceArn}`);
}

export function createShieldProtection(
  account: Account,
  { name, resourceArn }: Details<"createShieldProtection">,
): Answer {
  if (account.loadBalancers[resourceArn] === undefined) {
    return refuse("account.not-found", "ResourceNotFound", `the account holds no load balancer ${resourceArn}`);
  }
  if (account.shieldProtections[resourceArn] !== undefined) {
    return refuse("account.already-exists", "ResourceAlreadyExists", `${resourceArn} is protected already`);
  }
  const id = newProtectionId(account, resourceArn);
  return {
    output: { arn: resourceArn, id },
    change: (draft) => {
      draft.shieldProtections[resourceArn] = { id, name };
      draft.sequence = account.sequence + 1;
    },
  };
}

export function deleteShieldProtection(account: Account, { protectionId }: Details<"deleteShieldProtection">): Answer {
  const found = Object.entries(account.shieldProtections).find(([, { id }]) => id === protectionId);
  if (found === undefined) {
    return refuse("account.not-found", "ResourceNotFound", `there is no Shield protection ${protectionId}`);
  }
  return {
    change: (draft) => {
      delete draft.shieldProtections[found[0]];
    },
  };
}
