/** How LBC's stack JSON writes values that don't exist yet, and certificates. */
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Resource, ResourceKind, ResourceOf } from "../model/resource.ts";
import { isReference, isUnknown, type NumberValue, type Reference, type Value } from "../model/value.ts";
import type { LbcValue } from "./lbc-value.ts";

/** What differs between the stack JSON for comparison and the one of LBC's plan annotation. */
export interface LbcWriting {
  /** Stands for the shared backend security group, which belongs to no group's stack. */
  readonly backendSecurityGroup: string;
  /** An existing certificate: its ARN, or the nameless reference that LBC writes. */
  readonly existingCertificate: (arn: string) => LbcValue;
}

/** What the API server or AWS will choose. */
export const KNOWN_AFTER_APPLY = "(known after apply)";

/** Targets and permissions are no resources of LBC's model: its other controller finds them by the bindings. */
type LbcKind = Exclude<ResourceKind, "targets" | "endpointPermissions">;

export type LbcResource = { [K in LbcKind]: ResourceOf<K> }[LbcKind];

/** Tells whether LBC's model knows a resource. */
export function isLbcResource(resource: Resource): resource is LbcResource {
  return isLbcKind(resource.kind);
}

/** LBC's names of resource types. */
export const LBC_TYPES = {
  securityGroup: "AWS::EC2::SecurityGroup",
  certificate: "AWS::ACM::Certificate",
  targetGroup: "AWS::ElasticLoadBalancingV2::TargetGroup",
  loadBalancer: "AWS::ElasticLoadBalancingV2::LoadBalancer",
  listener: "AWS::ElasticLoadBalancingV2::Listener",
  listenerRule: "AWS::ElasticLoadBalancingV2::ListenerRule",
  targetGroupBinding: "K8S::ElasticLoadBalancingV2::TargetGroupBinding",
  webAclAssociation: "AWS::WAFv2::WebACLAssociation",
  wafRegionalAssociation: "AWS::WAFRegional::WebACLAssociation",
  shieldProtection: "AWS::Shield::Protection",
  frontendNlbTarget: "FrontendNLBTargetGroup",
} as const satisfies Record<LbcKind, string>;

const STATUS_FIELDS: Partial<Record<ResourceKind, string>> = {
  securityGroup: "groupID",
  certificate: "certificateARN",
  targetGroup: "targetGroupARN",
  loadBalancer: "loadBalancerARN",
  listener: "listenerARN",
};

/** A value: literal text, `{"$ref": …}`, or the text for what is known after apply. */
export function lbcReference(value: Value, writing: LbcWriting): LbcValue {
  if (isUnknown(value)) return value.lbc ?? KNOWN_AFTER_APPLY;
  if (!isReference(value)) return value;
  if (value.stack === CLUSTER_STACK) return writing.backendSecurityGroup;
  return { $ref: `#/resources/${target(value)}` };
}

/** A certificate of a listener. */
export function lbcCertificate(value: Value, writing: LbcWriting): LbcValue {
  return typeof value === "string" ? writing.existingCertificate(value) : lbcReference(value, writing);
}

/** A number, or the text for what is known after apply. */
export function lbcNumber(value: NumberValue): number | string {
  return isUnknown(value) ? KNOWN_AFTER_APPLY : value;
}

function target({ ref, field }: Reference): string {
  const slash = ref.indexOf("/");
  const kind = ref.slice(0, slash);
  const type = isLbcKind(kind) ? LBC_TYPES[kind] : kind;
  const status = field === "dnsName" ? field : isLbcKind(kind) ? STATUS_FIELDS[kind] : undefined;
  return `${type}/${ref.slice(slash + 1)}/status/${status ?? field}`;
}

function isLbcKind(kind: string): kind is LbcKind {
  return Object.hasOwn(LBC_TYPES, kind);
}
