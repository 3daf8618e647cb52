/** What AWS allows in one rule. LBC checks none of it, so that the call fails when the plan is carried out. */

import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import { diagnose } from "../../diagnostics/diagnose.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ListenerRuleSpec, RuleCondition } from "../../model/listener-rule.ts";
import { type Quotas, quotasOf } from "../../model/quotas.ts";
import type { RuleAction } from "../../model/rule-action.ts";
import { quote } from "../../read/grammar.ts";
import type { LintInput } from "./lint-input.ts";

type Problem = readonly [code: DiagnosticCode, message: string];

const MOST_CHARACTERS = 128;
const MOST_WEIGHT = 999;

/** One diagnostic a problem of a path, however many listeners it concerns. */
export function ruleLimits({ graph, facts, provenance }: LintInput): readonly Diagnostic[] {
  const quotas = quotasOf(facts);
  return Object.values(graph.stacks).flatMap((stack) => {
    const found = new Map<string, Diagnostic>();
    for (const [key, resource] of Object.entries(stack.resources)) {
      if (resource.kind !== "listenerRule" && resource.kind !== "listener") continue;
      const problems =
        resource.kind === "listener"
          ? problemsOfActions(resource.spec.defaultActions, quotas)
          : problemsOfRule(resource.spec, quotas);
      const source = problems.length === 0 ? undefined : provenance[stack.id]?.[`${key}#`];
      const { namespace, name } = source?.object ?? {};
      for (const [code, problem] of problems) {
        const message = name === undefined ? `${key}: ${problem}` : `Ingress ${namespace}/${name}: ${problem}`;
        const identity = [code, message, source?.field].join("\n");
        if (found.has(identity)) continue;
        const { object, field } = source ?? {};
        found.set(
          identity,
          diagnose(code, message, {
            stack: stack.id,
            resource: key,
            ...(object && { object }),
            ...(field !== undefined && { field }),
          }),
        );
      }
    }
    return [...found.values()];
  });
}

function problemsOfRule({ conditions, actions }: ListenerRuleSpec, quotas: Quotas): readonly Problem[] {
  const problems: Problem[] = [...problemsOfActions(actions, quotas)];
  const values = conditions.flatMap(valuesOf);
  if (values.length > quotas.conditionValuesPerRule) {
    const message = `the rule has ${values.length} condition values, AWS takes ${quotas.conditionValuesPerRule}: ${shortList(values)}`;
    problems.push(["lint.too-many-condition-values", message]);
  }
  const wildcards = conditions.filter(isGlob).flatMap(valuesOf).join("").replaceAll(/[^*?]/g, "").length;
  if (wildcards > quotas.conditionWildcardsPerRule) {
    const message = `the conditions of the rule have ${wildcards} wildcards, AWS takes ${quotas.conditionWildcardsPerRule}`;
    problems.push(["lint.too-many-wildcards", message]);
  }
  const fields = conditions.map(({ field }) => field);
  for (const field of new Set(fields)) {
    const repeatable = field === "http-header" || field === "query-string";
    if (repeatable || fields.indexOf(field) === fields.lastIndexOf(field)) continue;
    problems.push(["lint.condition-repeated", `the rule has two conditions of the kind ${field}, AWS takes one`]);
  }
  for (const condition of conditions) {
    for (const value of valuesOf(condition)) {
      if (value.length <= MOST_CHARACTERS) continue;
      const message = `the ${condition.field} value ${quote(value)} has ${value.length} characters, AWS takes ${MOST_CHARACTERS}`;
      problems.push(["lint.pattern-too-long", message]);
    }
  }
  return problems;
}

function problemsOfActions(actions: readonly RuleAction[], quotas: Quotas): readonly Problem[] {
  return actions.flatMap((action): readonly Problem[] => {
    if (action.type !== "forward") return [];
    const { targetGroups } = action.forwardConfig;
    const problems: Problem[] = [];
    if (targetGroups.length > quotas.targetGroupsPerAction) {
      const message = `the action forwards to ${targetGroups.length} target groups, AWS takes ${quotas.targetGroupsPerAction}`;
      problems.push(["lint.too-many-target-groups", message]);
    }
    for (const { weight = 0 } of targetGroups) {
      if (weight >= 0 && weight <= MOST_WEIGHT) continue;
      problems.push(["lint.weight-out-of-range", `the weight ${weight} isn't within 0 to ${MOST_WEIGHT}`]);
    }
    return problems;
  });
}

function isGlob({ field }: RuleCondition): boolean {
  return field !== "source-ip" && field !== "http-request-method";
}

function valuesOf(condition: RuleCondition): readonly string[] {
  switch (condition.field) {
    case "host-header":
      return patterns(condition.hostHeaderConfig);
    case "path-pattern":
      return patterns(condition.pathPatternConfig);
    case "http-header":
      return patterns(condition.httpHeaderConfig);
    case "http-request-method":
      return condition.httpRequestMethodConfig.values;
    case "query-string":
      return condition.queryStringConfig.values.map(({ value }) => value);
    case "source-ip":
      return condition.sourceIpConfig.values;
  }
}

function patterns(config: {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}): readonly string[] {
  return config.values ?? config.regexValues ?? [];
}

function shortList(values: readonly string[]): string {
  return values.length > 8 ? `${values.slice(0, 8).join(", ")}, …` : values.join(", ");
}
