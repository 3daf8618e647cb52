/** Why annotations of target groups have no effect on an Ingress. */
import { targetGroupAnnotations } from "../../read/annotations/target-group.ts";
import { annotationText } from "../../read/member.ts";
import type { AnnotationPlace } from "./ignored-reason.ts";
import { annotationValue, type LintMember, type LintTarget } from "./lint-input.ts";

/** The reason, undefined when it has an effect or belongs to something else than target groups. */
export function targetGroupReason(place: AnnotationPlace): string | undefined {
  const { name, suffix, member } = place;
  if (!Object.hasOwn(targetGroupAnnotations, name)) return undefined;
  const { targets } = member;
  if (targets.length === 0) return "no backend of the Ingress is a Service";
  if (name === "target-control-port" && !targets.some((target) => `${target.name}.${target.port}` === suffix))
    return `no backend is port ${suffix} as written`;
  if (name === "target-node-labels" && targets.every((target) => targetTypeOf(place, target) === "ip"))
    return "it chooses nodes for instance targets, and all targets are ip";
  if (name === "multi-cluster-target-group") return undefined;
  return targets.every(({ service }) => service && annotationText(service, name, suffix) !== undefined)
    ? "each Service behind the Ingress sets its own"
    : undefined;
}

function targetTypeOf(
  { input, member }: { readonly input: AnnotationPlace["input"]; readonly member: LintMember },
  { service }: LintTarget,
): string {
  const ofService = service && annotationValue(service, "target-type");
  const ofIngress = ofService ?? annotationValue(member.ingress, "target-type");
  return member.params.targetType || ofIngress || input.settings.defaultTargetType;
}
