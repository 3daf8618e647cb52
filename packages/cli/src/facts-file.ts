/** The facts file, and what stands in for it when there is none. */
import { diagnose, type Facts, type Inventory } from "@elbplan/core";
import { checkShape, parseJson, readText } from "./json-file.ts";
import { Refusal } from "./refusal.ts";

/** Reads a facts file; another format version or shape is refused. */
export async function readFacts(file: string): Promise<Facts> {
  const data = parseJson(file, await readText(file), "facts.malformed");
  const version = typeof data === "object" && data !== null && "formatVersion" in data ? data.formatVersion : 1;
  if (version !== 1) {
    const message = `${file} has format version ${JSON.stringify(version)}; this elbplan reads version 1.`;
    throw new Refusal("nothing was planned.", [diagnose("facts.version", message, { field: "/formatVersion" })]);
  }
  checkShape(file, data, "facts", "facts.malformed");
  return data as Facts;
}

/** Facts of which nothing is known but what the inventory, if there is one, tells about itself. */
export function noFacts(inventory: Inventory | undefined): Facts {
  return {
    region: inventory?.region ?? "",
    accountId: inventory?.accountId ?? "",
    vpc: { id: inventory?.vpcId ?? "", cidrBlocks: [], ipv6CidrBlocks: [] },
    availabilityZones: [],
    subnets: [],
    routeTables: [],
    securityGroups: [],
    certificates: [],
    trustStores: [],
    webACLs: [],
    targetGroups: [],
  };
}
