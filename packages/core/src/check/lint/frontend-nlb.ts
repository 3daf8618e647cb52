/** The network load balancer in front of an ALB: what it takes from elsewhere, and what it doesn't. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import { annotationField, annotationName, annotationText } from "../../read/member.ts";
import { annotationValue, finding, type LintGroup, type LintInput } from "./lint-input.ts";

export function frontendNlb(input: LintInput): readonly Diagnostic[] {
  return input.groups.flatMap((group) => [
    ...unmappedPorts(group),
    ...differingScheme(group),
    ...tagsWithoutDefaults(input, group),
  ]);
}

/** The first member that asks for a network load balancer. */
function asker({ members }: LintGroup): LintGroup["members"][number] | undefined {
  return members.find(({ ingress }) => annotationValue(ingress, "enable-frontend-nlb") === true);
}

/** LBC leaves a mapping to a port that the Ingress doesn't listen on out, which may leave no listener at all. */
function unmappedPorts(group: LintGroup): readonly Diagnostic[] {
  const name = "frontend-nlb-listener-port-mapping";
  const first = asker(group);
  if (first === undefined) return [];
  let listeners = 0;
  const found = group.members.flatMap(({ ingress, ports }) => {
    const mapping = Object.entries(annotationValue(ingress, name) ?? {});
    const unmapped = mapping.filter(([, to]) => !ports.some(({ port }) => port === Number(to)));
    listeners += mapping.length === 0 ? ports.length : mapping.length - unmapped.length;
    return unmapped.map(([from, to]) => {
      const message = `${annotationName(name)}: ${from}=${to} has no effect: the Ingress doesn't listen on port ${to}`;
      return finding("lint.annotation-ignored", ingress, annotationField(name), message, { stack: group.id });
    });
  });
  if (listeners > 0) return found;
  const message = "the network load balancer has no listener";
  const field = annotationField("enable-frontend-nlb");
  return [...found, finding("lint.nlb-without-listeners", first.ingress, field, message, { stack: group.id })];
}

/** LBC: the scheme defaults to that of the controller, not of the ALB. */
function differingScheme(group: LintGroup): readonly Diagnostic[] {
  const { resources = {} } = group.stack ?? {};
  const alb = resources["loadBalancer/LoadBalancer"];
  const nlb = resources["loadBalancer/FrontendNlb"];
  const first = asker(group);
  if (alb?.kind !== "loadBalancer" || nlb?.kind !== "loadBalancer" || first === undefined) return [];
  if (alb.spec.scheme === nlb.spec.scheme) return [];
  if (group.members.some(({ ingress }) => annotationText(ingress, "frontend-nlb-scheme") !== undefined)) return [];
  const message = `the network load balancer is ${nlb.spec.scheme} by default, while the ALB behind it is ${alb.spec.scheme}`;
  const field = annotationField("enable-frontend-nlb");
  return [finding("lint.nlb-scheme-differs", first.ingress, field, message, { stack: group.id })];
}

function tagsWithoutDefaults({ settings }: LintInput, group: LintGroup): readonly Diagnostic[] {
  if (asker(group) === undefined) return [];
  return group.members.flatMap(({ ingress }) => {
    const tags = annotationValue(ingress, "frontend-nlb-tags");
    const lost = Object.keys(settings.defaultTags).filter((key) => tags !== undefined && !Object.hasOwn(tags, key));
    if (lost.length === 0) return [];
    const message = `${annotationName("frontend-nlb-tags")} leaves the default tags out: ${lost.sort().join(", ")}`;
    const field = annotationField("frontend-nlb-tags");
    return finding("lint.nlb-tags-without-defaults", ingress, field, message, { stack: group.id });
  });
}
