/**
 * The form in which each kind of resource is compared: the fields that must be equal, lists that are sets as sets.
 * What AWS can't change and LBC leaves as it is (names, a target group's port and address type) is no part of it.
 */
import { stableJson } from "../../lib/stable-json.ts";
import type { CertificateSpec } from "../../model/certificate.ts";
import type { ListenerSpec, MutualAuthentication } from "../../model/listener.ts";
import type { ListenerRuleSpec } from "../../model/listener-rule.ts";
import type { LoadBalancerSpec } from "../../model/load-balancer.ts";
import type { ResourceKind } from "../../model/resource.ts";
import type { SecurityGroupSpec } from "../../model/security-group.ts";
import type { Settings } from "../../model/settings.ts";
import type { TargetGroupSpec } from "../../model/target-group.ts";
import type { TargetGroupBindingSpec } from "../../model/target-group-binding.ts";
import type { StringMap } from "../../model/value.ts";
import { asSet, comparableActions, comparableTags } from "./compare.ts";
import { untouchedTagKeys } from "./owned.ts";

type Form = { readonly [field: string]: unknown };

function loadBalancerForm(spec: LoadBalancerSpec<unknown>, settings: Settings, tags: StringMap): Form {
  const { type, scheme, ipAddressType, subnetMappings, securityGroups, attributes, minimumCapacityUnits } = spec;
  return {
    type,
    scheme,
    ipAddressType,
    subnets: asSet(subnetMappings.map(({ subnetId }) => subnetId)),
    securityGroups: securityGroups === undefined ? undefined : asSet(securityGroups),
    attributes,
    ipv4IpamPoolId: spec.ipv4IpamPoolId ?? "",
    capacity: settings.featureGates.LBCapacityReservation ? minimumCapacityUnits : undefined,
    tags: comparableTags(tags, untouchedTagKeys(settings)),
  };
}

function targetGroupForm(spec: TargetGroupSpec, settings: Settings, tags: StringMap): Form {
  const { targetType, protocol, protocolVersion, healthCheck, attributes, targetControlPort } = spec;
  const { port, ...check } = healthCheck;
  return {
    targetType,
    protocol,
    protocolVersion,
    targetControlPort: targetControlPort ?? 0,
    healthCheck: { ...check, port: typeof port === "number" ? String(port) : port },
    attributes,
    tags: comparableTags(tags, untouchedTagKeys(settings)),
  };
}

function securityGroupForm(spec: SecurityGroupSpec<unknown>, settings: Settings, tags: StringMap): Form {
  const permissions = spec.ingress.map(({ protocol, fromPort, toPort, source }) => [
    protocol,
    fromPort,
    toPort,
    source,
  ]);
  return { ingress: asSet(permissions), tags: comparableTags(tags, untouchedTagKeys(settings)) };
}

function certificateForm({ subjectAlternativeNames }: CertificateSpec): Form {
  return { names: asSet(subjectAlternativeNames) };
}

function listenerForm(spec: ListenerSpec<unknown>, settings: Settings, tags: StringMap): Form {
  const isTls = spec.protocol === "HTTPS";
  const [certificate, ...others] = (isTls && spec.certificates) || [];
  return {
    port: spec.port,
    protocol: spec.protocol,
    defaultActions: comparableActions(spec.defaultActions),
    certificate: certificate ?? "",
    // Whether the default is attached a second time makes no difference to what is served.
    otherCertificates: asSet(others.filter((other) => other !== certificate)),
    sslPolicy: isTls ? spec.sslPolicy : undefined,
    mutualAuthentication: isTls ? authenticationForm(spec.mutualAuthentication, settings) : undefined,
    attributes: spec.attributes,
    ...listenerTags(settings, tags, []),
  };
}

function authenticationForm(block: MutualAuthentication | undefined, settings: Settings): Form | undefined {
  if (block === undefined) return settings.featureGates.EnhancedDefaultBehavior ? { mode: "" } : undefined;
  // No block at all is the same as `off`.
  if (block.mode === "off") return { mode: "" };
  if (block.mode === "passthrough") return { mode: block.mode };
  return { ignoreClientCertificateExpiry: false, advertiseTrustStoreCaNames: "off", ...block };
}

/** With lazy position tags the tag that repeats listener and number may be stale. */
function listenerRuleForm(spec: ListenerRuleSpec<unknown>, settings: Settings, tags: StringMap): Form {
  const stale = settings.positionTags === "lazy" ? ["ingress.k8s.aws/resource"] : [];
  return {
    priority: spec.priority,
    actions: comparableActions(spec.actions),
    conditions: stableJson([...spec.conditions].sort((a, b) => (a.field < b.field ? -1 : Number(a.field > b.field)))),
    transforms: asSet(spec.transforms),
    ...listenerTags(settings, tags, stale),
  };
}

function listenerTags(settings: Settings, tags: StringMap, stale: readonly string[]): Form {
  if (!settings.featureGates.ListenerRulesTagging) return {};
  return { tags: comparableTags(tags, [...settings.externalManagedTags, ...stale]) };
}

function bindingForm(spec: TargetGroupBindingSpec<unknown>): Form {
  const { namespace: _, name: __, multiClusterTargetGroup = false, ...rest } = spec;
  return { ...rest, multiClusterTargetGroup };
}

/** The form of a spec of any kind. Its references and ARNs must have been replaced by names. */
export function formOf(kind: ResourceKind, spec: unknown, settings: Settings, tags: StringMap): unknown {
  // A spec that went through naming keeps its shape, but no longer its type.
  const any = spec as never;
  switch (kind) {
    case "loadBalancer":
      return loadBalancerForm(any, settings, tags);
    case "targetGroup":
      return targetGroupForm(any, settings, tags);
    case "securityGroup":
      return securityGroupForm(any, settings, tags);
    case "certificate":
      return certificateForm(any);
    case "listener":
      return listenerForm(any, settings, tags);
    case "listenerRule":
      return listenerRuleForm(any, settings, tags);
    case "targetGroupBinding":
      return bindingForm(any);
    default:
      return spec;
  }
}
