/** Attributes of load balancers and listeners: joined over the members, class params decide conflicts. */
import type { KeyValue } from "../model/ingress-class-params.ts";
import type { StringMap } from "../model/value.ts";
import type { AnnotationName } from "../read/annotations.ts";
import { quote } from "../read/grammar.ts";
import { annotationName, annotationProblem, type Member, paramsOf, readAnnotation } from "../read/member.ts";
import type { GroupContext } from "../resolve/context.ts";

/** Attributes of the ALB; the first member's class params override. */
export function loadBalancerAttributes(group: GroupContext): StringMap | undefined {
  const [first] = group.members;
  return joined(
    group,
    group.members,
    "load-balancer-attributes",
    undefined,
    first && paramsOf(first).loadBalancerAttributes,
  );
}

/** Attributes of one listener; the class params of the first member on the port override. */
export function listenerAttributes(
  group: GroupContext,
  members: readonly Member[],
  protocol: string,
  port: number,
): StringMap | undefined {
  const [first] = members;
  const listeners = (first && paramsOf(first).listeners) ?? [];
  const fromClass = listeners.find(
    (listener) => listener.protocol === protocol && listener.port === port,
  )?.listenerAttributes;
  return joined(group, members, "listener-attributes", `${protocol}-${port}`, fromClass);
}

function joined(
  group: GroupContext,
  members: readonly Member[],
  name: AnnotationName & ("load-balancer-attributes" | "listener-attributes"),
  suffix: string | undefined,
  fromClass: readonly KeyValue[] | undefined,
): StringMap | undefined {
  const decided = new Map((fromClass ?? []).map(({ key, value }) => [key, value]));
  const attributes = new Map<string, string>();
  for (const member of members) {
    for (const [key, value] of Object.entries(readAnnotation(member.ingress, name, group.report, suffix) ?? {})) {
      const known = attributes.get(key);
      if (known !== undefined && known !== value && !decided.has(key)) {
        const message = `${annotationName(name, suffix)}: ${quote(key)} is ${quote(value)}, another member of the group wants ${quote(known)}`;
        group.report(annotationProblem("group.conflict", member.ingress, name, message, suffix));
      } else attributes.set(key, value);
    }
  }
  for (const [key, value] of decided) attributes.set(key, value);
  return attributes.size === 0 ? undefined : Object.fromEntries(attributes);
}
