import type { CodeEntry } from "./codes.ts";

/** Codes of building the desired graph. */
export const modelCodes = {
  "annotation.unsupported": {
    severity: "error",
    meaning: "The annotation is one of LBC's, but elbplan doesn't read it yet; the stack would differ from LBC's.",
    hint: "Remove the annotation, or plan this group with LBC.",
  },
  "annotation.invalid": {
    severity: "error",
    meaning: "The value of an annotation can't be read as what it should be.",
    hint: "Write it as docs/annotations.md says.",
  },
  "annotation.value-not-allowed": {
    severity: "error",
    meaning: "The value of an annotation, or of the class params field that replaces it, isn't one of those allowed.",
    hint: "Use one of the values named.",
  },
  "auth.jwt-invalid": {
    severity: "error",
    meaning: "The jwt-validation annotation lacks something it needs.",
    hint: "Give jwksEndpoint, issuer, and format, name and values of each additional claim.",
  },
  "auth.provider-missing": {
    severity: "error",
    meaning: "auth-type names a kind of provider whose annotation is missing.",
    hint: "Add auth-idp-cognito or auth-idp-oidc, or remove auth-type.",
  },
  "auth.secret-unusable": {
    severity: "error",
    meaning: "The Secret with the OIDC client is missing, lacks the required label, or lacks clientID or clientSecret.",
    hint: "Create the Secret in the Ingress's namespace, with both keys.",
  },
  "auth.two-kinds": {
    severity: "error",
    meaning: "An Ingress asks for authentication and for token validation at once; a rule can have only one of them.",
    hint: "Remove jwt-validation or auth-type.",
  },
  "backend.action-missing": {
    severity: "warning",
    meaning: "A backend with port use-annotation has no actions annotation; its paths answer 503.",
    hint: "Add the actions annotation of that name.",
  },
  "backend.action-required": {
    severity: "error",
    meaning:
      "A backend with port use-annotation has no actions annotation, and flag tolerate-non-existent-backend-action is off.",
    hint: "Add the actions annotation of that name.",
  },
  "backend.invalid": {
    severity: "error",
    meaning: "A backend names no Service or no port.",
    hint: "Name a Service and one of its ports.",
  },
  "backend.port-missing": {
    severity: "error",
    meaning: "The Service of a backend has no port of that name or number.",
    hint: "Use a port of the Service, or add it there.",
  },
  "backend.service-missing": {
    severity: "warning",
    meaning: "The Service of a backend isn't in the input; its paths answer 503, as LBC does.",
    hint: "Add the Service to the input, or correct the name.",
  },
  "backend.service-unreadable": {
    severity: "error",
    meaning: "The Service of a backend is in the input but couldn't be read; it isn't taken for missing.",
    hint: "Correct the error of that Service first.",
  },
  "backend.service-required": {
    severity: "error",
    meaning:
      "A Service isn't in the input, and either the action has several target groups or flag tolerate-non-existent-backend-service is off.",
    hint: "Add the Service to the input, or correct the name.",
  },
  "action.invalid": {
    severity: "error",
    meaning: "An actions annotation isn't a valid action.",
    hint: "Give a type and the configuration that goes with it.",
  },
  "certificate.no-hosts": {
    severity: "error",
    meaning: "A certificate is to be created for an Ingress without hosts.",
    hint: "Add hosts to the rules or the tls section.",
  },
  "certificate.not-found": {
    severity: "error",
    meaning: "No issued certificate in ACM serves a host of an Ingress with an HTTPS port.",
    hint: "Request or import a certificate for the host, or name one with certificate-arn.",
  },
  "class.auto-mode": {
    severity: "info",
    meaning:
      "An Ingress belongs to EKS Auto Mode, whose own controller makes its load balancer; it isn't managed here.",
    hint: "Nothing to do; to have it managed here, use a class with the controller ingress.k8s.aws/alb and IngressClassParams of elbv2.k8s.aws.",
  },
  "class.not-found": {
    severity: "error",
    meaning: "An Ingress names an IngressClass that isn't in the input.",
    hint: "Add the IngressClass to the input, or correct the name.",
  },
  "class.namespace-not-selected": {
    severity: "error",
    meaning: "The namespaceSelector of the class params doesn't select the Ingress's namespace.",
    hint: "Use another class, or label the namespace.",
  },
  "class.namespace-unknown": {
    severity: "error",
    meaning: "The class params select namespaces by label, but the Ingress's Namespace isn't in the input.",
    hint: "Add the Namespace object to the input.",
  },
  "class.params-not-found": {
    severity: "error",
    meaning: "An IngressClass refers to IngressClassParams that aren't in the input.",
    hint: "Add the IngressClassParams to the input, or correct the name.",
  },
  "class.params-unknown-kind": {
    severity: "error",
    meaning: "An IngressClass refers to parameters of a kind that isn't IngressClassParams of elbv2.k8s.aws.",
    hint: "Correct spec.parameters of the IngressClass.",
  },
  "class.selector-invalid": {
    severity: "error",
    meaning: "The namespaceSelector of the class params isn't a valid label selector.",
    hint: "Use the operators In, NotIn, Exists and DoesNotExist, the first two with values.",
  },
  "class.unreadable": {
    severity: "error",
    meaning:
      "IngressClasses couldn't be read, and an Ingress names none: whether the default class makes it ours is unknown, so no group is touched.",
    hint: "Let elbplan list IngressClasses, or correct those that can't be read.",
  },
  "class.several-defaults": {
    severity: "error",
    meaning:
      "An Ingress names no class while several IngressClasses are marked as the default; as for LBC, no group can be planned until that is settled.",
    hint: "Leave the default annotation on one IngressClass only.",
  },
  "class.ssl-redirect-port-ignored": {
    severity: "warning",
    meaning:
      "sslRedirectPort of the class params isn't a number; as LBC does, the redirect is switched off for the whole group.",
    hint: "Write a port number; compat.strictSslRedirectPort makes this an error.",
  },
  "class.ssl-redirect-port-invalid": {
    severity: "error",
    meaning: "sslRedirectPort of the class params isn't a number.",
    hint: "Write a port number.",
  },
  "frontend-nlb.eip-allocations": {
    severity: "error",
    meaning: "Elastic IPs don't fit the network load balancer: it must be internet-facing and have as many subnets.",
    hint: "Give one allocation a subnet.",
  },
  "group.conflict": {
    severity: "error",
    meaning: "Two members of a group want different things of what they share.",
    hint: "Make the members agree, or put one of them into another group.",
  },
  "group.name-invalid": {
    severity: "error",
    meaning: "The name of an IngressGroup isn't valid; the Ingress belongs to no group.",
    hint: "Use at most 63 characters of a-z, 0-9, - and ., with a letter or digit at both ends.",
  },
  "group.order-out-of-range": {
    severity: "error",
    meaning: "A group order isn't within -1000 to 1000.",
    hint: "Use an order within that range.",
  },
  "group.quarantine-refused": {
    severity: "error",
    meaning:
      "A group can't be planned without its broken members, since its load balancer would be replaced; it is left as it is.",
    hint: "Mend the broken members.",
  },
  "group.quarantined": {
    severity: "warning",
    meaning: "A member of a group is broken; the others are planned, and what exists of the broken one stays.",
    hint: "Mend the Ingress: its errors say what is wrong with it.",
  },
  "listener.cidr-invalid": {
    severity: "error",
    meaning: "An inbound range isn't a CIDR.",
    hint: "Write an address, a slash and a prefix length.",
  },
  "listener.mutual-authentication-invalid": {
    severity: "error",
    meaning: "The mutual-authentication annotation isn't valid.",
    hint: "Give port and mode; verify needs a trustStore, the other modes take none.",
  },
  "listener.ssl-redirect-target": {
    severity: "error",
    meaning: "ssl-redirect leads to a port that isn't an HTTPS listener of the group.",
    hint: "Add the port as HTTPS to listen-ports, or correct the number.",
  },
  "listener.two-default-backends": {
    severity: "error",
    meaning: "Two members of a group set a default backend for the same port.",
    hint: "Leave spec.defaultBackend in one of them.",
  },
  "load-balancer.deletion-protected": {
    severity: "error",
    meaning: "An Ingress that is being deleted asks for deletion protection; its group can't be planned.",
    hint: "Remove deletion_protection.enabled from load-balancer-attributes first.",
  },
  "load-balancer.name-too-long": {
    severity: "error",
    meaning: "The name of a load balancer is longer than the 32 characters that AWS allows.",
    hint: "Use a shorter name.",
  },
  "rule.condition-invalid": {
    severity: "error",
    meaning: "A conditions annotation isn't valid.",
    hint: "Give each item a field and the configuration that goes with it, with values.",
  },
  "rule.covered-by-redirect": {
    severity: "warning",
    meaning: "A path has no rule, since an earlier redirect answers all its requests.",
    hint: "Remove the path, or put it before the redirect.",
  },
  "rule.covered-by-host-regex": {
    severity: "warning",
    meaning:
      "A path has no rule, since an earlier redirect counts as answering every host: as LBC, its regular expressions of hosts aren't looked at.",
    hint: "Write the redirect's hosts with wildcards, or set compat.hostRegexesDontCover.",
  },
  "rule.path-invalid": {
    severity: "error",
    meaning: "A path can't be turned into a condition.",
    hint: "Use wildcards only in ImplementationSpecific paths, and either values or regular expressions.",
  },
  "rule.redirect-loop": {
    severity: "info",
    meaning: "A redirect has no rule on a listener, since it would redirect to itself there.",
    hint: "Nothing to do if the redirect is meant for the other listeners.",
  },
  "rule.transform-invalid": {
    severity: "error",
    meaning: "A transforms annotation isn't valid.",
    hint: "Give each item a type and the configuration that goes with it, with rewrites.",
  },
  "security-group.backend-disabled": {
    severity: "error",
    meaning: "Access to targets is to be managed, but the shared backend security group is switched off.",
    hint: "Switch enable-backend-security-group on, or remove the annotation.",
  },
  "security-group.not-found": {
    severity: "error",
    meaning: "A security group named by id or Name tag isn't among the facts.",
    hint: "Correct the name, or capture the facts again.",
  },
  "subnet.discovery-failed": {
    severity: "error",
    meaning: "No suitable subnets were found by their tags or routes.",
    hint: "Tag subnets with kubernetes.io/role/elb or kubernetes.io/role/internal-elb, or name them.",
  },
  "subnet.not-usable": {
    severity: "error",
    meaning: "The subnets asked for don't exist or don't go together.",
    hint: "Name existing subnets, one per zone, of the same kind of zone, in two zones for an ALB.",
  },
  "tags.externally-managed": {
    severity: "error",
    meaning: "A tag is set whose key flag external-managed-tags reserves.",
    hint: "Remove the tag, or take the key off the flag.",
  },
  "target-group.control-port-needs-ip": {
    severity: "error",
    meaning: "A target control port is set for instance targets.",
    hint: "Use target-type ip, or remove the annotation.",
  },
  "target-group.health-check-port": {
    severity: "error",
    meaning: "The health check port is a name that can't be resolved.",
    hint: "Use a number, traffic-port, or a port name of the Service whose target port is a number.",
  },
  "target-group.ip-type-disabled": {
    severity: "error",
    meaning: "Target type ip is asked for while the gate EnableIPTargetType is off.",
    hint: "Switch the gate on, or use instance targets.",
  },
  "target-group.ipv6-needs-dualstack": {
    severity: "error",
    meaning: "A Service is IPv6, but the load balancer only has IPv4 addresses.",
    hint: "Set ip-address-type to dualstack.",
  },
  "target-group.no-node-port": {
    severity: "error",
    meaning: "Instance targets need a node port that the Service doesn't have.",
    hint: "Make the Service a NodePort, or use target-type ip.",
  },
  "web-acl.not-found": {
    severity: "error",
    meaning: "No regional WAFv2 web ACL has the name.",
    hint: "Correct the name, or capture the facts again.",
  },
} as const satisfies Record<string, CodeEntry>;
