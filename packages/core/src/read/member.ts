/** One Ingress of a group with the class params that apply to it; and how annotations are read from it. */
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { IngressClassParams, IngressClassParamsSpec } from "../model/ingress-class-params.ts";
import type { Ingress, ObjectMeta, Service } from "../model/kubernetes.ts";
import type { ObjectRef } from "../model/snapshot.ts";
import { GRAMMARS, type GrammarValues } from "./annotation-grammar.ts";
import { ANNOTATION_PREFIX, ANNOTATIONS, type AnnotationName } from "./annotations.ts";
import { quote } from "./grammar.ts";

export interface Member {
  /** `namespace/name`. */
  readonly key: string;
  readonly ingress: Ingress;
  /** IngressClassParams that apply; an annotation-classified Ingress has none. */
  readonly params?: IngressClassParams;
  readonly order: number;
}

/** Takes diagnostics. */
export type Report = (diagnostic: Diagnostic) => void;

/** The value that a row of the annotation table yields. */
export type AnnotationValue<N extends AnnotationName> = GrammarValues[(typeof ANNOTATIONS)[N]["grammar"]];

/** An object that can carry annotations. */
export type Annotated = Ingress | Service;

const FULL_NAMES: ReadonlyMap<string, string> = new Map(
  Object.keys(ANNOTATIONS).map((name) => [name, ANNOTATION_PREFIX + name]),
);

/** The text of an annotation, or undefined when it is absent. `suffix` names one of a family (`actions.<suffix>`). */
export function annotationText(object: Annotated, name: AnnotationName, suffix?: string): string | undefined {
  const annotations = object.metadata.annotations;
  if (annotations === undefined) return undefined;
  // No name of the table is one of Object.prototype's, so an inherited value can't come up.
  return annotations[annotationName(name, suffix)];
}

/** Full name of an annotation, prefix included. */
export function annotationName(name: AnnotationName, suffix?: string): string {
  const fullName = FULL_NAMES.get(name) as string;
  return suffix === undefined ? fullName : `${fullName}.${suffix}`;
}

/** JSON pointer to an annotation. */
export function annotationField(name: AnnotationName, suffix?: string): string {
  return `/metadata/annotations/${escapePointer(annotationName(name, suffix))}`;
}

/** One token of a JSON pointer (RFC 6901). */
export function escapePointer(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * The value of an annotation: undefined when it is absent, and also when it can't be read, in which case
 * `annotation.invalid` was reported. Which grammar applies is in the annotation table.
 */
export function readAnnotation<N extends AnnotationName>(
  object: Annotated,
  name: N,
  report: Report,
  suffix?: string,
): AnnotationValue<N> | undefined {
  const text = annotationText(object, name, suffix);
  if (text === undefined) return undefined;
  const parsed = GRAMMARS[ANNOTATIONS[name].grammar](text);
  if ("value" in parsed) return parsed.value as AnnotationValue<N>;
  report(
    annotationProblem(
      "annotation.invalid",
      object,
      name,
      `${annotationName(name, suffix)} can't be read: ${parsed.problem}`,
      suffix,
    ),
  );
  return undefined;
}

/** A diagnostic about an annotation of an object. */
export function annotationProblem(
  code: DiagnosticCode,
  object: Annotated,
  name: AnnotationName,
  message: string,
  suffix?: string,
): Diagnostic {
  return diagnose(code, `${objectName(object)}: ${message}`, {
    object: refOf(object),
    field: annotationField(name, suffix),
  });
}

/** A diagnostic about the value of an annotation that isn't one of those allowed. */
export function notAllowed(
  object: Annotated,
  name: AnnotationName,
  value: string,
  allowed: readonly string[],
  suffix?: string,
): Diagnostic {
  const message = `${annotationName(name, suffix)} is ${quote(value)}, allowed are ${allowed.join(", ")}`;
  return annotationProblem("annotation.value-not-allowed", object, name, message, suffix);
}

/** The spec of the class params that apply to a member, empty when there are none. */
export function paramsOf(member: Member): IngressClassParamsSpec {
  return member.params?.spec ?? {};
}

/** Names an object for diagnostics. */
export function refOf(object: { readonly kind: string; readonly metadata: ObjectMeta }): ObjectRef {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? { kind: object.kind, name } : { kind: object.kind, namespace, name };
}

/** `Ingress shop/web`, for messages. */
export function objectName(object: { readonly kind: string; readonly metadata: ObjectMeta }): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? `${object.kind} ${name}` : `${object.kind} ${namespace}/${name}`;
}
