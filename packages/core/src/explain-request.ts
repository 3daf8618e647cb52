/** What every load balancer does with one request, before and after: joins graph, inventory, provenance and routes. */
import { conditionsKey, sameActions } from "./desired/rule-key.ts";
import { entry, sortByOwner } from "./diff/owned.ts";
import { compareStrings } from "./lib/compare.ts";
import { editDistance } from "./lib/edit-distance.ts";
import { stableJson } from "./lib/stable-json.ts";
import type { CertificateFact } from "./model/facts.ts";
import { CLUSTER_STACK, type DesiredGraph } from "./model/graph.ts";
import type { ExistingLoadBalancer, Inventory } from "./model/inventory.ts";
import { resourceKey } from "./model/resource.ts";
import type { RuleAction } from "./model/rule-action.ts";
import type { ObjectRef, Positions } from "./model/snapshot.ts";
import type { Provenance, Source } from "./model/source.ts";
import { isReference } from "./model/value.ts";
import { explainRoute, type RuleExplanation } from "./route/explain-route.ts";
import type { ListenerState, RuleState } from "./route/listener-state.ts";
import { namedByTags } from "./route/named-by-tags.ts";
import { ownersOf } from "./route/owner.ts";
import type { RegexEngine } from "./route/regex-engine.ts";
import type { Request } from "./route/request.ts";
import type { AskedRule, PassedOver, RequestExplanation, StackExplanation, Way } from "./route/request-explanation.ts";
import { listenerStateOfInventory } from "./route/state-of-inventory.ts";
import { listenerStateOfStack } from "./route/state-of-stack.ts";

export interface ExplainRequestInput {
  readonly desired: DesiredGraph;
  /** What exists; without it there is no before. */
  readonly inventory?: Inventory;
  /** By stack id, as `explainDesired` gives it. */
  readonly provenance?: { readonly [stack: string]: Provenance };
  /** Tells in which line of which file a source stands. */
  readonly positions?: Positions;
  /** Host names of certificates, as facts have them. */
  readonly certificates?: readonly CertificateFact[];
  /** Without one, regular expressions are unknown. */
  readonly regex?: RegexEngine;
}

/** Rules shown, though they aren't near, of a listener of which no rule serves the request. */
const NEAREST = 3;

const LOAD_BALANCER_ID = "LoadBalancer";

/**
 * Explains a request. Its host doesn't tell which load balancer it reaches, so every group is asked. In what exists
 * target groups and certificates are named by resource key, where their tags tell it, so that both sides can be compared.
 */
export function explainRequest(request: Request, input: ExplainRequestInput): RequestExplanation {
  const candidates = candidatesOf(request, input);
  const by = (test: (candidate: Candidate) => boolean): readonly Candidate[] => candidates.filter(test);
  const ruled = by(({ explained }) => ways(explained).some(({ route }) => route.served === "rule"));
  const defaults = by(({ explained }) => ways(explained).some(({ route }) => route.served === "default"));
  const knowing = defaults.filter(({ knowsHost }) => knowsHost);
  const shown = new Set([ruled, knowing, defaults].find((some) => some.length > 0));
  return {
    request,
    compares: input.inventory !== undefined,
    stacks: by((candidate) => shown.has(candidate)).map(({ explained }) => explained),
    passedOver: by((candidate) => !shown.has(candidate)).map(passedOver),
  };
}

interface Candidate {
  readonly explained: StackExplanation;
  readonly knowsHost: boolean;
  readonly ports: readonly number[];
}

function candidatesOf(request: Request, input: ExplainRequestInput): readonly Candidate[] {
  const { desired, inventory } = input;
  const owned = inventory && sortByOwner(inventory, desired.settings.clusterName, desired.vpcId).stacks;
  const ids = new Set([...Object.keys(desired.stacks), ...(owned?.keys() ?? [])]);
  ids.delete(CLUSTER_STACK);
  return [...ids].sort(compareStrings).flatMap((id) => {
    // Of twins the last by ARN is the one that planning works on.
    const existing = owned?.get(id)?.loadBalancers.get(LOAD_BALANCER_ID)?.at(-1);
    const stack = Object.hasOwn(desired.stacks, id) ? desired.stacks[id] : undefined;
    const staysAsItIs = stack?.status !== "built";
    const after = staysAsItIs ? undefined : afterState(id, input);
    const before =
      existing === undefined && staysAsItIs ? undefined : inventory && beforeState(inventory, existing, input);
    const wanted = stack?.resources[resourceKey("loadBalancer", LOAD_BALANCER_ID)];
    const name = wanted?.kind === "loadBalancer" ? wanted.spec.name : existing?.spec.name;
    const sources = sourcesOf(id, after ?? [], input);
    const sides = {
      ...(before && { before: wayOf(before, request, input, sources.ofExisting) }),
      ...(after && { after: wayOf(after, request, input, sources.ofDesired) }),
    };
    const explained: StackExplanation = {
      stack: id,
      members: stack?.members ?? [],
      loadBalancer: {
        ...(typeof name === "string" && { name }),
        ...(existing && { arn: existing.arn, dnsName: existing.dnsName }),
      },
      ...sides,
      ...(staysAsItIs && { leftAlone: stack === undefined ? "unclaimed" : "broken" }),
      ...(sides.before && sides.after && { same: isSame(sides.before, sides.after) }),
    };
    const states = [...(before ?? []), ...(after ?? [])];
    return [
      {
        explained,
        knowsHost: states.some((listener) => knowsHost(listener, request, input)),
        ports: [...new Set(states.map(({ port }) => port))].sort((a, b) => a - b),
      },
    ];
  });
}

function ways({ before, after }: StackExplanation): readonly Way[] {
  return [before, after].filter((way) => way !== undefined);
}

function passedOver({ explained, ports }: Candidate): PassedOver {
  const served = ways(explained).map(({ route }) => route.served);
  if (served.length === 0) return { stack: explained.stack, because: "broken", ports };
  const because = served.includes("default")
    ? "default"
    : served.includes("wrong-protocol")
      ? "wrong-protocol"
      : "nothing-listens";
  return { stack: explained.stack, because, ports };
}

function afterState(
  id: string,
  { desired, provenance, certificates = [] }: ExplainRequestInput,
): readonly ListenerState[] {
  const owners = ownersOf((provenance && Object.hasOwn(provenance, id) && provenance[id]) || {});
  return listenerStateOfStack(desired, id, LOAD_BALANCER_ID, { owners, certificates });
}

function beforeState(
  inventory: Inventory,
  existing: ExistingLoadBalancer | undefined,
  { certificates = [] }: ExplainRequestInput,
): readonly ListenerState[] {
  if (existing === undefined) return [];
  return namedByTags(listenerStateOfInventory(inventory, existing.arn, { certificates }), inventory);
}

function wayOf(
  state: readonly ListenerState[],
  request: Request,
  { regex }: ExplainRequestInput,
  sourceOf: SourceOf,
): Way {
  const { route, rules } = explainRoute(state, request, regex && { regex });
  const listener = state.find(({ port }) => port === request.port);
  if (listener === undefined) return { route, rules: [], almost: [] };
  const source = sourceOf(listener, route.rule);
  const asked = rules.map((explained): AskedRule => {
    const from = sourceOf(listener, explained.rule);
    return { ...explained, ...(from && { source: from }) };
  });
  const almost = asked
    .filter(({ failed }) => failed.length === 1)
    .map((explained) => ({ explained, ...nearness(explained) }))
    .sort((a, b) => a.distance - b.distance)
    .filter(({ near }, index) => near || (route.served === "default" && index < NEAREST))
    .map(({ explained }) => explained);
  const answered = route.served === "rule" || route.served === "default";
  return { route, ...(answered && source && { source }), rules: asked, almost };
}

/**
 * How far the request is from the nearest value that the one failed condition asks for, in characters. Near is a text
 * with few slips, or one that begins as the other does, as with an exact path where a prefix was meant. Of anything but
 * hosts and paths every miss is near: the rest of the rule matches, after all.
 */
function nearness({ failed: [failure] }: RuleExplanation): { readonly distance: number; readonly near: boolean } {
  if (failure === undefined) return { distance: 0, near: true };
  const { field } = failure.condition;
  if (field !== "host-header" && field !== "path-pattern") return { distance: 0, near: true };
  const has = failure.has.slice(failure.has.indexOf(" ") + 1);
  const wanted = failure.wants.split(" or ").map((text) => text.replace(/\*$/, ""));
  const distance = Math.min(...wanted.map((text) => editDistance(has, text)));
  const beginsAlike = field === "path-pattern" && wanted.some((text) => has.startsWith(text) || text.startsWith(has));
  return { distance, near: distance <= has.length / 3 || (has !== "/" && beginsAlike) };
}

/** Whether a rule of the listener takes the request's host by name. */
function knowsHost(listener: ListenerState, request: Request, { regex }: ExplainRequestInput): boolean {
  const scheme = listener.protocol === "HTTPS" ? "https" : "http";
  const { rules } = explainRoute([listener], { ...request, port: listener.port, scheme }, regex && { regex });
  return rules.some(
    ({ rule, failed }) =>
      rule.conditions.some(({ field }) => field === "host-header") &&
      !failed.some(({ condition }) => condition.field === "host-header"),
  );
}

function isSame(before: Way, after: Way): boolean {
  const reached = ({ route: { served } }: Way): string => (served === "default" ? "rule" : served);
  const seen = ({ route: { forwarded, certificate } }: Way): string =>
    stableJson([forwarded, certificate?.certificate]);
  return (
    reached(before) === reached(after) &&
    seen(before) === seen(after) &&
    sameActions(after.route.actions, before.route.actions)
  );
}

type SourceOf = (listener: ListenerState, rule: RuleState | undefined) => Source | undefined;

/** Where rules and defaults come from: of what should be by provenance, of what exists by the rule that is equal to it. */
function sourcesOf(
  stack: string,
  after: readonly ListenerState[],
  { desired, provenance, positions }: ExplainRequestInput,
): { readonly ofDesired: SourceOf; readonly ofExisting: SourceOf } {
  const places = (provenance && Object.hasOwn(provenance, stack) && provenance[stack]) || {};
  const placed = (source: Source | undefined): Source | undefined => {
    const at = source?.at ?? (source?.object && positions?.(source.object, source.field));
    return source && (at === undefined ? source : { ...source, at });
  };
  const known = (place: string): Source | undefined => (Object.hasOwn(places, place) ? places[place] : undefined);
  const members = new Set(Object.values(desired.stacks).flatMap((one) => one.members));
  const whole = (object: ObjectRef | undefined): Source | undefined => object && { object, field: "" };
  const ofDesired: SourceOf = (listener, rule) =>
    placed(
      rule === undefined
        ? (known(`${listener.key}#/defaultActions`) ?? known(`${listener.key}#`) ?? whole(listener.owner))
        : (known(`${rule.key}#`) ?? whole(rule.owner)),
    );
  const indexes = new Map<ListenerState, ReadonlyMap<string, readonly RuleState[]>>();
  const byConditions = (listener: ListenerState): ReadonlyMap<string, readonly RuleState[]> =>
    entry(indexes, listener, () => {
      const index = new Map<string, RuleState[]>();
      for (const rule of listener.rules) entry(index, conditionsKey(rule.conditions), () => []).push(rule);
      return index;
    });
  return {
    ofDesired,
    ofExisting: (listener, rule) => {
      const twin = after.find(({ port }) => port === listener.port);
      if (rule === undefined) {
        const same = twin && sameActions(twin.defaultActions, listener.defaultActions);
        return same === true
          ? ofDesired(twin, undefined)
          : placed(whole(listener.owner ?? memberOf(listener.defaultActions, members)));
      }
      const equal =
        twin &&
        byConditions(twin)
          .get(conditionsKey(rule.conditions))
          ?.find((other) => sameActions(other.actions, rule.actions));
      return twin && equal ? ofDesired(twin, equal) : placed(whole(rule.owner ?? memberOf(rule.actions, members)));
    },
  };
}

/** The one Ingress of the input whose name begins the id of the first target group. */
function memberOf(actions: readonly RuleAction[], members: ReadonlySet<string>): ObjectRef | undefined {
  const first = actions.find((action) => action.type === "forward")?.forwardConfig.targetGroups[0]?.targetGroupArn;
  if (first === undefined || !isReference(first)) return undefined;
  const id = first.ref.slice(first.ref.indexOf("/") + 1);
  const [member, other] = [...members].filter((name) => id.startsWith(`${name}-`));
  if (member === undefined || other !== undefined) return undefined;
  const [namespace = "", name = ""] = member.split("/");
  return { kind: "Ingress", namespace, name };
}
