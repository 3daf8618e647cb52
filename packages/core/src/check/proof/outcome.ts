/** What becomes of a request, as far as clients and targets can tell. */
import { stableJson } from "../../lib/stable-json.ts";
import type { RuleTransform } from "../../model/listener-rule.ts";
import type { RuleAction } from "../../model/rule-action.ts";
import { valueName } from "../../route/listener-state.ts";

/** Gives what the plan creates the same name whenever it is created. */
export type NameOf = (arn: string) => string;

/**
 * One text for actions that serve alike: the same target groups with the same shares, redirect, fixed response,
 * authentication and transforms. A target group of weight 0 serves nothing; stickiness doesn't decide who serves.
 */
export function outcomeOf(
  actions: readonly RuleAction[],
  transforms: readonly RuleTransform[] | undefined,
  nameOf: NameOf,
): string {
  const done = actions.map((action) => servedBy(action, nameOf));
  return stableJson(transforms === undefined || transforms.length === 0 ? done : [...done, transforms]);
}

function servedBy(action: RuleAction, nameOf: NameOf): unknown {
  switch (action.type) {
    case "forward": {
      const { targetGroups } = action.forwardConfig;
      const weighted = targetGroups.map(({ targetGroupArn, weight }) => ({
        name: nameOf(valueName(targetGroupArn)),
        weight: targetGroups.length === 1 ? 1 : (weight ?? 1),
      }));
      const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
      const shares = weighted.flatMap(({ name, weight }) =>
        weight === 0 ? [] : [`${name}${weight === total ? "" : ` ${Math.round((weight / total) * 10_000) / 100} %`}`],
      );
      return { forward: shares.sort() };
    }
    case "redirect": {
      const { host, path, port, protocol, query, statusCode } = action.redirectConfig;
      const to = `${protocol || "#{protocol}"}://${host || "#{host}"}:${port || "#{port}"}${path || "/#{path}"}`;
      return { redirect: `${statusCode} ${to}?${query ?? "#{query}"}` };
    }
    case "fixed-response":
      return { answer: action.fixedResponseConfig };
    case "authenticate-oidc": {
      // Neither id nor secret is known on both sides.
      const { client: _client, clientId: _clientId, ...config } = action.authenticateOidcConfig;
      return { authenticate: config };
    }
    case "authenticate-cognito":
      return { authenticate: action.authenticateCognitoConfig };
    case "jwt-validation":
      return { validate: action.jwtValidationConfig };
  }
}
