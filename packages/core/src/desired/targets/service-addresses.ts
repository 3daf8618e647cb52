/** The addresses of a Service, told by EndpointSlices or Endpoints, in one form. */
import type { EndpointPort, EndpointTargetRef } from "../../model/kubernetes-workloads.ts";
import type { Settings } from "../../model/settings.ts";
import type { ObjectRef, WholeKind } from "../../model/snapshot.ts";
import type { TargetGroupBindingSpec } from "../../model/target-group-binding.ts";
import { refOf } from "../../read/member.ts";
import type { ClusterEndpoints } from "./cluster-endpoints.ts";

/** One address of a Service, whichever kind of object tells it. */
export interface ServiceAddress {
  readonly address: string;
  readonly ports: readonly EndpointPort[];
  readonly pod: EndpointTargetRef | undefined;
  readonly nodeName: string | undefined;
  readonly ready: boolean;
  /** Undefined where the object doesn't tell: the pod does. */
  readonly terminating: boolean | undefined;
  /** The object that tells it. */
  readonly object: ObjectRef;
}

/** The addresses of a Service, and what tells them. */
export interface ServiceAddresses {
  readonly addresses: readonly ServiceAddress[];
  readonly kind: WholeKind;
  /** No object speaks of the Service at all; one without addresses would say that there are none. */
  readonly untold: boolean;
}

/**
 * The addresses of a binding's Service, in no certain order: from EndpointSlices of the binding's address family or from
 * Endpoints, as flag enable-endpoint-slices says, or from the other kind if only that was given, for both say the same.
 * Undefined when neither was given.
 */
export function serviceAddresses(
  { slices, endpoints }: ClusterEndpoints,
  binding: TargetGroupBindingSpec,
  { enableEndpointSlices }: Settings,
): ServiceAddresses | undefined {
  const key = `${binding.namespace}/${binding.serviceRef.name}`;
  const named = { kind: "Endpoints", namespace: binding.namespace, name: binding.serviceRef.name };
  const wanted = binding.ipAddressType === "ipv6" ? "IPv6" : "IPv4";
  const fromSlices = (): ServiceAddresses | undefined => {
    if (slices === undefined) return undefined;
    const addresses = (slices.get(key) ?? [])
      .filter(({ addressType }) => addressType === wanted)
      .flatMap((slice) => {
        const ports = slice.ports ?? [];
        const object = refOf(slice);
        return (slice.endpoints ?? []).flatMap(
          ({ addresses: [address] = [], conditions, nodeName, targetRef: pod }) => {
            if (address === undefined) return [];
            const ready = conditions?.ready ?? true;
            return [{ address, ports, pod, nodeName, ready, terminating: conditions?.terminating ?? false, object }];
          },
        );
      });
    return { addresses, kind: "EndpointSlice", untold: !slices.has(key) };
  };
  const fromEndpoints = (): ServiceAddresses | undefined => {
    if (endpoints === undefined) return undefined;
    const addresses = (endpoints.get(key)?.subsets ?? []).flatMap(
      ({ addresses = [], notReadyAddresses = [], ports = [] }) =>
        [...addresses, ...notReadyAddresses].flatMap(({ ip: address, nodeName, targetRef: pod }, at) => {
          if (address === undefined) return [];
          return [
            { address, ports, pod, nodeName, ready: at < addresses.length, terminating: undefined, object: named },
          ];
        }),
    );
    return { addresses, kind: "Endpoints", untold: !endpoints.has(key) };
  };
  return enableEndpointSlices ? (fromSlices() ?? fromEndpoints()) : (fromEndpoints() ?? fromSlices());
}
