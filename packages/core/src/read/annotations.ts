/**
 * The annotation table: every annotation of LBC's Ingress path, once. It drives the reader, the linter,
 * docs/annotations.md and the annotations' JSON Schema. Adding an annotation = one row here and the builder that uses it.
 */
import type { GrammarName } from "./annotation-grammar.ts";

/** How the values of a group's members go together. */
export type MergeRule =
  /** All members that set it must agree, otherwise the group is refused. */
  | "members-agree"
  /** As members-agree, among the members that share a listener port. */
  | "members-agree-per-port"
  /** Joined over the members; one key with two values is refused. */
  | "joined"
  /** Concerns only the Ingress that carries it. */
  | "own";

export interface AnnotationRow {
  readonly grammar: GrammarName;
  /** Where it is read: on Ingresses only, or on Services of backends too (the Service's value wins). */
  readonly on: "ingress" | "ingress-and-service";
  readonly merge: MergeRule;
  /** The annotation's name is followed by `.<something>`. */
  readonly family?: true;
  /** Field of IngressClassParams that replaces it. */
  readonly params?: string;
  /** What holds when it is absent. */
  readonly default: string;
  /** The allowed values, when it is an enumeration. */
  readonly allowed?: readonly string[];
  /** What it does, in a sentence. */
  readonly about: string;
}

export const ANNOTATION_PREFIX = "alb.ingress.kubernetes.io/";

export const ANNOTATIONS = {
  "group.name": { grammar: "string", on: "ingress", merge: "own", params: "group.name", default: "a group of its own", about: "The IngressGroup: Ingresses of one group share a load balancer." },
  "group.order": { grammar: "int32", on: "ingress", merge: "own", default: "0", about: "Place of the Ingress in its group, -1000 to 1000; lower comes first." },
  "load-balancer-name": { grammar: "string", on: "ingress", merge: "members-agree", params: "loadBalancerName", default: "generated", about: "Name of the load balancer, at most 32 characters." },
  tags: { grammar: "stringMap", on: "ingress-and-service", merge: "joined", params: "tags", default: "none", about: "Tags of the AWS resources." },
  "ip-address-type": { grammar: "string", on: "ingress", merge: "members-agree", params: "ipAddressType", default: "ipv4", allowed: ["ipv4", "dualstack", "dualstack-without-public-ipv4"], about: "IP address type of the load balancer." },
  scheme: { grammar: "string", on: "ingress", merge: "members-agree", params: "scheme", default: "flag default-load-balancer-scheme (internal)", allowed: ["internal", "internet-facing"], about: "Whether the load balancer is reachable from the internet." },
  subnets: { grammar: "stringList", on: "ingress", merge: "members-agree", params: "subnets", default: "discovered", about: "Subnets by id (subnet-…) or Name tag." },
  "security-groups": { grammar: "stringList", on: "ingress", merge: "members-agree", default: "a managed security group", about: "Security groups of the load balancer by id (sg-…) or Name tag." },
  "manage-backend-security-group-rules": { grammar: "bool", on: "ingress", merge: "members-agree", default: "flag enable-manage-backend-security-group-rules (false)", about: "With security-groups: whether access to the targets is managed all the same." },
  "customer-owned-ipv4-pool": { grammar: "string", on: "ingress", merge: "members-agree", default: "none", about: "Customer-owned IPv4 pool on Outposts; can't be changed later." },
  "load-balancer-attributes": { grammar: "stringMap", on: "ingress", merge: "joined", params: "loadBalancerAttributes", default: "left alone", about: "Attributes of the load balancer." },
  "wafv2-acl-arn": { grammar: "string", on: "ingress", merge: "members-agree", params: "wafv2AclArn", default: "left alone", about: "WAFv2 web ACL by ARN; none or empty disassociates." },
  "wafv2-acl-name": { grammar: "string", on: "ingress", merge: "members-agree", params: "wafv2AclName", default: "left alone", about: "WAFv2 web ACL by name; beats every ARN of the group." },
  "waf-acl-id": { grammar: "string", on: "ingress", merge: "members-agree", default: "left alone", about: "WAF classic web ACL by id; none disassociates." },
  "web-acl-id": { grammar: "string", on: "ingress", merge: "members-agree", default: "left alone", about: "Deprecated alias of waf-acl-id." },
  "shield-advanced-protection": { grammar: "bool", on: "ingress", merge: "members-agree", default: "left alone", about: "AWS Shield Advanced protection of the load balancer." },
  "listen-ports": { grammar: "listenPorts", on: "ingress", merge: "joined", default: "[{\"HTTPS\":443}] with certificates, otherwise [{\"HTTP\":80}]", about: "Ports and protocols to listen on." },
  "ssl-redirect": { grammar: "int32", on: "ingress", merge: "members-agree", params: "sslRedirectPort", default: "off", about: "HTTPS port that every HTTP listener of the group redirects to." },
  "inbound-cidrs": { grammar: "stringList", on: "ingress", merge: "members-agree-per-port", params: "inboundCIDRs", default: "0.0.0.0/0, ::/0", about: "Who may reach the listeners, as CIDRs; only for the managed security group." },
  "security-group-prefix-lists": { grammar: "stringList", on: "ingress", merge: "members-agree-per-port", params: "prefixListsIDs", default: "none", about: "Who may reach the listeners, as managed prefix lists." },
  "certificate-arn": { grammar: "stringList", on: "ingress", merge: "joined", params: "certificateArn", default: "discovered by host", about: "ACM certificates; the first one becomes the default." },
  "ssl-policy": { grammar: "string", on: "ingress", merge: "members-agree-per-port", params: "sslPolicy", default: "flag default-ssl-policy", about: "Security policy of HTTPS listeners." },
  "mutual-authentication": { grammar: "mutualAuthentication", on: "ingress", merge: "members-agree-per-port", default: "off", about: "Mutual TLS per HTTPS port." },
  "listener-attributes": { grammar: "stringMap", family: true, on: "ingress", merge: "joined", params: "listeners", default: "left alone", about: "Attributes of the listener named by PROTOCOL-PORT." },
  "target-type": { grammar: "string", on: "ingress-and-service", merge: "own", params: "targetType", default: "flag default-target-type (instance)", allowed: ["instance", "ip"], about: "Whether traffic goes to node ports or to pods." },
  "backend-protocol": { grammar: "string", on: "ingress-and-service", merge: "own", default: "HTTP", allowed: ["HTTP", "HTTPS"], about: "Protocol to the targets." },
  "backend-protocol-version": { grammar: "string", on: "ingress-and-service", merge: "own", default: "HTTP1", allowed: ["HTTP1", "HTTP2", "GRPC"], about: "Protocol version to the targets." },
  "target-group-attributes": { grammar: "stringMap", on: "ingress-and-service", merge: "own", default: "left alone", about: "Attributes of the target groups." },
  "healthcheck-port": { grammar: "string", on: "ingress-and-service", merge: "own", default: "traffic-port", about: "Health check port: a number, traffic-port, or a port name of the Service." },
  "healthcheck-protocol": { grammar: "string", on: "ingress-and-service", merge: "own", default: "the backend protocol", allowed: ["HTTP", "HTTPS"], about: "Health check protocol." },
  "healthcheck-path": { grammar: "string", on: "ingress-and-service", merge: "own", default: "/, for GRPC /AWS.ALB/healthcheck", about: "Health check path." },
  "healthcheck-interval-seconds": { grammar: "int32", on: "ingress-and-service", merge: "own", default: "15", about: "Seconds between two health checks." },
  "healthcheck-timeout-seconds": { grammar: "int32", on: "ingress-and-service", merge: "own", default: "5", about: "Seconds until a health check fails." },
  "healthy-threshold-count": { grammar: "int32", on: "ingress-and-service", merge: "own", default: "2", about: "Successes in a row until a target is healthy." },
  "unhealthy-threshold-count": { grammar: "int32", on: "ingress-and-service", merge: "own", default: "2", about: "Failures in a row until a target is unhealthy." },
  "success-codes": { grammar: "string", on: "ingress-and-service", merge: "own", default: "200, for GRPC 12", about: "Codes that count as healthy." },
  "target-node-labels": { grammar: "stringMap", on: "ingress-and-service", merge: "own", default: "every node", about: "Labels of the nodes that become instance targets." },
  "target-control-port": { grammar: "int32", family: true, on: "ingress-and-service", merge: "own", default: "none", about: "Target control port of the backend named by SERVICE.PORT; ip targets only." },
  "multi-cluster-target-group": { grammar: "bool", on: "ingress-and-service", merge: "own", default: "false", about: "Whether several clusters register targets in the target group; true on the Ingress wins." },
  "auth-type": { grammar: "string", on: "ingress-and-service", merge: "own", default: "none", allowed: ["none", "cognito", "oidc"], about: "Authentication on HTTPS listeners." },
  "auth-idp-cognito": { grammar: "authCognito", on: "ingress-and-service", merge: "own", default: "none", about: "Cognito user pool." },
  "auth-idp-oidc": { grammar: "authOidc", on: "ingress-and-service", merge: "own", default: "none", about: "OIDC provider and the Secret with the client." },
  "auth-on-unauthenticated-request": { grammar: "string", on: "ingress-and-service", merge: "own", default: "authenticate", about: "What happens to requests without a session: authenticate, allow or deny." },
  "auth-scope": { grammar: "string", on: "ingress-and-service", merge: "own", default: "openid", about: "Scopes to ask for." },
  "auth-session-cookie": { grammar: "string", on: "ingress-and-service", merge: "own", default: "AWSELBAuthSessionCookie", about: "Name of the session cookie." },
  "auth-session-timeout": { grammar: "int64", on: "ingress-and-service", merge: "own", default: "604800", about: "Seconds that a session lasts." },
  "jwt-validation": { grammar: "jwtValidation", on: "ingress", merge: "own", default: "none", about: "Validation of JSON web tokens on HTTPS listeners." },
  actions: { grammar: "action", family: true, on: "ingress", merge: "own", default: "none", about: "The action of paths whose backend is this name with port use-annotation." },
  conditions: { grammar: "conditions", family: true, on: "ingress", merge: "own", default: "none", about: "More conditions for the paths of the backend of this name." },
  transforms: { grammar: "transforms", family: true, on: "ingress", merge: "own", default: "none", about: "Rewrites for the paths of the backend of this name." },
  "use-regex-path-match": { grammar: "bool", on: "ingress", merge: "own", default: "false", about: "Whether ImplementationSpecific paths are regular expressions." },
  "minimum-load-balancer-capacity": { grammar: "stringMap", on: "ingress", merge: "members-agree", params: "minimumLoadBalancerCapacity", default: "left alone", about: "Reserved capacity: CapacityUnits=<number>, 0 resets." },
  "ipam-ipv4-pool-id": { grammar: "string", on: "ingress", merge: "members-agree", params: "ipamConfiguration", default: "none", about: "IPAM pool of public IPv4 addresses." },
  "create-acm-cert": { grammar: "lenientBool", on: "ingress", merge: "own", default: "false", about: "Whether a certificate for the hosts is requested from ACM (gate EnableCertificateManagement)." },
  "acm-pca-arn": { grammar: "string", on: "ingress", merge: "own", default: "flag default-pca-arn", about: "Private certificate authority for the requested certificate." },
  "enable-frontend-nlb": { grammar: "bool", on: "ingress", merge: "members-agree", default: "false", about: "Whether a network load balancer stands in front of the ALB." },
  "frontend-nlb-scheme": { grammar: "string", on: "ingress", merge: "members-agree", default: "flag default-load-balancer-scheme (internal)", allowed: ["internal", "internet-facing"], about: "Scheme of the network load balancer." },
  "frontend-nlb-subnets": { grammar: "stringList", on: "ingress", merge: "members-agree", default: "discovered", about: "Subnets of the network load balancer." },
  "frontend-nlb-security-groups": { grammar: "stringList", on: "ingress", merge: "members-agree", default: "those of the ALB", about: "Security groups of the network load balancer." },
  "frontend-nlb-listener-port-mapping": { grammar: "stringMap", on: "ingress", merge: "joined", default: "each port to itself", about: "Ports of the network load balancer: nlbPort=albPort." },
  "frontend-nlb-eip-allocations": { grammar: "stringList", on: "ingress", merge: "members-agree", default: "none", about: "Elastic IP allocations, one a subnet." },
  "frontend-nlb-healthcheck-port": { grammar: "string", on: "ingress", merge: "members-agree", default: "traffic-port", about: "Health check port of the ALB as a target." },
  "frontend-nlb-healthcheck-protocol": { grammar: "string", on: "ingress", merge: "members-agree", default: "HTTP", allowed: ["HTTP", "HTTPS"], about: "Health check protocol of the ALB as a target." },
  "frontend-nlb-healthcheck-path": { grammar: "string", on: "ingress", merge: "members-agree", default: "/", about: "Health check path of the ALB as a target." },
  "frontend-nlb-healthcheck-interval-seconds": { grammar: "int32", on: "ingress", merge: "members-agree", default: "15", about: "Seconds between two health checks of the ALB." },
  "frontend-nlb-healthcheck-timeout-seconds": { grammar: "int32", on: "ingress", merge: "members-agree", default: "5", about: "Seconds until a health check of the ALB fails." },
  "frontend-nlb-healthcheck-healthy-threshold-count": { grammar: "int32", on: "ingress", merge: "members-agree", default: "2", about: "Successes until the ALB is healthy." },
  "frontend-nlb-healthcheck-unhealthy-threshold-count": { grammar: "int32", on: "ingress", merge: "members-agree", default: "2", about: "Failures until the ALB is unhealthy." },
  "frontend-nlb-healthcheck-success-codes": { grammar: "string", on: "ingress", merge: "members-agree", default: "200", about: "Codes that count as healthy." },
  "frontend-nlb-attributes": { grammar: "stringMap", on: "ingress", merge: "members-agree", default: "left alone", about: "Attributes of the network load balancer." },
  "frontend-nlb-tags": { grammar: "stringMap", on: "ingress", merge: "members-agree", default: "those of the ALB", about: "Tags of the network load balancer." },
  "dry-run-plan": { grammar: "string", on: "ingress", merge: "own", default: "none", about: "Written by LBC, never read." },
} as const satisfies Record<string, AnnotationRow>;

export type AnnotationName = keyof typeof ANNOTATIONS;
