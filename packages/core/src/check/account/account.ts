import type { Account, Inventory } from "../../model/inventory.ts";
import type { KnownQuotas } from "../../model/quotas.ts";

interface AccountPlace {
  readonly region: string;
  readonly accountId: string;
  readonly vpcId: string;
}

/** The inventory of a place where nothing of ours exists: planning against it creates everything. */
export function emptyInventory({ region, accountId, vpcId }: AccountPlace): Inventory {
  return {
    formatVersion: 1,
    region,
    accountId,
    vpcId,
    loadBalancers: {},
    listeners: {},
    listenerRules: {},
    targetGroups: {},
    targets: {},
    securityGroups: {},
    endpointSecurityGroups: {},
    certificates: {},
    webAclAssociations: {},
    wafRegionalAssociations: {},
    shieldProtections: {},
    targetGroupBindings: {},
  };
}

/** An account in which nothing exists. AWS's defaults stand for quotas that aren't given. */
export function emptyAccount(
  given: AccountPlace & { readonly quotas?: KnownQuotas; readonly subnets?: NonNullable<Account["subnets"]> },
): Account {
  const { quotas = {}, subnets } = given;
  return {
    ...emptyInventory(given),
    quotas,
    sequence: 0,
    ...(subnets === undefined ? {} : { subnets }),
  };
}

/** Reads an inventory as an account of which no quota is known but its own; an account stays what it is. */
export function asAccount(inventory: Inventory | Account): Account {
  if ("quotas" in inventory && "sequence" in inventory) return inventory as Account;
  return { quotas: {}, sequence: 0, ...inventory };
}
