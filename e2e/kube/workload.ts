/** Objects that no kubelet and no controller makes here: a node, a pod, its endpoints, a client for OIDC. */
import type { Manifest } from "./deployed.ts";

const API_GROUP = "alb.ingress.kubernetes.io";

/** They are in one namespace, but for the node. */
export function workload(namespace: string): readonly Manifest[] {
  const within = (name: string, more: object = {}): object => ({ name, namespace, ...more });
  return [
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n1", labels: { "topology.kubernetes.io/zone": "eu-central-1a" } },
      spec: { providerID: "aws:///eu-central-1a/i-0123456789abcdef0" },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: within("p1"),
      spec: { nodeName: "n1", containers: [{ name: "app", image: "app" }] },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: within("cart-1", { labels: { "kubernetes.io/service-name": "cart" } }),
      addressType: "IPv4",
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      endpoints: [
        {
          addresses: ["10.20.0.7"],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: "n1",
          targetRef: { kind: "Pod", namespace, name: "p1" },
        },
      ],
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: within("login"),
      data: { clientID: btoa("elbplan"), clientSecret: btoa("canary-4711") },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: within("foreign"),
      data: { password: btoa("canary-4712") },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: within("guarded", {
        annotations: {
          [`${API_GROUP}/auth-type`]: "oidc",
          [`${API_GROUP}/auth-idp-oidc`]: JSON.stringify({
            issuer: "https://id.example.com",
            authorizationEndpoint: "https://id.example.com/authorize",
            tokenEndpoint: "https://id.example.com/token",
            userInfoEndpoint: "https://id.example.com/userinfo",
            secretName: "login",
          }),
          [`${API_GROUP}/certificate-arn`]: "arn:aws:acm:eu-central-1:123456789012:certificate/guarded",
          [`${API_GROUP}/target-type`]: "ip",
        },
      }),
      spec: {
        ingressClassName: "alb",
        rules: [
          {
            host: "guarded.example.com",
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: "guarded", port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: within("guarded"),
      spec: { type: "NodePort", selector: { app: "guarded" }, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ];
}

/** An Ingress of the namespace `shop` that sends everything to one Service. */
export function ingress(name: string, metadata: object = {}): Manifest {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: "shop", ...metadata },
    spec: { ingressClassName: "alb", defaultBackend: { service: { name: "web", port: { number: 80 } } } },
  };
}
