/** Controller flags → settings, in LBC's own flag names and grammar (LBC: controller configuration). */
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Settings } from "../model/settings.ts";
import type { StringMap } from "../model/value.ts";
import { DEFAULT_SETTINGS } from "./default-settings.ts";
import { parseFeatureGates, parseFlagList, parseFlagMap } from "./flag-grammar.ts";
import { type Parsed, parseBool, parseInt32, quote } from "./grammar.ts";

type FlagSetting = Exclude<
  keyof Settings,
  "compat" | "controllers" | "onBrokenMember" | "positionTags" | "targetRegistration"
>;
/** Gates that a flag doesn't name keep what is beneath it. */
type FlagParser<K extends FlagSetting> = (
  text: string,
) => Parsed<K extends "featureGates" ? Partial<Settings[K]> : Settings[K]>;

const text = (value: string): Parsed<string> => ({ value });

function oneOf<T extends string>(...allowed: readonly T[]): (value: string) => Parsed<T> {
  return (value) => {
    const found = allowed.find((candidate) => candidate === value);
    return found === undefined ? { problem: `${quote(value)} is none of ${allowed.join(", ")}` } : { value: found };
  };
}

function securityGroupId(value: string): Parsed<string> {
  return value === "" || value.startsWith("sg-")
    ? { value }
    : { problem: `${quote(value)} is not a security group id (sg-…)` };
}

function count(value: string): Parsed<number> {
  const parsed = parseInt32(value);
  return "value" in parsed && parsed.value < 0 ? { problem: `${quote(value)} is negative` } : parsed;
}

/** Every flag of LBC that changes a plan, with the setting it makes. */
const FLAGS: {
  readonly [flag: string]: {
    readonly [K in FlagSetting]: { readonly setting: K; readonly parse: FlagParser<K> };
  }[FlagSetting];
} = {
  "cluster-name": { setting: "clusterName", parse: text },
  "ingress-class": { setting: "ingressClass", parse: text },
  "watch-namespace": { setting: "watchNamespace", parse: text },
  "disable-ingress-class-annotation": { setting: "disableIngressClassAnnotation", parse: parseBool },
  "disable-ingress-group-name-annotation": { setting: "disableIngressGroupNameAnnotation", parse: parseBool },
  "default-tags": { setting: "defaultTags", parse: parseFlagMap },
  "external-managed-tags": { setting: "externalManagedTags", parse: parseFlagList },
  "default-target-type": { setting: "defaultTargetType", parse: oneOf("instance", "ip") },
  "default-load-balancer-scheme": { setting: "defaultLoadBalancerScheme", parse: oneOf("internal", "internet-facing") },
  "default-ssl-policy": { setting: "defaultSslPolicy", parse: text },
  "default-pca-arn": { setting: "defaultPcaArn", parse: text },
  "allowed-certificate-authority-arns": { setting: "allowedCertificateAuthorityArns", parse: parseFlagList },
  "enable-backend-security-group": { setting: "enableBackendSecurityGroup", parse: parseBool },
  "backend-security-group": { setting: "backendSecurityGroup", parse: securityGroupId },
  "enable-manage-backend-security-group-rules": { setting: "enableManageBackendSecurityGroupRules", parse: parseBool },
  "disable-restricted-sg-rules": { setting: "disableRestrictedSgRules", parse: parseBool },
  "enable-endpoint-slices": { setting: "enableEndpointSlices", parse: parseBool },
  "tolerate-non-existent-backend-service": { setting: "tolerateNonExistentBackendService", parse: parseBool },
  "tolerate-non-existent-backend-action": { setting: "tolerateNonExistentBackendAction", parse: parseBool },
  "enable-waf": { setting: "enableWaf", parse: parseBool },
  "enable-wafv2": { setting: "enableWafv2", parse: parseBool },
  "enable-shield": { setting: "enableShield", parse: parseBool },
  "service-target-eni-security-group-tags": { setting: "serviceTargetEniSecurityGroupTags", parse: parseFlagMap },
  "max-targets-per-target-group": { setting: "maxTargetsPerTargetGroup", parse: count },
  "required-secrets-label": { setting: "requiredSecretsLabel", parse: text },
  "feature-gates": { setting: "featureGates", parse: parseFeatureGates },
};

/** Flags that LBC has and that change no plan: how it runs, not what it makes. They are accepted and do nothing. */
const IGNORED_FLAGS: readonly string[] = [
  "alb-gateway-max-concurrent-reconciles",
  "aws-api-endpoints",
  "aws-api-throttle",
  "aws-max-retries",
  "aws-region",
  "aws-vpc-id",
  "aws-vpc-tags",
  "aws-vpc-tag-key",
  "enable-leader-election",
  "enable-pod-readiness-gate-inject",
  "gateway-class-max-concurrent-reconciles",
  "globalaccelerator-max-concurrent-reconciles",
  "globalaccelerator-max-exponential-backoff-delay",
  "health-probe-bind-addr",
  "ingress-max-concurrent-reconciles",
  "kubeconfig",
  "lb-stabilization-monitor-interval",
  "leader-election-id",
  "leader-election-namespace",
  "load-balancer-class",
  "log-level",
  "metrics-bind-addr",
  "nlb-gateway-max-concurrent-reconciles",
  "quic-environment-variable-name",
  "service-max-concurrent-reconciles",
  "sync-period",
  "targetgroupbinding-max-concurrent-reconciles",
  "targetgroupbinding-max-exponential-backoff-delay",
  "targetgroupbinding-requeue-duration",
  "webhook-bind-port",
  "webhook-cert-dir",
  "webhook-cert-file",
  "webhook-key-file",
];

/** Names of all flags of LBC, those that change a plan first; both ascending. */
export const LBC_FLAGS: { readonly planning: readonly string[]; readonly ignored: readonly string[] } = {
  planning: Object.keys(FLAGS).sort(),
  ignored: IGNORED_FLAGS,
};

const TRACKING_KEYS = new Set([
  "elbv2.k8s.aws/cluster",
  "elbv2.k8s.aws/resource",
  "ingress.k8s.aws/stack",
  "ingress.k8s.aws/resource",
  "service.k8s.aws/stack",
  "service.k8s.aws/resource",
  "gateway.k8s.aws.alb/stack",
  "gateway.k8s.aws.alb/resource",
  "gateway.k8s.aws.nlb/stack",
  "gateway.k8s.aws.nlb/resource",
]);

/**
 * Settings from flags (name without dashes in front → text) and, beneath them, `base` settings. An unreadable value
 * keeps what `base` or the default says and yields an error; the checks that span flags are LBC's start-up checks.
 */
export function settingsFromFlags(
  flags: StringMap,
  base: Partial<Settings> = {},
): { readonly settings: Settings; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const refuse = (code: DiagnosticCode, message: string): void => void diagnostics.push(diagnose(code, message));
  const overrides: { [setting: string]: unknown } = {};
  for (const flag of Object.keys(flags).sort()) {
    const known = Object.hasOwn(FLAGS, flag) ? FLAGS[flag] : undefined;
    if (known === undefined) {
      if (!IGNORED_FLAGS.includes(flag)) refuse("settings.flag-unknown", `there is no flag --${flag}`);
      continue;
    }
    const parsed = known.parse(flags[flag] as string);
    if ("problem" in parsed) refuse("settings.flag-invalid", `flag --${flag}: ${parsed.problem}`);
    else overrides[known.setting] = parsed.value;
  }
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    ...base,
    ...overrides,
    featureGates: {
      ...DEFAULT_SETTINGS.featureGates,
      ...base.featureGates,
      ...(overrides["featureGates"] as Partial<Settings["featureGates"]>),
    },
    compat: { ...DEFAULT_SETTINGS.compat, ...base.compat },
  };
  checkTogether(settings, refuse);
  return { settings, diagnostics };
}

function checkTogether(settings: Settings, refuse: (code: DiagnosticCode, message: string) => void): void {
  const external = new Set(settings.externalManagedTags);
  for (const key of Object.keys(settings.defaultTags)) {
    if (TRACKING_KEYS.has(key))
      refuse("settings.tag-reserved", `default-tags can't set ${quote(key)}, which marks what elbplan owns`);
    if (external.has(key))
      refuse("settings.flags-disagree", `tag ${quote(key)} is in both default-tags and external-managed-tags`);
  }
  for (const key of external) {
    if (TRACKING_KEYS.has(key))
      refuse("settings.tag-reserved", `external-managed-tags can't hold ${quote(key)}, which marks what elbplan owns`);
  }
  if (settings.enableManageBackendSecurityGroupRules && !settings.enableBackendSecurityGroup) {
    refuse("settings.flags-disagree", "enable-manage-backend-security-group-rules needs enable-backend-security-group");
  }
}
