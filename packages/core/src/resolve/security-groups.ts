import { enumerate } from "../read/grammar.ts";
import type { BuildContext } from "./context.ts";
import type { Resolved } from "./subnets.ts";

/**
 * Security groups by id (`sg-…`) or Name tag: first those asked by id, then those by name, each in AWS's order. A name
 * may stand for several groups. Each id and each name must be found; names only in the VPC.
 */
export function securityGroupsByNameOrId(
  { facts }: BuildContext,
  names: readonly string[],
): Resolved<readonly string[]> {
  const wantedIds = new Set(names.filter((name) => name.startsWith("sg-")));
  const wantedNames = new Set(names.filter((name) => !name.startsWith("sg-")));
  const byId: string[] = [];
  const byName: string[] = [];
  const foundNames = new Set<string>();
  for (const { id, tags, vpcId } of facts.securityGroups) {
    if (wantedIds.has(id)) byId.push(id);
    const name = tags["Name"];
    const inVpc = vpcId === undefined || vpcId === facts.vpc.id;
    if (name !== undefined && inVpc && wantedNames.has(name)) {
      byName.push(id);
      foundNames.add(name);
    }
  }
  const foundIds = new Set(byId);
  const missing = [...wantedIds]
    .filter((id) => !foundIds.has(id))
    .concat([...wantedNames].filter((name) => !foundNames.has(name)));
  if (missing.length > 0)
    return { problem: `these security groups don't exist in ${facts.vpc.id}: ${enumerate(missing)}` };
  return { value: [...new Set([...byId, ...byName])] };
}
