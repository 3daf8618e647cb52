/** Calls on load balancers. */
import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { SubnetMapping } from "../model/load-balancer.ts";
import type { Call } from "../model/plan.ts";
import { elbCall } from "./elb-call.ts";
import { attributeList, tagsField } from "./tags.ts";

type LoadBalancerKind = Extract<
  ActionKind,
  | "createLoadBalancer"
  | "modifyLoadBalancerAttributes"
  | "setSecurityGroups"
  | "setSubnets"
  | "setIpAddressType"
  | "modifyIpPools"
  | "modifyCapacityReservation"
  | "deleteLoadBalancer"
>;

export const loadBalancerCalls: { readonly [K in LoadBalancerKind]: (details: ActionDetails[K]) => Call } = {
  createLoadBalancer: ({ spec }) =>
    elbCall("CreateLoadBalancer", {
      Name: spec.name,
      Type: spec.type,
      Scheme: spec.scheme,
      IpAddressType: spec.ipAddressType,
      SubnetMappings: subnetMappings(spec.subnetMappings),
      SecurityGroups: spec.securityGroups?.length ? spec.securityGroups : undefined,
      CustomerOwnedIpv4Pool: spec.customerOwnedIpv4Pool,
      IpamPools: spec.ipv4IpamPoolId === undefined ? undefined : { Ipv4IpamPoolId: spec.ipv4IpamPoolId },
      ...tagsField(spec.tags),
    }),
  modifyLoadBalancerAttributes: ({ loadBalancerArn, attributes }) =>
    elbCall("ModifyLoadBalancerAttributes", {
      LoadBalancerArn: loadBalancerArn,
      Attributes: attributeList(attributes),
    }),
  setSecurityGroups: ({ loadBalancerArn, securityGroups }) =>
    elbCall("SetSecurityGroups", { LoadBalancerArn: loadBalancerArn, SecurityGroups: securityGroups }),
  setSubnets: ({ loadBalancerArn, subnetMappings: mappings }) =>
    elbCall("SetSubnets", { LoadBalancerArn: loadBalancerArn, SubnetMappings: subnetMappings(mappings) }),
  setIpAddressType: ({ loadBalancerArn, ipAddressType }) =>
    elbCall("SetIpAddressType", { LoadBalancerArn: loadBalancerArn, IpAddressType: ipAddressType }),
  modifyIpPools: ({ loadBalancerArn, ipv4IpamPoolId }) =>
    elbCall("ModifyIpPools", {
      LoadBalancerArn: loadBalancerArn,
      ...(ipv4IpamPoolId === null ? { RemoveIpamPools: ["ipv4"] } : { IpamPools: { Ipv4IpamPoolId: ipv4IpamPoolId } }),
    }),
  modifyCapacityReservation: ({ loadBalancerArn, capacityUnits }) =>
    elbCall("ModifyCapacityReservation", {
      LoadBalancerArn: loadBalancerArn,
      ...(capacityUnits === null
        ? { ResetCapacityReservation: true }
        : { MinimumLoadBalancerCapacity: { CapacityUnits: capacityUnits } }),
    }),
  deleteLoadBalancer: ({ loadBalancerArn }) => elbCall("DeleteLoadBalancer", { LoadBalancerArn: loadBalancerArn }),
};

function subnetMappings(mappings: readonly SubnetMapping[]): readonly object[] {
  return mappings.map(({ subnetId, allocationId }) => ({
    SubnetId: subnetId,
    ...(allocationId === undefined ? {} : { AllocationId: allocationId }),
  }));
}
