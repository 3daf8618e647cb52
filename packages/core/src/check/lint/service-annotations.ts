/** Annotations of a Service against those of the Ingresses that lead to it. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Service } from "../../model/kubernetes.ts";
import { annotationField, annotationName } from "../../read/member.ts";
import { annotationValue, finding, type LintInput, type LintMember } from "./lint-input.ts";

export function serviceAnnotations({ groups }: LintInput): readonly Diagnostic[] {
  const users = new Map<Service, LintMember[]>();
  for (const { members } of groups) {
    for (const member of members) {
      for (const service of new Set(member.targets.map((target) => target.service))) {
        if (service?.metadata.annotations === undefined) continue;
        const known = users.get(service);
        if (known === undefined) users.set(service, [member]);
        else known.push(member);
      }
    }
  }
  return [...users].flatMap(([service, members]) =>
    members.flatMap((member) => [...replacedMap(service, member), ...overriddenFalse(service, member)]),
  );
}

/** LBC: the Service's map replaces the Ingress's, they aren't joined. */
function replacedMap(service: Service, { key, ingress }: LintMember): readonly Diagnostic[] {
  const name = "target-group-attributes";
  const own = annotationValue(service, name);
  if (own === undefined) return [];
  const lost = Object.keys(annotationValue(ingress, name) ?? {}).filter((attribute) => !Object.hasOwn(own, attribute));
  if (lost.length === 0) return [];
  const message = `its ${annotationName(name)} replaces that of Ingress ${key}, so that these are lost: ${lost.sort().join(", ")}`;
  return [finding("lint.service-map-replaces", service, annotationField(name), message)];
}

/** LBC: here alone the Ingress wins, if it says true. */
function overriddenFalse(service: Service, { key, ingress }: LintMember): readonly Diagnostic[] {
  const name = "multi-cluster-target-group";
  if (annotationValue(service, name) !== false || annotationValue(ingress, name) !== true) return [];
  const message = `${annotationName(name)} has no effect: it is true on Ingress ${key}, and true wins`;
  return [finding("lint.annotation-ignored", service, annotationField(name), message)];
}
