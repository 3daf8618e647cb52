/** Lists of a cluster's objects → a snapshot, with what couldn't be read. Pure. */
import {
  type ClusterSnapshot,
  type Diagnostic,
  diagnose,
  type ObjectRef,
  type Unreadable,
  WHOLE_KINDS,
} from "@elbplan/core";
import type { ClusterKind, ClusterList } from "../kinds.ts";
import type { ClusterObject } from "./arrival.ts";
import type { TargetGroupBinding } from "./target-group-binding.ts";

/** What came of listing a kind, in one namespace or in all. */
export type Reading =
  | { readonly is: "read"; readonly objects: readonly ClusterObject[]; readonly invalid: readonly InvalidObject[] }
  /** Not allowed; `why` is the API server's own text. */
  | { readonly is: "forbidden"; readonly why: string; readonly name?: string }
  /** The API server doesn't have the kind. */
  | { readonly is: "missing" };

export interface InvalidObject {
  readonly diagnostic: Diagnostic;
  readonly ref?: ObjectRef;
}

export interface KindReading {
  readonly kind: ClusterKind;
  readonly namespace?: string;
  readonly reading: Reading;
}

/** A cluster's objects at one moment. */
export interface ClusterReading {
  readonly snapshot: ClusterSnapshot;
  /** Undefined if they couldn't be read; none if the kind isn't installed. */
  readonly targetGroupBindings?: readonly TargetGroupBinding[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Lists that are there in every snapshot; the others are absent when nobody looked. */
const ALWAYS: ReadonlySet<ClusterList> = new Set([
  "ingresses",
  "ingressClasses",
  "ingressClassParams",
  "services",
  "namespaces",
  "secrets",
]);

/** Puts a snapshot together. `partial`: there is more in the cluster than was asked for. */
export function assemble(readings: readonly KindReading[], partial: boolean): ClusterReading {
  const lists = new Map<ClusterList, ClusterObject[]>([...ALWAYS].map((list) => [list, []]));
  const diagnostics: Diagnostic[] = [];
  const objects: ObjectRef[] = [];
  const kinds: NonNullable<Unreadable["kinds"]>[number][] = [];
  let others = 0;
  const short = new Set<string>();
  const unlisted = new Set<ClusterList>();
  const missing = new Set<ClusterKind>();
  for (const { kind, namespace, reading } of readings) {
    // A kind that isn't installed is so in every namespace.
    if (reading.is !== "missing" || !missing.has(kind)) diagnostics.push(...diagnosticsOf(kind, namespace, reading));
    if (reading.is === "missing") missing.add(kind);
    if (reading.is !== "read" || reading.invalid.length > 0) short.add(kind.kind);
    if (reading.is === "forbidden") {
      if (reading.name !== undefined) {
        objects.push({ kind: kind.kind, ...(namespace !== undefined && { namespace }), name: reading.name });
      } else if (kind.decisive) kinds.push({ kind: kind.kind, ...(namespace !== undefined && { namespace }) });
      else unlisted.add(kind.list);
      continue;
    }
    const list = lists.get(kind.list) ?? [];
    lists.set(kind.list, list);
    if (reading.is === "missing") continue;
    // One by one: a cluster may have more Pods than a call takes arguments.
    for (const object of reading.objects) list.push(object);
    for (const { ref } of reading.invalid) {
      if (ref === undefined) others++;
      else objects.push(ref);
    }
  }
  // A list of which a namespace is missing would look whole.
  for (const list of unlisted) if (!ALWAYS.has(list)) lists.delete(list);
  const isWhole = !partial && objects.length + kinds.length + others === 0;
  const unreadable = isWhole ? {} : { unreadable: { objects, ...(kinds.length > 0 && { kinds }), others } };
  const listed = new Set(readings.map(({ kind }) => kind.kind));
  const whole = WHOLE_KINDS.filter((kind) => listed.has(kind) && !short.has(kind));
  const bindings = lists.get("targetGroupBindings");
  lists.delete("targetGroupBindings");
  return {
    snapshot: { ...(Object.fromEntries(lists) as unknown as ClusterSnapshot), ...unreadable, whole },
    ...(bindings && { targetGroupBindings: bindings as TargetGroupBinding[] }),
    diagnostics,
  };
}

/** What there is to say about one list. */
function diagnosticsOf(kind: ClusterKind, namespace: string | undefined, reading: Reading): readonly Diagnostic[] {
  const where = namespace === undefined ? "the cluster" : `namespace ${namespace}`;
  switch (reading.is) {
    case "read":
      return reading.invalid.map(({ diagnostic }) => diagnostic);
    case "missing":
      return [
        diagnose("cluster.kind-missing", `The cluster doesn't have the kind ${kind.kind} of ${kind.apiVersion}.`),
      ];
    case "forbidden": {
      const { why, name } = reading;
      const what = name === undefined ? `the ${kind.plural} of ${where}` : `${kind.kind} ${namespace}/${name}`;
      const object = name === undefined ? {} : { object: { kind: kind.kind, ...(namespace && { namespace }), name } };
      return [
        diagnose("cluster.forbidden", `The API server doesn't show ${what}: ${why}`, {
          ...object,
          severity: kind.decisive ? "error" : "warning",
        }),
      ];
    }
  }
}
