/** Actions on listeners and, with them, on their rules. */
import type { Difference, ExistingListener, RuleDifferences, StackDiff } from "../diff/difference.ts";
import { diffListenerCertificates } from "../diff/listener.ts";
import { updateReason } from "../diff/reason.ts";
import { redirectPorts } from "../diff/redirect-ports.ts";
import type { ActionDetails } from "../model/action.ts";
import type { Change } from "../model/change.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { Value } from "../model/value.ts";
import { type ActionList, actionId } from "./action-list.ts";
import { changedAttributes, changes } from "./changed.ts";
import { authenticationLoss } from "./disruption.ts";
import { addCertificate, removeCertificate } from "./listener-certificate.ts";
import { inTwo, modifyDetails, takesPlace, warmedDefault } from "./listener-change.ts";
import { addExistingListenerRules, addNewListenerRules } from "./listener-rule.ts";
import { redirectsFirst, targetsFirst } from "./redirects.ts";
import { type Holdings, targetGroupsIn } from "./released.ts";
import type { CertificateMode, Turn } from "./room.ts";
import type { IngressActions } from "./security-group.ts";
import { addElbTagActions } from "./tag-actions.ts";
import type { Warmth } from "./warm.ts";

const NO_RULES: Omit<RuleDifferences, "listener"> = { kept: [], modified: [], created: [], deleted: [] };

/** What the listeners of a stack need to know beside their differences. */
export interface ListenerSurroundings {
  readonly rulesOf: ReadonlyMap<ResourceKey, RuleDifferences>;
  /** Listeners of load balancers without room for all changes at once. */
  readonly turns: readonly Turn[];
  /** What opens existing security groups. */
  readonly opened: readonly IngressActions[];
  readonly holdings: Holdings;
  readonly warmth: Warmth;
}

/**
 * Creates, updates and deletes listeners. On a load balancer that serves already, a redirect is switched on after
 * what it points to, a listener goes after the redirects to it, and a new port is opened when all behind it is there.
 * Where a quota makes listeners take turns, that comes first: redirects don't wait then.
 */
export function addListeners(list: ActionList, stack: StackDiff, surroundings: ListenerSurroundings): void {
  const { rulesOf, turns, opened, holdings, warmth } = surroundings;
  const taking = new Set(turns.map(({ difference }) => difference));
  addInTurns(list, surroundings);
  const served = new Map<string, readonly string[]>();
  const updates: string[] = [];
  for (const difference of targetsFirst(stack.listeners, rulesOf)) {
    const { change, desired } = difference;
    if (desired === undefined || taking.has(difference)) continue;
    const rules = rulesOf.get(change.resource) ?? { listener: change.resource, ...NO_RULES };
    const added = addOrUpdate(list, difference, desired, rules, { ...ROOM_FOR_ALL, warmth });
    if (typeof desired.loadBalancerArn === "string") {
      waitForRedirectTargets(list, change, desired, rules, served);
      if (difference.existing === undefined) openLast(list, opened, desired.port, added.serving);
      // A rule that goes answers until then what nobody is redirected to.
      served.set(portKey(desired), [...added.serving, ...added.warm, ...added.removing]);
    }
    updates.push(...added.serving, ...added.removing);
  }
  const deleted = new Map<Difference<"listener">, readonly string[]>();
  const leaving = stack.listeners.filter((difference) => difference.desired === undefined && !taking.has(difference));
  for (const { difference, redirecting } of redirectsFirst(leaving, holdings.actionsOf)) {
    const after = redirecting.flatMap((other) => deleted.get(other) ?? []);
    if (redirectsTo(stack, difference.existing?.spec.port)) after.push(...updates);
    deleted.set(difference, deleteListener(list, difference, after, holdings));
  }
}

/** Each listener waits for what those before it let go of. */
function addInTurns(list: ActionList, { rulesOf, turns, opened, holdings, warmth }: ListenerSurroundings): void {
  const gone: string[] = [];
  const freedRules: string[] = [];
  const freedCertificates: string[] = [];
  const additions: string[] = [];
  for (const { difference, certificates } of turns) {
    const { change, desired } = difference;
    if (desired === undefined) {
      gone.push(...deleteListener(list, difference, [], holdings));
      continue;
    }
    const rules = rulesOf.get(change.resource) ?? { listener: change.resource, ...NO_RULES };
    const added = addOrUpdate(list, difference, desired, rules, {
      rules: rules.waitsForRoom === true ? [...gone, ...freedRules] : [],
      certificates: certificates === undefined ? [] : [...gone, ...freedCertificates],
      mode: certificates ?? "add-first",
      warmth,
    });
    if (difference.existing === undefined) openLast(list, opened, desired.port, added.serving);
    freedRules.push(...added.removing);
    freedCertificates.push(...added.freedCertificates);
    additions.push(...added.addedCertificates);
  }
  // Removals that come first wait for nothing, so that every addition may wait for all of them.
  if (turns.every(({ difference, certificates }) => !difference.desired || certificates === "remove-first")) {
    for (const id of additions) list.wait(id, freedCertificates);
  }
}

function deleteListener(
  list: ActionList,
  { change, existing }: Difference<"listener">,
  after: readonly string[],
  holdings: Holdings,
): readonly string[] {
  if (existing === undefined) return [];
  const id = list.add({
    kind: "deleteListener",
    stack: change.stack,
    resource: change.resource,
    details: { listenerArn: existing.arn },
    reason: change.reason,
    disruption: "closes-access",
    after,
  });
  for (const arn of holdings.ofListener(existing.arn)) list.release(arn, id);
  return [id];
}

/** What must be done before a listener gets new rules and certificates. */
interface Before {
  readonly rules: readonly string[];
  readonly certificates: readonly string[];
  readonly mode: CertificateMode;
  readonly warmth: Warmth;
}

const ROOM_FOR_ALL: Omit<Before, "warmth"> = { rules: [], certificates: [], mode: "add-first" };

function addOrUpdate(
  list: ActionList,
  difference: Difference<"listener">,
  desired: ListenerSpec,
  rules: RuleDifferences,
  before: Before,
): Added {
  const { existing } = difference;
  return existing === undefined
    ? addListener(list, difference, desired, rules, before)
    : updateListener(list, difference, desired, existing, rules, before);
}

interface Added {
  readonly serving: readonly string[];
  /** Waits for the targets that it leads to. */
  readonly warm: readonly string[];
  readonly removing: readonly string[];
  readonly addedCertificates: readonly string[];
  /** What makes room for certificates elsewhere. */
  readonly freedCertificates: readonly string[];
}

function portKey({ loadBalancerArn, port }: { readonly loadBalancerArn: Value; readonly port: number }): string {
  return `${JSON.stringify(loadBalancerArn)} ${port}`;
}

function addListener(
  list: ActionList,
  { change }: Difference<"listener">,
  desired: ListenerSpec,
  rules: RuleDifferences,
  before: Before,
): Added {
  const { stack, resource, reason } = change;
  const { attributes = {}, certificates, ...spec } = desired;
  const [defaultCertificate] = certificates ?? [];
  const created = list.add({
    kind: "createListener",
    stack,
    resource,
    details: { spec: defaultCertificate === undefined ? spec : { ...spec, certificates: [defaultCertificate] } },
    reason,
  });
  const listenerArn: Value = { ref: resource, field: "arn" };
  const added = diffListenerCertificates(desired, undefined).added.map((certificateArn, index) =>
    addCertificate(list, change, listenerArn, certificateArn, index, before.certificates),
  );
  const modified =
    Object.keys(attributes).length === 0
      ? []
      : [
          list.add({
            kind: "modifyListenerAttributes",
            stack,
            resource,
            details: { listenerArn, attributes },
            reason: "a new listener has AWS's default attributes",
            field: "/attributes",
          }),
        ];
  const { serving } = addNewListenerRules(list, stack, rules, before.rules);
  // Nobody is led to a new listener of a load balancer that serves already before its targets are healthy.
  const actions = [...desired.defaultActions, ...rules.created.flatMap((rule) => rule.desired?.actions ?? [])];
  const cold = typeof desired.loadBalancerArn === "string" ? before.warmth.coldIn(actions) : [];
  const warm = cold.map((group) => before.warmth.waitAfter(group, [created, ...serving]));
  const all = [created, ...added, ...modified, ...serving, ...warm];
  return { serving: all, warm, removing: [], addedCertificates: added, freedCertificates: [] };
}

/** Certificates are added before any is removed, unless there is no room; the default changes in between. */
function updateListener(
  list: ActionList,
  { change }: Difference<"listener">,
  desired: ListenerSpec,
  existing: ExistingListener,
  rules: RuleDifferences,
  before: Before,
): Added {
  const { spec: current } = existing;
  const { stack, resource } = change;
  const listenerArn: Value = existing.arn;
  addElbTagActions(list, change, existing.arn);
  const all = modifyDetails(change, desired, current, existing.arn);
  const certificates = diffListenerCertificates(desired, current);
  const becomesTls = current.protocol === "HTTP" && desired.protocol === "HTTPS";
  const removesFirst = before.mode === "remove-first";
  const { now: details, whenThereIsRoom } =
    removesFirst && takesPlace(certificates, current) ? inTwo(all) : { now: all };

  const modify = (details: ActionDetails["modifyListener"], after: readonly string[], part?: string): string => {
    const id = list.add({
      kind: "modifyListener",
      stack,
      resource,
      details,
      reason: updateReason(change.fields.filter(({ path }) => !/^\/(tags|attributes)\//.test(path))),
      ...(change.fields[0] === undefined ? {} : { field: change.fields[0].path }),
      disruption:
        details.protocol === undefined ? authenticationLoss(current.defaultActions, desired.defaultActions) : "brief",
      after,
      ...(part === undefined ? {} : { part }),
    });
    for (const arn of [...targetGroupsIn(current.defaultActions), ...(current.certificates ?? [])])
      list.release(arn, id);
    return id;
  };
  const addAll = (after: readonly string[]): readonly string[] =>
    certificates.added.map((arn, index) => addCertificate(list, change, listenerArn, arn, index, after));

  const removeAll = (after: readonly string[]): readonly string[] =>
    certificates.removed.map((arn, index) => removeCertificate(list, change, listenerArn, arn, index, after));

  // A listener without TLS takes no certificates: then they come after the change of protocol.
  const addsLate = becomesTls || removesFirst;
  const first = removesFirst ? removeAll([]) : [];
  const early = addsLate ? first : addAll(before.certificates);
  const changesDefault = details.defaultActions !== undefined;
  let modified: string | undefined;
  const modifyOnce = (after: readonly string[]): string => {
    modified = modify(details, [...early, ...after]);
    return modified;
  };
  const { warmth } = before;
  // A change of protocol is brief: what names the new groups is the change itself, and redirects to it wait for them.
  const warm =
    changesDefault && details.protocol === undefined
      ? warmedDefault(list, change, desired, existing, warmth)
      : { after: [], late: warmth.coldIn(desired.defaultActions) };
  if (Object.keys(details).length > 1 && !changesDefault) modifyOnce([]);
  const ruleActions = addExistingListenerRules(
    list,
    stack,
    rules,
    {
      actions: current.defaultActions,
      ...(changesDefault && {
        change: (after: readonly string[]) => {
          const id = modifyOnce([...after, ...warm.after]);
          return [id, ...warm.late.map((group) => warmth.waitAfter(group, [id]))];
        },
      }),
    },
    before.rules,
    warmth,
  );
  const own = modified === undefined ? [] : [modified];
  const room = [...before.certificates, ...first, ...own];
  const switched = whenThereIsRoom === undefined ? [] : [modify(whenThereIsRoom, room, "default certificate")];
  const late = addsLate ? [...switched, ...addAll([...room, ...switched])] : [];
  const removed = removesFirst ? first : removeAll([...early, ...late, ...own]);
  const attributes = changedAttributes(change);
  if (Object.keys(attributes).length > 0) {
    list.add({
      kind: "modifyListenerAttributes",
      stack,
      resource,
      details: { listenerArn, attributes },
      reason: updateReason(change.fields.filter(({ path }) => path.startsWith("/attributes/"))),
      field: "/attributes",
    });
  }
  return {
    serving: [...early, ...late, ...own, ...ruleActions.serving],
    warm: ruleActions.warm,
    removing: [...removed, ...ruleActions.removing],
    addedCertificates: addsLate ? late : early,
    freedCertificates: [...removed, ...own],
  };
}

/** What redirects to another listener waits until that listener serves as the goal says. */
function waitForRedirectTargets(
  list: ActionList,
  change: Change,
  desired: ListenerSpec,
  rules: RuleDifferences,
  served: ReadonlyMap<string, readonly string[]>,
): void {
  const { stack, resource } = change;
  const all = [
    ...desired.defaultActions,
    ...[...rules.kept, ...rules.modified, ...rules.created].flatMap((rule) => rule.desired?.actions ?? []),
  ];
  const waiting = [
    ...(["createListener", "modifyListener"] as const).map((kind) => ({
      id: actionId(stack, resource, kind),
      actions: desired.defaultActions,
    })),
    ...rules.created.map((rule) => ({
      id: actionId(stack, rule.change.resource, "createRule"),
      actions: rule.desired?.actions ?? [],
    })),
    // What goes, moves back or matches less gives way to redirects that were there before.
    ...rules.modified.map((pair) => ({
      id: actionId(stack, pair.change.resource, "modifyRule"),
      actions: changes(pair.change, "/conditions") ? all : pair.desired.actions,
    })),
    ...[
      actionId(stack, resource, "setRulePriorities"),
      ...rules.deleted.map((rule) => actionId(stack, rule.change.resource, "deleteRule")),
    ].map((id) => ({ id, actions: all })),
  ];
  for (const { id, actions } of waiting) {
    for (const port of redirectPorts(actions, desired.port)) {
      list.wait(id, served.get(portKey({ loadBalancerArn: desired.loadBalancerArn, port })) ?? []);
    }
  }
}

/** The port of a new listener on a load balancer that serves already is opened last. */
function openLast(list: ActionList, opened: readonly IngressActions[], port: number, serving: readonly string[]): void {
  for (const { authorize, ports } of opened) {
    if (authorize !== undefined && ports.some(({ from, to }) => from <= port && port <= to))
      list.wait(authorize, serving);
  }
}

/** Whether anything that exists redirects to this port from another one. */
function redirectsTo({ listeners, rules }: StackDiff, port: number | undefined): boolean {
  const defaults = listeners.flatMap(({ existing }) =>
    existing === undefined ? [] : redirectPorts(existing.spec.defaultActions, existing.spec.port),
  );
  const own = rules.flatMap(({ kept, modified, deleted }) =>
    [...kept, ...modified, ...deleted].flatMap(({ existing }) => redirectPorts(existing?.spec.actions ?? [], 0)),
  );
  return port !== undefined && [...defaults, ...own].includes(port);
}
