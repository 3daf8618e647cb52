import { parseInt32, quote } from "../read/grammar.ts";
import { annotationProblem, paramsOf, readAnnotation } from "../read/member.ts";
import { agree, fromAnnotation } from "../resolve/agreement.ts";
import type { GroupContext } from "../resolve/context.ts";

const NAME = "minimum-load-balancer-capacity";
const UNITS = "CapacityUnits";

/** Reserved capacity of the ALB; the first member's class params replace all annotations. Undefined leaves it alone. */
export function minimumCapacityUnits(group: GroupContext): number | undefined {
  if (!group.settings.featureGates.LBCapacityReservation) return undefined;
  const [first] = group.members;
  const fromClass = first && paramsOf(first).minimumLoadBalancerCapacity;
  if (fromClass !== undefined) return fromClass.capacityUnits ?? 0;
  const settings = group.members.flatMap((member) => {
    const map = readAnnotation(member.ingress, NAME, group.report);
    if (map === undefined) return [];
    const refuse = (message: string): void =>
      group.report(annotationProblem("annotation.value-not-allowed", member.ingress, NAME, message));
    const unknown = Object.keys(map).find((key) => key !== UNITS);
    if (unknown !== undefined) refuse(`${NAME} holds ${quote(unknown)}, allowed is ${UNITS} alone`);
    const text = Object.hasOwn(map, UNITS) ? map[UNITS] : undefined;
    if (text === undefined) return [];
    const units = parseInt32(text);
    if ("problem" in units) {
      refuse(`${NAME}: ${units.problem}`);
      return [];
    }
    return [fromAnnotation(member, NAME, units.value)];
  });
  return agree(group, NAME, settings, String)?.value;
}
