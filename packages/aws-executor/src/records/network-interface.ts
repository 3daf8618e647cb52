import type { NetworkInterface } from "@aws-sdk/client-ec2";
import type { NetworkInterfaceFact } from "@elbplan/core";

/** A network interface as DescribeNetworkInterfaces tells it. */
export function networkInterfaceRecord(told: NetworkInterface): NetworkInterfaceFact {
  const { Attachment: { InstanceId, DeviceIndex } = {}, PrivateIpAddresses = [], Ipv6Addresses = [] } = told;
  const { Ipv4Prefixes = [], Ipv6Prefixes = [] } = told;
  const prefixes = [
    ...Ipv4Prefixes.flatMap(({ Ipv4Prefix }) => Ipv4Prefix ?? []),
    ...Ipv6Prefixes.flatMap(({ Ipv6Prefix }) => Ipv6Prefix ?? []),
  ];
  return {
    id: told.NetworkInterfaceId ?? "",
    ...(InstanceId !== undefined && { instanceId: InstanceId }),
    ...(DeviceIndex !== undefined && { deviceIndex: DeviceIndex }),
    subnetId: told.SubnetId ?? "",
    securityGroupIds: (told.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []).sort(),
    privateIps: [
      ...PrivateIpAddresses.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
      ...Ipv6Addresses.flatMap(({ Ipv6Address }) => Ipv6Address ?? []),
    ].sort(),
    ...(prefixes.length > 0 && { prefixes: prefixes.sort() }),
  };
}
