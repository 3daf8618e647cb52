import { stableJson } from "../lib/stable-json.ts";
import type { ListenerState } from "./listener-state.ts";
import type { Request } from "./request.ts";
import { type Route, type RouteOptions, route } from "./route.ts";

/** A request that is served differently. */
export interface RouteDifference {
  readonly request: Request;
  readonly before: Route;
  readonly after: Route;
}

export interface CompareOptions extends RouteOptions {
  /** Gives a target group, as `valueName` names it, one name on both sides; needed where one has ARNs and the other resource keys. */
  readonly nameOfTarget?: (targetGroup: string) => string;
}

/**
 * The requests that two states serve differently: by other actions, another authentication, other shares of targets, or
 * not at all. Which rule does it, under which priority, and the certificate make no difference. Undecided rules are
 * passed over on both sides; look at `undecided` where that matters.
 */
export function compareRoutes(
  before: readonly ListenerState[],
  after: readonly ListenerState[],
  requests: readonly Request[],
  options: CompareOptions = {},
): readonly RouteDifference[] {
  return requests.flatMap((request) => {
    const old = route(before, request, options);
    const next = route(after, request, options);
    return outcome(old, options) === outcome(next, options) ? [] : [{ request, before: old, after: next }];
  });
}

/** What the client and the targets notice. */
function outcome(
  { served, authentication, targets, forwarded, redirect, fixedResponse }: Route,
  { nameOfTarget = (name) => name }: CompareOptions,
): string {
  const shares = targets
    ?.filter(({ share }) => share > 0)
    .map(({ targetGroup, share }) => `${nameOfTarget(targetGroup)} ${share}`)
    .sort();
  const reached = served === "refused" || served === "wrong-protocol" ? served : "served";
  return stableJson({ reached, authentication, shares, forwarded, redirect, fixedResponse });
}
