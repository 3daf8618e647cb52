/** A backend Service as one member uses it, and how its annotations are read: the Service's beats the Ingress's. */
import type { Service, ServicePort } from "../model/kubernetes.ts";
import { ANNOTATIONS, type AnnotationName } from "../read/annotations.ts";
import {
  type Annotated,
  type AnnotationValue,
  annotationText,
  type Member,
  notAllowed,
  readAnnotation,
} from "../read/member.ts";
import type { StackDraft } from "./stack-draft.ts";

export interface ServiceBackend {
  readonly member: Member;
  readonly service: Service;
  readonly port: ServicePort;
  /** As written: a name or a number. */
  readonly reference: string | number;
  readonly targetType: "instance" | "ip";
}

/** The object whose annotation holds: the Service's if it has it, otherwise the Ingress's. */
export function holderOf(
  { service, member }: Pick<ServiceBackend, "service" | "member">,
  name: AnnotationName,
  suffix?: string,
): Annotated {
  return annotationText(service, name, suffix) === undefined ? member.ingress : service;
}

/** An annotation of the Service, or else of the Ingress. */
export function readBoth<N extends AnnotationName>(
  draft: StackDraft,
  backend: Pick<ServiceBackend, "service" | "member">,
  name: N,
  suffix?: string,
): AnnotationValue<N> | undefined {
  // Most Services have no annotations: don't ask twice.
  if (backend.service.metadata.annotations === undefined) {
    return readAnnotation(backend.member.ingress, name, draft.group.report, suffix);
  }
  return readAnnotation(holderOf(backend, name, suffix), name, draft.group.report, suffix);
}

/** One of the values that the annotation table allows; `fallback` when absent or (after reporting) when it isn't allowed. */
export function readChoice(
  draft: StackDraft,
  backend: ServiceBackend,
  name: "backend-protocol" | "backend-protocol-version" | "healthcheck-protocol",
  fallback: string,
): string {
  const allowed: readonly string[] = ANNOTATIONS[name].allowed;
  const value = readBoth(draft, backend, name);
  if (value === undefined || allowed.includes(value)) return value ?? fallback;
  draft.group.report(notAllowed(holderOf(backend, name), name, value, allowed));
  return fallback;
}
