/**
 * A creation whose answer was lost meets what it made itself: its twin. It is taken for the thing asked for if AWS tells
 * of it what was asked; whatever else has the name, the port or the number is a stranger.
 */
import { conditionsKey, sameActions, transformsKey } from "../desired/rule-key.ts";
import { diffField, diffSet, diffSpecified } from "../diff/fields.ts";
import { diffMutualAuthentication } from "../diff/listener.ts";
import { diffPermissions } from "../diff/security-group.ts";
import type { Action, ActionDetails, ActionKind } from "../model/action.ts";
import type { FieldChange } from "../model/change.ts";
import type { Found } from "../model/executor.ts";
import type { LoadBalancerSpec } from "../model/load-balancer.ts";
import type { SecurityGroupSpec } from "../model/security-group.ts";
import type { TargetGroupSpec } from "../model/target-group.ts";
import type { Json, StringMap } from "../model/value.ts";
import { CLUSTER_RESOURCE_TAG, CLUSTER_TAG, RESOURCE_TAG, STACK_TAG } from "../resolve/ownership-tags.ts";

/** Kinds that may meet a twin. Of a certificate there is none: the idempotency token leads a repeated request to it. */
type TwinKind =
  | "createSecurityGroup"
  | "createTargetGroup"
  | "createLoadBalancer"
  | "createListener"
  | "createRule"
  | "createShieldProtection"
  | "createTargetGroupBinding";

type Compare<K extends TwinKind> = (details: ActionDetails[K], found: Found) => readonly FieldChange[];

/** What is set at creation; what later calls of the plan set doesn't count, nor do tags of what is inside a load balancer. */
const COMPARE: { readonly [K in TwinKind]: Compare<K> } = {
  createSecurityGroup: ({ vpcId, spec }, found) => [
    ...diffField("/vpcId", found.vpcId, vpcId),
    ...tags(spec.tags, found),
  ],
  createTargetGroup: ({ vpcId, spec }, found) => {
    const existing = found.spec as TargetGroupSpec;
    const { targetType, protocol, protocolVersion, port, targetControlPort, healthCheck } = spec;
    const fixed = { targetType, protocol, protocolVersion, port, targetControlPort };
    const checkPort = typeof healthCheck.port === "number" ? String(healthCheck.port) : healthCheck.port;
    return [
      ...diffField("/vpcId", found.vpcId, vpcId),
      ...diffSpecified("", existing, fixed),
      ...diffSpecified("healthCheck", existing.healthCheck, { ...healthCheck, port: checkPort }),
      ...tags(spec.tags, found),
    ];
  },
  createLoadBalancer: ({ spec }, found) => {
    const existing = found.spec as LoadBalancerSpec;
    const { type, scheme, ipAddressType, securityGroups } = spec;
    return [
      ...diffSpecified("", existing, { type, scheme, ipAddressType }),
      ...diffSet("/subnetMappings", subnetsOf(existing), subnetsOf(spec)),
      ...(securityGroups === undefined
        ? []
        : diffSet("/securityGroups", existing.securityGroups ?? [], securityGroups)),
      ...tags(spec.tags, found),
    ];
  },
  createListener: ({ spec }, found) => {
    const existing = found.spec as typeof spec;
    const { protocol, sslPolicy, certificates: [certificate] = [] } = spec;
    return [
      ...diffSpecified("", existing, { protocol, sslPolicy }),
      ...changed("/defaultActions", existing.defaultActions, spec.defaultActions, sameActions),
      ...(certificate === undefined ? [] : diffField("/certificates/0", existing.certificates?.[0], certificate)),
      ...diffMutualAuthentication(existing.mutualAuthentication, spec.mutualAuthentication),
    ];
  },
  createRule: ({ spec }, found) => {
    const existing = found.spec as typeof spec;
    return [
      ...changed("/conditions", existing.conditions, spec.conditions, (a, b) => conditionsKey(a) === conditionsKey(b)),
      ...changed("/actions", existing.actions, spec.actions, sameActions),
      ...changed("/transforms", existing.transforms, spec.transforms, (a, b) => transformsKey(a) === transformsKey(b)),
    ];
  },
  // Whoever made it, the load balancer is protected.
  createShieldProtection: () => [],
  createTargetGroupBinding: ({ spec }, found) => {
    const { namespace: _namespace, name: _name, ...rest } = spec;
    return diffSpecified("", found.spec, rest);
  },
};

/** How what was found differs from what the creation asks for, references resolved; empty: it is the twin. */
export function twinDifferences(action: Action, found: Found): readonly FieldChange[] {
  if (!isTwinKind(action.kind)) return [];
  // The table pairs every kind with its own details; the compiler can't follow it through the union.
  const compare = COMPARE[action.kind] as Compare<TwinKind>;
  return compare(action.details as ActionDetails[TwinKind], found);
}

/** Tells kinds that look for what holds their place before they give up. */
export function isTwinKind(kind: ActionKind): kind is TwinKind {
  return Object.hasOwn(COMPARE, kind);
}

const OWNERSHIP = [CLUSTER_TAG, STACK_TAG, RESOURCE_TAG, CLUSTER_RESOURCE_TAG].map(tagPath);

/** Whether what was found belongs to somebody else, by its tags; otherwise it is ours and only not as asked. */
export function isStranger(differences: readonly FieldChange[]): boolean {
  return differences.some(({ path }) => OWNERSHIP.includes(path));
}

/**
 * What remains to be done of a change of permissions after a look at the group: those that are still missing, or still
 * there. null if nothing does; undefined for any other action.
 */
export function remainingPermissions(action: Action, found: Found): Action | null | undefined {
  if (action.kind !== "authorizeSecurityGroupIngress" && action.kind !== "revokeSecurityGroupIngress") return undefined;
  const { ingress } = found.spec as SecurityGroupSpec;
  const asked = action.details.permissions;
  const { missing } = diffPermissions(ingress, asked);
  const adds = action.kind === "authorizeSecurityGroupIngress";
  const permissions = asked.filter((one) => missing.includes(one) === adds);
  return permissions.length === 0 ? null : { ...action, details: { ...action.details, permissions } };
}

function subnetsOf({ subnetMappings }: LoadBalancerSpec): readonly string[] {
  return subnetMappings.map(({ subnetId }) => subnetId);
}

function tags(asked: StringMap | undefined, found: Found): readonly FieldChange[] {
  return diffSpecified("tags", (found.spec as { readonly tags?: StringMap }).tags, asked ?? {});
}

function tagPath(key: string): string {
  return `/tags/${key.replaceAll("/", "~1")}`;
}

function changed<T>(path: string, before: T, after: T, same: (after: T, before: T) => boolean): readonly FieldChange[] {
  return same(after, before) ? [] : [{ path, before: before as Json, after: after as Json }];
}
