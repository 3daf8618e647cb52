/**
 * The kinds that are read, their apiVersions and their shapes, by the Kubernetes API reference; for
 * IngressClassParams by its CustomResourceDefinition.
 */
import type { SnapshotList } from "@elbplan/core";
import { ingressBackendV1beta1 } from "./ingress-v1beta1.ts";
import type { FieldSchema, ObjectSchema } from "./object-schema.ts";

export interface ObjectKind {
  readonly kind: string;
  /** The list of a snapshot that its objects are in. */
  readonly list: SnapshotList;
  readonly namespaced: boolean;
  readonly apiVersion: string;
  readonly schema: ObjectSchema;
  /** apiVersions that are converted, with the schema they are written in. */
  readonly removed?: { readonly apiVersions: readonly string[]; readonly schema: ObjectSchema };
}

const string: FieldSchema = { type: "string" };
const integer: FieldSchema = { type: "integer" };
const boolean: FieldSchema = { type: "boolean" };
const time: FieldSchema = { type: "time" };
const any: FieldSchema = { type: "any" };
const strings: FieldSchema = { type: "list", items: string };
const list = (items: FieldSchema): FieldSchema => ({ type: "list", items });
const map = (values: FieldSchema): FieldSchema => ({ type: "map", values });
const object = (fields: ObjectSchema["fields"]): ObjectSchema => ({ type: "object", fields });

const quotedStrings: FieldSchema = { type: "map", values: string, quoted: true };

const metadata = object({
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid: string,
  resourceVersion: string,
  // An int64 on the API server; a number that JavaScript holds exactly is enough.
  generation: any,
  creationTimestamp: any,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: any,
  labels: quotedStrings,
  annotations: quotedStrings,
  ownerReferences: list(any),
  finalizers: strings,
  managedFields: any,
});

const topLevel = { apiVersion: string, kind: string, metadata } as const;

const resourceReference = object({
  apiGroup: string,
  kind: string,
  name: string,
});

const ingressSpec = (backend: FieldSchema, defaultBackend: string): ObjectSchema =>
  object({
    ingressClassName: string,
    [defaultBackend]: backend,
    rules: list(
      object({ host: string, http: object({ paths: list(object({ path: string, pathType: string, backend })) }) }),
    ),
    tls: list(object({ hosts: strings, secretName: string })),
  });

const ingressBackend = object({
  service: object({ name: string, port: object({ name: string, number: integer }) }),
  resource: resourceReference,
});

const keyValues = list(object({ key: string, value: string }));

const labelSelector = object({
  matchLabels: quotedStrings,
  matchExpressions: list(object({ key: string, operator: string, values: strings })),
});

const ingress: ObjectKind = {
  kind: "Ingress",
  list: "ingresses",
  namespaced: true,
  apiVersion: "networking.k8s.io/v1",
  schema: object({ ...topLevel, spec: ingressSpec(ingressBackend, "defaultBackend"), status: any }),
  removed: {
    apiVersions: ["networking.k8s.io/v1beta1", "extensions/v1beta1"],
    schema: object({
      ...topLevel,
      spec: ingressSpec(ingressBackendV1beta1(resourceReference), "backend"),
      status: any,
    }),
  },
};

const ingressClass: ObjectKind = {
  kind: "IngressClass",
  list: "ingressClasses",
  namespaced: false,
  apiVersion: "networking.k8s.io/v1",
  schema: object({
    ...topLevel,
    spec: object({
      controller: string,
      parameters: object({ apiGroup: string, kind: string, name: string, namespace: string, scope: string }),
    }),
  }),
};

const ingressClassParams: ObjectKind = {
  kind: "IngressClassParams",
  list: "ingressClassParams",
  namespaced: false,
  apiVersion: "elbv2.k8s.aws/v1beta1",
  schema: object({
    ...topLevel,
    status: any,
    spec: object({
      namespaceSelector: labelSelector,
      group: object({ name: string }),
      scheme: string,
      ipAddressType: string,
      loadBalancerName: string,
      certificateArn: strings,
      inboundCIDRs: strings,
      sslPolicy: string,
      sslRedirectPort: string,
      subnets: object({ ids: strings, tags: map(strings) }),
      tags: keyValues,
      targetType: string,
      loadBalancerAttributes: keyValues,
      listeners: list(object({ protocol: string, port: integer, listenerAttributes: keyValues })),
      minimumLoadBalancerCapacity: object({ capacityUnits: integer }),
      ipamConfiguration: object({ ipv4IPAMPoolId: string }),
      prefixListsIDs: strings,
      PrefixListsIDs: strings,
      wafv2AclArn: string,
      wafv2AclName: string,
    }),
  }),
};

const service: ObjectKind = {
  kind: "Service",
  list: "services",
  namespaced: true,
  apiVersion: "v1",
  schema: object({
    ...topLevel,
    status: any,
    spec: {
      type: "object",
      open: true,
      fields: {
        type: string,
        ports: list({
          type: "object",
          open: true,
          fields: {
            name: string,
            port: integer,
            protocol: string,
            appProtocol: string,
            targetPort: { type: "integerOrString" },
            nodePort: integer,
          },
        }),
        selector: quotedStrings,
        clusterIP: string,
        clusterIPs: strings,
        ipFamilies: strings,
        ipFamilyPolicy: string,
        externalName: string,
        externalIPs: strings,
        externalTrafficPolicy: string,
        internalTrafficPolicy: string,
        loadBalancerClass: string,
        loadBalancerIP: string,
        loadBalancerSourceRanges: strings,
        allocateLoadBalancerNodePorts: boolean,
        publishNotReadyAddresses: boolean,
        healthCheckNodePort: integer,
        sessionAffinity: string,
      },
    },
  }),
};

const namespace: ObjectKind = {
  kind: "Namespace",
  list: "namespaces",
  namespaced: false,
  apiVersion: "v1",
  schema: object({ ...topLevel, spec: any, status: any }),
};

const secret: ObjectKind = {
  kind: "Secret",
  list: "secrets",
  namespaced: true,
  apiVersion: "v1",
  schema: object({
    ...topLevel,
    type: string,
    immutable: boolean,
    data: map({ type: "base64" }),
    stringData: { type: "map", values: string },
  }),
};

const open = (fields: ObjectSchema["fields"]): ObjectSchema => ({ type: "object", open: true, fields });

/** What is looked at of a status that has conditions. */
const conditions = open({ conditions: list(open({ type: string, status: string })) });

const node: ObjectKind = {
  kind: "Node",
  list: "nodes",
  namespaced: false,
  apiVersion: "v1",
  schema: object({
    ...topLevel,
    spec: open({ providerID: string, taints: list(open({ key: string, value: string, effect: string })) }),
    status: conditions,
  }),
};

const pod: ObjectKind = {
  kind: "Pod",
  list: "pods",
  namespaced: true,
  apiVersion: "v1",
  schema: object({ ...topLevel, spec: open({ nodeName: string }), status: conditions }),
};

const targetRef = open({ kind: string, namespace: string, name: string });
const endpointPorts = list(open({ name: string, port: integer, protocol: string }));
const endpointAddresses = list(open({ ip: string, nodeName: string, targetRef }));

const endpointSlice: ObjectKind = {
  kind: "EndpointSlice",
  list: "endpointSlices",
  namespaced: true,
  apiVersion: "discovery.k8s.io/v1",
  schema: object({
    ...topLevel,
    addressType: string,
    ports: endpointPorts,
    endpoints: list(
      open({
        addresses: strings,
        conditions: open({ ready: boolean, serving: boolean, terminating: boolean }),
        nodeName: string,
        targetRef,
      }),
    ),
  }),
};

const endpoints: ObjectKind = {
  kind: "Endpoints",
  list: "endpoints",
  namespaced: true,
  apiVersion: "v1",
  schema: object({
    ...topLevel,
    subsets: list(open({ addresses: endpointAddresses, notReadyAddresses: endpointAddresses, ports: endpointPorts })),
  }),
};

const KINDS = new Map(
  [ingress, service, ingressClass, ingressClassParams, namespace, secret, node, pod, endpointSlice, endpoints].map(
    (k) => [k.kind, k],
  ),
);

export type KindOf =
  | { readonly is: "read"; readonly kind: ObjectKind; readonly removed: boolean }
  /** A kind that elbplan doesn't read, or another project's kind of the same name. */
  | { readonly is: "ignored" }
  | { readonly is: "unknown-version"; readonly kind: ObjectKind };

/**
 * Tells what an object is by its apiVersion and kind. A kind that is read in a version of its own API group, or in one
 * of Kubernetes' own groups, that doesn't exist is a mistake; in another project's group (serving.knative.dev/v1
 * Service, eks.amazonaws.com/v1 IngressClassParams of EKS Auto Mode) it is another kind.
 */
export function kindOf(apiVersion: string, kind: string): KindOf {
  const known = KINDS.get(kind);
  if (known === undefined) return { is: "ignored" };
  if (apiVersion === known.apiVersion) return { is: "read", kind: known, removed: false };
  if (known.removed?.apiVersions.includes(apiVersion)) return { is: "read", kind: known, removed: true };
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const foreign = group.includes(".") && !group.endsWith(".k8s.io") && !known.apiVersion.startsWith(`${group}/`);
  return foreign ? { is: "ignored" } : { is: "unknown-version", kind: known };
}
