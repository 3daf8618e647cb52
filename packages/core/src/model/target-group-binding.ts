/** TargetGroupBinding, `elbv2.k8s.aws/v1beta1`: ties a target group to the endpoints of a Service (behaviour.md §3.13). */
import type { NumberValue, StringMap, Value } from "./value.ts";

export interface TargetGroupBindingSpec<V = Value> {
  readonly namespace: string;
  /** The target group's name. */
  readonly name: Value;
  readonly labels: StringMap;
  readonly targetGroupArn: V;
  readonly targetType: "instance" | "ip";
  readonly serviceRef: { readonly name: string; readonly port: string | number };
  readonly networking?: { readonly ingress: readonly NetworkingRule<V>[] };
  readonly nodeSelector?: { readonly matchLabels: StringMap };
  readonly ipAddressType: "ipv4" | "ipv6";
  readonly vpcId: string;
  readonly multiClusterTargetGroup?: boolean;
  readonly targetGroupProtocol: string;
}

/** Traffic from a security group to the endpoints; a rule without port numbers means every port. */
export interface NetworkingRule<V = Value> {
  readonly from: readonly { readonly securityGroupId: V }[];
  readonly ports: readonly { readonly protocol: "TCP"; readonly port?: string | NumberValue }[];
}
