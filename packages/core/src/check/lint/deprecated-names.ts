/** Names that are still read, but have a successor. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import { annotationField, annotationName, annotationText } from "../../read/member.ts";
import { CLASS_ANNOTATION, classAnnotation } from "../../resolve/ingress-class.ts";
import { finding, fullField, type LintInput } from "./lint-input.ts";

/** Looks at the Ingresses of all groups and at class params. */
export function deprecatedNames({ groups, snapshot }: LintInput): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { id: stack, members } of groups) {
    for (const { ingress } of members) {
      if (classAnnotation(ingress) !== undefined) {
        const message = `${CLASS_ANNOTATION} is deprecated; use spec.ingressClassName`;
        found.push(finding("lint.deprecated", ingress, fullField(CLASS_ANNOTATION), message, { stack }));
      }
      if (annotationText(ingress, "web-acl-id") !== undefined) {
        const message = `${annotationName("web-acl-id")} is deprecated; use ${annotationName("waf-acl-id")}`;
        found.push(finding("lint.deprecated", ingress, annotationField("web-acl-id"), message, { stack }));
      }
    }
  }
  for (const params of snapshot.ingressClassParams) {
    if (params.spec?.PrefixListsIDs === undefined) continue;
    const message = "spec.PrefixListsIDs is deprecated; use spec.prefixListsIDs";
    found.push(finding("lint.deprecated", params, "/spec/PrefixListsIDs", message));
  }
  return found;
}
