/** Objects as an API server sends them, with all that is trimmed on arrival. */

const noise = {
  uid: "uid-1",
  resourceVersion: "7",
  creationTimestamp: "2030-01-01T00:00:00Z",
  managedFields: [{ manager: "kubectl", fieldsV1: { "f:spec": {} } }],
};

export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

export function anIngress(name = "web", metadata: object = {}, spec: object = {}): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: "shop", ...metadata },
    spec: {
      ingressClassName: "alb",
      rules: [
        {
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } }],
          },
        },
      ],
      ...spec,
    },
  };
}

export const OIDC = "alb.ingress.kubernetes.io/auth-idp-oidc";

export function oidcIngress(name: string, secretName: string, metadata: object = {}): object {
  return anIngress(name, { annotations: { [OIDC]: JSON.stringify({ secretName }) }, ...metadata });
}

export function aClass(name = "alb", metadata: object = {}): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name, ...metadata },
    spec: { controller: "ingress.k8s.aws/alb" },
  };
}

export function aService(name = "web", namespace = "shop", spec: object = {}): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { type: "NodePort", ports: [{ port: 80, targetPort: 8080, nodePort: 30080, protocol: "TCP" }], ...spec },
  };
}

export function aSecret(name: string, data: { readonly [key: string]: string }, namespace = "shop"): object {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, data: Object.fromEntries(encoded) };
}

export function aNode(name: string, heartbeat = 0): object {
  const lastHeartbeatTime = new Date(heartbeat).toISOString();
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { zone: "a" }, annotations: { "node.alpha.kubernetes.io/ttl": "0" } },
    spec: { providerID: `aws:///eu-central-1a/i-${name}`, podCIDR: "10.0.0.0/24" },
    status: {
      conditions: [{ type: "Ready", status: "True", lastHeartbeatTime, reason: "KubeletReady" }],
      images: [{ names: ["a", "b"], sizeBytes: 1 }],
    },
  };
}

/** The same object with what a server adds. */
export function noisy(object: object): object {
  const { metadata } = object as { metadata: { annotations?: object } };
  return {
    ...object,
    metadata: { ...noise, ...metadata, annotations: { [LAST_APPLIED]: "{}", ...metadata.annotations } },
  };
}
