/** Annotations that have no effect where they stand, with the reason. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import { objectName } from "../../read/member.ts";
import { loadBalancerReasons } from "./ignored-on-load-balancer.ts";
import { ruleReasons } from "./ignored-on-rules.ts";
import { targetGroupReason } from "./ignored-on-target-groups.ts";
import type { Reason, ReasonTable } from "./ignored-reason.ts";
import { finding, fullField, type LintInput } from "./lint-input.ts";
import { replacedBy } from "./replaced-by-params.ts";

const REASONS: ReasonTable = { ...loadBalancerReasons, ...ruleReasons };

/** One diagnostic an annotation: replaced by class params, or else ignored for another reason. */
export function ignoredAnnotations(input: LintInput): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const group of input.groups) {
    for (const member of group.members) {
      for (const use of member.annotations) {
        if (use.known === undefined) continue;
        const where = fullField(use.fullName);
        const replaced = replacedBy(use.known, member, group);
        if (replaced !== undefined) {
          const message = `${use.fullName} is replaced by ${replaced.field} of ${objectName(replaced.params)}`;
          found.push(finding("lint.annotation-replaced", member.ingress, where, message, { stack: group.id }));
          continue;
        }
        const reason: Reason | undefined = REASONS[use.known.name];
        const place = { ...use.known, text: use.text, member, group, input };
        const why = reason?.(place) ?? targetGroupReason(place);
        if (why === undefined) continue;
        const message = `${use.fullName} has no effect: ${why}`;
        found.push(finding("lint.annotation-ignored", member.ingress, where, message, { stack: group.id }));
      }
    }
  }
  return found;
}
