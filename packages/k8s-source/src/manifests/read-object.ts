/** One object as it was parsed → the object as an API server would have admitted it, or the reasons why not. */
import {
  type ClusterSnapshot,
  type Diagnostic,
  type DiagnosticCode,
  diagnose,
  fieldName,
  type Ingress,
  type IngressClass,
  type ObjectMeta,
  type ObjectRef,
  objectName,
  type Position,
  type Service,
  type SnapshotList,
} from "@elbplan/core";
import { withServiceDefaults } from "./admission-defaults.ts";
import {
  type Breach,
  ingressBreaches,
  ingressClassBreaches,
  metadataBreaches,
  serviceBreaches,
} from "./admission-rules.ts";
import { short, valueName } from "./describe-value.ts";
import { ingressFromV1beta1, v1beta1Pointer } from "./ingress-v1beta1.ts";
import { kindOf, type ObjectKind } from "./object-kinds.ts";
import { decode, isPlainObject, type TypeProblem } from "./object-schema.ts";

/** Where an object comes from; pointers lead into the object. Both yield nothing for an object that came from no file. */
export interface Origin {
  readonly positionOf: (pointer: string) => Position | undefined;
  readonly writtenAt: (pointer: string) => string | undefined;
}

/** Any object of a snapshot. */
export type SnapshotObject = NonNullable<ClusterSnapshot[SnapshotList]>[number];

export interface ReadObject {
  /** Undefined for an object that isn't read or is skipped. */
  readonly object?: SnapshotObject;
  readonly list?: SnapshotList;
  readonly ref?: ObjectRef;
  /** `apiVersion kind` of a kind that isn't read. */
  readonly ignored?: string;
  /** Set if field pointers into the object differ from those into its source. */
  readonly sourcePointer?: (pointer: string) => string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one object that is no list. Never throws, never changes the input. */
export function readObject(value: unknown, origin: Origin, defaultNamespace: string): ReadObject {
  if (!isPlainObject(value)) return notAnObject(origin, "", `this is ${valueName(value, undefined, true)}, not a map`);
  const { apiVersion, kind } = value;
  if (typeof kind !== "string" || kind === "") return notAnObject(origin, "/kind", "the kind is missing");
  if (typeof apiVersion !== "string" || apiVersion === "") {
    return notAnObject(origin, "/apiVersion", `the apiVersion of this ${short(kind)} is missing`);
  }
  const known = kindOf(apiVersion, kind);
  if (known.is === "ignored") return { ignored: `${apiVersion} ${kind}`, diagnostics: [] };
  const ref = refOf(value, known.kind, defaultNamespace);
  if (known.is === "unknown-version") {
    const wanted = known.kind.apiVersion;
    const message = `${ref === undefined ? kind : objectName(ref)} has the apiVersion "${short(apiVersion)}", and ${kind} is of ${wanted}; it is skipped.`;
    const diagnostics = [at(diagnose("input.api-version-unknown", message, about(ref, "/apiVersion")), origin)];
    return { ...(ref === undefined ? {} : { ref }), diagnostics };
  }
  return known.removed
    ? admit(value, known.kind, ref, { ...origin, positionOf: (p) => origin.positionOf(v1beta1Pointer(p)) }, true)
    : admit(value, known.kind, ref, origin, false);
}

function admit(
  value: { readonly [key: string]: unknown },
  kind: ObjectKind,
  ref: ObjectRef | undefined,
  origin: Origin,
  removed: boolean,
): ReadObject {
  const diagnostics: Diagnostic[] = [];
  const name = ref === undefined ? kind.kind : objectName(ref);
  const report = (code: DiagnosticCode, field: string, message: string, hint?: string): void => {
    const rest = { ...about(ref, field), ...(hint === undefined ? {} : { hint }) };
    diagnostics.push(at(diagnose(code, message, rest), origin));
  };
  const reportType = (code: DiagnosticCode, pointer: string, problem: TypeProblem): void => {
    const written = origin.writtenAt(pointer);
    const { message, hint } = typeMessage(code, kind.kind, pointer, problem, written);
    report(code, pointer, `${name}: ${message}`, hint);
  };
  const failed = (): boolean => diagnostics.some(({ severity }) => severity === "error");

  if (removed) {
    const was = String(value["apiVersion"]);
    report(
      "input.api-version-removed",
      "/apiVersion",
      `${name} has the apiVersion ${was}, which Kubernetes 1.22 removed.`,
    );
  }
  const schema = removed && kind.removed !== undefined ? kind.removed.schema : kind.schema;
  const decoded = decode(schema, value, "", reportType) as { readonly [key: string]: unknown };
  if (ref === undefined && !failed()) {
    const generated = isPlainObject(decoded["metadata"]) && decoded["metadata"]["generateName"] !== undefined;
    const why = generated ? "has a generateName, so its name isn't known before it is created" : "has no metadata.name";
    report("input.name-missing", "/metadata/name", `This ${name} ${why}; it is skipped.`);
  }
  if (ref === undefined || failed()) return { ...(ref === undefined ? {} : { ref }), diagnostics };

  const object = withDefaults(withNamespace(removed ? ingressFromV1beta1(decoded) : decoded, ref), kind);
  for (const { verdict, pointer, message } of breaches(object)) {
    const end =
      verdict === "refused" ? "; it is skipped" : "; the API server refuses such an object when it is created";
    report(
      verdict === "refused" ? "input.object-refused" : "input.object-questionable",
      pointer,
      `${name}: ${message}${end}.`,
    );
  }
  if (failed()) return { ref, diagnostics };
  return { object, list: kind.list, ref, diagnostics, ...(removed ? { sourcePointer: v1beta1Pointer } : {}) };
}

function breaches(object: SnapshotObject): readonly Breach[] {
  const own = ((): readonly Breach[] => {
    switch (object.kind) {
      case "Ingress":
        return ingressBreaches(object);
      case "Service":
        return serviceBreaches(object);
      case "IngressClass":
        return ingressClassBreaches(object);
      default:
        return [];
    }
  })();
  return [...metadataBreaches(object.kind, object.metadata), ...own];
}

function withNamespace(
  object: { readonly [key: string]: unknown },
  ref: ObjectRef,
): { readonly [key: string]: unknown } {
  const metadata = object["metadata"] as ObjectMeta;
  if (metadata.namespace === ref.namespace) return object;
  const { namespace: _, ...rest } = metadata;
  const namespaced = ref.namespace === undefined ? rest : { ...rest, namespace: ref.namespace };
  return { ...object, metadata: namespaced };
}

/** The decoder has checked every field that the types speak of. */
function withDefaults(object: { readonly [key: string]: unknown }, kind: ObjectKind): SnapshotObject {
  switch (kind.list) {
    case "services":
      return withServiceDefaults(object as unknown as Service);
    default:
      return object as unknown as Ingress | IngressClass;
  }
}

function typeMessage(
  code: DiagnosticCode,
  kind: string,
  pointer: string,
  { value, wanted }: TypeProblem,
  written: string | undefined,
): { readonly message: string; readonly hint?: string } {
  const field = fieldName(pointer);
  const secret = kind === "Secret";
  if (code === "input.unknown-field") {
    const belongs = /^\/(annotations|labels|name|namespace|finalizers)$/.test(pointer);
    return {
      message: belongs
        ? `${field} stands beside metadata instead of in it, so Kubernetes drops it.`
        : `${field} is no field of ${kind}, so Kubernetes drops it.`,
    };
  }
  const what = `${field} must be ${wanted}, not ${valueName(value, written, secret)}; the ${kind} is skipped.`;
  if (code !== "input.annotation-not-string" || secret || typeof value === "object") return { message: what };
  const key = pointer
    .slice(pointer.lastIndexOf("/") + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
  return {
    message: what,
    hint: `Put the value in quotes: ${short(key)}: ${JSON.stringify(short(written ?? String(value)))}`,
  };
}

function notAnObject(origin: Origin, field: string, why: string): ReadObject {
  const message = `This is no Kubernetes object: ${why}; it is skipped.`;
  return { diagnostics: [at(diagnose("input.not-an-object", message, { field }), origin)] };
}

function refOf(
  value: { readonly [key: string]: unknown },
  kind: ObjectKind,
  defaultNamespace: string,
): ObjectRef | undefined {
  const metadata = value["metadata"];
  if (!isPlainObject(metadata)) return undefined;
  const { name, namespace } = metadata;
  if (typeof name !== "string" || name === "") return undefined;
  if (!kind.namespaced) return { kind: kind.kind, name };
  const given = typeof namespace === "string" && namespace !== "" ? namespace : defaultNamespace;
  return { kind: kind.kind, namespace: given, name };
}

function about(ref: ObjectRef | undefined, field: string): { readonly object?: ObjectRef; readonly field: string } {
  return ref === undefined ? { field } : { object: ref, field };
}

function at(diagnostic: Diagnostic, origin: Origin): Diagnostic {
  const position = origin.positionOf(diagnostic.field ?? "");
  return position === undefined ? diagnostic : { ...diagnostic, at: position };
}
