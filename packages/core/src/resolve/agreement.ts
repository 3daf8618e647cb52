/** Values on which all members of a group that set them must agree. */

import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Source } from "../model/source.ts";
import type { AnnotationName } from "../read/annotations.ts";
import { quote } from "../read/grammar.ts";
import type { Member } from "../read/member.ts";
import { annotationField, annotationName, refOf } from "../read/member.ts";
import type { GroupContext } from "./context.ts";

/** A member's value and the field that holds it. */
export interface Setting<T> {
  readonly value: T;
  readonly member: Member;
  readonly source: Source;
}

/** The setting of an annotation. */
export function fromAnnotation<T>(member: Member, name: AnnotationName, value: T, suffix?: string): Setting<T> {
  return { value, member, source: { object: refOf(member.ingress), field: annotationField(name, suffix) } };
}

/** The setting of a field of the member's class params; `pointer` is relative to the params' spec. */
export function fromParams<T>(member: Member, pointer: string, value: T): Setting<T> {
  const object = member.params === undefined ? refOf(member.ingress) : refOf(member.params);
  return { value, member, source: { object, field: `/spec/${pointer}` } };
}

/**
 * The one value of all settings, undefined when there are none. `text` makes values comparable and printable. On
 * conflict `group.conflict` is reported on every member whose value differs from the first, and the first is returned.
 */
export function agree<T>(
  group: GroupContext,
  name: AnnotationName,
  settings: readonly Setting<T>[],
  text: (value: T) => string,
): Setting<T> | undefined {
  const [first, ...others] = settings;
  if (first === undefined) return undefined;
  const wanted = text(first.value);
  for (const other of others) {
    const found = text(other.value);
    if (found !== wanted) group.report(conflict(annotationName(name), first, wanted, other, found), other.member);
  }
  return first;
}

/** Says that two members want different things of what they share. */
export function conflict(
  what: string,
  first: Setting<unknown>,
  wanted: string,
  other: Setting<unknown>,
  found: string,
): Diagnostic {
  return diagnose(
    "group.conflict",
    `Ingress ${other.member.key} wants ${what} ${quote(found)}, but Ingress ${first.member.key} of the same group wants ${quote(wanted)}`,
    { object: other.source.object ?? refOf(other.member.ingress), field: other.source.field },
  );
}
