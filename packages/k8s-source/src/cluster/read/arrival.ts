/** An object as an API server sent it → as a snapshot holds it: trimmed, checked, with the same defaults as files. */
import { type Diagnostic, diagnose, type ObjectRef, objectName } from "@elbplan/core";
import { isPlainObject } from "../../manifests/object-schema.ts";
import { type Origin, readObject, type SnapshotObject } from "../../manifests/read-object.ts";
import type { ClusterKind } from "../kinds.ts";
import { pick } from "./pick.ts";
import { decodeBindingSpec, type TargetGroupBinding } from "./target-group-binding.ts";

/** Any object that is read from a cluster. */
export type ClusterObject = SnapshotObject | TargetGroupBinding;

export type Arrival =
  | { readonly object: ClusterObject }
  /** The object can't be used; its name, if even that can be told. */
  | { readonly invalid: Diagnostic; readonly ref?: ObjectRef };

const NOWHERE: Origin = { positionOf: () => undefined, writtenAt: () => undefined };

/** Takes an object in. Items of lists don't say what they are, so the kind does. Never throws, never keeps the input. */
export function arrive(kind: ClusterKind, value: unknown): Arrival {
  const picked = pick(value, kind.shape);
  if (!isPlainObject(picked)) return { invalid: notAnObject(kind) };
  const typed = { apiVersion: kind.apiVersion, kind: kind.kind, ...picked };
  return kind.list === "targetGroupBindings" ? arrivedBinding(kind, typed) : arrivedObject(kind, typed);
}

function arrivedObject(kind: ClusterKind, value: { readonly [field: string]: unknown }): Arrival {
  const { object, ref, diagnostics } = readObject(value, NOWHERE, "default");
  if (object !== undefined) return { object };
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error === undefined) return { invalid: notAnObject(kind) };
  const { message, field } = error;
  return {
    invalid: diagnose("cluster.object-invalid", message, { ...(ref && { object: ref }), ...(field && { field }) }),
    ...(ref && { ref }),
  };
}

function arrivedBinding(kind: ClusterKind, value: { readonly [field: string]: unknown }): Arrival {
  const { metadata, spec } = value;
  if (!isPlainObject(metadata) || typeof metadata["name"] !== "string") return { invalid: notAnObject(kind) };
  const namespace = typeof metadata["namespace"] === "string" ? metadata["namespace"] : "default";
  const ref: ObjectRef = { kind: kind.kind, namespace, name: metadata["name"] };
  const wrong: string[] = [];
  const decoded = decodeBindingSpec(spec, (pointer, { wanted }) => wrong.push(`${pointer} must be ${wanted}`));
  const { serviceRef } = decoded as TargetGroupBinding["spec"];
  if (wrong.length === 0 && (serviceRef?.name === undefined || serviceRef.port === undefined)) {
    wrong.push("/spec/serviceRef names no Service and port");
  }
  if (wrong.length === 0) return { object: { ...value, spec: decoded } as unknown as TargetGroupBinding };
  const message = `${objectName(ref)}: ${wrong[0]}; it is left out.`;
  return { invalid: diagnose("cluster.object-invalid", message, { object: ref }), ref };
}

function notAnObject({ kind }: ClusterKind): Diagnostic {
  return diagnose("cluster.object-invalid", `Something in the list of ${kind} objects is none; it is left out.`);
}
