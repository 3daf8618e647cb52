/** Network interfaces of nodes and pods. */
import type { Filter } from "@aws-sdk/client-ec2";
import {
  addressesWithoutInterface,
  chunks,
  type Facts,
  type NetworkInterfaceFact,
  type NetworkInterfacesNeeded,
} from "@elbplan/core";
import { FILTER_VALUES, filter } from "../ec2-filter.ts";
import type { Reader } from "../inventory/reader.ts";
import { networkInterfaceRecord } from "../records/network-interface.ts";

const INTERFACE_MS = 10 * 60_000;

/**
 * First those of instances and those named; then, for addresses of the VPC that none of them holds (Fargate, or a pod
 * that came since an instance was last looked at), those that have the addresses. Ascending by id.
 */
export async function readNetworkInterfaces(
  reader: Reader,
  { instanceIds, ids, addresses }: NetworkInterfacesNeeded,
  vpc: Facts["vpc"],
): Promise<readonly NetworkInterfaceFact[]> {
  const [ofInstances, named] = await Promise.all([
    reader.cache.getMany("instanceInterfaces", instanceIds, INTERFACE_MS, (missing) =>
      describe(reader, "attachment.instance-id", missing, [], ({ instanceId }) => [instanceId ?? ""]),
    ),
    reader.cache.getMany("interface", ids, INTERFACE_MS, (missing) =>
      describe(reader, "network-interface-id", missing, [], ({ id }) => [id]),
    ),
  ]);
  const known = [...ofInstances.values(), ...named.values()].flat();
  const blocks = [...vpc.cidrBlocks, ...vpc.ipv6CidrBlocks];
  const strange = addressesWithoutInterface(addresses, blocks, known);
  const others = await reader.cache.getMany("addressInterface", strange, INTERFACE_MS, async (missing) => {
    const inVpc = [filter("vpc-id", [vpc.id])];
    const v6 = missing.filter((address) => address.includes(":"));
    const v4 = missing.filter((address) => !address.includes(":"));
    const maps = await Promise.all([
      describe(reader, "addresses.private-ip-address", v4, inVpc, ({ privateIps }) => privateIps),
      describe(reader, "ipv6-addresses.ipv6-address", v6, inVpc, ({ privateIps }) => privateIps),
    ]);
    return new Map(maps.flatMap((map) => [...map]));
  });
  const byId = new Map([...known, ...[...others.values()].flat()].map((each) => [each.id, each]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Asks by one filter, and sorts what is found by what was asked for. */
async function describe(
  reader: Reader,
  name: string,
  values: readonly string[],
  filters: readonly Filter[],
  keysOf: (found: NetworkInterfaceFact) => readonly string[],
): Promise<ReadonlyMap<string, readonly NetworkInterfaceFact[]>> {
  const pages = await Promise.all(
    chunks(values, FILTER_VALUES).map((chunk) =>
      reader.pages("ec2", "DescribeNetworkInterfaces", {
        Filters: [...filters, filter(name, chunk)],
        MaxResults: 1000,
      }),
    ),
  );
  const asked = new Set(values);
  const found = new Map<string, NetworkInterfaceFact[]>();
  for (const told of pages.flat().flatMap(({ NetworkInterfaces = [] }) => NetworkInterfaces)) {
    const fact = networkInterfaceRecord(told);
    for (const key of keysOf(fact)) if (asked.has(key)) found.set(key, [...(found.get(key) ?? []), fact]);
  }
  return found;
}
