/** Ingresses of the scenarios, in few words. */
import type { Manifest } from "./cluster.ts";

/** `/shop* api`: a prefix to the Service `api`; `/shop api`: exactly that path. */
export type Path = `/${string} ${string}`;

interface Options {
  readonly namespace?: string;
  /** Without the common prefix. */
  readonly annotations?: { readonly [name: string]: string };
  readonly host?: string;
  readonly tlsHosts?: readonly string[];
}

const PREFIX = "alb.ingress.kubernetes.io/";

/** An internet-facing Ingress. Services are named by their port `http`, names of actions are in annotations. */
export function ingress(name: string, paths: readonly Path[], options: Options = {}): Manifest {
  const { namespace = "default", annotations = {}, host, tlsHosts } = options;
  const named = { scheme: "internet-facing", ...annotations };
  const actions = Object.keys(annotations).flatMap((key) => /^actions\.(.+)$/.exec(key)?.[1] ?? []);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace,
      annotations: Object.fromEntries(Object.entries(named).map(([key, value]) => [`${PREFIX}${key}`, value])),
    },
    spec: {
      ingressClassName: "alb",
      ...(tlsHosts === undefined ? {} : { tls: [{ hosts: tlsHosts }] }),
      rules: [{ ...(host === undefined ? {} : { host }), http: { paths: paths.map((path) => pathOf(path, actions)) } }],
    },
  };
}

/** Annotations of a login by OIDC, with the client in the Secret `login`. */
export function login(issuer: string): { readonly [name: string]: string } {
  const endpoints = ["authorizationEndpoint", "tokenEndpoint", "userInfoEndpoint"].map((name) => [
    name,
    `https://${issuer}/${name}`,
  ]);
  const provider = { issuer: `https://${issuer}`, ...Object.fromEntries(endpoints), secretName: "login" };
  return { "auth-type": "oidc", "auth-idp-oidc": JSON.stringify(provider) };
}

function pathOf(text: Path, actions: readonly string[]): object {
  const [path = "", service = ""] = text.split(" ");
  const isPrefix = path.endsWith("*");
  const port = { name: actions.includes(service) ? "use-annotation" : "http" };
  return {
    path: isPrefix ? path.slice(0, -1) : path,
    pathType: isPrefix ? "Prefix" : "Exact",
    backend: { service: { name: service, port } },
  };
}
