/** Conditions and transforms of rules: what AWS takes (ELB API Reference: RuleCondition, RuleTransform). */
import type { Account } from "../../model/inventory.ts";
import type { RuleCondition, RuleTransform } from "../../model/listener-rule.ts";
import { quotasOf } from "../../model/quotas.ts";
import { type Refused, refuse } from "./answer.ts";

const MAX_LENGTH = 128;
const ONCE_PER_RULE: readonly RuleCondition["field"][] = [
  "host-header",
  "path-pattern",
  "http-request-method",
  "source-ip",
];

/** Checks the conditions of one rule: there are some, each is well formed, and together they keep within the quotas. */
export function checkConditions(account: Account, conditions: readonly RuleCondition[]): Refused | undefined {
  const problem = conditionsProblem(conditions);
  if (problem !== undefined) return refuse("account.invalid-value", "ValidationError", problem);

  const { conditionValuesPerRule, conditionWildcardsPerRule } = quotasOf(account);
  const values = conditions.flatMap((condition) => [...plainValues(condition), ...regexValues(condition)]);
  if (values.length > conditionValuesPerRule) {
    const message = `${values.length} condition values are more than the ${conditionValuesPerRule} that a rule may have`;
    return refuse("account.quota-exceeded", "ValidationError", message);
  }
  const wildcards = countWildcards(conditions);
  if (wildcards > conditionWildcardsPerRule) {
    const message = `${wildcards} wildcards are more than the ${conditionWildcardsPerRule} that a rule may have`;
    return refuse("account.quota-exceeded", "ValidationError", message);
  }
  return undefined;
}

function conditionsProblem(conditions: readonly RuleCondition[]): string | undefined {
  if (conditions.length === 0) return "a rule needs a condition";
  for (const field of ONCE_PER_RULE) {
    if (conditions.filter((condition) => condition.field === field).length > 1)
      return `a rule takes one ${field} condition`;
  }
  return conditions.map(conditionProblem).find((problem) => problem !== undefined);
}

function conditionProblem(condition: RuleCondition): string | undefined {
  const plain = plainValues(condition);
  const regex = regexValues(condition);
  if (plain.length === 0 && regex.length === 0) return `the ${condition.field} condition has no values`;
  if (plain.length > 0 && regex.length > 0)
    return `the ${condition.field} condition has values and regular expressions`;
  const long = [...plain, ...regex].find((value) => value.length > MAX_LENGTH);
  if (long !== undefined) return `"${long}" has more than ${MAX_LENGTH} characters`;
  return formatProblem(condition);
}

/** Characters as documented for each field. */
function formatProblem(condition: RuleCondition): string | undefined {
  switch (condition.field) {
    case "host-header":
      return malformed(condition.hostHeaderConfig.values, /^[A-Za-z0-9.*?-]+$/, "host");
    case "path-pattern":
      return malformed(condition.pathPatternConfig.values, /^[A-Za-z0-9_\-.$/~"'@:+&*?]+$/, "path");
    case "http-request-method":
      return malformed(condition.httpRequestMethodConfig.values, /^[A-Z_-]{1,40}$/, "method");
    case "source-ip":
      return malformed(condition.sourceIpConfig.values, /^[0-9a-fA-F.:]+\/\d{1,3}$/, "CIDR");
    case "http-header": {
      const name = condition.httpHeaderConfig.httpHeaderName;
      return malformed([name], /^(?!host$)[!#$%&'*+\-.^_`|~A-Za-z0-9]{1,40}$/i, "header name");
    }
    case "query-string":
      return undefined;
  }
}

function malformed(values: readonly string[] | undefined, pattern: RegExp, what: string): string | undefined {
  const wrong = values?.find((value) => !pattern.test(value));
  return wrong === undefined ? undefined : `"${wrong}" is no valid ${what}`;
}

function plainValues(condition: RuleCondition): readonly string[] {
  switch (condition.field) {
    case "host-header":
      return condition.hostHeaderConfig.values ?? [];
    case "path-pattern":
      return condition.pathPatternConfig.values ?? [];
    case "http-header":
      return condition.httpHeaderConfig.values ?? [];
    case "http-request-method":
      return condition.httpRequestMethodConfig.values;
    case "query-string":
      return condition.queryStringConfig.values.map(({ key, value }) =>
        key === undefined ? value : `${key}=${value}`,
      );
    case "source-ip":
      return condition.sourceIpConfig.values;
  }
}

function regexValues(condition: RuleCondition): readonly string[] {
  switch (condition.field) {
    case "host-header":
      return condition.hostHeaderConfig.regexValues ?? [];
    case "path-pattern":
      return condition.pathPatternConfig.regexValues ?? [];
    case "http-header":
      return condition.httpHeaderConfig.regexValues ?? [];
    default:
      return [];
  }
}

function countWildcards(conditions: readonly RuleCondition[]): number {
  const withWildcards = conditions.filter(({ field }) => field !== "http-request-method" && field !== "source-ip");
  return withWildcards.flatMap(plainValues).reduce((sum, value) => sum + (value.match(/[*?]/g)?.length ?? 0), 0);
}

/** At most one transform of each type, each with one rewrite or more. */
export function checkTransforms(transforms: readonly RuleTransform[]): Refused | undefined {
  const types = transforms.map(({ type }) => type);
  if (new Set(types).size < types.length) {
    return refuse(
      "account.invalid-value",
      "ValidationError",
      `a rule takes one transform of each type, not ${types.join(", ")}`,
    );
  }
  const empty = transforms.find((transform) => rewritesOf(transform).length === 0);
  if (empty === undefined) return undefined;
  return refuse("account.invalid-value", "ValidationError", `the transform ${empty.type} has no rewrite`);
}

function rewritesOf(transform: RuleTransform): readonly unknown[] {
  return transform.type === "url-rewrite"
    ? transform.urlRewriteConfig.rewrites
    : transform.hostHeaderRewriteConfig.rewrites;
}
