/**
 * Canonical texts of what a rule or a default action does. Two rules are the same when their texts are: values that AWS
 * fills in by itself, never returns, or returns in another order are made equal first (LBC's comparison rules).
 */
import { compareStrings } from "../lib/compare.ts";
import { stableJson } from "../lib/stable-json.ts";
import type { ListenerRuleSpec, RuleCondition, RuleTransform } from "../model/listener-rule.ts";
import type { ForwardAction, RuleAction } from "../model/rule-action.ts";

type RuleContent = Pick<ListenerRuleSpec, "actions" | "conditions" | "transforms">;

/** The canonical texts of one rule. `loose` ignores stickiness, which doesn't count when the goal doesn't mention it. */
export interface RuleKeys {
  readonly content: string;
  readonly loose: string;
  readonly conditions: string;
  /** What becomes of a request that the rule serves. */
  readonly outcome: string;
  /** The goal says nothing about stickiness: compare `loose`. */
  readonly isLoose: boolean;
}

/** Makes a rule's canonical texts; references must be resolved before. */
export function ruleKeys({ actions, conditions, transforms }: RuleContent): RuleKeys {
  const conditionsText = conditionsKey(conditions);
  const transformsText = transformsKey(transforms);
  const loose = actionsKey(actions, false);
  const strict = `${loose}${stickinessKey(actions)}`;
  return {
    content: `${strict} ${conditionsText} ${transformsText}`,
    loose: `${loose} ${conditionsText} ${transformsText}`,
    conditions: conditionsText,
    outcome: `${strict} ${transformsText}`,
    isLoose: !mentionsStickiness(actions),
  };
}

/** Whether an existing rule is the desired one. */
export function sameRule(desired: RuleKeys, existing: RuleKeys): boolean {
  return desired.isLoose ? existing.loose === desired.loose : existing.content === desired.content;
}

/** The canonical text of what becomes of a request that these actions serve. */
export function outcomeKey(actions: readonly RuleAction[], transforms?: readonly RuleTransform[]): string {
  return `${actionsKey(actions, true)} ${transformsKey(transforms)}`;
}

/** Tells whether what exists does what is desired. */
export function sameActions(desired: readonly RuleAction[], existing: readonly RuleAction[]): boolean {
  const strict = mentionsStickiness(desired);
  return actionsKey(desired, strict) === actionsKey(existing, strict);
}

/** Sorted by field; the order of several conditions of one field and of values carries meaning for LBC, so it counts. */
export function conditionsKey(conditions: readonly RuleCondition[]): string {
  if (conditions.length < 2) return stableJson(conditions);
  return stableJson([...conditions].sort((a, b) => compareStrings(a.field, b.field)));
}

/** Sorted by type; none and an empty list are the same. */
export function transformsKey(transforms: readonly RuleTransform[] | undefined): string {
  if (transforms === undefined || transforms.length === 0) return "[]";
  return stableJson([...transforms].sort((a, b) => compareStrings(a.type, b.type)));
}

function mentionsStickiness(actions: readonly RuleAction[]): boolean {
  return actions.some(
    (action) => action.type === "forward" && action.forwardConfig.targetGroupStickinessConfig !== undefined,
  );
}

function actionsKey(actions: readonly RuleAction[], withStickiness: boolean): string {
  return `${stableJson(actions.map(normalAction))}${withStickiness ? stickinessKey(actions) : ""}`;
}

/** Seconds for which each forward action is sticky; none and disabled are the same. */
function stickinessKey(actions: readonly RuleAction[]): string {
  return actions
    .map((action) => {
      if (action.type !== "forward") return "";
      const stickiness = action.forwardConfig.targetGroupStickinessConfig;
      return ` ${stickiness?.enabled === true ? (stickiness.durationSeconds ?? "on") : 0}`;
    })
    .join("");
}

function normalAction(action: RuleAction): unknown {
  switch (action.type) {
    case "forward":
      return normalForward(action);
    case "redirect":
      return {
        type: action.type,
        host: "#{host}",
        path: "/#{path}",
        port: "#{port}",
        protocol: "#{protocol}",
        query: "#{query}",
        ...present(action.redirectConfig),
      };
    case "fixed-response":
      return { type: action.type, ...present(action.fixedResponseConfig) };
    case "authenticate-cognito":
      return { type: action.type, ...AUTHENTICATION_DEFAULTS, ...present(action.authenticateCognitoConfig) };
    case "authenticate-oidc": {
      // The client's secret is never returned and the goal holds its id only as part of a digest.
      const { client: _client, clientId: _clientId, ...config } = action.authenticateOidcConfig;
      return { type: action.type, ...AUTHENTICATION_DEFAULTS, ...present(config) };
    }
    case "jwt-validation":
      return { type: action.type, ...present(action.jwtValidationConfig) };
  }
}

/** What AWS assumes when nothing is said. */
const AUTHENTICATION_DEFAULTS = {
  onUnauthenticatedRequest: "authenticate",
  scope: "openid",
  sessionCookieName: "AWSELBAuthSessionCookie",
  sessionTimeout: 604800,
};

/** A single target group gets everything, whatever its weight; the order of target groups carries no meaning. */
function normalForward({ type, forwardConfig: { targetGroups } }: ForwardAction): unknown {
  const shares = targetGroups.map(({ targetGroupArn, weight }) => ({
    arn: typeof targetGroupArn === "string" ? targetGroupArn : stableJson(targetGroupArn),
    weight: targetGroups.length === 1 ? 1 : (weight ?? 1),
  }));
  shares.sort((a, b) => compareStrings(a.arn, b.arn) || a.weight - b.weight);
  return { type, shares };
}

/** Without fields that are absent or empty: AWS doesn't tell one from the other. */
function present(config: object): object {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "" || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
