/** Subnets by id, Name, selector and role; where no subnet has a role, all of the VPC with their routes. */
import type { Filter } from "@aws-sdk/client-ec2";
import { chunks, type Facts, type FactsNeeded, type SubnetFact } from "@elbplan/core";
import { FILTER_VALUES, filter, literal } from "../ec2-filter.ts";
import type { Reader } from "../inventory/reader.ts";
import { routeTableRecord, subnetRecord } from "../records/subnet.ts";

export interface SubnetScope {
  readonly vpcId: string;
  /** Subnets without a role are told apart by their routes (feature gate SubnetDiscoveryByReachability). */
  readonly byReachability: boolean;
}

/** Ascending by id. What isn't found is missing: the build says so. Not kept, for free addresses change. */
export async function readSubnets(
  reader: Reader,
  needed: FactsNeeded["subnets"],
  { vpcId, byReachability }: SubnetScope,
): Promise<Pick<Facts, "subnets" | "routeTables">> {
  const inVpc = filter("vpc-id", [vpcId]);
  const describe = async (filters: readonly Filter[]): Promise<readonly SubnetFact[]> => {
    const pages = await reader.pages("ec2", "DescribeSubnets", { Filters: [...filters], MaxResults: 1000 });
    return pages.flatMap(({ Subnets = [] }) => Subnets).map((subnet) => subnetRecord(subnet, vpcId));
  };
  const [roles, ...others] = await Promise.all([
    needed.roles.length === 0 ? [] : describe([inVpc, filter("tag-key", needed.roles)]),
    ...chunks(needed.ids, FILTER_VALUES).map((ids) => describe([filter("subnet-id", ids)])),
    ...chunks(needed.names, FILTER_VALUES).map((names) => describe([inVpc, filter("tag:Name", names.map(literal))])),
    ...needed.selectors.map((selector) => bySelector(selector, inVpc, describe)),
  ]);
  const isDiscovered = (role: string): boolean => roles.some(({ tags }) => tags[role] === "" || tags[role] === "1");
  if (!byReachability || needed.roles.every(isDiscovered)) {
    return { subnets: merged([roles, ...others]), routeTables: [] };
  }
  const [all, tables] = await Promise.all([
    describe([inVpc]),
    reader.pages("ec2", "DescribeRouteTables", { Filters: [inVpc], MaxResults: 100 }),
  ]);
  const routeTables = tables.flatMap(({ RouteTables = [] }) => RouteTables).map(routeTableRecord);
  return {
    subnets: merged([all, roles, ...others]),
    routeTables: routeTables.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** EC2 takes no filter without values; a key that may have none of any values matches nothing. */
function bySelector(
  selector: { readonly [tag: string]: readonly string[] },
  inVpc: Filter,
  describe: (filters: readonly Filter[]) => Promise<readonly SubnetFact[]>,
): Promise<readonly SubnetFact[]> {
  const entries = Object.entries(selector);
  if (entries.some(([, values]) => values.length === 0)) return Promise.resolve([]);
  return describe([inVpc, ...entries.map(([key, values]) => filter(`tag:${key}`, values))]);
}

function merged(lists: readonly (readonly SubnetFact[])[]): readonly SubnetFact[] {
  const byId = new Map(lists.flat().map((subnet) => [subnet.id, subnet]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
