/** Actions, conditions and transforms as the ELBv2 API has them. */
import type { RuleCondition, RuleTransform } from "../model/listener-rule.ts";
import type { AuthenticateOidcAction, RuleAction } from "../model/rule-action.ts";
import { isReference, isUnknown } from "../model/value.ts";

/** Fields whose keys are the user's, not the API's. */
const USER_KEYS: ReadonlySet<string> = new Set(["authenticationRequestExtraParams"]);

/** Upper-case first letters of field names at any depth; references, unknown values and the users' own keys stay. */
function apiShape(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isReference(value) || isUnknown(value)) return value;
  if (Array.isArray(value)) return value.map(apiShape);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key.charAt(0).toUpperCase() + key.slice(1), USER_KEYS.has(key) ? item : apiShape(item)]),
  );
}

/** Actions with `Order`, which starts at 1. */
export function actionList(actions: readonly RuleAction[]): readonly unknown[] {
  return actions.map((action, index) => {
    const shape = apiShape(action.type === "authenticate-oidc" ? withClient(action) : action);
    return { ...(shape as object), Order: index + 1 };
  });
}

/** Names where id and secret of the client are to be read from: LBC's keys of the Secret. */
function withClient({ type, authenticateOidcConfig }: AuthenticateOidcAction): object {
  const { client, clientId, ...config } = authenticateOidcConfig;
  if (client === undefined)
    return { type, authenticateOidcConfig: { ...config, clientId, useExistingClientSecret: true } };
  const field = (key: string): object => ({ unknown: `${key} of Secret ${client.secret}`, secret: client.secret, key });
  return {
    type,
    authenticateOidcConfig: { ...config, clientId: field("clientID"), clientSecret: field("clientSecret") },
  };
}

export function conditionList(conditions: readonly RuleCondition[]): readonly unknown[] {
  return conditions.map(apiShape);
}

export function transformList(transforms: readonly RuleTransform[]): readonly unknown[] {
  return transforms.map(apiShape);
}
