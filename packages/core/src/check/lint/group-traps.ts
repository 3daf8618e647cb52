/** Where tags, ports, ranges and web ACLs of a member end up as something else than a reader expects. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import { quote } from "../../read/grammar.ts";
import { annotationField, annotationName, annotationText } from "../../read/member.ts";
import { annotationValue, finding, type LintGroup, type LintInput, type LintMember } from "./lint-input.ts";

export function groupTraps(input: LintInput): readonly Diagnostic[] {
  return input.groups.flatMap((group) =>
    group.members.flatMap((member) => [
      ...losingTags(input, group, member),
      ...repeatedPorts(group, member),
      ...ignoredIpv6(group, member),
      ...removedWebAcl(input, group, member),
    ]),
  );
}

/** LBC: default tags win, unless the gate says otherwise. */
function losingTags({ settings }: LintInput, { id: stack }: LintGroup, member: LintMember): readonly Diagnostic[] {
  if (settings.featureGates.EnableDefaultTagsLowPriority) return [];
  return Object.entries(annotationValue(member.ingress, "tags") ?? {}).flatMap(([key, value]) => {
    const winner = Object.hasOwn(settings.defaultTags, key) ? settings.defaultTags[key] : undefined;
    if (winner === undefined || winner === value) return [];
    const message = `tag ${quote(key)} is ${quote(winner)} as flag default-tags says, not ${quote(value)}`;
    return finding("lint.tag-loses-to-default", member.ingress, annotationField("tags"), message, { stack });
  });
}

function repeatedPorts({ id: stack }: LintGroup, { ingress }: LintMember): readonly Diagnostic[] {
  const text = annotationText(ingress, "listen-ports");
  if (text === undefined || annotationValue(ingress, "listen-ports") === undefined) return [];
  const entries = JSON.parse(text) as readonly (Readonly<Record<string, number>> | null)[];
  const last = new Map<number, string>();
  const repeated = new Set<number>();
  for (const [protocol, port] of entries.flatMap((entry) => Object.entries(entry ?? {}))) {
    if (last.has(port)) repeated.add(port);
    last.set(port, protocol);
  }
  return [...repeated].map((port) => {
    const message = `${annotationName("listen-ports")} names port ${port} twice; ${last.get(port)} holds`;
    return finding("lint.listen-port-repeated", ingress, annotationField("listen-ports"), message, { stack });
  });
}

/** LBC: a load balancer without IPv6 addresses gets no permissions for IPv6 ranges. */
function ignoredIpv6(group: LintGroup, { ingress, params }: LintMember): readonly Diagnostic[] {
  const loadBalancer = group.stack?.resources["loadBalancer/LoadBalancer"];
  if (loadBalancer?.kind !== "loadBalancer" || loadBalancer.spec.ipAddressType !== "ipv4") return [];
  if (group.explicitSecurityGroups || (params.inboundCIDRs ?? []).length > 0) return [];
  const cidrs = annotationValue(ingress, "inbound-cidrs") ?? [];
  const ipv6 = cidrs.filter((cidr) => cidr.includes(":"));
  if (ipv6.length === 0) return [];
  const closed = ipv6.length === cidrs.length ? ", so that these ports admit nobody by address" : "";
  const message = `${ipv6.join(", ")} has no effect on a load balancer with IPv4 addresses only${closed}`;
  return [finding("lint.cidr-ipv6-ignored", ingress, annotationField("inbound-cidrs"), message, { stack: group.id })];
}

/** LBC: an empty ARN is a value, namely no web ACL. */
function removedWebAcl({ settings }: LintInput, { id: stack }: LintGroup, member: LintMember): readonly Diagnostic[] {
  const { ingress, params } = member;
  if (settings.compat.emptyWebAclArnIsAbsent || params.wafv2AclArn) return [];
  if (annotationText(ingress, "wafv2-acl-arn") !== "") return [];
  const message = `${annotationName("wafv2-acl-arn")} is empty, which removes the load balancer's web ACL`;
  return [finding("lint.web-acl-removed", ingress, annotationField("wafv2-acl-arn"), message, { stack })];
}
