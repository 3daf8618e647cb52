/** The VPC and the zones of the Region. */
import type { Facts } from "@elbplan/core";
import type { Reader } from "../inventory/reader.ts";

const VPC_MS = 10 * 60_000;

/** Blocks that are associated with the VPC; others come or go. */
export function readVpc({ call, cache }: Reader, vpcId: string): Promise<Facts["vpc"]> {
  return cache.get("vpc", vpcId, VPC_MS, async () => {
    const { Vpcs: [vpc] = [] } = await call("ec2", "DescribeVpcs", { VpcIds: [vpcId] });
    const { CidrBlockAssociationSet: v4 = [], Ipv6CidrBlockAssociationSet: v6 = [] } = vpc ?? {};
    return {
      id: vpcId,
      cidrBlocks: v4
        .filter(({ CidrBlockState }) => CidrBlockState?.State === "associated")
        .flatMap(({ CidrBlock }) => CidrBlock ?? [])
        .sort(),
      ipv6CidrBlocks: v6
        .filter(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === "associated")
        .flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? [])
        .sort(),
    };
  });
}

/** Zones that the account may use, ascending by name. They never change: asked for once in a process's life, as LBC does. */
export async function readZones(reader: Reader): Promise<Facts["availabilityZones"]> {
  const { zones } = await readRegion(reader);
  return zones;
}

/** The Region that answers, by its own name. */
export async function readRegionName(reader: Reader): Promise<string> {
  return (await readRegion(reader)).name;
}

interface Region {
  readonly name: string;
  readonly zones: Facts["availabilityZones"];
}

function readRegion({ call, cache }: Reader): Promise<Region> {
  return cache.get("region", "", Number.POSITIVE_INFINITY, async () => {
    const { AvailabilityZones = [] } = await call("ec2", "DescribeAvailabilityZones", {});
    const zones = AvailabilityZones.map(({ ZoneName = "", ZoneId = "", ZoneType = "availability-zone" }) => ({
      name: ZoneName,
      id: ZoneId,
      type: ZoneType,
    }));
    const name = AvailabilityZones[0]?.RegionName ?? "";
    return { name, zones: zones.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  });
}
