/**
 * The object and field behind a value, found by the annotation table: which annotation, class params field or default
 * holds for some members. Used only when provenance is asked for.
 */
import type { Service } from "../model/kubernetes.ts";
import type { Resource } from "../model/resource.ts";
import type { Source } from "../model/source.ts";
import { type AnnotationRow, defaultText } from "../read/annotation-row.ts";
import { ANNOTATIONS, type AnnotationName } from "../read/annotations.ts";
import {
  type Annotated,
  type AnnotationValue,
  annotationField,
  annotationText,
  escapePointer,
  type Member,
  paramsOf,
  readAnnotation,
  refOf,
} from "../read/member.ts";
import { type StackDraft, trace } from "./stack-draft.ts";

/** What elbplan makes up by itself: names and references between resources. */
export const GENERATED: Source = { field: "generated" };
/** What goes on standing of a group that is built without some of its members. */
export const EXISTING: Source = { field: "existing load balancer" };

/** Pointers into a spec and the annotation that decides each. */
export type Fields = { readonly [pointer: string]: AnnotationName };

/** The source of each of `fields` that the spec has. */
export function traceFields(
  draft: StackDraft,
  { kind, id, spec }: Resource,
  fields: Fields,
  members: readonly Member[],
  service: Service | undefined,
): void {
  for (const [pointer, name] of Object.entries(fields)) {
    if (valueAt(spec, pointer) !== undefined) trace(draft, kind, id, pointer, sourceOf(name, members, service));
  }
}

/** One source for several fields, of those that the spec has. */
export function traceAll(
  draft: StackDraft,
  { kind, id, spec }: Resource,
  pointers: readonly string[],
  source: Source,
): void {
  for (const pointer of pointers) if (valueAt(spec, pointer) !== undefined) trace(draft, kind, id, pointer, source);
}

/** What a JSON pointer of plain tokens leads to, undefined when there is nothing. */
export function valueAt(root: object, pointer: string): unknown {
  let value: unknown = root;
  for (const token of pointer.split("/").slice(1))
    value = (value as { readonly [key: string]: unknown } | null | undefined)?.[token];
  return value;
}

/** A field of an object if it is there, otherwise what holds it. */
export function fieldOf(object: Annotated, pointer: string): Source {
  let field = pointer;
  while (valueAt(object, field) === undefined) field = field.slice(0, field.lastIndexOf("/"));
  return { object: refOf(object), field };
}

/** Class params before the Service before the Ingress, of the first member that says anything; otherwise the default. */
export function sourceOf(
  name: AnnotationName,
  members: readonly Member[],
  service: Service | undefined,
  suffix?: string,
): Source {
  const row: AnnotationRow = ANNOTATIONS[name];
  for (const member of members) {
    const fromClass = row.params === undefined ? undefined : paramsSource(member, row.params.replaceAll(".", "/"));
    if (fromClass !== undefined) return fromClass;
    const holders: readonly (Annotated | undefined)[] = [row.on === "ingress" ? undefined : service, member.ingress];
    const holder = holders.find((one) => one !== undefined && annotationText(one, name, suffix) !== undefined);
    if (holder !== undefined) return { object: refOf(holder), field: annotationField(name, suffix) };
  }
  return defaultOf(name);
}

/** What holds without the annotation, in words. */
export function defaultOf(name: AnnotationName): Source {
  return { field: `default: ${defaultText(ANNOTATIONS[name])}` };
}

/** A field of a member's class params, unless it is absent or empty, which counts as absent. */
export function paramsSource(member: Member, path: string): Source | undefined {
  if (member.params === undefined) return undefined;
  const value = valueAt(paramsOf(member), `/${path}`);
  if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return undefined;
  return { object: refOf(member.params), field: `/spec/${path}` };
}

/** The annotation of the first member whose value passes. */
export function annotationSource<N extends AnnotationName>(
  name: N,
  members: readonly Member[],
  passes: (value: AnnotationValue<N>) => boolean,
  suffix?: string,
): Source | undefined {
  const owner = members.find(({ ingress }) => {
    const value = readAnnotation(ingress, name, ignore, suffix);
    return value !== undefined && passes(value);
  });
  return owner && { object: refOf(owner.ingress), field: annotationField(name, suffix) };
}

/** Tags by key: default tags (unless their gate makes them come last), then class params, Service, Ingress. */
export function traceTags(
  draft: StackDraft,
  { kind, id, spec }: Resource,
  members: readonly Member[],
  service: Service | undefined,
  defaultsWin = !draft.group.settings.featureGates.EnableDefaultTagsLowPriority,
): void {
  const { defaultTags } = draft.group.settings;
  for (const key of Object.keys(("tags" in spec && spec.tags) || {})) {
    const own = tagSource(key, members, service);
    const byDefault = Object.hasOwn(defaultTags, key) && (own === undefined || defaultsWin);
    trace(draft, kind, id, `/tags/${escapePointer(key)}`, byDefault ? { field: "flag default-tags" } : own);
  }
}

function tagSource(key: string, members: readonly Member[], service: Service | undefined): Source | undefined {
  for (const member of members) {
    const index = (paramsOf(member).tags ?? []).findLastIndex((tag) => tag.key === key);
    if (index >= 0 && member.params !== undefined)
      return { object: refOf(member.params), field: `/spec/tags/${index}` };
    for (const holder of [service, member.ingress]) {
      if (holder !== undefined && Object.hasOwn(readAnnotation(holder, "tags", ignore) ?? {}, key)) {
        return { object: refOf(holder), field: annotationField("tags") };
      }
    }
  }
  return undefined;
}

const ignore = (): void => {};
