/** Annotations that don't exist, or not where they stand. */
import { nearest } from "../../lib/edit-distance.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { ANNOTATION_PREFIX } from "../../read/annotations.ts";
import { type Annotated, annotationName } from "../../read/member.ts";
import { annotationsOf, knownAnnotation, TABLE_NAMES } from "./annotation-use.ts";
import { finding, fullField, type LintInput } from "./lint-input.ts";

/** Looks at the Ingresses of all groups and at every Service. */
export function unknownAnnotations({ groups, snapshot }: LintInput): readonly Diagnostic[] {
  const onIngresses = groups.flatMap(({ members }) =>
    members.flatMap(({ ingress }) => [...unknown(ingress), ...misspeltPrefix(ingress)]),
  );
  return [...onIngresses, ...snapshot.services.flatMap((service) => [...unknown(service), ...misplaced(service)])];
}

function unknown(object: Annotated): readonly Diagnostic[] {
  return annotationsOf(object)
    .filter(({ known }) => known === undefined)
    .map(({ fullName, written }) => {
      const guess = suggestion(written);
      const message = `there is no annotation ${fullName}${guess === undefined ? "" : `; did you mean ${guess}?`}`;
      return finding("lint.annotation-unknown", object, fullField(fullName), message);
    });
}

function suggestion(written: string): string | undefined {
  if (TABLE_NAMES.includes(`${written}.`)) return `${ANNOTATION_PREFIX}${written}.<name>`;
  const dot = written.indexOf(".");
  const family = dot < 0 ? undefined : nearest(written.slice(0, dot + 1), TABLE_NAMES);
  if (family?.endsWith(".") === true) return `${ANNOTATION_PREFIX}${family}${written.slice(dot + 1)}`;
  const found = nearest(written.toLowerCase(), TABLE_NAMES);
  return found === undefined ? undefined : `${ANNOTATION_PREFIX}${found.endsWith(".") ? `${found}<name>` : found}`;
}

/** `alb.ingress.k8s.io/scheme` and the like: a known name behind a prefix that is nearly ours. */
function misspeltPrefix(object: Annotated): readonly Diagnostic[] {
  return Object.keys(object.metadata.annotations ?? {}).flatMap((fullName) => {
    const slash = fullName.indexOf("/") + 1;
    const prefix = fullName.slice(0, slash);
    const known = prefix.startsWith("alb.") && prefix !== ANNOTATION_PREFIX && knownAnnotation(fullName.slice(slash));
    if (!known) return [];
    const meant = annotationName(known.name, known.suffix);
    const message = `there is no annotation ${fullName}; did you mean ${meant}?`;
    return [finding("lint.annotation-unknown", object, fullField(fullName), message)];
  });
}

function misplaced(object: Annotated): readonly Diagnostic[] {
  return annotationsOf(object)
    .filter(({ known }) => known?.row.on === "ingress")
    .map(({ fullName }) =>
      finding("lint.annotation-on-service", object, fullField(fullName), `${fullName} is ignored on a Service`),
    );
}
