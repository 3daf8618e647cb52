import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Existing, ListenerRuleSpec, StringMap } from "@elbplan/core";
import { actionsOf, conditionsOf, transformsOf } from "./rule-content.ts";

/** A rule as DescribeRules tells it; not for default rules, which belong to their listener. */
export function listenerRuleRecord(
  rule: Rule,
  listenerArn: string,
  { tags = {} }: { readonly tags?: StringMap } = {},
): Existing<ListenerRuleSpec<string>> {
  return {
    arn: rule.RuleArn ?? "",
    spec: {
      listenerArn,
      priority: Number(rule.Priority),
      actions: actionsOf(rule.Actions),
      conditions: conditionsOf(rule.Conditions),
      ...transformsOf(rule.Transforms),
      tags,
    },
  };
}
