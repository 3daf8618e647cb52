/**
 * Settings: controller-wide configuration, in camelCase of LBC's flag names (behaviour.md §5.3, §5.4), and ours.
 * Made from flags by `settingsFromFlags`.
 */
import type { StringMap } from "./value.ts";

export interface Settings {
  readonly clusterName: string;
  /** Value of the class annotation that is ours; the empty string also claims Ingresses without a class. */
  readonly ingressClass: string;
  readonly watchNamespace: string;
  readonly disableIngressClassAnnotation: boolean;
  readonly disableIngressGroupNameAnnotation: boolean;
  readonly defaultTags: StringMap;
  readonly externalManagedTags: readonly string[];
  readonly defaultTargetType: "instance" | "ip";
  readonly defaultLoadBalancerScheme: "internal" | "internet-facing";
  readonly defaultSslPolicy: string;
  readonly defaultPcaArn: string;
  readonly allowedCertificateAuthorityArns: readonly string[];
  readonly enableBackendSecurityGroup: boolean;
  /** A security group id, or empty: the shared group is created when needed. */
  readonly backendSecurityGroup: string;
  readonly enableManageBackendSecurityGroupRules: boolean;
  readonly disableRestrictedSgRules: boolean;
  readonly enableEndpointSlices: boolean;
  readonly tolerateNonExistentBackendService: boolean;
  readonly tolerateNonExistentBackendAction: boolean;
  readonly enableWaf: boolean;
  readonly enableWafv2: boolean;
  readonly enableShield: boolean;
  readonly serviceTargetEniSecurityGroupTags: StringMap;
  readonly maxTargetsPerTargetGroup: number;
  /** `key=value` that a Secret must carry to be read, or empty. */
  readonly requiredSecretsLabel: string;
  readonly featureGates: FeatureGates;
  /** The sane behaviour where LBC's is a trap; all off by default (docs/planning.md). */
  readonly compat: Compat;
  readonly onBrokenMember: "fail-group" | "quarantine";
  /** `lazy`: tags that only repeat a position are never written alone; `exact`: as LBC. */
  readonly positionTags: "lazy" | "exact";
  readonly targetRegistration: "direct" | "binding";
}

/** LBC's feature gates by their own names; an unknown name is an error, as for LBC. */
export interface FeatureGates {
  readonly ListenerRulesTagging: boolean;
  readonly WeightedTargetGroups: boolean;
  readonly EndpointsFailOpen: boolean;
  readonly EnableServiceController: boolean;
  readonly EnableIPTargetType: boolean;
  readonly SubnetsClusterTagCheck: boolean;
  readonly NLBHealthCheckAdvancedConfig: boolean;
  readonly NLBSecurityGroup: boolean;
  readonly SubnetDiscoveryByReachability: boolean;
  readonly LBCapacityReservation: boolean;
  readonly NLBGatewayAPI: boolean;
  readonly ALBGatewayAPI: boolean;
  readonly GatewayListenerSet: boolean;
  readonly ServiceTypeLoadBalancerOnly: boolean;
  readonly EnableRGTAPI: boolean;
  readonly ALBSingleSubnet: boolean;
  readonly GlobalAcceleratorController: boolean;
  readonly EnableTCPUDPListener: boolean;
  readonly EnhancedDefaultBehavior: boolean;
  readonly EnableDefaultTagsLowPriority: boolean;
  readonly ALBTargetControlAgent: boolean;
  readonly EnableCertificateManagement: boolean;
  readonly IngressPlanAnnotation: boolean;
}

/** Switches that replace a surprising rule of LBC by the one users ask for. Each is false by default. */
export interface Compat {
  /** A class `sslRedirectPort` that isn't a number is an error instead of silently switching the redirect off. */
  readonly strictSslRedirectPort: boolean;
  /** Two members with equal frontend-nlb-healthcheck-success-codes agree instead of conflicting. */
  readonly equalFrontendNlbSuccessCodesAgree: boolean;
  /** A member without frontend-nlb-attributes agrees with any, wherever it stands in the group. */
  readonly absentFrontendNlbAttributesAgree: boolean;
  /** Of discovered certificates the one that serves most hosts of the Ingress becomes the default, not the lowest ARN. */
  readonly bestMatchDefaultCertificate: boolean;
  /** Discovery leaves certificates of private authorities alone; they must be named. */
  readonly discoverPublicCertificatesOnly: boolean;
  /** A redirect with regular expressions of hosts removes no later rules. */
  readonly hostRegexesDontCover: boolean;
  /** `wafv2-acl-name: none` counts as absent, so that ARNs of other members hold. */
  readonly webAclNameNoneIsAbsent: boolean;
  /** An empty `wafv2-acl-arn` leaves the web ACL alone instead of removing it. */
  readonly emptyWebAclArnIsAbsent: boolean;
}
