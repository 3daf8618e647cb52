/** Which target groups actions lead to. */
import type { RuleAction } from "../model/rule-action.ts";
import { isReference, type Value } from "../model/value.ts";

/** The target groups that get a share of the traffic of an action: not those of weight 0, unless it has no other. */
export function sharesOf(action: RuleAction): readonly Value[] {
  if (action.type !== "forward") return [];
  const { targetGroups } = action.forwardConfig;
  return targetGroups.flatMap(({ targetGroupArn, weight }) =>
    weight === 0 && targetGroups.length > 1 ? [] : [targetGroupArn],
  );
}

/** One text for a target group: its ARN, or a reference to one that the plan makes. */
export function targetGroupName(group: Value): string {
  return typeof group === "string" ? group : isReference(group) ? JSON.stringify(group) : "";
}
