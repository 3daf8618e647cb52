/** The simulated account that plans are applied to. */
import { type Account, DEFAULT_QUOTAS, emptyAccount, type Facts, type Quotas } from "@elbplan/core";

/** An account in which nothing exists, in the place that the facts tell of, with the quotas that they name. */
export function newAccount(facts: Facts): Account {
  const { region, accountId, vpc } = facts;
  return emptyAccount({ region, accountId, vpcId: vpc.id, quotas: quotasOf(facts) });
}

/** The account with the subnets that the facts know, so that it can refuse those that AWS would. */
export function withSubnets(account: Account, { subnets, availabilityZones }: Facts): Account {
  const types = new Map(availabilityZones.map(({ name, type }) => [name, type]));
  const known = subnets.map(({ id, az }) => {
    const zoneType = types.get(az);
    return [id, { availabilityZone: az, ...(zoneType === undefined ? {} : { zoneType }) }] as const;
  });
  return { ...account, subnets: Object.fromEntries(known) };
}

/** The quotas that the facts name, of those that planning knows. */
export function quotasOf({ quotas = {} }: Facts): Partial<Quotas> {
  return Object.fromEntries(Object.entries(quotas).filter(([name]) => Object.hasOwn(DEFAULT_QUOTAS, name)));
}
