/**
 * Actions: one API call's worth of work each. A closed union with `kind` as discriminant; `details` are what the call
 * needs, with references to things that an earlier action of the same plan creates. Things that exist already are
 * named by their literal ARN or id.
 */
import type { CertificateSpec } from "./certificate.ts";
import type { ListenerSpec, MutualAuthentication } from "./listener.ts";
import type { ListenerRuleSpec, RuleCondition, RuleTransform } from "./listener-rule.ts";
import type { LoadBalancerSpec, SubnetMapping } from "./load-balancer.ts";
import type { ResourceKey } from "./resource.ts";
import type { RuleAction } from "./rule-action.ts";
import type { Permission, SecurityGroupSpec } from "./security-group.ts";
import type { Source } from "./source.ts";
import type { HealthCheck, TargetGroupSpec } from "./target-group.ts";
import type { TargetGroupBindingSpec } from "./target-group-binding.ts";
import type { StringMap, Value } from "./value.ts";

/** What each kind of action needs. Specs of creations carry all tags, the ownership tags included. */
export interface ActionDetails {
  readonly createSecurityGroup: { readonly vpcId: string; readonly spec: SecurityGroupSpec };
  readonly authorizeSecurityGroupIngress: PermissionsDetails;
  readonly revokeSecurityGroupIngress: PermissionsDetails;
  readonly deleteSecurityGroup: { readonly securityGroupId: Value };
  /** Tags of EC2 resources. */
  readonly createTags: { readonly resourceId: Value; readonly tags: StringMap };
  readonly deleteTags: { readonly resourceId: Value; readonly keys: readonly string[] };
  readonly requestCertificate: { readonly spec: CertificateSpec; readonly idempotencyToken: string };
  /** The record in DNS by which ACM sees that the domain is the account's. */
  readonly upsertValidationRecord: { readonly certificateArn: Value; readonly domainName: string };
  readonly deleteCertificate: { readonly certificateArn: Value };
  readonly createTargetGroup: { readonly vpcId: string; readonly spec: TargetGroupSpec };
  /** Only the fields that change. */
  readonly modifyTargetGroup: { readonly targetGroupArn: Value; readonly healthCheck: Partial<HealthCheck> };
  readonly modifyTargetGroupAttributes: { readonly targetGroupArn: Value; readonly attributes: StringMap };
  readonly deleteTargetGroup: { readonly targetGroupArn: Value };
  readonly registerTargets: TargetsDetails;
  readonly deregisterTargets: TargetsDetails;
  readonly createLoadBalancer: { readonly spec: LoadBalancerSpec };
  readonly modifyLoadBalancerAttributes: { readonly loadBalancerArn: Value; readonly attributes: StringMap };
  readonly setSecurityGroups: { readonly loadBalancerArn: Value; readonly securityGroups: readonly Value[] };
  readonly setSubnets: { readonly loadBalancerArn: Value; readonly subnetMappings: readonly SubnetMapping[] };
  readonly setIpAddressType: { readonly loadBalancerArn: Value; readonly ipAddressType: string };
  /** null removes the pool. */
  readonly modifyIpPools: { readonly loadBalancerArn: Value; readonly ipv4IpamPoolId: string | null };
  /** null resets the reservation. */
  readonly modifyCapacityReservation: { readonly loadBalancerArn: Value; readonly capacityUnits: number | null };
  readonly deleteLoadBalancer: { readonly loadBalancerArn: Value };
  /** `certificates` holds the default certificate only, attributes are not part of it. */
  readonly createListener: { readonly spec: ListenerSpec };
  /** Only the fields that change; `defaultCertificate` replaces the default certificate. */
  readonly modifyListener: {
    readonly listenerArn: Value;
    readonly protocol?: ListenerSpec["protocol"];
    readonly defaultActions?: readonly RuleAction[];
    readonly defaultCertificate?: Value;
    readonly sslPolicy?: string;
    readonly mutualAuthentication?: MutualAuthentication;
  };
  /** One certificate a call. */
  readonly addListenerCertificates: ListenerCertificateDetails;
  readonly removeListenerCertificates: ListenerCertificateDetails;
  readonly modifyListenerAttributes: { readonly listenerArn: Value; readonly attributes: StringMap };
  readonly deleteListener: { readonly listenerArn: Value };
  readonly createRule: { readonly spec: ListenerRuleSpec };
  /** Only the fields that change; `resetTransforms` when the rule had transforms and shall have none. */
  readonly modifyRule: {
    readonly ruleArn: Value;
    readonly actions?: readonly RuleAction[];
    readonly conditions?: readonly RuleCondition[];
    readonly transforms?: readonly RuleTransform[];
    readonly resetTransforms?: true;
  };
  /** Atomic: all rules take their new numbers at once. */
  readonly setRulePriorities: {
    readonly priorities: readonly { readonly ruleArn: Value; readonly priority: number }[];
  };
  readonly deleteRule: { readonly ruleArn: Value };
  /** Tags of ELBv2 resources. */
  readonly addTags: { readonly resourceArn: Value; readonly tags: StringMap };
  readonly removeTags: { readonly resourceArn: Value; readonly keys: readonly string[] };
  readonly associateWebAcl: { readonly webAclArn: string; readonly resourceArn: Value };
  readonly disassociateWebAcl: { readonly resourceArn: Value };
  readonly associateWafRegional: { readonly webAclId: string; readonly resourceArn: Value };
  readonly disassociateWafRegional: { readonly resourceArn: Value };
  readonly createShieldProtection: { readonly name: string; readonly resourceArn: Value };
  readonly deleteShieldProtection: { readonly protectionId: string; readonly resourceArn: Value };
  /** Writes to Kubernetes. */
  readonly createTargetGroupBinding: { readonly spec: TargetGroupBindingSpec };
  readonly patchTargetGroupBinding: { readonly spec: TargetGroupBindingSpec };
  readonly deleteTargetGroupBinding: { readonly namespace: string; readonly name: Value };
  /**
   * No call is saved or hidden by a wait. `targets-healthy`: no target of the group is in its first checks, and at least
   * one is healthy. `targets-drained`: the deadline has passed, or the group has no targets.
   */
  readonly wait: {
    readonly until: "targets-healthy" | "targets-drained" | "load-balancer-active" | "certificate-issued";
    readonly subject: Value;
    readonly deadlineSeconds: number;
    readonly onDeadline: "stop" | "continue";
  };
}

interface PermissionsDetails {
  readonly securityGroupId: Value;
  readonly permissions: readonly Permission[];
}

interface TargetsDetails {
  readonly targetGroupArn: Value;
  readonly targets: readonly { readonly id: Value; readonly port: number; readonly availabilityZone?: string }[];
}

interface ListenerCertificateDetails {
  readonly listenerArn: Value;
  readonly certificateArn: Value;
}

export type ActionKind = keyof ActionDetails;

/** What an action does to traffic while it happens. */
export type Disruption =
  | "none"
  | "brief"
  | "drains-connections"
  | "replaces: dns-name-changes"
  | "deletes-load-balancer"
  | "loses-authentication"
  | "opens-access"
  | "closes-access";

export interface ActionOf<K extends ActionKind> {
  /** Unique in the plan and stable: made of stack, resource and kind. */
  readonly id: string;
  readonly kind: K;
  readonly stack: string;
  readonly resource: ResourceKey;
  readonly details: ActionDetails[K];
  /** Ids of actions that must be done before, all of them earlier in the plan. */
  readonly dependsOn: readonly string[];
  readonly reason: string;
  readonly source?: Source;
  readonly disruption: Disruption;
}

export type Action = { [K in ActionKind]: ActionOf<K> }[ActionKind];
