import type { CodeEntry } from "./codes.ts";

/** Codes of looking at objects for mistakes and surprises that don't stop a plan, and of admission. */
export const lintCodes = {
  "admission.refused": {
    severity: "error",
    meaning: "LBC's validating webhook would refuse the creation of the object.",
    hint: "Correct the field; an object that is stored already is planned for all the same.",
  },
  "lint.annotation-ignored": {
    severity: "warning",
    meaning: "An annotation has no effect where it stands.",
    hint: "Remove it, or change what makes it ineffective.",
  },
  "lint.annotation-on-service": {
    severity: "warning",
    meaning: "An annotation stands on a Service, but is read on Ingresses only.",
    hint: "Move it to the Ingress.",
  },
  "lint.annotation-replaced": {
    severity: "info",
    meaning: "An annotation has no effect, since a field of the class params replaces it.",
    hint: "Remove the annotation, or the field of the class params.",
  },
  "lint.annotation-unknown": {
    severity: "warning",
    meaning: "There is no annotation of that name; it is ignored in silence.",
    hint: "Correct the name, or remove the annotation; docs/annotations.md lists them all.",
  },
  "lint.auth-not-on-http": {
    severity: "warning",
    meaning: "Authentication or token validation acts on HTTPS listeners only, and the paths are served over HTTP too.",
    hint: "Set ssl-redirect, or take the HTTP port out of listen-ports.",
  },
  "lint.certificate-for-all": {
    severity: "info",
    meaning:
      "One member of a group adds a certificate to a listener that others share; it may be shown to their clients. A warning if the certificate is private.",
    hint: "Keep the Ingress in a group of its own if the others shall not show its certificate.",
  },
  "lint.cidr-ipv6-ignored": {
    severity: "warning",
    meaning: "IPv6 ranges have no effect, since the load balancer only has IPv4 addresses.",
    hint: "Set ip-address-type to dualstack, or give IPv4 ranges.",
  },
  "lint.class-name-ignored": {
    severity: "info",
    meaning:
      "The annotation kubernetes.io/ingress.class beats spec.ingressClassName, and no class params apply. A warning if the class has some.",
    hint: "Remove the annotation.",
  },
  "lint.class-params-ignored": {
    severity: "warning",
    meaning: "A field of class params is read from the group's first member only, and this member isn't the first.",
    hint: "Set the field in the class params of the first member, or give all members the same class.",
  },
  "lint.condition-joined": {
    severity: "info",
    meaning:
      "Paths of a conditions annotation are added to the Ingress's own path: either may match. A warning if the Ingress's own one matches them anyway.",
    hint: "Leave the path out of the rule and write all values into the annotation, or split the backend.",
  },
  "lint.condition-repeated": {
    severity: "warning",
    meaning: "A rule has two conditions of a kind of which AWS takes one.",
    hint: "Join the values in one condition.",
  },
  "lint.condition-unknown-field": {
    severity: "warning",
    meaning:
      "An item of a conditions annotation has a field that doesn't exist; it is left out, so more requests match.",
    hint: "Use host-header, path-pattern, http-header, http-request-method, query-string or source-ip.",
  },
  "lint.default-certificate-by-arn": {
    severity: "info",
    meaning:
      "Several certificates were discovered, and the default is the one with the lowest ARN, not the best match.",
    hint: "Name certificates with certificate-arn, or set compat.bestMatchDefaultCertificate.",
  },
  "lint.deprecated": {
    severity: "info",
    meaning: "A name is deprecated, though still read.",
    hint: "Use the name that the message gives.",
  },
  "lint.https-without-certificate": {
    severity: "warning",
    meaning: "An HTTPS listener has no certificate, since no member names one and none has a host to discover one for.",
    hint: "Name a certificate with certificate-arn, or give the Ingress hosts.",
  },
  "lint.ingress-unmanaged": {
    severity: "warning",
    meaning: "An Ingress carries annotations for a load balancer, but its class isn't one that is managed here.",
    hint: "Set spec.ingressClassName to a class with the controller ingress.k8s.aws/alb, or remove the annotations.",
  },
  "lint.listen-port-repeated": {
    severity: "warning",
    meaning: "listen-ports names a port twice; the last protocol holds.",
    hint: "Name each port once.",
  },
  "lint.load-balancer-name-invalid": {
    severity: "warning",
    meaning: "AWS doesn't take the name of the load balancer.",
    hint: "Use letters, digits and hyphens, none at the ends, and not the beginning internal-.",
  },
  "lint.nlb-scheme-differs": {
    severity: "warning",
    meaning:
      "The network load balancer in front of the ALB takes the controller's default scheme, which isn't the ALB's.",
    hint: "Set frontend-nlb-scheme.",
  },
  "lint.nlb-tags-without-defaults": {
    severity: "info",
    meaning: "frontend-nlb-tags replace all tags of the network load balancer, the controller's default tags too.",
    hint: "Repeat the default tags in the annotation if they are wanted.",
  },
  "lint.nlb-without-listeners": {
    severity: "warning",
    meaning:
      "The network load balancer in front of the ALB has no listener, since no mapping leads to a port of the ALB.",
    hint: "Map to ports that the Ingress listens on.",
  },
  "lint.number-out-of-range": {
    severity: "warning",
    meaning: "AWS doesn't take the number.",
    hint: "Use a number within the range named.",
  },
  "lint.pattern-too-long": {
    severity: "warning",
    meaning: "A host or path of a condition is longer than the 128 characters that AWS takes.",
    hint: "Shorten it, with a wildcard if need be.",
  },
  "lint.placeholder": {
    severity: "warning",
    meaning: "A value looks like a placeholder that nobody filled in.",
    hint: "Render the manifest first, or write the value.",
  },
  "lint.quota-exceeded": {
    severity: "warning",
    meaning: "A load balancer or security group would need more than its quota.",
    hint: "Raise the quota (and say so in the facts), or split the group.",
  },
  "lint.regex-path-empty": {
    severity: "warning",
    meaning: "A path becomes an empty regular expression, since use-regex-path-match strips its first character.",
    hint: "Write the expression behind a slash, for instance /^/.*$.",
  },
  "lint.rule-unreachable": {
    severity: "warning",
    meaning:
      "A rule can never be reached, since an earlier rule of the listener answers all its requests. Rules hidden behind a regular expression aren't found.",
    hint: "Put the narrower rule first (group.order, or the order of paths), or remove it.",
  },
  "lint.rules-emptied-by-redirect": {
    severity: "info",
    meaning:
      "A member has no rules on the HTTP listeners, since another member's ssl-redirect holds for the whole group.",
    hint: "Nothing to do if HTTPS is meant for all; else put one of them into another group.",
  },
  "lint.service-map-replaces": {
    severity: "info",
    meaning:
      "A map annotation of a Service replaces that of the Ingress as a whole; keys only the Ingress has are lost.",
    hint: "Write all keys on the Service.",
  },
  "lint.several-default-classes": {
    severity: "warning",
    meaning: "Several IngressClasses are the default; an Ingress without a class would stop every group.",
    hint: "Leave the default annotation on one IngressClass only.",
  },
  "lint.tag-loses-to-default": {
    severity: "warning",
    meaning: "A tag has no effect, since flag default-tags sets the same key and wins.",
    hint: "Remove the tag, or switch the gate EnableDefaultTagsLowPriority on.",
  },
  "lint.target-group-twice": {
    severity: "info",
    meaning: "One port of a Service is referred to by name and by number, which makes two target groups.",
    hint: "Refer to it in one way.",
  },
  "lint.tls-host-without-certificate": {
    severity: "warning",
    meaning: "No certificate of the listener covers a host of an Ingress.",
    hint: "Add a certificate for the host to certificate-arn, or let it be discovered.",
  },
  "lint.tls-without-https": {
    severity: "warning",
    meaning:
      "An Ingress has a tls section, but no HTTPS port: without listen-ports or certificate-arn it listens on HTTP port 80.",
    hint: "Add an HTTPS port to listen-ports, or name a certificate with certificate-arn; or remove the tls section.",
  },
  "lint.too-many-condition-values": {
    severity: "warning",
    meaning: "A rule has more condition values than AWS takes.",
    hint: "Split the rule, or join values with a wildcard; a Prefix path counts twice.",
  },
  "lint.too-many-target-groups": {
    severity: "warning",
    meaning: "An action forwards to more target groups than AWS takes.",
    hint: "Leave some of them out.",
  },
  "lint.too-many-wildcards": {
    severity: "warning",
    meaning: "The conditions of a rule have more wildcards than AWS takes.",
    hint: "Split the rule, or use fewer wildcards.",
  },
  "lint.value-is-default": {
    severity: "info",
    meaning: "A value is the one that holds anyway.",
    hint: "Remove the annotation if it isn't there to be explicit.",
  },
  "lint.web-acl-removed": {
    severity: "warning",
    meaning: "An empty wafv2-acl-arn removes the web ACL of the load balancer.",
    hint: "Write none if that is meant; remove the annotation to leave the web ACL alone.",
  },
  "lint.weight-out-of-range": {
    severity: "warning",
    meaning: "A weight isn't within the 0 to 999 that AWS takes.",
    hint: "Use a weight within that range.",
  },
} as const satisfies Record<string, CodeEntry>;
