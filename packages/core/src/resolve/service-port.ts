/** Service ports by name or number, and what a target group needs of them. */
import type { Service, ServicePort } from "../model/kubernetes.ts";
import type { NumberValue } from "../model/value.ts";

/** The port of a Service that a reference names, by name or by number; the first hit. */
export function findServicePort(service: Service, reference: string | number): ServicePort | undefined {
  const ports = service.spec?.ports ?? [];
  return typeof reference === "number"
    ? ports.find(({ port }) => port === reference)
    : ports.find(({ name = "" }) => name === reference);
}

/**
 * The node port; unknown for a Service that was never stored and will get one; undefined for a Service that has none
 * (instance targets need type NodePort or LoadBalancer).
 */
export function nodePortOf(service: Service, { nodePort, port }: ServicePort): NumberValue | undefined {
  if (nodePort !== undefined && nodePort !== 0) return nodePort;
  if (service.metadata.uid !== undefined) return undefined;
  const type = service.spec?.type;
  const allocates =
    type === "NodePort" || (type === "LoadBalancer" && service.spec?.["allocateLoadBalancerNodePorts"] !== false);
  return allocates
    ? { unknown: `node port of Service ${service.metadata.namespace}/${service.metadata.name} port ${port}` }
    : undefined;
}
