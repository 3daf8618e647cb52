/** The simulated account before anything is made in it, with the ids of the emulated one. */
import { type Account, emptyAccount } from "@elbplan/core";
import { ACCOUNT, REGION } from "../moto/clients.ts";
import type { Seed } from "../moto/seed.ts";

/** Makes an empty account in the seeded one's VPC. */
export function seededAccount({ vpcId, publicSubnets, privateSubnets }: Seed): Account {
  const zones = ["us-west-2a", "us-west-2b", "us-west-2c"];
  const subnets = [publicSubnets, privateSubnets].flatMap((ids) =>
    ids.map((id, index) => [id, { availabilityZone: zones[index] ?? "" }] as const),
  );
  return emptyAccount({ region: REGION, accountId: ACCOUNT, vpcId, subnets: Object.fromEntries(subnets) });
}
