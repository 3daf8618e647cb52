/** The closed list of resource types. One type = one file name in `desired/`, `diff/` and the executors. */
import type {
  FrontendNlbTargetSpec,
  ShieldProtectionSpec,
  WafRegionalAssociationSpec,
  WebAclAssociationSpec,
} from "./addon.ts";
import type { CertificateSpec } from "./certificate.ts";
import type { ListenerSpec } from "./listener.ts";
import type { ListenerRuleSpec } from "./listener-rule.ts";
import type { LoadBalancerSpec } from "./load-balancer.ts";
import type { SecurityGroupSpec } from "./security-group.ts";
import type { EndpointPermissionsSpec, TargetsSpec } from "./target.ts";
import type { TargetGroupSpec } from "./target-group.ts";
import type { TargetGroupBindingSpec } from "./target-group-binding.ts";
import type { Value } from "./value.ts";

export interface SpecByKind<V = Value> {
  readonly securityGroup: SecurityGroupSpec<V>;
  readonly certificate: CertificateSpec;
  readonly targetGroup: TargetGroupSpec;
  readonly loadBalancer: LoadBalancerSpec<V>;
  readonly listener: ListenerSpec<V>;
  readonly listenerRule: ListenerRuleSpec<V>;
  readonly targetGroupBinding: TargetGroupBindingSpec<V>;
  /** Under the resource id of its target group. */
  readonly targets: TargetsSpec<V>;
  /** In the cluster stack, under the id of the security group. */
  readonly endpointPermissions: EndpointPermissionsSpec<V>;
  readonly webAclAssociation: WebAclAssociationSpec<V>;
  readonly wafRegionalAssociation: WafRegionalAssociationSpec<V>;
  readonly shieldProtection: ShieldProtectionSpec<V>;
  readonly frontendNlbTarget: FrontendNlbTargetSpec<V>;
}

export type ResourceKind = keyof SpecByKind;

/** `<kind>/<resource id>`; the resource id is the one LBC writes into its tags (behaviour.md §0). Unique within a stack. */
export type ResourceKey = string;

export type ResourceOf<K extends ResourceKind> = {
  readonly kind: K;
  /** LBC's resource id, for instance `LoadBalancer`, `443`, `443:1`, `shop/web-web:80`. */
  readonly id: string;
  readonly spec: SpecByKind[K];
};

export type Resource = { [K in ResourceKind]: ResourceOf<K> }[ResourceKind];

/** The key of a resource. */
export function resourceKey(kind: ResourceKind, id: string): ResourceKey {
  return `${kind}/${id}`;
}
