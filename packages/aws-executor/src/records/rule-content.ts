/** Actions, conditions and transforms as AWS describes them, in the inventory's words. */
import type {
  Action,
  RuleCondition as AwsCondition,
  RuleTransform as AwsTransform,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerRuleSpec, RuleAction, RuleCondition, RuleTransform } from "@elbplan/core";

/** Fields whose keys are the user's, not the API's. */
const USER_KEYS: ReadonlySet<string> = new Set(["AuthenticationRequestExtraParams"]);

/** Lower-case first letters of field names at any depth; the users' own keys stay. Absent fields are left out. */
function inventoryShape(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inventoryShape);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [
        key.charAt(0).toLowerCase() + key.slice(1),
        USER_KEYS.has(key) ? item : inventoryShape(item),
      ]),
  );
}

/** In their order, which they no longer tell. A forward to one group may be described in short form only. */
export function actionsOf(actions: readonly Action[] = []): readonly RuleAction<string>[] {
  return [...actions].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0)).map(actionOf);
}

function actionOf({ Order: _, TargetGroupArn, ...action }: Action): RuleAction<string> {
  const { ForwardConfig, AuthenticateOidcConfig } = action;
  if (action.Type === "forward" && ForwardConfig?.TargetGroups === undefined && TargetGroupArn !== undefined) {
    return { type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn: TargetGroupArn, weight: 1 }] } };
  }
  // AWS never tells the secret; whether to keep it is part of a call only.
  const { ClientSecret: _secret, UseExistingClientSecret: _keep, ...oidc } = AuthenticateOidcConfig ?? {};
  const shown = AuthenticateOidcConfig === undefined ? action : { ...action, AuthenticateOidcConfig: oidc };
  return inventoryShape(shown) as RuleAction<string>;
}

/** The deprecated short form of hosts and paths, `Values`, is used only where the long one is missing. */
export function conditionsOf(conditions: readonly AwsCondition[] = []): readonly RuleCondition[] {
  return conditions.map(({ Values, RegexValues: _, ...condition }) => {
    const short = { Values: Values ?? [] };
    if (condition.Field === "host-header" && condition.HostHeaderConfig === undefined) {
      return inventoryShape({ ...condition, HostHeaderConfig: short }) as RuleCondition;
    }
    if (condition.Field === "path-pattern" && condition.PathPatternConfig === undefined) {
      return inventoryShape({ ...condition, PathPatternConfig: short }) as RuleCondition;
    }
    return withoutEmptyLists(inventoryShape(condition)) as RuleCondition;
  });
}

/** AWS may describe a list of regular expressions that nobody gave as an empty one. */
function withoutEmptyLists(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !(Array.isArray(item) && item.length === 0))
      .map(([key, item]) => [key, withoutEmptyLists(item)]),
  );
}

/** Nothing for none. */
export function transformsOf(transforms: readonly AwsTransform[] = []): Pick<ListenerRuleSpec, "transforms"> {
  return transforms.length === 0 ? {} : { transforms: transforms.map((one) => inventoryShape(one) as RuleTransform) };
}
