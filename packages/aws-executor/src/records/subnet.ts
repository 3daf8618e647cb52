import type { RouteTable, Subnet } from "@aws-sdk/client-ec2";
import type { RouteTableFact, SubnetFact } from "@elbplan/core";
import { tagsOf } from "./tags.ts";

/** A subnet as DescribeSubnets tells it; the VPC is told only where it is another than the cluster's. */
export function subnetRecord(subnet: Subnet, clusterVpcId: string): SubnetFact {
  const { VpcId, OutpostArn, Ipv6CidrBlockAssociationSet = [] } = subnet;
  const ipv6Cidrs = Ipv6CidrBlockAssociationSet.filter(
    ({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === "associated",
  ).flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? []);
  return {
    id: subnet.SubnetId ?? "",
    ...(VpcId !== undefined && VpcId !== clusterVpcId && { vpcId: VpcId }),
    az: subnet.AvailabilityZone ?? "",
    azId: subnet.AvailabilityZoneId ?? "",
    cidr: subnet.CidrBlock ?? "",
    ...(ipv6Cidrs.length > 0 && { ipv6Cidrs: ipv6Cidrs.sort() }),
    availableIPs: subnet.AvailableIpAddressCount ?? 0,
    ...(OutpostArn && { outpostArn: OutpostArn }),
    tags: tagsOf(subnet.Tags),
  };
}

/** A route table as DescribeRouteTables tells it. */
export function routeTableRecord({ RouteTableId = "", Associations = [], Routes = [] }: RouteTable): RouteTableFact {
  return {
    id: RouteTableId,
    main: Associations.some(({ Main }) => Main === true),
    subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []).sort(),
    routes: Routes.map(({ GatewayId, NatGatewayId, ...route }) => ({
      destination: route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? "",
      ...(GatewayId !== undefined && { gatewayId: GatewayId }),
      ...(NatGatewayId !== undefined && { natGatewayId: NatGatewayId }),
    })),
  };
}
