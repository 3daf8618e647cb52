import type { Inventory } from "./model/inventory.ts";

/** The inventory of a place where nothing of ours exists: planning against it creates everything. */
export function emptyInventory(place: {
  readonly region: string;
  readonly accountId: string;
  readonly vpcId: string;
}): Inventory {
  return {
    formatVersion: 1,
    region: place.region,
    accountId: place.accountId,
    vpcId: place.vpcId,
    loadBalancers: {},
    listeners: {},
    listenerRules: {},
    targetGroups: {},
    targets: {},
    securityGroups: {},
    certificates: {},
    webAclAssociations: {},
    wafRegionalAssociations: {},
    shieldProtections: {},
    targetGroupBindings: {},
  };
}
