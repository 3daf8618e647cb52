/** Actions on listeners and, with them, on their rules. */
import type { Difference, RuleDifferences, StackDiff } from "../diff/difference.ts";
import { diffListenerCertificates } from "../diff/listener.ts";
import { updateReason } from "../diff/reason.ts";
import type { ActionDetails } from "../model/action.ts";
import type { Change } from "../model/change.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { Value } from "../model/value.ts";
import { type ActionList, actionId } from "./action-list.ts";
import { changedAttributes, changes } from "./changed.ts";
import { authenticationLoss } from "./disruption.ts";
import { addExistingListenerRules, addNewListenerRules } from "./listener-rule.ts";
import { redirectPorts, targetsFirst } from "./redirects.ts";
import { type Holdings, targetGroupsIn } from "./released.ts";
import type { IngressActions } from "./security-group.ts";
import { addElbTagActions } from "./tag-actions.ts";

const NO_RULES: Omit<RuleDifferences, "listener"> = { kept: [], modified: [], created: [], deleted: [] };

/**
 * Creates, updates and deletes listeners. On a load balancer that serves already, a redirect is switched on after
 * what it points to, a listener goes after the redirects to it, and a new port is opened when all behind it is there.
 */
export function addListeners(
  list: ActionList,
  stack: StackDiff,
  opened: readonly IngressActions[],
  holdings: Holdings,
): void {
  const rulesOf = new Map(stack.rules.map((rules) => [rules.listener, rules]));
  const served = new Map<string, readonly string[]>();
  const removed: string[] = [];
  const updates: string[] = [];
  for (const difference of targetsFirst(stack.listeners, rulesOf)) {
    const { change, desired, existing } = difference;
    if (desired === undefined) continue;
    const rules = rulesOf.get(change.resource) ?? { listener: change.resource, ...NO_RULES };
    const live = typeof desired.loadBalancerArn === "string";
    const before = rules.waitsForRoom === true ? removed.slice() : [];
    const added =
      existing === undefined
        ? addListener(list, difference, desired, rules)
        : updateListener(list, difference, desired, existing.spec, rules, before);
    if (live) {
      waitForRedirectTargets(list, change, desired, rules, served);
      if (existing === undefined) openLast(list, opened, desired.port, added.serving);
      served.set(portKey(desired), added.serving);
    }
    updates.push(...added.serving, ...added.removing);
    removed.push(...added.removing);
  }
  for (const { change, desired, existing } of stack.listeners) {
    if (desired !== undefined || existing === undefined) continue;
    const id = list.add({
      kind: "deleteListener",
      stack: change.stack,
      resource: change.resource,
      details: { listenerArn: existing.arn },
      reason: change.reason,
      disruption: "closes-access",
      after: redirectsTo(stack, existing.spec.port) ? updates : [],
    });
    for (const arn of holdings.ofListener(existing.arn)) list.release(arn, id);
  }
}

interface Added {
  readonly serving: readonly string[];
  readonly removing: readonly string[];
}

function portKey({ loadBalancerArn, port }: { readonly loadBalancerArn: Value; readonly port: number }): string {
  return `${JSON.stringify(loadBalancerArn)} ${port}`;
}

function addListener(
  list: ActionList,
  { change }: Difference<"listener">,
  desired: ListenerSpec,
  rules: RuleDifferences,
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
    addCertificate(list, change, listenerArn, certificateArn, index, []),
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
  const { serving } = addNewListenerRules(list, stack, rules);
  return { serving: [created, ...added, ...modified, ...serving], removing: [] };
}

function addCertificate(
  list: ActionList,
  { stack, resource }: Change,
  listenerArn: Value,
  certificateArn: Value,
  index: number,
  after: readonly string[],
): string {
  return list.add({
    kind: "addListenerCertificates",
    stack,
    resource,
    details: { listenerArn, certificateArn },
    reason: "the listener lacks this certificate",
    field: "/certificates",
    after,
    part: typeof certificateArn === "string" ? certificateArn : `${index + 1}`,
  });
}

/** Certificates are added before any is removed, and the default changes in between. */
function updateListener(
  list: ActionList,
  { change, existing }: Difference<"listener">,
  desired: ListenerSpec,
  current: ListenerSpec<string>,
  rules: RuleDifferences,
  before: readonly string[],
): Added {
  if (existing === undefined) return { serving: [], removing: [] };
  const { stack, resource } = change;
  const listenerArn: Value = existing.arn;
  addElbTagActions(list, change, existing.arn);
  const details = modifyDetails(change, desired, current, existing.arn);
  const modifies = Object.keys(details).length > 1;
  const certificates = diffListenerCertificates(desired, current);
  const becomesTls = current.protocol === "HTTP" && desired.protocol === "HTTPS";

  const modify = (after: readonly string[]): string => {
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
    });
    for (const arn of [...targetGroupsIn(current.defaultActions), ...(current.certificates ?? [])])
      list.release(arn, id);
    return id;
  };
  const addAll = (after: readonly string[]): readonly string[] =>
    certificates.added.map((arn, index) => addCertificate(list, change, listenerArn, arn, index, after));

  // A listener without TLS takes no certificates: then they come after the change of protocol.
  const early = becomesTls ? [] : addAll([]);
  const changesDefault = details.defaultActions !== undefined;
  let modified: string | undefined;
  const modifyOnce = (after: readonly string[]): string => {
    modified = modify([...early, ...after]);
    return modified;
  };
  if (modifies && !changesDefault) modifyOnce([]);
  const ruleActions = addExistingListenerRules(list, stack, rules, changesDefault ? modifyOnce : undefined, before);
  const own = modified === undefined ? [] : [modified];
  const late = becomesTls ? addAll(own) : [];

  const removed = certificates.removed.map((certificateArn, index) => {
    const id = list.add({
      kind: "removeListenerCertificates",
      stack,
      resource,
      details: { listenerArn, certificateArn },
      reason: "no Ingress asks for this certificate",
      field: "/certificates",
      after: [...early, ...late, ...own],
      part: typeof certificateArn === "string" ? certificateArn : `${index + 1}`,
    });
    if (typeof certificateArn === "string") list.release(certificateArn, id);
    return id;
  });
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
    removing: [...removed, ...ruleActions.removing],
  };
}

/** Only the fields that change; when TLS begins, all that belongs to it. */
function modifyDetails(
  change: Change,
  desired: ListenerSpec,
  current: ListenerSpec,
  listenerArn: string,
): ActionDetails["modifyListener"] {
  const { newDefault } = diffListenerCertificates(desired, current);
  return {
    listenerArn,
    ...(changes(change, "/protocol") ? { protocol: desired.protocol } : {}),
    ...(changes(change, "/defaultActions") ? { defaultActions: desired.defaultActions } : {}),
    ...(newDefault === undefined ? {} : { defaultCertificate: newDefault }),
    ...(changes(change, "/sslPolicy") && desired.sslPolicy !== undefined ? { sslPolicy: desired.sslPolicy } : {}),
    ...(changes(change, "/mutualAuthentication")
      ? { mutualAuthentication: desired.mutualAuthentication ?? { mode: "off" as const } }
      : {}),
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
  const waiting = [
    ...(["createListener", "modifyListener"] as const).map((kind) => ({
      id: actionId(stack, resource, kind),
      actions: desired.defaultActions,
    })),
    ...rules.created.map((rule) => ({
      id: actionId(stack, rule.change.resource, "createRule"),
      actions: rule.desired?.actions ?? [],
    })),
    ...rules.modified.map((pair) => ({
      id: actionId(stack, pair.change.resource, "modifyRule"),
      actions: pair.desired.actions,
    })),
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
function redirectsTo({ listeners, rules }: StackDiff, port: number): boolean {
  const defaults = listeners.flatMap(({ existing }) =>
    existing === undefined ? [] : redirectPorts(existing.spec.defaultActions, existing.spec.port),
  );
  const own = rules.flatMap(({ kept, modified, deleted }) =>
    [...kept, ...modified, ...deleted].flatMap(({ existing }) => redirectPorts(existing?.spec.actions ?? [], 0)),
  );
  return [...defaults, ...own].includes(port);
}
