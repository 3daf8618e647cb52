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
  const { group, quarantined, stack, last } = input;
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
  const listeners = listenerParts(input, resources, existing, inventory);
  const draft: KeptDraft = { resources, rules: [], listeners: [], moved: new Map(), places: [] };
  const shared: Shared = {
    attribution,
    placeOf: placesOf(input, listeners, attribution),
    isQuarantined: (arn) => isMember(owners.byArn(arn), quarantined),
    isOwned: (arn) => owners.byArn(arn) !== undefined,
    arnOf,
  };
  for (const parts of listeners) keepListener(input, draft, parts, shared);
  const ports = draft.listeners.map(({ port }) => port);
  keepPermissions(resources, existing, new Set(ports));
  const nlb = existing.loadBalancers.get(FRONTEND_NLB_ID);
  if (nlb !== undefined)
    keepFrontendNlb(resources, existing, FRONTEND_NLB_ID, listenersOf(inventory, nlb.arn), keepGroup);
  return {
    stack: {
      ...stack,
      resources: Object.fromEntries(resources),
      listenerPorts: [...stack.listenerPorts, ...ports].sort((a, b) => a - b),
    },
    rules: draft.rules,
    targetGroups,
    listeners: draft.listeners,
    movedTo: (resource) => (draft.moved.has(resource) ? draft.moved.get(resource) : resource),
    places: [...draft.places, ...targetGroups.map(({ id, member }) => ({ place: `targetGroup/${id}#`, member }))],
  };
}

interface KeptDraft {
  readonly resources: Resources;
  readonly rules: Kept["rules"][number][];
  readonly listeners: Kept["listeners"][number][];
  readonly moved: Map<string, string | undefined>;
  readonly places: Kept["places"][number][];
}

/** What is the same for all listeners. */
interface Shared extends Omit<Sharing, "quarantinedFirst"> {
  readonly attribution: Attribution;
  readonly placeOf: (member: Member) => number;
}

/** Puts one listener in as it shall be, with its rules; or leaves it out, when it was the healthy members' alone. */
function keepListener(
  { build, quarantined, memberOf }: QuarantinedGroup,
  draft: KeptDraft,
  { id, listener, healthy, existing }: ListenerParts,
  { attribution, placeOf, ...sharing }: Shared,
): void {
  const { resources } = draft;
  const { port } = listener.spec;
  const wanted = specOf(resources, "listener", id);
  const joined = joinRules(
    {
      listenerArn: referTo("listener", id, "arn"),
      port,
      protocol: (wanted ?? listener.spec).protocol === "HTTPS" ? "HTTPS" : "HTTP",
      hostRegexesDontCover: build.settings.compat.hostRegexesDontCover,
    },
    healthy.map(({ rule }) => rule),
    existing,
    attribution,
    placeOf,
  );
  if (wanted === undefined) {
    const [first] = quarantined;
    const holder = [...quarantined].find((member) => mayListenOn(member, port));
    // A listener without rules, one that redirects for instance, may be anybody's.
    if (joined.length === 0 && existing.length > 0 && holder === undefined) return;
    put(resources, "listener", id, keptListener(listener, LOAD_BALANCER_ID));
    draft.listeners.push({ port, member: joined[0]?.member ?? holder ?? first });
  } else {
    const owner = memberOf(`listener/${id}`);
    const quarantinedFirst = [...quarantined].some((member) => owner && placeOf(member) < placeOf(owner));
    put(resources, "listener", id, sharedListener(wanted, listener, { ...sharing, quarantinedFirst }));
  }
  for (const { key } of healthy) {
    resources.delete(key);
    draft.moved.set(key, undefined);
  }
  for (const { spec, member, kept, from } of joined) {
    const ruleId = `${port}:${spec.priority}`;
    put(resources, "listenerRule", ruleId, spec);
    const key = healthy.find(({ rule }) => rule === from)?.key;
    if (key !== undefined) draft.moved.set(key, `listenerRule/${ruleId}`);
    if (kept === undefined) continue;
    draft.rules.push({ port, spec: kept.rule.spec, member, explained: kept.explained });
    if (member !== undefined) draft.places.push({ place: `listenerRule/${ruleId}#`, member });
  }
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

/** The ALB's listeners that exist, each with the rules that it has and those of the healthy stack. */
function listenerParts(
  { memberOf }: QuarantinedGroup,
  resources: Resources,
  existing: ExistingStack,
  inventory: Inventory,
): readonly ListenerParts[] {
  const alb = existing.loadBalancers.get(LOAD_BALANCER_ID);
  return (alb === undefined ? [] : listenersOf(inventory, alb.arn)).map((listener) => {
    const id = String(listener.spec.port);
    const healthy = healthyRules(resources, id, memberOf);
    return { id, listener, healthy, existing: rulesOf(inventory, listener.arn) };
  });
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
