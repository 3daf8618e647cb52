/** Why annotations of load balancers, listeners and add-ons have no effect. */
import { ANNOTATIONS, type AnnotationName } from "../../read/annotations.ts";
import { parseBool } from "../../read/grammar.ts";
import { annotationText } from "../../read/member.ts";
import type { Reason, ReasonTable } from "./ignored-reason.ts";
import { annotationValue, type LintGroup, listensOn } from "./lint-input.ts";

const needsHttps: Reason = ({ member }) =>
  listensOn(member, "HTTPS") ? undefined : "the Ingress has no HTTPS listener";

const needsManagedGroup: Reason = ({ group }) =>
  group.explicitSecurityGroups
    ? "security-groups names the load balancer's security groups, and their rules aren't touched"
    : undefined;

const needsFrontendNlb: Reason = ({ group }) =>
  group.members.some(({ ingress }) => annotationValue(ingress, "enable-frontend-nlb") === true)
    ? undefined
    : "no member of the group sets enable-frontend-nlb to true";

/** The annotations in front of a network load balancer all need that there is one. */
const frontendNlb: ReasonTable = Object.fromEntries(
  (Object.keys(ANNOTATIONS) as AnnotationName[])
    .filter((name) => name.startsWith("frontend-nlb-"))
    .map((name) => [name, needsFrontendNlb]),
);

/** The name of a web ACL that a member of the group gives. */
function webAclName({ members }: LintGroup): { readonly name: string; readonly by: string } | undefined {
  for (const { ingress, params, key } of members) {
    const name = params.wafv2AclName || annotationText(ingress, "wafv2-acl-name");
    if (name) return { name, by: key };
  }
  return undefined;
}

export const loadBalancerReasons: ReasonTable = {
  ...frontendNlb,
  "group.order": ({ group }) => (group.explicit ? undefined : "the Ingress is in no named group"),
  "inbound-cidrs": needsManagedGroup,
  "security-group-prefix-lists": needsManagedGroup,
  "manage-backend-security-group-rules": ({ group }) =>
    group.explicitSecurityGroups ? undefined : "it is asked only together with security-groups",
  "certificate-arn": needsHttps,
  "ssl-policy": needsHttps,
  "mutual-authentication": (place) => {
    const { member } = place;
    const ports = (annotationValue(member.ingress, "mutual-authentication") ?? []).map(({ port }) => port);
    const used = ports.filter((port) => member.ports.some((own) => own.protocol === "HTTPS" && own.port === port));
    const [first] = ports;
    return needsHttps(place) ?? (used.length === 0 && first !== undefined ? `port ${first} isn't HTTPS` : undefined);
  },
  "listener-attributes": ({ member, suffix = "" }) =>
    member.ports.some(({ port, protocol }) => `${protocol}-${port}` === suffix)
      ? undefined
      : `the Ingress has no listener ${suffix}`,
  "ssl-redirect": ({ group }) =>
    group.members.some((member) => listensOn(member, "HTTP")) ? undefined : "the group has no HTTP listener",
  "create-acm-cert": ({ member, text, input }) => {
    if ("problem" in parseBool(text)) return `${JSON.stringify(text)} is no boolean, which counts as absent`;
    if (!input.settings.featureGates.EnableCertificateManagement) return "the gate EnableCertificateManagement is off";
    return annotationText(member.ingress, "certificate-arn") === undefined ? undefined : "certificate-arn is set";
  },
  "acm-pca-arn": ({ member }) =>
    annotationValue(member.ingress, "create-acm-cert") === true ? undefined : "create-acm-cert isn't true",
  "wafv2-acl-arn": ({ group, input }) => {
    if (!input.settings.enableWafv2) return "flag enable-wafv2 is off";
    const other = webAclName(group);
    if (other === undefined || (other.name === "none" && input.settings.compat.webAclNameNoneIsAbsent))
      return undefined;
    const removes = other.name === "none" ? ", which removes the web ACL" : "";
    return `Ingress ${other.by} gives the web ACL's name ${JSON.stringify(other.name)}, and a name beats every ARN of the group${removes}`;
  },
  "wafv2-acl-name": ({ input }) => (input.settings.enableWafv2 ? undefined : "flag enable-wafv2 is off"),
  "waf-acl-id": ({ input }) => (input.settings.enableWaf ? undefined : "flag enable-waf is off"),
  "web-acl-id": ({ member, input }) => {
    if (!input.settings.enableWaf) return "flag enable-waf is off";
    return annotationText(member.ingress, "waf-acl-id") === undefined ? undefined : "waf-acl-id is set";
  },
  "shield-advanced-protection": ({ input }) => (input.settings.enableShield ? undefined : "flag enable-shield is off"),
  "minimum-load-balancer-capacity": ({ input }) =>
    input.settings.featureGates.LBCapacityReservation ? undefined : "the gate LBCapacityReservation is off",
};
