/** Puts what stays of quarantined members into the stack that was built of the healthy ones. */
import type { Stack } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import { isReference, type Value } from "../model/value.ts";
import { type Member, readAnnotation } from "../read/member.ts";
import { type ExistingListener, type ExistingStack, listenersOf, rulesOf } from "../resolve/existing-stack.ts";
import { attribute, targetGroupOwners } from "./attribution.ts";
import { FRONTEND_NLB_ID } from "./frontend-nlb.ts";
import { type Attribution, type HealthyRule, joinRules, placeByRules } from "./kept-rules.ts";
import {
  keepCertificates,
  keepFrontendNlb,
  keepLoadBalancer,
  keepPermissions,
  keepTargetGroup,
  keptListener,
  put,
  type Resources,
  replacedLoadBalancer,
  type Sharing,
  sharedListener,
  specOf,
} from "./kept-state.ts";
import { LOAD_BALANCER_ID } from "./load-balancer.ts";
import { lastResources, type QuarantinedGroup } from "./quarantined-group.ts";
import { referTo } from "./stack-draft.ts";

export interface Kept {
  readonly stack: Stack;
  readonly rules: readonly {
    readonly port: number;
    readonly spec: ListenerRuleSpec;
    readonly member: Member | undefined;
    readonly explained: boolean;
  }[];
  readonly targetGroups: readonly { readonly id: string; readonly member: Member }[];
  /** Those that only quarantined members listen on. */
  readonly listeners: readonly { readonly port: number; readonly member: Member | undefined }[];
  /** The new key of a resource of the healthy stack, whose rules got other numbers. */
  readonly movedTo: (resource: string) => string | undefined;
  /** Places in the provenance for what stays. */
  readonly places: readonly { readonly place: string; readonly member: Member }[];
}

/** The stack with what stays; or why the group can't be planned without its broken members. */
export function keepState(input: QuarantinedGroup): Kept | { readonly refused: string } {
  const { stack, existing, last } = input;
  const nothing = { stack, rules: [], targetGroups: [], listeners: [], places: [] };
  if (existing === undefined || last.inventory === undefined) return { ...nothing, movedTo: (resource) => resource };
  const resources: Resources = new Map(Object.entries(stack.resources));
  const refused = replacedLoadBalancer(resources, existing);
  return refused === undefined ? keepExisting(input, resources, existing, last.inventory) : { refused };
}

function keepExisting(
  input: QuarantinedGroup,
  resources: Resources,
  existing: ExistingStack,
  inventory: Inventory,
): Kept {
  const { group, quarantined, stack, last, memberOf } = input;
  const goal = lastResources(last, group.id);
  const bindingOf = (id: string) => {
    const resource = goal[`targetGroupBinding/${id}`];
    return resource?.kind === "targetGroupBinding" ? resource.spec : undefined;
  };
  const owners = targetGroupOwners(input, existing, inventory);
  const keepGroup = (id: string): void => keepTargetGroup(resources, inventory, existing, id, bindingOf(id));
  const targetGroups = [...owners.byId].flatMap(([id, member]) =>
    member !== null && quarantined.has(member) ? [{ id, member }] : [],
  );
  for (const { id } of targetGroups) keepGroup(id);
  keepCertificates(
    resources,
    existing,
    [...quarantined].map(({ key }) => key),
  );
  keepLoadBalancer(resources, existing, LOAD_BALANCER_ID);

  const arnOf = arnsOf(existing);
  const attribution = attribute(input, owners, arnOf);
  const alb = existing.loadBalancers.get(LOAD_BALANCER_ID);
  const found = alb === undefined ? [] : listenersOf(inventory, alb.arn);
  const listeners = found.map((listener): ListenerParts => {
    const id = String(listener.spec.port);
    const healthy = healthyRules(resources, id, memberOf);
    return { id, listener, healthy, existing: rulesOf(inventory, listener.arn) };
  });
  const placeOf = placesOf(input, listeners, attribution);
  const sharing = (id: string): Sharing => ({
    quarantinedFirst: isFirst(input, memberPlaces(resources, id, memberOf), placeOf),
    isQuarantined: (arn) => isMember(owners.byArn(arn), quarantined),
    isOwned: (arn) => owners.byArn(arn) !== undefined,
    arnOf,
  });

  const rules: Kept["rules"][number][] = [];
  const keptListeners: Kept["listeners"][number][] = [];
  const moved = new Map<string, string | undefined>();
  const places: Kept["places"][number][] = [];
  for (const { id, listener, healthy, existing: before } of listeners) {
    const { port } = listener.spec;
    const wanted = specOf(resources, "listener", id);
    const joined = joinRules(
      {
        listenerArn: referTo("listener", id, "arn"),
        port,
        protocol: (wanted ?? listener.spec).protocol === "HTTPS" ? "HTTPS" : "HTTP",
        hostRegexesDontCover: input.build.settings.compat.hostRegexesDontCover,
      },
      healthy.map(({ rule }) => rule),
      before,
      attribution,
      placeOf,
    );
    const [holder] = [...quarantined].filter((member) => mayListenOn(member, port));
    // A listener without rules, one that redirects for instance, may be anybody's.
    if (wanted === undefined && joined.length === 0 && before.length > 0 && holder === undefined) continue;
    if (wanted === undefined) {
      put(resources, "listener", id, keptListener(listener, LOAD_BALANCER_ID));
      keptListeners.push({ port, member: joined[0]?.member ?? holder });
    } else put(resources, "listener", id, sharedListener(wanted, listener, sharing(id)));
    for (const { key } of healthy) {
      resources.delete(key);
      moved.set(key, undefined);
    }
    for (const { spec, member, kept, from } of joined) {
      const ruleId = `${port}:${spec.priority}`;
      put(resources, "listenerRule", ruleId, spec);
      const key = healthy.find(({ rule }) => rule === from)?.key;
      if (key !== undefined) moved.set(key, `listenerRule/${ruleId}`);
      if (kept === undefined) continue;
      rules.push({ port, spec: kept.rule.spec, member, explained: kept.explained });
      if (member !== undefined) places.push({ place: `listenerRule/${ruleId}#`, member });
    }
  }
  const ports = keptListeners.map(({ port }) => port);
  keepPermissions(resources, existing, new Set(ports));
  const nlb = existing.loadBalancers.get(FRONTEND_NLB_ID);
  if (nlb !== undefined)
    keepFrontendNlb(resources, existing, FRONTEND_NLB_ID, listenersOf(inventory, nlb.arn), keepGroup);
  for (const { id, member } of targetGroups) places.push({ place: `targetGroup/${id}#`, member });
  return {
    stack: {
      ...stack,
      resources: Object.fromEntries(resources),
      listenerPorts: [...stack.listenerPorts, ...ports].sort((a, b) => a - b),
    },
    rules,
    targetGroups,
    listeners: keptListeners,
    movedTo: (resource) => (moved.has(resource) ? moved.get(resource) : resource),
    places,
  };
}

interface KeyedRule {
  readonly key: string;
  readonly rule: HealthyRule;
}

interface ListenerParts {
  readonly id: string;
  readonly listener: ExistingListener;
  readonly healthy: readonly KeyedRule[];
  readonly existing: ReturnType<typeof rulesOf>;
}

/** The rules of one listener of the healthy stack, in order. */
function healthyRules(
  resources: Resources,
  listener: string,
  memberOf: QuarantinedGroup["memberOf"],
): readonly KeyedRule[] {
  return [...resources]
    .flatMap(([key, resource]): readonly KeyedRule[] => {
      if (resource.kind !== "listenerRule") return [];
      const { listenerArn } = resource.spec;
      if (!isReference(listenerArn) || listenerArn.ref !== `listener/${listener}`) return [];
      return [{ key, rule: { spec: resource.spec, member: memberOf(key) } }];
    })
    .sort((a, b) => a.rule.spec.priority - b.rule.spec.priority);
}

/** ARNs of what the stack has, by reference. */
function arnsOf({ targetGroups, certificates }: ExistingStack): (value: Value) => Value {
  const arns = new Map<string, string>();
  for (const [id, { arn }] of targetGroups) arns.set(`targetGroup/${id}`, arn);
  for (const [id, { arn }] of certificates) arns.set(`certificate/${id}`, arn);
  return (value) => (isReference(value) ? (arns.get(value.ref) ?? value) : value);
}

/** The place of each member in group order; where the order can't be read, the one that its rules have. */
function placesOf(
  { group, members }: QuarantinedGroup,
  listeners: readonly ListenerParts[],
  attribution: Attribution,
): (member: Member) => number {
  const places = new Map(members.map((member, index) => [member, index]));
  for (const { object, code } of group.loadErrors) {
    const member = members.find(({ key }) => key === `${object?.namespace}/${object?.name}`);
    if (member === undefined || code.startsWith("class.")) continue;
    const found = listeners.flatMap(({ healthy, existing }) => {
      const rules = healthy.map(({ rule }) => rule);
      return placeByRules(member, rules, existing, attribution) ?? [];
    });
    // Each listener shows some of the members that come before it; the one that shows most is right.
    if (found.length > 0) places.set(member, Math.max(...found));
  }
  return (member) => places.get(member) ?? -1;
}

function memberPlaces(
  resources: Resources,
  listener: string,
  memberOf: QuarantinedGroup["memberOf"],
): readonly Member[] {
  const first = memberOf(`listener/${listener}`);
  const others = healthyRules(resources, listener, memberOf).map(({ rule }) => rule.member);
  return [first, ...others].flatMap((member) => (member === undefined ? [] : [member]));
}

/** Whether a quarantined member stands before all the healthy ones of a listener. */
function isFirst(
  { quarantined }: QuarantinedGroup,
  healthy: readonly Member[],
  placeOf: (member: Member) => number,
): boolean {
  const first = Math.min(...healthy.map(placeOf));
  return [...quarantined].some((member) => placeOf(member) < first);
}

function isMember(member: Member | null | undefined, members: ReadonlySet<Member>): boolean {
  return member != null && members.has(member);
}

/** Whether a quarantined member may listen on a port: it says so, or what it says can't be read. */
function mayListenOn({ ingress }: Member, port: number): boolean {
  let readable = true;
  const ports = readAnnotation(ingress, "listen-ports", () => {
    readable = false;
  });
  return !readable || (ports === undefined ? port === 80 || port === 443 : ports.some((entry) => entry.port === port));
}
