/** The one API call that each action means. Executors, recorders, shell scripts, costs and IAM policies all read this. */
import { acmCalls } from "./calls/acm.ts";
import { ec2Calls } from "./calls/ec2.ts";
import { elbCalls } from "./calls/elastic-load-balancing.ts";
import { kubernetesCalls } from "./calls/kubernetes.ts";
import { protectionCalls } from "./calls/protection.ts";
import { route53Calls } from "./calls/route53.ts";
import type { Action, ActionDetails, ActionKind } from "./model/action.ts";
import type { Call } from "./model/plan.ts";

type CallMakers = { readonly [K in ActionKind]: (details: ActionDetails[K]) => Call | null };

const CALLS: CallMakers = {
  ...ec2Calls,
  ...acmCalls,
  ...elbCalls,
  ...protectionCalls,
  ...route53Calls,
  ...kubernetesCalls,
  // A wait only looks.
  wait: () => null,
};

/**
 * The call that an action means, with AWS's own operation and field names; null for a wait. References stay symbolic: an
 * executor resolves them, sends the call and picks the outputs. The client of an OIDC action is `{ secret, key }`, the
 * Secret and the field in it: it must be read at the last moment and never be stored or shown. The validation record of a
 * certificate is `{ certificateArn, domainName, part }`: ACM tells it a moment after the request.
 */
export function callFor(action: Action): Call | null {
  const make = CALLS[action.kind] as (details: Action["details"]) => Call | null;
  return make(action.details);
}

/** Whether a text, of a file for instance, is the kind of an action. */
export function isActionKind(kind: string): kind is ActionKind {
  return Object.hasOwn(CALLS, kind);
}
