import type { AnnotationName } from "../../read/annotations.ts";
import type { LintGroup, LintInput, LintMember } from "./lint-input.ts";

/** An annotation of a member that the table knows. */
export interface AnnotationPlace {
  readonly name: AnnotationName;
  readonly suffix?: string;
  readonly text: string;
  readonly member: LintMember;
  readonly group: LintGroup;
  readonly input: LintInput;
}

/** Why an annotation has no effect: the end of a sentence; undefined when it has one. */
export type Reason = (place: AnnotationPlace) => string | undefined;

export type ReasonTable = { readonly [N in AnnotationName]?: Reason };
