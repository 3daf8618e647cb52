/** What a change of a listener itself comes down to, and how its new default actions are named without traffic first. */
import type { ExistingListener } from "../diff/difference.ts";
import { type CertificateDifference, diffListenerCertificates } from "../diff/listener.ts";
import { CLIENT_FIELD } from "../diff/sent-clients.ts";
import type { ActionDetails } from "../model/action.ts";
import type { Change } from "../model/change.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { ActionList } from "./action-list.ts";
import { changes } from "./changed.ts";
import type { Warmth } from "./warm.ts";
import { NAMED_WITHOUT_TRAFFIC, type Warmed, warmed } from "./warm-rule.ts";

/** What the change of default actions waits for; the old ones name new groups first, where they can. */
export function warmedDefault(
  list: ActionList,
  { stack, resource }: Change,
  { defaultActions }: ListenerSpec,
  { arn, spec }: ExistingListener,
  warmth: Warmth,
): Warmed {
  const found = warmed(warmth, spec.defaultActions, defaultActions, [], (actions) =>
    list.add({
      kind: "modifyListener",
      stack,
      resource,
      details: { listenerArn: arn, defaultActions: actions },
      reason: NAMED_WITHOUT_TRAFFIC,
      field: "/defaultActions",
      part: "without traffic",
    }),
  );
  if (spec.defaultActions.at(-1)?.type === "forward") warmth.moveCold(resource, found.late);
  return found;
}

/** Only the fields that change; when TLS begins, all that belongs to it. */
export function modifyDetails(
  change: Change,
  desired: ListenerSpec,
  current: ListenerSpec,
  listenerArn: string,
): ActionDetails["modifyListener"] {
  const { newDefault } = diffListenerCertificates(desired, current);
  return {
    listenerArn,
    ...(changes(change, "/protocol") ? { protocol: desired.protocol } : {}),
    ...(changes(change, "/defaultActions") || changes(change, CLIENT_FIELD)
      ? { defaultActions: desired.defaultActions }
      : {}),
    ...(newDefault === undefined ? {} : { defaultCertificate: newDefault }),
    ...(changes(change, "/sslPolicy") && desired.sslPolicy !== undefined ? { sslPolicy: desired.sslPolicy } : {}),
    ...(changes(change, "/mutualAuthentication")
      ? { mutualAuthentication: desired.mutualAuthentication ?? { mode: "off" as const } }
      : {}),
  };
}

/**
 * Whether a new default certificate takes a place of the quota when what goes has gone: the old default, which doesn't
 * count, stays beside the new one and counts then, and the new one gives up no place.
 */
export function takesPlace(
  { newDefault, removed }: CertificateDifference,
  { certificates = [] }: ListenerSpec,
): boolean {
  const [oldDefault, ...beside] = certificates;
  if (newDefault === undefined || oldDefault === undefined) return false;
  return beside.includes(oldDefault) && !removed.includes(oldDefault) && !beside.some((arn) => arn === newDefault);
}

/** Rules may wait for new default actions: these don't wait until there is room for a certificate. */
export function inTwo(details: ActionDetails["modifyListener"]): {
  readonly now: ActionDetails["modifyListener"];
  readonly whenThereIsRoom: ActionDetails["modifyListener"];
} {
  const { listenerArn, defaultCertificate, ...others } = details;
  if (others.defaultActions === undefined || defaultCertificate === undefined) {
    return { now: { listenerArn }, whenThereIsRoom: details };
  }
  return { now: { listenerArn, ...others }, whenThereIsRoom: { listenerArn, defaultCertificate } };
}
