/** The cluster snapshot: the Kubernetes objects at one moment, plain JSON; and where they stand in files. */

import type { IngressClassParams } from "./ingress-class-params.ts";
import type { Ingress, IngressClass, Namespace, Secret, Service } from "./kubernetes.ts";
import type { EndpointSlice, Endpoints, Node, Pod } from "./kubernetes-workloads.ts";

/** Objects as an API server would have admitted them (defaults filled in). The order within a list carries no meaning. */
export interface ClusterSnapshot {
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly ingressClassParams: readonly IngressClassParams[];
  readonly services: readonly Service[];
  readonly namespaces: readonly Namespace[];
  readonly secrets: readonly Secret[];
  /** Of this and the lists below: absent means that nobody looked, empty that there are none. */
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly endpointSlices?: readonly EndpointSlice[];
  readonly endpoints?: readonly Endpoints[];
  /** What couldn't be read of what there is. Absent: everything was read. */
  readonly unreadable?: Unreadable;
  /**
   * Kinds of which the snapshot holds every object that the cluster has, in the namespaces of its Ingresses at least: one
   * that isn't listed is gone. Of the other kinds absence says nothing, and no target is deregistered for it.
   */
  readonly whole?: readonly WholeKind[];
}

/** Names of a snapshot's lists of objects. */
export type SnapshotList = Exclude<keyof ClusterSnapshot, "unreadable" | "whole">;

/** Kinds that say where a target group's traffic ends. */
export type WholeKind = (typeof WHOLE_KINDS)[number];

/** All of them: what a snapshot of a whole cluster says in `whole`. */
export const WHOLE_KINDS = ["Service", "Node", "Pod", "EndpointSlice", "Endpoints"] as const;

/** Absence of an object from a snapshot means nothing if it may be among these. */
export interface Unreadable {
  /** Those whose name could be read. */
  readonly objects: readonly ObjectRef[];
  /** Kinds of which nothing could be read, in one namespace or, without one, in the whole cluster. */
  readonly kinds?: readonly { readonly kind: string; readonly namespace?: string }[];
  /** How many documents or files there are of which nothing is known. */
  readonly others: number;
}

/** Names one Kubernetes object. Cluster-scoped objects have no namespace. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A place in a file; line and column start at 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Finds where a field of an object was written: the nearest existing ancestor's place if the field itself is
 * absent, undefined for an object that came from no file. `pointer` is a JSON pointer (RFC 6901), `""` the object.
 */
export type Positions = (object: ObjectRef, pointer: string) => Position | undefined;
