/**
 * The Kubernetes objects that say where a Service's traffic ends: nodes, pods and the endpoints of Services, narrow and
 * readonly as in `kubernetes.ts`. Shapes follow the Kubernetes API reference (v1, discovery.k8s.io/v1).
 */
import type { ObjectMeta } from "./kubernetes.ts";

/** A condition of a status; `status` is `True`, `False` or `Unknown`. */
export interface Condition {
  readonly type: string;
  readonly status: string;
}

export interface Node {
  readonly apiVersion: string;
  readonly kind: "Node";
  readonly metadata: ObjectMeta;
  readonly spec?: {
    /** `aws:///<zone>/<instance id>` for an EC2 instance. */
    readonly providerID?: string;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect?: string }[];
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Pod {
  readonly apiVersion: string;
  readonly kind: "Pod";
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** What an address belongs to. */
export interface EndpointTargetRef {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** A port of endpoints; the name is that of the Service's port. Without a number it means all ports. */
export interface EndpointPort {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
}

/** Endpoints of the Service that label `kubernetes.io/service-name` names. A Service may have several slices. */
export interface EndpointSlice {
  readonly apiVersion: string;
  readonly kind: "EndpointSlice";
  readonly metadata: ObjectMeta;
  /** `IPv4`, `IPv6` or `FQDN`. */
  readonly addressType: string;
  readonly ports?: readonly EndpointPort[];
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[];
    /** An absent `ready` counts as true. */
    readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
    readonly nodeName?: string;
    readonly targetRef?: EndpointTargetRef;
  }[];
}

/** The older form of a Service's endpoints, of the same name as the Service. */
export interface Endpoints {
  readonly apiVersion: string;
  readonly kind: "Endpoints";
  readonly metadata: ObjectMeta;
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointAddress[];
    readonly notReadyAddresses?: readonly EndpointAddress[];
    readonly ports?: readonly EndpointPort[];
  }[];
}

export interface EndpointAddress {
  readonly ip?: string;
  readonly nodeName?: string;
  readonly targetRef?: EndpointTargetRef;
}
