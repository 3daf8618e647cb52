/**
 * The cluster of the scenarios, as manifests: class, namespaces, two nodes, nine Services with fixed node ports, and
 * pods with their endpoints. Its objects have what an API server fills in, so that names are known beforehand.
 */
import type { Seed } from "../moto/seed.ts";

/** A Kubernetes object; JSON is YAML. */
export type Manifest = { readonly kind: string; readonly [field: string]: unknown };

/** Everything but Ingresses. `pods` says how many of the Service `default/web` are ready. */
export function clusterManifests(seed: Seed, pods = 2): readonly Manifest[] {
  const ingressClass = {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "alb" },
    spec: { controller: "ingress.k8s.aws/alb" },
  };
  const namespaces = NAMESPACES.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
  const services = NAMESPACES.flatMap((namespace, row) =>
    SERVICES.map((name, column) => service(namespace, name, 30_081 + SERVICES.length * row + column)),
  );
  return [ingressClass, ...namespaces, ...seed.nodes.map(node), ...services, ...endpoints(seed, pods)];
}

const NAMESPACES = ["default", "shop", "blog"];
const SERVICES = ["web", "api", "admin"];

function node({ ip, zone, instanceId }: Seed["nodes"][number]): Manifest {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName(ip),
      labels: { "kubernetes.io/os": "linux", "topology.kubernetes.io/zone": zone },
    },
    spec: { providerID: `aws:///${zone}/${instanceId}` },
    status: {
      conditions: [{ type: "Ready", status: "True" }],
      addresses: [{ type: "InternalIP", address: ip }],
    },
  };
}

function nodeName(ip: string): string {
  return `ip-${ip.replaceAll(".", "-")}.us-west-2.compute.internal`;
}

function service(namespace: string, name: string, nodePort: number): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, uid: `00000000-0000-4000-8000-0000000${nodePort}` },
    spec: {
      type: "NodePort",
      selector: { app: name },
      ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 8080, nodePort }],
    },
  };
}

/** Pods behind `default/web`, by turns on the nodes, and the slice that lists them. */
function endpoints(seed: Seed, count: number): readonly Manifest[] {
  const pods = Array.from({ length: count }, (_, index) => {
    const host = seed.nodes[index % seed.nodes.length];
    const podIP = host?.podIps[Math.floor(index / seed.nodes.length)] ?? "";
    return { name: `web-${index}`, nodeName: nodeName(host?.ip ?? ""), podIP };
  });
  const slice: Manifest = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints: pods.map(({ name, nodeName, podIP }) => ({
      addresses: [podIP],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName,
      targetRef: { kind: "Pod", namespace: "default", name },
    })),
  };
  return [...pods.map(pod), slice];
}

function pod({
  name,
  nodeName,
  podIP,
}: {
  readonly name: string;
  readonly nodeName: string;
  readonly podIP: string;
}): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "web" } },
    spec: { nodeName, containers: [{ name: "web", image: "web", ports: [{ containerPort: 8080 }] }] },
    status: {
      phase: "Running",
      podIP,
      podIPs: [{ ip: podIP }],
      conditions: [
        { type: "Ready", status: "True" },
        { type: "ContainersReady", status: "True" },
      ],
    },
  };
}
