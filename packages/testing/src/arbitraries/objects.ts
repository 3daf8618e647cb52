/** Kubernetes objects as an API server would have admitted them. */
import type { Ingress, IngressBackend, IngressClass, IngressClassParams, IngressPath, Service } from "@elbplan/core";
import fc from "fast-check";
import { someIngressAnnotations, someServiceAnnotations } from "./annotations.ts";
import { A_NAMESPACE, A_SERVICE_NAME, aHost, aPath } from "./names.ts";

const ACTIONS = ["go", "constructor"];

const aBackend: fc.Arbitrary<IngressBackend> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      service: fc.record({
        name: A_SERVICE_NAME,
        port: fc.constantFrom({ number: 80 }, { name: "http" }),
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...ACTIONS).map((name) => ({ service: { name, port: { name: "use-annotation" } } })),
  },
);

const anIngressPath: fc.Arbitrary<IngressPath> = fc.record(
  { path: aPath, pathType: fc.constantFrom("Exact", "Prefix", "ImplementationSpecific"), backend: aBackend },
  { requiredKeys: ["path", "pathType", "backend"] },
);

/** The usual value, and now and then another one. */
function mostly<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}

/** What sets an Ingress into its place; the rest is generated. */
export interface IngressPlace {
  readonly namespace: string;
  readonly name: string;
  /** Value of the group annotation. */
  readonly group?: string;
  readonly className?: string;
}

/** An Ingress with up to three rules of up to four paths. */
export function anIngress({ namespace, name, group, className }: IngressPlace): fc.Arbitrary<Ingress> {
  const rule = fc.record(
    { host: aHost, http: fc.record({ paths: fc.array(anIngressPath, { maxLength: 4 }) }) },
    { requiredKeys: [] },
  );
  return fc
    .record({
      annotations: someIngressAnnotations(ACTIONS),
      rules: fc.array(rule, { maxLength: 3 }),
      defaultBackend: mostly(undefined, aBackend),
    })
    .map(({ annotations, rules, defaultBackend }) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        namespace,
        name,
        annotations: {
          ...annotations,
          ...(group !== undefined && { "alb.ingress.kubernetes.io/group.name": group }),
        },
      },
      spec: {
        ...(className !== undefined && { ingressClassName: className }),
        ...(defaultBackend !== undefined && { defaultBackend }),
        rules,
      },
    }));
}

/** A NodePort Service with the ports 80 (http) and 443 (tls), stored or not yet. */
export function aService(namespace: string, name: string): fc.Arbitrary<Service> {
  return fc
    .record({
      annotations: fc.option(someServiceAnnotations, { nil: undefined }),
      stored: fc.boolean(),
      ipFamilies: mostly<string[]>(["IPv4"], fc.constant(["IPv6"])),
    })
    .map(({ annotations, stored, ipFamilies }) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        namespace,
        name,
        ...(stored && { uid: `uid-${namespace}-${name}` }),
        ...(annotations !== undefined && { annotations }),
      },
      spec: {
        type: "NodePort",
        ipFamilies,
        ports: [
          { name: "http", port: 80, targetPort: 8080, ...(stored && { nodePort: 30080 }) },
          { name: "tls", port: 443, targetPort: "tls", ...(stored && { nodePort: 30443 }) },
        ],
      },
    }));
}

/** The classes `alb`, `nginx` (another controller's) and `params`, whose params are generated. */
export const someClasses: fc.Arbitrary<{
  readonly ingressClasses: readonly IngressClass[];
  readonly ingressClassParams: readonly IngressClassParams[];
}> = fc
  .record(
    {
      scheme: fc.constantFrom("internal", "internet-facing"),
      tags: fc.array(fc.record({ key: fc.constantFrom("team", "class"), value: fc.constantFrom("a", "c") }), {
        maxLength: 2,
      }),
      targetType: fc.constantFrom("instance", "ip"),
      inboundCIDRs: fc.constantFrom<string[][]>([], ["10.0.0.0/8"]),
      loadBalancerAttributes: fc.constant([{ key: "team", value: "class" }]),
      sslRedirectPort: mostly("", fc.constantFrom("443", "none")),
    },
    { requiredKeys: [] },
  )
  .map((spec) => {
    const reference = { apiGroup: "elbv2.k8s.aws", kind: "IngressClassParams", name: "params" };
    const ingressClass = (name: string, controller: string, rest: object = {}): IngressClass => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name },
      spec: { controller, ...rest },
    });
    return {
      ingressClasses: [
        ingressClass("alb", "ingress.k8s.aws/alb"),
        ingressClass("nginx", "k8s.io/ingress-nginx"),
        ingressClass("params", "ingress.k8s.aws/alb", { parameters: reference }),
      ],
      ingressClassParams: [
        { apiVersion: "elbv2.k8s.aws/v1beta1", kind: "IngressClassParams", metadata: { name: "params" }, spec },
      ],
    };
  });

/** Where an Ingress may stand: in a group or by itself, of a class of ours, another's or none. */
export const anIngressPlace: fc.Arbitrary<IngressPlace> = fc.record(
  {
    namespace: A_NAMESPACE,
    name: fc.constantFrom("one", "two", "three", "four"),
    group: fc.constantFrom("team", "constructor"),
    className: fc.constantFrom("alb", "alb", "alb", "params", "params", "nginx", "missing"),
  },
  { requiredKeys: ["namespace", "name", "className"] },
);
