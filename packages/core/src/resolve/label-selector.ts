import type { LabelSelector } from "../model/kubernetes.ts";
import type { StringMap } from "../model/value.ts";

/**
 * Whether labels match a selector, as the Kubernetes API defines it: all labels and all expressions must hold; an
 * empty selector matches everything. An unknown operator or a missing value list is undefined: the selector is invalid.
 */
export function selectorMatches(selector: LabelSelector, labels: StringMap): boolean | undefined {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  }
  let matches = true;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
    const needsValues = operator === "In" || operator === "NotIn";
    if (needsValues !== values.length > 0) return undefined;
    if (operator === "In") matches &&= label !== undefined && values.includes(label);
    else if (operator === "NotIn") matches &&= label === undefined || !values.includes(label);
    else if (operator === "Exists") matches &&= label !== undefined;
    else if (operator === "DoesNotExist") matches &&= label === undefined;
    else return undefined;
  }
  return matches;
}
