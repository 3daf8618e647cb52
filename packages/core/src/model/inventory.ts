/**
 * The inventory: what exists in AWS under our ownership tags, in the resource types of the graph, with ARNs.
 * Plain JSON; can be saved and replayed. An account is an inventory plus quotas, so either can be read for the other.
 */
import type { CertificateSpec } from "./certificate.ts";
import type { ListenerSpec } from "./listener.ts";
import type { ListenerRuleSpec } from "./listener-rule.ts";
import type { LoadBalancerSpec } from "./load-balancer.ts";
import type { KnownQuotas } from "./quotas.ts";
import type { Permission, SecurityGroupSpec } from "./security-group.ts";
import type { TargetGroupSpec } from "./target-group.ts";
import type { TargetGroupBindingSpec } from "./target-group-binding.ts";

/** Something that exists. `spec` has no references; `spec.tags` holds all its tags. */
export interface Existing<S> {
  /** ARN; for a security group its id, for a TargetGroupBinding `namespace/name`. */
  readonly arn: string;
  readonly spec: S;
}

export interface ExistingLoadBalancer extends Existing<LoadBalancerSpec<string>> {
  readonly vpcId: string;
  readonly dnsName: string;
  readonly state: "provisioning" | "active" | "active_impaired" | "failed";
}

export interface ExistingTargetGroup extends Existing<TargetGroupSpec> {
  readonly vpcId: string;
  /** At most one: a target group serves one load balancer. */
  readonly loadBalancerArns: readonly string[];
}

export interface ExistingSecurityGroup extends Existing<SecurityGroupSpec<string>> {
  readonly vpcId: string;
}

export interface ExistingCertificate extends Existing<CertificateSpec> {
  readonly status: string;
}

export interface Target {
  /** Instance id, IP address or ARN of a load balancer. */
  readonly id: string;
  readonly port: number;
  readonly availabilityZone?: string;
  readonly state: "initial" | "healthy" | "unhealthy" | "unused" | "draining" | "unavailable";
}

type ByArn<T> = { readonly [arn: string]: T };

export interface Inventory {
  readonly formatVersion: 1;
  readonly region: string;
  readonly accountId: string;
  readonly vpcId: string;
  readonly loadBalancers: ByArn<ExistingLoadBalancer>;
  readonly listeners: ByArn<Existing<ListenerSpec<string>>>;
  /** Without the default rules, which are part of the listeners. */
  readonly listenerRules: ByArn<Existing<ListenerRuleSpec<string>>>;
  readonly targetGroups: ByArn<ExistingTargetGroup>;
  /** By target group ARN. */
  readonly targets: ByArn<readonly Target[]>;
  /** By security group id. */
  readonly securityGroups: ByArn<ExistingSecurityGroup>;
  /**
   * Permissions of security groups that aren't ours and that targets are behind, by id. Ours are those described
   * `SHARED_PERMISSION`; of the others those count that let in the same, for AWS doesn't take a permission twice. A
   * group that isn't listed has none. Absent: nobody looked, and all are left as they are.
   */
  readonly endpointSecurityGroups?: ByArn<readonly Permission<string>[]>;
  readonly certificates: ByArn<ExistingCertificate>;
  /** WAFv2 web ACL ARN by load balancer ARN. */
  readonly webAclAssociations: ByArn<string>;
  /** WAF classic web ACL id by load balancer ARN. */
  readonly wafRegionalAssociations: ByArn<string>;
  /** By load balancer ARN. */
  readonly shieldProtections: ByArn<{ readonly id: string; readonly name: string }>;
  /** Whether the account subscribes to Shield Advanced, without which nothing is protected. Absent: it does, or nobody looked. */
  readonly shieldSubscription?: boolean;
  /** Kubernetes objects, by `namespace/name`. */
  readonly targetGroupBindings: ByArn<Existing<TargetGroupBindingSpec<string>>>;
  /** Those that are known; AWS never tells the one of permissions. */
  readonly quotas?: KnownQuotas;
}

/** A simulated account. `sequence` counts what was created, so that ARNs are new and yet deterministic. */
export interface Account extends Inventory {
  readonly quotas: KnownQuotas;
  readonly sequence: number;
  /** What is known of subnets, by id. Absent: zones aren't checked and every subnet id is taken as existing. */
  readonly subnets?: { readonly [id: string]: AccountSubnet };
}

interface AccountSubnet {
  readonly availabilityZone: string;
  /** `availability-zone` if absent; a load balancer in other zone types needs one subnet only. */
  readonly zoneType?: string;
}
