/** Kubernetes objects for tests, as an API server would have admitted them, in as few words as possible. */
import { ANNOTATION_PREFIX, type Ingress, type IngressBackend, type IngressClass, type Service } from "@elbplan/core";

/** A backend in short: `web:80`, `web:http`, or `web:use-annotation` for an action of the annotations. */
export type BackendText = string;

export interface IngressSketch {
  /** `web` by default. */
  readonly name?: string;
  /** `default` by default. */
  readonly namespace?: string;
  /** `alb` by default, the name of what `ingressClass()` makes. */
  readonly className?: string;
  /** Names without a slash get the prefix `alb.ingress.kubernetes.io/`. */
  readonly annotations?: { readonly [name: string]: string };
  /** Hosts, `*` for any; then paths of type Prefix, or Exact if an `=` stands before them: `{ "*": { "/": "web:80" } }`. */
  readonly rules?: { readonly [host: string]: { readonly [path: string]: BackendText } };
  readonly defaultBackend?: BackendText;
  readonly tlsHosts?: readonly string[];
}

/** An Ingress. Without rules and default backend every path goes to port 80 of the Service with the Ingress's name. */
export function ingress(sketch: IngressSketch = {}): Ingress {
  const { name = "web", namespace = "default", className = "alb", annotations = {}, defaultBackend, tlsHosts } = sketch;
  const rules = sketch.rules ?? (defaultBackend === undefined ? { "*": { "/": `${name}:80` } } : {});
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace,
      annotations: prefixed(annotations),
    },
    spec: {
      ingressClassName: className,
      ...(defaultBackend === undefined ? {} : { defaultBackend: backend(defaultBackend) }),
      rules: Object.entries(rules).map(([host, paths]) => ({
        ...(host === "*" ? {} : { host }),
        http: {
          paths: Object.entries(paths).map(([path, target]) => ({
            path: path.replace(/^=/, ""),
            pathType: path.startsWith("=") ? ("Exact" as const) : ("Prefix" as const),
            backend: backend(target),
          })),
        },
      })),
      ...(tlsHosts === undefined ? {} : { tls: [{ hosts: tlsHosts }] }),
    },
  };
}

function backend(text: BackendText): IngressBackend {
  const [name = "", port = "80"] = text.split(":");
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

export interface ServiceSketch {
  /** `web` by default. */
  readonly name?: string;
  /** `default` by default. */
  readonly namespace?: string;
  /** `NodePort` by default, which targets of either type can be reached by. */
  readonly type?: string;
  /** Ports by name; `{ http: 80 }` by default. */
  readonly ports?: { readonly [name: string]: number };
  readonly annotations?: { readonly [name: string]: string };
}

/** A stored Service: it has a uid, which target groups are named by, and node ports from 30000 on. */
export function service(sketch: ServiceSketch = {}): Service {
  const { name = "web", namespace = "default", type = "NodePort", ports = { http: 80 }, annotations = {} } = sketch;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name,
      namespace,
      uid: `uid-${namespace}-${name}`,
      annotations: prefixed(annotations),
    },
    spec: {
      type,
      selector: { app: name },
      ipFamilies: ["IPv4"],
      ports: Object.entries(ports).map(([portName, port], index) => ({
        name: portName,
        port,
        protocol: "TCP",
        targetPort: port,
        ...(type === "ClusterIP" ? {} : { nodePort: 30000 + index }),
      })),
    },
  };
}

/** An IngressClass of the AWS Load Balancer Controller. */
export function ingressClass(name = "alb"): IngressClass {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name },
    spec: { controller: "ingress.k8s.aws/alb" },
  };
}

function prefixed(annotations: { readonly [name: string]: string }): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [
      name.includes("/") ? name : `${ANNOTATION_PREFIX}${name}`,
      value,
    ]),
  );
}
