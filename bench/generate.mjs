/**
 * Ingresses in groups of ten with six paths each, and their Services, as objects in memory: input of any size.
 * `annotations(index)` gives an Ingress more annotations.
 */
export function generateSnapshot(ingressCount, { servicesEach = 3, annotations = () => ({}) } = {}) {
  const ingresses = [];
  const services = [];
  for (let index = 0; index < ingressCount; index++) {
    const namespace = `team-${index % 50}`;
    const name = `app-${String(index).padStart(6, "0")}`;
    for (let service = 0; service < servicesEach; service++)
      services.push(makeService(namespace, `${name}-svc-${service}`, index * servicesEach + service));
    ingresses.push(makeIngress(namespace, name, index, servicesEach, annotations(index)));
  }
  const ingressClasses = [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: "alb" },
      spec: { controller: "ingress.k8s.aws/alb" },
    },
  ];
  return { ingresses, services, ingressClasses, ingressClassParams: [], namespaces: [], secrets: [] };
}

function makeIngress(namespace, name, index, servicesEach, annotations) {
  const paths = Array.from({ length: 6 }, (_, path) => ({
    path: `/${name}/area-${path}`,
    pathType: path % 2 === 0 ? "Prefix" : "Exact",
    backend: { service: { name: `${name}-svc-${path % servicesEach}`, port: { number: 80 } } },
  }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace,
      uid: `ingress-${index}`,
      annotations: {
        "alb.ingress.kubernetes.io/group.name": `group-${Math.floor(index / 10)}`,
        "alb.ingress.kubernetes.io/healthcheck-path": "/healthz",
        "alb.ingress.kubernetes.io/tags": `team=${namespace}`.replace(/team-\d+/, "platform"),
        ...annotations,
      },
    },
    spec: { ingressClassName: "alb", rules: [{ host: `${name}.example.com`, http: { paths } }] },
  };
}

function makeService(namespace, name, index) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, uid: `service-${index}` },
    spec: {
      type: "NodePort",
      ports: [{ port: 80, targetPort: 8080, protocol: "TCP", nodePort: 30000 + (index % 2767) }],
    },
  };
}
