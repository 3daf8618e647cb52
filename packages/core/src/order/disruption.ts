/** What an action does to traffic. */
import type { Disruption } from "../model/action.ts";
import type { RuleAction } from "../model/rule-action.ts";

const AUTHENTICATING: ReadonlySet<RuleAction["type"]> = new Set<RuleAction["type"]>([
  "authenticate-cognito",
  "authenticate-oidc",
  "jwt-validation",
]);

/** `loses-authentication` when requests were authenticated before and no longer are. */
export function authenticationLoss(before: readonly RuleAction[], after: readonly RuleAction[]): Disruption {
  const authenticates = (actions: readonly RuleAction[]): boolean =>
    actions.some(({ type }) => AUTHENTICATING.has(type));
  return authenticates(before) && !authenticates(after) ? "loses-authentication" : "none";
}
