/**
 * The Kubernetes objects that elbplan reads, as narrow readonly types: the fields it looks at, in the API's own names.
 * Objects may hold more; unknown fields are kept and never invented. Shapes follow the Kubernetes API reference
 * (networking.k8s.io/v1, v1) and, for IngressClassParams, behaviour.md §1.2.
 */
import type { StringMap } from "./value.ts";

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  /** Absent for an object that was never stored by an API server. */
  readonly uid?: string;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly finalizers?: readonly string[];
  readonly deletionTimestamp?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
}

export interface Ingress {
  readonly apiVersion: string;
  readonly kind: "Ingress";
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackend;
    readonly rules?: readonly IngressRule[];
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly IngressLoadBalancer[] } };
}

/** An entry of an Ingress's status: where its traffic comes in. */
export interface IngressLoadBalancer {
  readonly hostname?: string;
  readonly ip?: string;
  readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
}

export interface IngressRule {
  readonly host?: string;
  readonly http?: { readonly paths: readonly IngressPath[] };
}

export interface IngressPath {
  readonly path?: string;
  readonly pathType?: "Exact" | "Prefix" | "ImplementationSpecific";
  readonly backend: IngressBackend;
}

export interface IngressBackend {
  readonly service?: { readonly name: string; readonly port?: ServiceBackendPort };
  readonly resource?: unknown;
}

/** Exactly one of the two is set in an admitted object. */
export interface ServiceBackendPort {
  readonly name?: string;
  readonly number?: number;
}

export interface Service {
  readonly apiVersion: string;
  readonly kind: "Service";
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly type?: string;
    readonly ports?: readonly ServicePort[];
    readonly ipFamilies?: readonly string[];
    readonly selector?: StringMap;
    readonly [field: string]: unknown;
  };
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  /** A number or the name of a container port. */
  readonly targetPort?: number | string;
  /** Absent until the API server has chosen one. */
  readonly nodePort?: number;
}

export interface IngressClass {
  readonly apiVersion: string;
  readonly kind: "IngressClass";
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly controller?: string;
    readonly parameters?: {
      readonly apiGroup?: string;
      readonly kind: string;
      readonly name: string;
      readonly namespace?: string;
      readonly scope?: string;
    };
  };
}

export interface Namespace {
  readonly apiVersion: string;
  readonly kind: "Namespace";
  readonly metadata: ObjectMeta;
}

/** `data` values are base64; `stringData` values are plain and win, as on the API server. Never copied into a graph. */
export interface Secret {
  readonly apiVersion: string;
  readonly kind: "Secret";
  readonly metadata: ObjectMeta;
  readonly data?: StringMap;
  readonly stringData?: StringMap;
}

export interface LabelSelector {
  readonly matchLabels?: StringMap;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
