/** IngressClassParams, cluster-scoped, `elbv2.k8s.aws/v1beta1` (behaviour.md §1.2). */
import type { LabelSelector, ObjectMeta } from "./kubernetes.ts";

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export interface IngressClassParams {
  readonly apiVersion: string;
  readonly kind: "IngressClassParams";
  readonly metadata: ObjectMeta;
  readonly spec?: IngressClassParamsSpec;
}

export interface IngressClassParamsSpec {
  readonly namespaceSelector?: LabelSelector;
  readonly group?: { readonly name: string };
  readonly scheme?: string;
  readonly ipAddressType?: string;
  readonly loadBalancerName?: string;
  readonly certificateArn?: readonly string[];
  readonly inboundCIDRs?: readonly string[];
  readonly sslPolicy?: string;
  readonly sslRedirectPort?: string;
  readonly subnets?: {
    readonly ids?: readonly string[];
    readonly tags?: { readonly [key: string]: readonly string[] };
  };
  readonly tags?: readonly KeyValue[];
  readonly targetType?: string;
  readonly loadBalancerAttributes?: readonly KeyValue[];
  readonly listeners?: readonly {
    readonly protocol?: string;
    readonly port?: number;
    readonly listenerAttributes?: readonly KeyValue[];
  }[];
  readonly minimumLoadBalancerCapacity?: { readonly capacityUnits?: number };
  readonly ipamConfiguration?: { readonly ipv4IPAMPoolId?: string };
  readonly prefixListsIDs?: readonly string[];
  /** Legacy spelling of `prefixListsIDs`. */
  readonly PrefixListsIDs?: readonly string[];
  readonly wafv2AclArn?: string;
  readonly wafv2AclName?: string;
}
