import { compareStrings } from "../../lib/compare.ts";
import type { AnnotationRow } from "../../read/annotation-row.ts";
import { ANNOTATION_PREFIX, ANNOTATIONS, type AnnotationName } from "../../read/annotations.ts";
import type { Annotated } from "../../read/member.ts";

/** One annotation under our prefix, as it stands on an object. */
export interface AnnotationUse {
  readonly fullName: string;
  /** Without the prefix. */
  readonly written: string;
  readonly text: string;
  /** What the table knows of it; absent for a name that doesn't exist. */
  readonly known?: {
    readonly name: AnnotationName;
    readonly row: AnnotationRow;
    /** What follows the name of a family. */
    readonly suffix?: string;
  };
}

const ROWS: ReadonlyMap<string, AnnotationRow> = new Map(Object.entries(ANNOTATIONS));

/** The annotations of an object under our prefix, by name. */
export function annotationsOf({ metadata: { annotations } }: Annotated): readonly AnnotationUse[] {
  return Object.entries(annotations ?? {})
    .filter(([fullName]) => fullName.startsWith(ANNOTATION_PREFIX))
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([fullName, text]) => {
      const written = fullName.slice(ANNOTATION_PREFIX.length);
      const known = knownAnnotation(written);
      return { fullName, written, text, ...(known && { known }) };
    });
}

/** Looks a name up in the table: `scheme`, or `actions.<suffix>` of a family. */
export function knownAnnotation(written: string): AnnotationUse["known"] {
  const row = ROWS.get(written);
  if (row !== undefined) return row.family === true ? undefined : { name: written as AnnotationName, row };
  const dot = written.indexOf(".");
  const family = dot < 0 ? undefined : ROWS.get(written.slice(0, dot));
  const suffix = written.slice(dot + 1);
  if (family?.family !== true || suffix === "") return undefined;
  return { name: written.slice(0, dot) as AnnotationName, row: family, suffix };
}

/** Every name as the table has it; those of families end in a dot. */
export const TABLE_NAMES: readonly string[] = [...ROWS]
  .map(([name, row]) => (row.family === true ? `${name}.` : name))
  .sort(compareStrings);
