/**
 * What the API server fills in when an object is created (Kubernetes API reference, Service and Ingress). Files are not
 * admitted objects. What only a cluster can choose, a uid or a nodePort, stays absent: it is unknown, not defaulted.
 */
import type { Service, ServicePort } from "@elbplan/core";

/**
 * Fills in a Service's defaults: type ClusterIP; per port protocol TCP and the target port equal to the port; the IP
 * family IPv4 unless the Service has none (ExternalName) or both are required. Returns a new object.
 */
export function withServiceDefaults(service: Service): Service {
  const spec = service.spec ?? {};
  const type = spec.type === undefined || spec.type === "" ? "ClusterIP" : spec.type;
  const families = spec.ipFamilies !== undefined && spec.ipFamilies.length > 0 ? spec.ipFamilies : undefined;
  const defaultFamilies = spec["ipFamilyPolicy"] === "RequireDualStack" ? ["IPv4", "IPv6"] : ["IPv4"];
  return {
    ...service,
    spec: {
      ...spec,
      type,
      ...(spec.ports === undefined ? {} : { ports: spec.ports.map(withPortDefaults) }),
      ...(type === "ExternalName" ? {} : { ipFamilies: families ?? defaultFamilies }),
    },
  };
}

function withPortDefaults(port: ServicePort): ServicePort {
  const { targetPort } = port;
  return {
    ...port,
    protocol: port.protocol === undefined || port.protocol === "" ? "TCP" : port.protocol,
    // 0 and "" count as absent on the API server too.
    targetPort: targetPort === undefined || targetPort === 0 || targetPort === "" ? port.port : targetPort,
  };
}
