/** What stays of the quarantined members, beside the rules: listeners, certificates, target groups, permissions. */
import equal from "fast-deep-equal";
import { sha256Hex } from "../lib/sha256.ts";
import type { Inventory } from "../model/inventory.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { LoadBalancerSpec } from "../model/load-balancer.ts";
import { type Resource, type ResourceKey, resourceKey, type SpecByKind } from "../model/resource.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { Value } from "../model/value.ts";
import { bindingsOf, type ExistingListener, type ExistingStack, withoutOwnership } from "../resolve/existing-stack.ts";
import { joinTags, targetGroupsOf } from "./kept-rules.ts";
import { NOT_FOUND } from "./rule-action.ts";
import { sameActions } from "./rule-key.ts";
import { MANAGED_ID } from "./security-group.ts";
import { referTo } from "./stack-draft.ts";
import { tagsField } from "./tags.ts";

/** The resources of a stack while what stays is put in. */
export type Resources = Map<ResourceKey, Resource>;

/** A resource of a kind, if the stack has it. */
export function specOf<K extends keyof SpecByKind>(
  resources: Resources,
  kind: K,
  id: string,
): SpecByKind[K] | undefined {
  // The key holds the kind, so that nothing else can be found by it.
  return resources.get(resourceKey(kind, id))?.spec as SpecByKind[K] | undefined;
}

/** Adds or replaces a resource. */
export function put<K extends keyof SpecByKind>(resources: Resources, kind: K, id: string, spec: SpecByKind[K]): void {
  resources.set(resourceKey(kind, id), { kind, id, spec } as Resource);
}

/** Why a group can't be planned without some of its members: AWS would make another load balancer. Undefined if it can. */
export function replacedLoadBalancer(resources: Resources, existing: ExistingStack): string | undefined {
  for (const [id, { spec }] of existing.loadBalancers) {
    const wanted = specOf(resources, "loadBalancer", id);
    if (wanted === undefined || wanted.scheme === spec.scheme) continue;
    return `load balancer ${spec.name} is ${spec.scheme}, but without them it would be ${wanted.scheme}`;
  }
  return undefined;
}

/** Settings of a load balancer that no healthy member decides: name, pools and further tags stay. */
export function keepLoadBalancer(resources: Resources, existing: ExistingStack, id: string): void {
  const spec = specOf(resources, "loadBalancer", id);
  const before = existing.loadBalancers.get(id)?.spec;
  if (spec === undefined || before === undefined) return;
  const { ipv4IpamPoolId: pool, customerOwnedIpv4Pool: owned } = before;
  const { tags, ...rest } = spec;
  const kept: LoadBalancerSpec = {
    ...(pool !== undefined && { ipv4IpamPoolId: pool }),
    ...(owned !== undefined && { customerOwnedIpv4Pool: owned }),
    ...rest,
    name: before.name,
    ...joinTags(tags, before.tags),
  };
  put(resources, "loadBalancer", id, kept);
}

/** Further tags of the managed security group, and its permissions for ports that only quarantined members listen on. */
export function keepPermissions(resources: Resources, existing: ExistingStack, ports: ReadonlySet<number>): void {
  const spec = specOf(resources, "securityGroup", MANAGED_ID);
  const before = existing.securityGroups.get(MANAGED_ID)?.spec;
  if (spec === undefined || before === undefined) return;
  const { tags, ...rest } = spec;
  const kept = before.ingress.filter(({ fromPort, toPort }) => fromPort === toPort && ports.has(fromPort));
  put(resources, "securityGroup", MANAGED_ID, {
    ...rest,
    ingress: [...spec.ingress, ...kept],
    ...joinTags(tags, before.tags),
  });
}

/** A target group and its binding as they are; `goal` holds the binding if no one wrote it to the cluster. */
export function keepTargetGroup(
  resources: Resources,
  inventory: Inventory,
  existing: ExistingStack,
  id: string,
  goal: SpecByKind["targetGroupBinding"] | undefined,
): void {
  const found = existing.targetGroups.get(id);
  if (found === undefined) return;
  const { tags, ...rest } = found.spec;
  put(resources, "targetGroup", id, { ...rest, ...tagsField(withoutOwnership(tags)) });
  const [binding] = bindingsOf(inventory, found.arn);
  const spec = binding?.spec ?? goal;
  if (spec !== undefined)
    put(resources, "targetGroupBinding", id, { ...spec, targetGroupArn: referTo("targetGroup", id, "arn") });
}

/** Certificates that were requested for a quarantined member: their ids end with a digest of its name. */
export function keepCertificates(resources: Resources, existing: ExistingStack, members: readonly string[]): void {
  const digests = members.map((key) => `-${sha256Hex(key).slice(0, 8)}`);
  for (const [id, { spec }] of existing.certificates) {
    if (resources.has(resourceKey("certificate", id)) || !digests.some((digest) => id.endsWith(digest))) continue;
    const { tags, ...rest } = spec;
    put(resources, "certificate", id, { ...rest, ...tagsField(withoutOwnership(tags)) });
  }
}

/** A listener as it is, on a load balancer of the stack. */
export function keptListener({ spec }: ExistingListener, loadBalancer: string): ListenerSpec {
  const { tags, ...rest } = spec;
  return {
    ...rest,
    loadBalancerArn: referTo("loadBalancer", loadBalancer, "arn"),
    ...tagsField(withoutOwnership(tags)),
  };
}

/** What tells how a listener is shared between healthy and quarantined members. */
export interface Sharing {
  /** A quarantined member comes before every healthy one on the listener, so that the default certificate may be its. */
  readonly quarantinedFirst: boolean;
  /** As in the attribution of rules. */
  readonly isQuarantined: (targetGroupArn: string) => boolean;
  readonly isOwned: (targetGroupArn: string) => boolean;
  /** The ARN that a reference stands for, if it exists. */
  readonly arnOf: (value: Value) => Value;
}

/** A listener of the rebuild together with what stays of the existing one: certificates, tags, the default backend. */
export function sharedListener(spec: ListenerSpec, { spec: before }: ExistingListener, sharing: Sharing): ListenerSpec {
  const { tags, certificates = [], ...rest } = spec;
  const joined =
    before.protocol === spec.protocol
      ? joinCertificates(certificates, before.certificates ?? [], sharing)
      : certificates;
  return {
    ...rest,
    defaultActions: defaultActionsOf(spec, before, sharing),
    ...(joined.length > 0 && { certificates: joined }),
    ...joinTags(tags, before.tags),
  };
}

/** Every certificate that exists stays. The default one stays it, unless a healthy member comes first and wants another. */
function joinCertificates(
  wanted: readonly Value[],
  existing: readonly string[],
  { quarantinedFirst, arnOf }: Sharing,
): readonly Value[] {
  const [first] = existing;
  const names = wanted.map(arnOf);
  const extra = [...new Set(existing)].filter((arn) => !names.some((name) => equal(name, arn)));
  if (first === undefined || !quarantinedFirst) return [...wanted, ...extra];
  const standing = wanted.find((_, index) => equal(names[index], first)) ?? first;
  return [standing, ...[...wanted, ...extra].filter((value) => value !== standing)];
}

/** The existing default backend stays unless a healthy member sets one or it was a healthy member's. */
function defaultActionsOf(
  spec: ListenerSpec,
  before: ExistingListener["spec"],
  { isQuarantined, isOwned }: Sharing,
): readonly RuleAction[] {
  const targetGroups = targetGroupsOf({ actions: before.defaultActions });
  if (targetGroups.some(isQuarantined)) return isRedirect(spec) ? spec.defaultActions : before.defaultActions;
  if (targetGroups.some(isOwned) || !sameActions(spec.defaultActions, [NOT_FOUND])) return spec.defaultActions;
  return before.defaultActions;
}

function isRedirect({ defaultActions: [action] }: ListenerSpec): boolean {
  return action?.type === "redirect";
}

/** The network load balancer in front of the ALB, as far as the healthy members don't ask for it. */
export function keepFrontendNlb(
  resources: Resources,
  existing: ExistingStack,
  id: string,
  listeners: readonly ExistingListener[],
  keepGroup: (id: string) => void,
): void {
  const found = existing.loadBalancers.get(id);
  if (found === undefined) return;
  if (specOf(resources, "loadBalancer", id) === undefined) {
    const { tags, ...rest } = found.spec;
    put(resources, "loadBalancer", id, { ...rest, ...tagsField(withoutOwnership(tags)) });
  } else keepLoadBalancer(resources, existing, id);
  for (const listener of listeners) {
    const listenerId = `${id}-ls-TCP-${listener.spec.port}`;
    if (specOf(resources, "listener", listenerId) !== undefined) continue;
    put(resources, "listener", listenerId, keptListener(listener, id));
    keepGroup(`${id}-tg-TCP-${listener.spec.port}`);
  }
}
