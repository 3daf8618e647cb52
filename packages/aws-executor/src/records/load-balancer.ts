import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ExistingLoadBalancer, LoadBalancerSpec, StringMap, SubnetMapping } from "@elbplan/core";

/** What other calls tell of a load balancer. */
export interface LoadBalancerParts {
  readonly attributes?: StringMap;
  /** Reserved capacity units; 0 for none. Absent: nobody asked. */
  readonly minimumCapacityUnits?: number;
  readonly tags?: StringMap;
}

/** A load balancer as DescribeLoadBalancers tells it. */
export function loadBalancerRecord(loadBalancer: LoadBalancer, parts: LoadBalancerParts = {}): ExistingLoadBalancer {
  const { SecurityGroups, CustomerOwnedIpv4Pool, IpamPools, State, Scheme, Type } = loadBalancer;
  const { attributes, minimumCapacityUnits, tags = {} } = parts;
  return {
    arn: loadBalancer.LoadBalancerArn ?? "",
    vpcId: loadBalancer.VpcId ?? "",
    dnsName: loadBalancer.DNSName ?? "",
    state: (State?.Code ?? "active") as ExistingLoadBalancer["state"],
    spec: {
      name: loadBalancer.LoadBalancerName ?? "",
      type: (Type ?? "application") as LoadBalancerSpec["type"],
      scheme: (Scheme ?? "internet-facing") as LoadBalancerSpec["scheme"],
      ipAddressType: loadBalancer.IpAddressType ?? "ipv4",
      subnetMappings: subnetMappingsOf(loadBalancer),
      ...(SecurityGroups === undefined ? {} : { securityGroups: SecurityGroups }),
      ...(attributes === undefined ? {} : { attributes }),
      ...(CustomerOwnedIpv4Pool === undefined ? {} : { customerOwnedIpv4Pool: CustomerOwnedIpv4Pool }),
      ...(IpamPools?.Ipv4IpamPoolId === undefined ? {} : { ipv4IpamPoolId: IpamPools.Ipv4IpamPoolId }),
      ...(minimumCapacityUnits === undefined ? {} : { minimumCapacityUnits }),
      tags,
    },
  };
}

function subnetMappingsOf({ AvailabilityZones = [] }: LoadBalancer): readonly SubnetMapping[] {
  return AvailabilityZones.flatMap(({ SubnetId, LoadBalancerAddresses = [] }) => {
    if (SubnetId === undefined) return [];
    const allocationId = LoadBalancerAddresses.find(({ AllocationId }) => AllocationId !== undefined)?.AllocationId;
    return [{ subnetId: SubnetId, ...(allocationId === undefined ? {} : { allocationId }) }];
  });
}
